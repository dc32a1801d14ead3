#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Known answers for order, time, cover and final: docs/FORMAT.md section 9, read word by word.

Writes tests/vectors/times.json.  Each log is a list of acts, the place of each its index; only
naming, countersign and proceed-without acts matter.  Nothing here is clever: every answer is a
search over all acts, so that it can be compared with the text.

    tools/make_time_vectors.py > tests/vectors/times.json
    tools/make_time_vectors.py --check tests/vectors/times.json
"""
import json
import pathlib
import random
import sys

SIDES = 5
SEATS = 4
FIRST = 1 + SIDES  # act 0 founds, acts 1..5 admit the sides


def naming(acts, side, s):
    """The naming of a side as the control acts in [0, s) have it: the last one."""
    found = [a for a in acts[:s] if a["act"] == "witnesses" and a["side"] == side]
    return found[-1] if found else None


def groups(acts, s):
    return [p for p in range(SIDES) if naming(acts, p, s)]


def of_witness(acts, side, seat):
    """(index, size, time) of the countersign acts of one witness key."""
    return [(i, a["size"], a["time"]) for i, a in enumerate(acts)
            if a["act"] == "countersign" and a["side"] == side and a["seat"] == seat]


def of_side(acts, side):
    return [(i, a["time"]) for i, a in enumerate(acts)
            if a["act"] == "countersign" and a["side"] == side]


def proceed_valid(acts, p, grace):
    a = acts[p]
    here = groups(acts, p)
    if a["side"] not in here or a["by"] not in here or a["by"] == a["side"]:
        return False
    last = max([i for i, _ in of_side(acts, a["side"]) if i < p], default=-1)
    others = 0
    for g in here:
        apart = False
        for seat in range(SEATS):  # two acts of one witness key
            times = [t for i, _, t in of_witness(acts, g, seat) if last < i < p]
            apart = apart or any(y - x >= grace for x in times for y in times)
        if g != a["side"] and apart:
            others += 1
    return others >= (1 if len(here) == 2 else 2)


def out(acts, side, s, grace):
    for p in range(s):
        a = acts[p]
        if a["act"] == "proceed-without" and a["side"] == side and proceed_valid(acts, p, grace):
            if not any(p < i < s for i, _ in of_side(acts, side)):
                return True
    return False


def first_time(acts, g, i, at):
    firsts = []
    for seat in g["seats"]:
        times = [t for x, size, t in of_witness(acts, g["side"], seat) if size > i and x < at]
        if times:
            firsts.append(times[0])
    firsts.sort()
    return firsts[g["k"] - 1] if len(firsts) >= g["k"] else None


def last_time(acts, g, j, at):
    lasts = []
    for seat in g["seats"]:
        times = [t for x, _, t in of_witness(acts, g["side"], seat) if x < j and x < at]
        if times:
            lasts.append(times[-1])
    lasts.sort(reverse=True)
    return lasts[g["k"] - 1] if len(lasts) >= g["k"] else None


def majority(acts, at, grace, time_of, holds):
    """Those T among the times that occur for which more than half of the groups hold."""
    voters = [naming(acts, p, at) for p in groups(acts, at) if not out(acts, p, at, grace)]
    times = [time_of(g) for g in voters]
    known = [t for t in times if t is not None]
    return [T for T in known if 2 * sum(holds(t, T) for t in known) > len(voters)]


def t_of(acts, i, at, grace):
    ok = majority(acts, at, grace, lambda g: first_time(acts, g, i, at), lambda t, T: t <= T)
    return min(ok, default=None)


def b_of(acts, seen, at, grace):
    ok = majority(acts, at, grace, lambda g: last_time(acts, g, seen, at), lambda t, T: t >= T)
    return max(ok, default=None)


def timing(t, b, deadline):
    if t is not None and t <= deadline:
        return "in-time"
    if b is not None and b > deadline:
        return "late"
    return "pending" if t is None else "contested"


def covers(acts, side, s, n, grace):
    g = naming(acts, side, s)
    have = sum(any(size >= s and i < n for i, size, _ in of_witness(acts, side, seat))
               for seat in g["seats"])
    return have >= g["k"] or out(acts, side, s, grace)


def final(acts, n, grace):
    if not groups(acts, n):
        return 0
    return max(s for s in range(n + 1)
               if all(covers(acts, p, s, n, grace) for p in groups(acts, s)))


def saw(acts, side, seen, index):
    g = naming(acts, side, index)
    if not g:
        return seen
    sizes = sorted((max([size for i, size, _ in of_witness(acts, side, seat) if i < index],
                        default=0) for seat in g["seats"]), reverse=True)
    return max(seen, sizes[g["k"] - 1])


def make_log(rnd):
    acts = [{"act": "other"} for _ in range(FIRST)]
    last = {}
    sides = rnd.randint(2, 4)
    choice = rnd.choice((1, 3, SEATS))  # how many seats of a side are ever named
    silent = rnd.randrange(2 * SIDES)  # a side that stops
    now = 1_700_000_000
    for i in range(FIRST, rnd.randint(20, 60)):
        now += rnd.randint(0, 30)
        dice = rnd.random()
        side = rnd.randrange(sides)
        named = [s for s in range(SEATS) if (side, s) in last and (side != silent or i < 18)]
        if dice < 0.1 or i < FIRST + sides:
            side = side if dice < 0.1 else i - FIRST
            count = rnd.randint(1, choice)
            seats = rnd.sample(range(choice), count)
            for s in seats:
                last.setdefault((side, s), (0, 0))
            k = rnd.randint(count // 2 + 1, count)
            acts.append({"act": "witnesses", "side": side, "k": k, "seats": seats})
        elif dice < 0.75 and named:
            seat = rnd.choice(named)
            size, time = last[(side, seat)]
            size = i if rnd.random() < 0.5 else rnd.randint(size, i)
            time = max(time, now + (rnd.randint(0, 300) if rnd.random() < 0.15 else 0))
            last[(side, seat)] = (size, time)
            acts.append({"act": "countersign", "side": side, "seat": seat, "size": size,
                         "time": time})
        elif dice < 0.87:
            acts.append({"act": "proceed-without", "side": side, "by": rnd.randrange(sides)})
        else:
            acts.append({"act": "other"})
    return acts


def question(rnd, acts, at, grace):
    index = rnd.randrange(at)
    seen = rnd.randint(0, index)
    side = rnd.randrange(SIDES)
    t, b = t_of(acts, index, at, grace), b_of(acts, seen, at, grace)
    near = [x for x in (t, b) if x is not None]
    deadline = rnd.choice(near) + rnd.randint(-1, 1) if near else 1_700_000_000
    return {"at": at, "index": index, "seen_size": seen, "side": side, "deadline": deadline,
            "t": t, "b": b, "timing": timing(t, b, deadline),
            "surely_passed": b is not None and b >= deadline,
            "final": final(acts, at, grace), "saw": saw(acts, side, seen, index),
            "out": [p for p in range(SIDES) if out(acts, p, at, grace)]}


def main():
    rnd = random.Random(20260309)
    logs = []
    for _ in range(60):
        acts, grace = make_log(rnd), 60
        questions = [question(rnd, acts, rnd.randint(1, len(acts)), grace) for _ in range(12)]
        questions.append(question(rnd, acts, len(acts), grace))
        logs.append({"grace": grace, "acts": acts, "questions": questions})
    text = json.dumps({"about": "FORMAT 9: t, b, timing, surely passed, final, saw, out",
                       "logs": logs}, separators=(",", ":")) + "\n"
    if sys.argv[1:2] == ["--check"]:
        if pathlib.Path(sys.argv[2]).read_text(encoding="ascii") != text:
            sys.exit(f"{sys.argv[2]} is not what this program writes")
        return
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
