#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the tests have run of the code, by file: lines and branches.

    tools/coverage.py BUILD [--missing] [FILE...]

BUILD was set up with -Db_coverage=true and its tests have run.  Without files: those that decide who
may write, whose countersignature counts, what was in time and what binds.  --missing lists each line
with a branch that was never taken.  A branch of CHECK is none here: it is for faults of the code
itself, which no input reaches.
"""

import gzip
import json
import os
import subprocess
import sys

FILES = [
    "src/record/keyring.c",
    "src/record/witness.c",
    "src/record/rules.c",
    "src/record/succession.c",
    "src/table/settle.c",
    "src/table/gate.c",
    "src/table/fold.c",
    "src/table/fold_apply.c",
    "src/table/fold_keys.c",
    "src/table/rules_v1.c",
    "src/table/rules_v1_offers.c",
    "src/table/rules_v1_deeds.c",
]


def notes(build):
    """All files of counters, by the source that they are of."""
    for folder, _, names in os.walk(build):
        for name in names:
            if name.endswith(".gcda"):
                yield os.path.join(folder, name)


def read(build, source):
    """{line: [hits, [hits of each branch]]}."""
    flat = source.removeprefix("src/").split("/", 1)[1].replace("/", "_") + ".gcda"
    found = {}
    for note in notes(build):
        if os.path.basename(note) != flat or f"/{source.split('/')[1]}/" not in note:
            continue
        done = subprocess.run(["gcov", "--json-format", "--stdout", "-b", os.path.abspath(note)],
                              cwd=build, capture_output=True, check=True)
        text = gzip.decompress(done.stdout) if done.stdout[:2] == b"\x1f\x8b" else done.stdout
        for whole in text.splitlines():
            for f in json.loads(whole)["files"]:
                if not os.path.normpath(f["file"]).endswith(source):
                    continue
                for line in f["lines"]:
                    at = found.setdefault(line["line_number"], [0, []])
                    at[0] += line["count"]
                    hits = [b["count"] for b in line["branches"]]
                    at[1] += hits
    return found


def is_check(text):
    return "CHECK(" in text


def report(build, source, missing):
    lines = read(build, source)
    with open(source, encoding="utf-8") as f:
        text = f.read().split("\n")
    runs = taken = branches = 0
    lacks = []
    for number, (hits, of) in sorted(lines.items()):
        if is_check(text[number - 1]):
            of = []
        runs += hits > 0
        taken += sum(1 for b in of if b > 0)
        branches += len(of)
        if hits == 0 or any(b == 0 for b in of):
            lacks.append((number, hits, of))
    if not lines:
        print(f"{source:32} nothing was run")
        return False
    print(f"{source:32} lines {runs:4} of {len(lines):4}   branches {taken:4} of {branches:4}")
    for number, hits, of in lacks if missing else []:
        print(f"    {number:4} {hits:9} {of} {text[number - 1].strip()}")
    return True


def main():
    args = [a for a in sys.argv[1:] if a != "--missing"]
    if not args:
        print(__doc__, file=sys.stderr)
        return 2
    whole = [report(args[0], f, "--missing" in sys.argv) for f in args[1:] or FILES]
    return 0 if all(whole) else 1


sys.exit(main())
