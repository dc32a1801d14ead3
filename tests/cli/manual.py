#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manual: its first table is played line by line, its commands are those of the program.

    tests/cli/manual.py ENTENTE MANUAL

Each command stands in it with an example whose options it has; whatever is named there exists.  TAP on
standard output.
"""
import os
import re
import shlex
import sys
import tempfile

import pages
import readme


def first_table(binary, text, report):
    lines = re.findall(r"^    (entente .*)$", text, re.M)
    seats = {w for line in lines for w in re.findall(r"--dir (\S+)", line)}
    readme.SECRETS = {seat: b"several words of " + seat.encode() + b"\n" for seat in seats}
    said = {}
    with tempfile.TemporaryDirectory(prefix="entente-manual-") as top:
        for line in lines:
            run = readme.typed(binary, top, line)
            said.setdefault(line.split(" --dir")[0], []).append(run.stdout)
            if run.returncode != 0:
                report.ok(False, line, run.stdout + run.stderr)
                return
    report.ok(len(lines) > 45, f"the {len(lines)} lines of the first table, as they stand")
    why = said["entente journey --why ceasefire"]
    report.ok("its reservation R1 closed" in why[0] and "from South: entente close R1" in why[0],
              "the mediator reads who can close what", why[0])
    report.ok("[x] all parties have ratified: P2" in why[1] and "[x] north-guns is verified done" in why[1]
              and "quiet since" in why[1], "  and where it stands at the end", why[1])
    report.ok("says: done · verified: done" in said["entente ledger"][0], "the deed is done",
              said["entente ledger"][0])
    report.ok("Asked of you:" in said["entente moves"][0], "the observers are asked",
              said["entente moves"][0])


def commands(binary, text, report):
    table = pages.table_of(binary)
    named, bad = set(), []
    typed = re.findall(r"`(entente [^`]+)`", text) + re.findall(r"^    (entente .*)$", text, re.M)
    for line in typed:
        if line.endswith("| man -l -"):
            continue
        words = shlex.split(line.replace("\\|", "|"))[1:]
        name = next((n for n in (" ".join(words[:2]), words[0]) if n in table), None)
        if name is None:
            bad.append(f"{line}: no such command")
            continue
        named.add(name)
        known = set(pages.options_of(table[name])) | {"json", "help"}
        bad += [f"{line}: no --{w[2:]}" for w in words if w.startswith("--") and w[2:] not in known]
    report.ok(not bad, f"{len(typed)} examples that the program takes", "\n".join(bad))
    left = sorted(set(table) - named)
    report.ok(not left, "every command has its line in docs/MANUAL.md", "missing: " + ", ".join(left))
    rows = re.findall(r"^\| [^|]+ \|", text, re.M)
    report.ok(len(rows) > 80, f"{len(rows)} rows, by role", rows)


def main():
    binary = os.path.abspath(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as f:
        text = f.read()
    report = pages.Report()
    commands(binary, text, report)
    first_table(binary, text, report)
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
