#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The light tier goes on where its state file stands, also after it was killed.

    light_resume.py SIM

What a run in one piece comes to, a run that is killed and taken up again comes to, too; by one
process or by two.
"""

import os
import re
import subprocess
import sys
import tempfile
import time

sim = sys.argv[1]
STEPS = "40"


def play(state, jobs="1", seeds="1..40"):
    args = [sim, "--light", "--seeds", seeds, "--steps", STEPS, "--jobs", jobs]
    return args + (["--state", state] if state else [])


def told(args):
    done = subprocess.run(args, capture_output=True, text=True)
    return done.returncode, done.stdout


def figures(text):
    """The last line without its times."""
    return re.sub(r" in \d+ ms", "", text.strip().split("\n")[-1])


def main():
    failures = 0
    n = 0

    def check(ok, what):
        nonlocal failures, n
        n += 1
        failures += not ok
        print(f"{'ok' if ok else 'not ok'} {n} - {what}")

    with tempfile.TemporaryDirectory() as folder:
        whole = told(play(None))
        check(whole[0] == 0 and "40 seeds" in whole[1], "in one piece: " + figures(whole[1]))
        check(figures(told(play(None, "2"))[1]) == figures(whole[1]), "by two processes")

        state = os.path.join(folder, "state")
        # Killed as soon as the file is there, or a little later: whenever it is, nothing is lost.
        running = subprocess.Popen(play(state, "2", "1..300"), stdout=subprocess.DEVNULL)
        for _ in range(3000):
            if os.path.exists(state) or running.poll() is not None:
                break
            time.sleep(0.01)
        running.kill()
        running.wait()
        check(os.path.exists(state), "it was killed with its file written")
        first = told(play(state, "2", "1..300"))
        again = told(play(state, "2", "1..300"))
        check(first[0] == 0 and "300 seeds" in figures(first[1]), "taken up: " + figures(first[1]))
        check(again == (0, ""), "and once it is done it has nothing to do")
        check(figures(told(play(None, "2", "1..300"))[1]) == figures(first[1]),
              "the same as in one piece")

        other = told([sim, "--light", "--seeds", "2..9", "--steps", STEPS, "--state", state])
        check(other[0] == 1 and "of other seeds" in other[1], "a file of other seeds is refused")
        with open(state, "r+b") as f:
            f.truncate(os.path.getsize(state) - 1)
        broken = told(play(state, "2", "1..300"))
        check(broken[0] == 1 and "no state" in broken[1], "a file cut short is refused")
    print(f"1..{n}")
    return 1 if failures else 0


sys.exit(main())
