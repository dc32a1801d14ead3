# SPDX-License-Identifier: Apache-2.0
"""Order, time, cover, final: docs/FORMAT.md section 9, of the control acts read so far."""


class Times:
    def __init__(self, grace):
        self.grace = grace
        self.namings = {}    # side: [(index, needed, [seat...])]
        self.countersigns = {}  # seat: [(index, size, time)]
        self.side_of = {}    # seat: side
        self.proceeds = []   # (index, side), those that are valid

    # ---- taking in ----

    def witnesses(self, index, side, needed, seats):
        self.namings.setdefault(side, []).append((index, needed, seats))
        for seat in seats:
            self.side_of[seat] = side

    def countersign(self, index, side, seat, size, time):
        self.side_of[seat] = side
        self.countersigns.setdefault(seat, []).append((index, size, time))

    def proceed(self, index, by, without):
        here = self.groups(index)
        if without not in here or by not in here or by == without:
            return
        last = max((i for i, _, _ in self.of_side(without)), default=-1)
        others = 0
        for side in here:
            apart = False
            for seat, said in self.countersigns.items():
                if self.side_of[seat] == side:
                    times = [t for i, _, t in said if i > last]
                    apart = apart or (times and max(times) - min(times) >= self.grace)
            others += side != without and bool(apart)
        if others >= (1 if len(here) == 2 else 2):
            self.proceeds.append((index, without))

    # ---- who is there ----

    def of_side(self, side):
        return [a for seat, said in self.countersigns.items()
                if self.side_of[seat] == side for a in said]

    def naming(self, side, s):
        found = [n for n in self.namings.get(side, []) if n[0] < s]
        return found[-1] if found else None

    def groups(self, s):
        return [side for side in sorted(self.namings) if self.naming(side, s)]

    def out(self, side, s):
        return any(who == side and p < s and
                   not any(p < i < s for i, _, _ in self.of_side(side))
                   for p, who in self.proceeds)

    # ---- times ----

    def _majority(self, at, time_of, holds, pick):
        voters = [side for side in self.groups(at) if not self.out(side, at)]
        known = [t for t in (time_of(self.naming(side, at)) for side in voters) if t is not None]
        good = [T for T in known if 2 * sum(holds(t, T) for t in known) > len(voters)]
        return pick(good, default=None)

    def t(self, index, at):
        """By when the table had the act."""
        def first(naming):
            times = sorted(next(t for _, size, t in self.countersigns[seat] if size > index)
                           for seat in naming[2]
                           if any(size > index for _, size, _ in self.countersigns.get(seat, [])))
            return times[naming[1] - 1] if len(times) >= naming[1] else None
        return self._majority(at, first, lambda t, T: t <= T, min)

    def b(self, seen, at):
        """What its author knew the time to be at least."""
        def last(naming):
            times = sorted((said[-1] for said in
                            ([t for i, _, t in self.countersigns.get(seat, []) if i < seen]
                             for seat in naming[2]) if said), reverse=True)
            return times[naming[1] - 1] if len(times) >= naming[1] else None
        return self._majority(at, last, lambda t, T: t >= T, max)

    def timing(self, index, seen, deadline, at):
        t, b = self.t(index, at), self.b(seen, at)
        if t is not None and t <= deadline:
            return "in time"
        if b is not None and b > deadline:
            return "late"
        return "pending" if t is None else "contested"

    def passed(self, seen, deadline, at):
        b = self.b(seen, at)
        return b is not None and b >= deadline

    def late(self, seen, deadline, at):
        b = self.b(seen, at)
        return b is not None and b > deadline

    # ---- cover ----

    def _size(self, naming):
        sizes = sorted((max((size for _, size, _ in self.countersigns.get(seat, [])), default=0)
                        for seat in naming[2]), reverse=True)
        return sizes[naming[1] - 1]

    def covers(self, side, s):
        return self._size(self.naming(side, s)) >= s or self.out(side, s)

    def final(self, at):
        if not self.groups(at):
            return 0
        s = at
        while s > 0 and not all(self.covers(side, s) for side in self.groups(s)):
            s -= 1
        return s

    def saw(self, side, seen, index):
        naming = self.naming(side, index)
        return max(seen, self._size(naming)) if naming else seen
