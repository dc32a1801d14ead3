#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays sequences of acts (tests/fold).  With --reached: every refusal of docs/RULES.md section 10 is
reached by one of them, or by a test that is named here, and every kind of act counts at least once.

    run.py SEQUENCES ROOT A..B [--reached]
"""
import os
import re
import subprocess
import sys

# What no record can hold: number of the refusal, the test that reaches it, words that stand in it.
AT_THE_DESK = {
    24: ("tests/unit/table/test_limits.c", "REFUSED_LIMITS"),
    45: ("tests/cli/homework.py", "D2 does not say so."),
    46: ("tests/cli/homework.py", '"to be kept" in error["what"]'),
    47: ("tests/cli/homework.py", "You were not at the meeting"),
}

faults = []
count = 0


def report(name):
    global count
    count += 1
    for fault in faults:
        print("# " + fault)
    print("%s %d - %s" % ("not ok" if faults else "ok", count, name))
    failed = bool(faults)
    faults.clear()
    return failed


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as f:
        return f.read()


def play(program, seeds, *more):
    out = subprocess.run([program, "--seeds", seeds, "--each", "--counts"] + list(more),
                         stdout=subprocess.PIPE, check=False, universal_newlines=True)
    if out.returncode != 0:
        faults.append((out.stdout.strip().splitlines() or ["it says nothing"])[-1])
    return out.stdout, re.findall(r"^(\d+) ([0-9a-f]{64})$", out.stdout, re.M)


def look_for_refusals(root, out):
    listed = {int(n): name for name, n in
              re.findall(r"X\((REFUSED_\w+), (\d+), \"[^\"]+\"\)", read(root, "src/table/refusal.h"))}
    rules = read(root, "docs/RULES.md")
    section = rules[rules.index("## 10. Refusals"):rules.index("## 11.")]
    told = {int(n) for n in re.findall(r"^\| (\d+) \|", section, re.M)}
    if not listed or told != set(listed):
        faults.append("docs/RULES.md 10 and src/table/refusal.h list other numbers: %s"
                      % sorted(told ^ set(listed)))
    reached = {int(n): int(c) for n, c in re.findall(r"^refused (\d+) (\d+) ", out, re.M)}
    for number, name in sorted(listed.items()):
        if number in AT_THE_DESK:
            path, words = AT_THE_DESK[number]
            if not os.path.exists(os.path.join(root, path)) or words not in read(root, path):
                faults.append("%s (%d): %s does not reach it any more" % (name, number, path))
        elif reached.get(number, 0) == 0:
            faults.append("%s (%d): no sequence reaches it; let one (tests/fold/write*.c), or name "
                          "the test that does in tests/fold/run.py" % (name, number))


def look_for_kinds(out):
    counted = re.findall(r"^kind (\d+) (\S+) (\d+)$", out, re.M)
    if not counted:
        faults.append("it tells no kinds")
    for number, word, times in counted:
        if int(times) == 0:
            faults.append("kind %s %s: none counts in any sequence (tests/fold/write*.c, aim.c)"
                          % (number, word))


def main():
    program, root, seeds = sys.argv[1:4]
    first, last = (int(n) for n in seeds.split(".."))
    bad = False
    out, whole = play(program, seeds)
    if len(whole) != last - first + 1:
        faults.append("%d of them were played" % len(whole))
    bad |= report("sequences %s, and each fiftieth delivered in other ways" % seeds)
    middle = first + (last - first) // 2
    end = min(middle + 100, last)
    _, again = play(program, "%d..%d" % (middle, end), "--deliver", "0")
    if again != whole[middle - first:end - first + 1]:
        faults.append("sequences %d to %d are others than before" % (middle, end))
    bad |= report("a sequence is the same whatever came before it")
    if "--reached" in sys.argv:
        look_for_refusals(root, out)
        bad |= report("every refusal is reached")
        look_for_kinds(out)
        bad |= report("every kind counts")
    print("1..%d" % count)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
