#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks a certificate of `entente analyse --certificate FILE` without entente: Python alone.

What is checked, all in whole numbers:
  1. each point's package is worth what the point says, and is not forbidden;
  2. no point beats another, and none is there twice;
  3. nothing is missing.  With steps: every list is reached from the one before by one option of the
     step's issue, and each sum that is reached and is not in the list is beaten by the row that is
     named, or cannot reach somebody's reserve whatever comes after.  So, by induction, every
     package is worth no more than some point to all, or is worse than no deal for somebody.
     Without steps (preferences that do not add up): every package is looked at here;
  4. each solution is best by its rule among the points that nobody likes less than no deal, and
     every point that ties is among them.

A certificate of lines (two parties, issues that take any value of a range; an option of such an
issue is one of its knots, between which worths are straight) is checked in the same way with pieces
of straight lines in place of rows: see class Lines.

    check_certificate.py FILE        exit status 0: it holds; 1: it does not, and where
"""

import bisect
import itertools
import json
import sys
from fractions import Fraction

PACKAGES_MAX = 5_000_000


class Wrong(Exception):
    pass


def want(good, words):
    if not good:
        raise Wrong(words)


def covers(a, b):
    return all(x >= y for x, y in zip(a, b))


class Problem:
    def __init__(self, c):
        self.worth = c["worth"]
        self.parties = len(c["unit"])
        self.boxes = c["boxes"]
        self.cap = c["cap"]
        self.table = c["table"]
        self.reserve = c["reserve"]
        self.additive = (not self.boxes and all(x is None for x in self.cap)
                         and all(x is None for x in self.table))

    def size(self):
        n = 1
        for options in self.worth:
            n *= len(options)
        return n

    def value(self, package):
        """(worths, allowed)"""
        u = [0] * self.parties
        for issue, option in enumerate(package):
            for k, w in enumerate(self.worth[issue][option]):
                u[k] += w
        allowed, zero = True, set()
        for box in self.boxes:
            if all(low <= package[i] <= high for i, low, high in box["ranges"]):
                if box["kind"] == "adds":
                    u[box["party"]] += box["worth"]
                elif box["kind"] == "zero":
                    zero.add(box["party"])
                else:
                    allowed = False
        number = 0
        for issue, option in enumerate(package):
            number = number * len(self.worth[issue]) + option
        for k in range(self.parties):
            if self.cap[k] is not None:
                u[k] = min(u[k], self.cap[k])
            if self.table[k] is not None:
                u[k] = self.table[k][number]
            if k in zero:
                u[k] = 0
        return u, allowed

    def acceptable(self, u):
        return all(r is None or x >= r for x, r in zip(u, self.reserve))


def check_points(p, c):
    seen = set()
    rows = [tuple(point["u"]) for point in c["points"]]
    for n, point in enumerate(c["points"]):
        want(len(point["package"]) == len(p.worth), f"point {n}: not every issue has an option")
        want(all(0 <= o < len(p.worth[i]) for i, o in enumerate(point["package"])),
             f"point {n}: an option that does not exist")
        u, allowed = p.value(point["package"])
        want(u == point["u"], f"point {n}: its package is worth {u}, not {point['u']}")
        want(allowed, f"point {n}: its package is forbidden")
        want(c["scope"] == "all" or p.acceptable(u), f"point {n}: below somebody's reserve")
        want(rows[n] not in seen, f"point {n} is there twice")
        seen.add(rows[n])
    if p.parties == 2:
        ordered = sorted(rows, reverse=True)
        for a, b in zip(ordered, ordered[1:]):
            want(b[1] > a[1], f"{a} beats {b}")
    else:
        for a, b in itertools.permutations(rows, 2):
            want(not covers(a, b), f"{a} beats {b}")


def check_steps(p, c):
    """Nothing is missing: by induction over the issues."""
    steps = c["steps"]
    want(sorted(s["issue"] for s in steps) == list(range(len(p.worth))),
         "the steps do not take every issue once")
    rest = [[0] * p.parties]
    for step in reversed(steps):
        options = p.worth[step["issue"]]
        rest.append([rest[-1][k] + max(o[k] for o in options) for k in range(p.parties)])
    rest.reverse()
    before = [[0] * p.parties]
    for n, step in enumerate(steps):
        options, rows, by = p.worth[step["issue"]], step["rows"], step["by"]
        want(len(by) == len(before) * len(options), f"step {n}: not every sum is accounted for")
        at = 0
        for row in before:
            for option in options:
                total = [x + y for x, y in zip(row, option)]
                if by[at] >= 0:
                    want(by[at] < len(rows) and covers(rows[by[at]], total),
                         f"step {n}: {total} is not beaten by row {by[at]}")
                else:
                    want(c["scope"] != "all" and any(
                        r is not None and total[k] + rest[n + 1][k] < r
                        for k, r in enumerate(p.reserve)),
                         f"step {n}: {total} was dropped without a reason")
                at += 1
        before = rows
    want(rest[0] == c["ideal"], "the ideal is not what each party's best package gives")
    have = {tuple(point["u"]) for point in c["points"]}
    want({tuple(r) for r in before} == have, "the last step's rows are not the points")


def check_all(p, c):
    want(p.size() <= PACKAGES_MAX, f"{p.size()} packages are too many to look at here")
    rows = [point["u"] for point in c["points"]]
    have = {tuple(r) for r in rows}
    ideal = None
    for package in itertools.product(*(range(len(o)) for o in p.worth)):
        u, allowed = p.value(package)
        ideal = u if ideal is None else [max(x, y) for x, y in zip(ideal, u)]
        if not allowed or (c["scope"] != "all" and not p.acceptable(u)) or tuple(u) in have:
            continue
        want(any(covers(r, u) for r in rows), f"package {list(package)} is missing: {u}")
    want(ideal == c["ideal"], "the ideal is not what each party's best package gives")


def check_solutions(c):
    d, unit = c["disagreement"], c["unit"]
    good = [n for n, point in enumerate(c["points"]) if covers(point["u"], d)]
    gains = {n: [Fraction(x - y, z) for x, y, z in zip(c["points"][n]["u"], d, unit)]
             for n in good}
    hopes = [Fraction(x - y, z) for x, y, z in zip(c["ideal"], d, unit)]

    def product(g):
        value = Fraction(1)
        for x in g:
            value *= x
        return value

    rules = {
        "nash": product,
        "kalai_smorodinsky":
            lambda g: min((x / h for x, h in zip(g, hopes) if h > 0), default=0),
        "egalitarian": sorted,
        "utilitarian": sum,
    }
    for name, rule in rules.items():
        best = max((rule(g) for g in gains.values()), default=None)
        wanted = [n for n in good if rule(gains[n]) == best]
        want(sorted(c[name]) == wanted, f"{name}: points {wanted} are best, not {c[name]}")


class Lines:
    """Pieces (ax, ay, bx, by): a straight line from a, which the second party likes best, to b; or
    a point.  `runs` are stretches of the last step's pieces: the frontier.

      1. each run's piece has two packages that differ by one step of one issue with a range, so all
         points between are packages too;
      2. along the runs the first party's worth only rises and the second's only falls, so none
         beats another; an end where that fails is marked open, and a run's own end beats it;
      3. the sum of a piece of a list and a piece of the next issue fills a parallelogram; whatever
         it has, its two upper right edges beat or hold, and of those every point is beaten or held
         by a piece of the next list; and every point of the last list by a run;
      4. each rule's points are best, on all stretches of runs that nobody likes less than no deal,
         by the ends and by the summit of the straight line; and all that tie are among them."""

    def __init__(self, c):
        self.c = c
        self.worth = c["worth"]
        self.joined = c["joined"]
        want(len(c["unit"]) == 2 and len(self.joined) == len(self.worth), "not of two parties")
        want([s["issue"] for s in c["steps"]] and
             sorted(s["issue"] for s in c["steps"]) == list(range(len(self.worth))),
             "the steps do not take every issue once")
        self.last = [tuple(p) for p in c["steps"][-1]["pieces"]]
        for step in c["steps"]:
            for ax, ay, bx, by in step["pieces"]:
                want((ax < bx and ay > by) or (ax == bx and ay == by), "a piece does not fall")

    def size(self):
        return "infinitely many"

    @staticmethod
    def at(piece, t):
        ax, ay, bx, by = piece
        return ax + t * (bx - ax), ay + t * (by - ay)

    def issue_pieces(self, issue):
        options = [tuple(o) for o in self.worth[issue]]
        if not self.joined[issue] or len(options) == 1:
            return [(*o, *o) for o in options]
        made = []
        for u, v in zip(options, options[1:]):
            if covers(u, v):
                made.append((*u, *u))  # as good or better for both than all on the way
            elif covers(v, u):
                made.append((*v, *v))
            else:
                made.append((*u, *v) if u[0] < v[0] else (*v, *u))
        return made

    @staticmethod
    def edges(p, q):
        """The upper right edges of what the sum of two pieces fills."""
        ax, ay, bx, by = p
        cx, cy, dx, dy = q
        if (ax, ay) == (bx, by) or (cx, cy) == (dx, dy):
            return [(ax + cx, ay + cy, bx + dx, by + dy)]
        # The flatter one first: it costs the second party least for what the first gains.
        if (ay - by) * (dx - cx) <= (cy - dy) * (bx - ax):
            corner = (bx + cx, by + cy)
        else:
            corner = (ax + dx, ay + dy)
        return [(ax + cx, ay + cy, *corner), (*corner, bx + dx, by + dy)]

    def stretch(self, s, t):
        """The part of s, from fraction to fraction, of which t beats or holds each point; None."""
        ax, ay, bx, by = s
        tax, tay, tbx, tby = t
        low, high = Fraction(0), Fraction(1)
        # x <= tbx, y <= tay; and under t's line: (tay - tby)(x - tax) + (tbx - tax)(y - tay) <= 0
        limits = [(ax - tbx, bx - ax), (ay - tay, by - ay)]
        if (tax, tay) != (tbx, tby):
            limits.append(((tay - tby) * (ax - tax) + (tbx - tax) * (ay - tay),
                           (tay - tby) * (bx - ax) + (tbx - tax) * (by - ay)))
        for start, slope in limits:  # start + f * slope <= 0
            if slope == 0:
                if start > 0:
                    return None
            elif slope > 0:
                high = min(high, Fraction(-start, slope))
            else:
                low = max(low, Fraction(start, -slope))
        return (low, high) if low <= high else None

    def held(self, s, pieces, rights):
        """Is every point of s beaten or held by the pieces?  They are sorted by -bx = rights."""
        parts = []
        for n in range(bisect.bisect_right(rights, -s[0]) - 1, -1, -1):
            t = pieces[n]
            if t[1] < s[3]:
                continue
            part = self.stretch(s, t)
            if part is None:
                continue
            parts.append(part)
            parts.sort()
            done = Fraction(0)
            whole = parts[0][0] <= 0
            for low, high in parts:
                if low > done:
                    whole = False
                    break
                done = max(done, high)
            if whole and done >= 1:
                return True
        return False

    def check_steps(self):
        before = [(0, 0, 0, 0)]
        for n, step in enumerate(self.c["steps"]):
            pieces = sorted((tuple(p) for p in step["pieces"]), key=lambda p: -p[2])
            rights = [-p[2] for p in pieces]
            for p in before:
                for q in self.issue_pieces(step["issue"]):
                    for s in self.edges(p, q):
                        want(self.held(s, pieces, rights), f"step {n}: {s} is lost")
            before = pieces
        runs = []
        for run in self.runs():
            (ax, ay), (bx, by) = run["ends"]
            runs.append((ax, ay, bx, by))
        runs.sort(key=lambda p: -p[2])
        rights = [-p[2] for p in runs]
        for s in before:
            want(self.held(s, runs, rights), f"{s} is on no line, nor beaten")
        ideal = [sum(max(o[k] for o in issue) for issue in self.worth) for k in range(2)]
        want(ideal == self.c["ideal"], "the ideal is not what each party's best package gives")

    def runs(self):
        for n, run in enumerate(self.c["runs"]):
            low, high = (Fraction(*map(int, run[key])) for key in ("from", "to"))
            want(0 <= low <= high <= 1, f"run {n}: not a stretch of its piece")
            want(0 <= run["piece"] < len(self.last), f"run {n}: no such piece")
            piece = self.last[run["piece"]]
            want(low < high or not (run["from_open"] or run["to_open"]), f"run {n} is empty")
            yield {"piece": piece, "from": low, "to": high,
                   "ends": (self.at(piece, low), self.at(piece, high)),
                   "open": (run["from_open"], run["to_open"])}

    def value(self, package):
        want(len(package) == len(self.worth), "not every issue has an option")
        want(all(0 <= o < len(self.worth[i]) for i, o in enumerate(package)),
             "an option that does not exist")
        return tuple(sum(self.worth[i][o][k] for i, o in enumerate(package)) for k in range(2))

    def check_runs(self):
        for n, run in enumerate(self.c["runs"]):
            a, b = run["package_a"], run["package_b"]
            piece = self.last[run["piece"]]
            want((*self.value(a), *self.value(b)) == piece,
                 f"run {n}: its packages are not worth {piece}")
            moved = [i for i, (x, y) in enumerate(zip(a, b)) if x != y]
            want(len(moved) <= 1 and all(self.joined[i] and abs(a[i] - b[i]) == 1 for i in moved),
                 f"run {n}: what lies between its packages is none")
        closed, last = [], None
        runs = list(self.runs())
        for n, run in enumerate(runs):
            for end, is_open in zip(run["ends"], run["open"]):
                if last is not None:
                    want(end[0] >= last[0] and end[1] <= last[1], f"run {n} is out of order")
                last = end
                if not is_open and (not closed or closed[-1] != end):
                    want(not closed or (end[0] > closed[-1][0] and end[1] < closed[-1][1]),
                         f"run {n}: {end} beats {closed[-1] if closed else None}, or the reverse")
                    closed.append(end)
        rights = [p[0] for p in closed]
        for n, run in enumerate(runs):
            for end, is_open in zip(run["ends"], run["open"]):
                if is_open:
                    # Of those at least as far to the right, the first is the second party's best.
                    at = bisect.bisect_left(rights, end[0])
                    want(at < len(closed) and closed[at][1] >= end[1] and closed[at] != end,
                         f"run {n}: nothing beats its open end {end}")

    def check_solutions(self):
        d, unit = self.c["disagreement"], self.c["unit"]
        hopes = [x - y for x, y in zip(self.c["ideal"], d)]

        def share(p, of):
            return sorted(Fraction(x - y) / h for x, y, h in zip(p, d, of) if h > 0)

        rules = {
            "nash": lambda p: (p[0] - d[0]) * (p[1] - d[1]),
            "kalai_smorodinsky": lambda p: min(share(p, hopes), default=0),
            "egalitarian": lambda p: share(p, unit),
            "utilitarian": lambda p: sum(Fraction(x - y) / z for x, y, z in zip(p, d, unit)),
        }
        for name, rule in rules.items():
            found = {}
            for run in self.runs():
                for p in self.candidates(run, d, name, hopes, unit):
                    found[p] = rule(p)
            named = []
            for s in self.c[name]:
                want(0 <= s["piece"] < len(self.last), f"{name}: no such piece")
                named.append(self.at(self.last[s["piece"]], Fraction(*map(int, s["at"]))))
            best = max(found.values(), default=None)
            wanted = {p for p, v in found.items() if v == best}
            want(set(named) == wanted and len(named) == len(wanted),
                 f"{name}: {sorted(wanted)} are best, not {named}")

    def candidates(self, run, d, name, hopes, unit):
        """On the part of a run that is at or above d: its ends, and the summit between."""
        ax, ay, bx, by = run["piece"]
        dx, dy = bx - ax, ay - by
        low, high = run["from"], run["to"]
        open_low, open_high = run["open"]
        if dx == 0:
            if ax >= d[0] and ay >= d[1]:
                yield ax, ay
            return
        first, second = Fraction(d[0] - ax, dx), Fraction(ay - d[1], dy)
        if first > low:
            low, open_low = first, False
        if second < high:
            high, open_high = second, False
        if low > high or (low == high and (open_low or open_high)):
            return
        if not open_low:
            yield self.at(run["piece"], low)
        if not open_high:
            yield self.at(run["piece"], high)
        g, h = ax - d[0], ay - d[1]
        if name == "nash":
            t = Fraction(dx * h - dy * g, 2 * dx * dy)
        elif name in ("kalai_smorodinsky", "egalitarian"):
            x, y = hopes if name == "kalai_smorodinsky" else unit
            if x <= 0 or y <= 0:
                return
            t = Fraction(h * x - g * y, dx * y + dy * x)
        else:
            return
        if low < t < high:
            yield self.at(run["piece"], t)

    def check(self):
        self.check_steps()
        self.check_runs()
        self.check_solutions()


def check(c):
    if c.get("v") == 1 and c.get("what") == "entente certificate of lines":
        lines = Lines(c)
        lines.check()
        return lines
    want(c.get("v") == 1 and c.get("what") == "entente certificate", "this is no certificate")
    p = Problem(c)
    check_points(p, c)
    if p.additive:
        check_steps(p, c)
    else:
        check_all(p, c)
    check_solutions(c)
    return p


def main():
    if len(sys.argv) != 2:
        print(__doc__.strip().splitlines()[-1].strip(), file=sys.stderr)
        return 2
    try:
        with open(sys.argv[1], encoding="utf-8") as f:
            certificate = json.load(f)
        p = check(certificate)
    except (OSError, ValueError, KeyError, TypeError, IndexError,
            ZeroDivisionError) as e:
        print(f"{sys.argv[1]}: not a certificate: {e}", file=sys.stderr)
        return 1
    except Wrong as e:
        print(f"{sys.argv[1]}: does not hold: {e}", file=sys.stderr)
        return 1
    held = (f"{len(certificate['runs'])} lines" if "runs" in certificate
            else f"{len(certificate['points'])} points")
    print(f"{held} hold: no package of {p.size()} beats any of them, and none is missing")
    return 0


if __name__ == "__main__":
    sys.exit(main())
