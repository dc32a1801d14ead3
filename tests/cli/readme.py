#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table that the README founds, line by line as it stands there.

    tests/cli/readme.py ENTENTE README EXAMPLES

What a person would type at a prompt is given here: a passphrase, a yes.  TAP on standard output.
"""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

SECRETS = {"ana": b"quay and harbour light\n", "bo": b"oars in the morning fog\n"}


class Report:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, holds, what, detail=""):
        self.count += 1
        self.failed += 0 if holds else 1
        print(f"{'ok' if holds else 'not ok'} {self.count} - {what}", flush=True)
        if not holds:
            print("\n".join("# " + line for line in str(detail).splitlines()))
        return holds


def options(binary, words):
    """Those of a command, by what it says of itself."""
    for n in (2, 1):
        run = subprocess.run([binary, "help", *words[:n], "--json"], capture_output=True, text=True,
                             check=False)
        if run.returncode == 0:
            return [o["name"] for o in json.loads(run.stdout)["options"]]
    return []


def typed(binary, top, line):
    words = shlex.split(line)[1:]
    known = options(binary, words)
    more, fds = [], []
    if "passphrase-fd" in known and "--dir" in words:
        seat = words[words.index("--dir") + 1]
        fd, end = os.pipe()
        os.write(end, SECRETS[seat])
        os.close(end)
        more, fds = ["--passphrase-fd", str(fd)], [fd]
    more += ["--yes"] if "yes" in known else []
    more += ["--cost", "test"] if "cost" in known else []
    run = subprocess.run([binary, *words, *more], cwd=top, capture_output=True, text=True, pass_fds=fds,
                         stdin=subprocess.DEVNULL, check=False,
                         env={"HOME": top, "XDG_RUNTIME_DIR": top, "LC_ALL": "C.UTF-8", "TERM": "dumb",
                              "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")})
    for fd in fds:
        os.close(fd)
    return run


def main():
    binary, readme, examples = (os.path.abspath(p) for p in sys.argv[1:4])
    report = Report()
    with open(readme, encoding="utf-8") as f:
        lines = re.findall(r"^    (entente .*)$", f.read(), re.M)
    said = {}
    with tempfile.TemporaryDirectory(prefix="entente-readme-") as top:
        os.symlink(examples, os.path.join(top, "examples"))
        for line in lines:
            run = typed(binary, top, line)
            said[line.split(" --dir")[0]] = run.stdout
            if not report.ok(run.returncode == 0, line, run.stdout + run.stderr):
                break
    journey, checked = said.get("entente journey", ""), said.get("entente check lease.entente", "")
    report.ok("1. lease: settled: P1 is agreed and binds" in journey and "all countersigned" in journey
              and "Nothing waits for you." in journey and "You may" not in journey,
              "it ends with an agreement, and nothing more to do", journey)
    report.ok("Every side has countersigned all that was said and done." in said.get("entente sync", ""),
              "sync says so too", said.get("entente sync"))
    report.ok("rent: 1 000 a year; years: 10 years" in checked and ", Rowing Club, in" in checked,
              "a stranger reads the package with its names", checked)
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
