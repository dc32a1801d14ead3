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

    check_certificate.py FILE        exit status 0: it holds; 1: it does not, and where
"""

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


def check(c):
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
    except (OSError, ValueError, KeyError, TypeError, IndexError) as e:
        print(f"{sys.argv[1]}: not a certificate: {e}", file=sys.stderr)
        return 1
    except Wrong as e:
        print(f"{sys.argv[1]}: does not hold: {e}", file=sys.stderr)
        return 1
    print(f"{len(certificate['points'])} points hold: no package of {p.size()} beats any of them,"
          " and none is missing")
    return 0


if __name__ == "__main__":
    sys.exit(main())
