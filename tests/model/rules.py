# SPDX-License-Identifier: Apache-2.0
"""The rules of docs/RULES.md, sections 3.4 to 9, written from the text alone.

Read act by act; what is asked of each is whether it counts.  Seals, forms, rooms, signatures and
ceilings are the code's to say, and taken as given.
"""
from times import Times

# kinds (FORMAT 10)
CHARTER, SIGN, EPOCH, GRANT, CANNOT_OPEN, VOID, INTRODUCE, INSTRUCT = 1, 2, 3, 4, 5, 6, 7, 8
MANDATE, REVOKE, CONFIRM, SAY, DOCUMENT, STATEMENT = 10, 11, 13, 14, 15, 16
PROPOSE, WITHDRAW, ANSWER, CLOSE, RATIFY = 20, 21, 22, 23, 24
PROMISE, REPORT, VERIFY, LAPSE, INCIDENT, ASSESS = 30, 31, 32, 34, 35, 36
GATE, PARK, CONSENT, PUBLISHED = 40, 41, 50, 51

SPEAK, PROPOSING, REFERENDUM, BINDING, DISCLOSE = 1, 2, 4, 8, 32
POWER = {CONFIRM: PROPOSING, SAY: SPEAK, DOCUMENT: SPEAK, STATEMENT: SPEAK, PROPOSE: PROPOSING,
         WITHDRAW: PROPOSING, CLOSE: SPEAK, GATE: SPEAK, PARK: SPEAK, PROMISE: PROPOSING,
         REPORT: SPEAK, VERIFY: SPEAK, LAPSE: SPEAK, INCIDENT: SPEAK, ASSESS: SPEAK,
         CONSENT: DISCLOSE, PUBLISHED: DISCLOSE}
ACCEPT, AD_REFERENDUM, CONCEPT, REJECT, COUNTER = 1, 2, 3, 4, 5
ANSWER_POWER = {ACCEPT: BINDING, AD_REFERENDUM: REFERENDUM, CONCEPT: SPEAK, REJECT: SPEAK,
                COUNTER: PROPOSING}
DONE = 1
NEW_ROOT = 4  # a verb of a keys act (FORMAT 6)
WAITING_HOURS = 48 * 3600
YES, WAITS, CONTESTED, NO = 0, 1, 2, 3  # from good to bad
SHARED = ("plenary", "monitors")


class Proposal:
    def __init__(self, act, phase, package, side, parties):
        self.act, self.phase, self.package, self.side = act, phase, package, side
        self.withdrawn = self.agreed = self.bound = self.bound_time = None
        self.crossed = set()
        self.contested = self.complete = False
        self.answers = {}   # side: act as read, with the mandate it rests on
        self.ratified = {}  # side: act


class Table:
    def __init__(self, charter):
        self.c = charter
        self.times = Times(charter["grace"])
        self.parties = range(1, charter["parties"] + 1)
        self.in_force = None
        self.signed = {}     # side: roster when it signed
        self.roster = []     # (index, what about whom, what): who has joined, with which witnesses
        self.mandates = []   # dicts
        self.revoked = set()  # (side, id) of papers not posted
        self.proposals = []
        self.points = []
        self.spent = set()
        self.confirms = {}   # act: {"sides", "principals"}
        self.deeds = [dict(promised=False, due=None, says=0, verified=0, late=False, lapsed=False,
                           after=None, since=None, waiting=None) for _ in charter["deeds"]]
        self.incidents = []
        self.consents = {}
        self.parked = 0
        self.opened = [None] * len(charter["phases"])
        self.gate = [None] * len(charter["phases"])
        self.void = 0

    # ---- small questions ----

    def role(self, side):
        if side == 0:
            return "mediation"
        if side <= self.c["parties"]:
            return "party"
        return "monitor" if side <= self.c["parties"] + self.c["monitors"] else "consulted"

    def voices(self):
        return ([0] if self.c["mediation"] else []) + list(self.parties)

    def roster_at(self, s):
        return {what: value for i, what, value in self.roster if i < s}

    def deed(self, a):
        ids = [d["id"] for d in self.c["deeds"]]
        return ids.index(a["deed"]) if a["deed"] in ids else None

    def phase(self, a):
        ids = [p["id"] for p in self.c["phases"]]
        return ids.index(a["phase"]) if a["phase"] in ids else None

    def proposal(self, a):
        return next((p for p in self.proposals if p.act == a.get("answers")), None)

    def issues_of(self, phase):
        return [i["id"] for i in self.c["issues"] if i["phase"] == phase]

    def whole(self, p):
        return [i for i, _ in p.package] == self.issues_of(p.phase)

    def phase_bound(self, phase):
        return any(p.phase == phase and p.bound is not None for p in self.proposals)

    def deadline(self, phase, at):
        seconds = self.c["phases"][phase]["deadline"]
        if not seconds:
            return None
        opened = self.times.t(self.opened[phase], at)
        return None if opened is None else opened + seconds

    def deadline_passed(self, a, phase):
        d = self.deadline(phase, a["i"])
        return d is not None and self.times.late(a["seen"], d, a["i"])

    def package_of(self, a):
        """The issues that it is about: of a package, or of the proposal that it answers."""
        if a["kind"] == PROPOSE:
            return [i for i, _ in a["package"]]
        accepts = a["kind"] == ANSWER and a["answer"] in (ACCEPT, AD_REFERENDUM)
        p = self.proposal(a) if accepts or a["kind"] == WITHDRAW else None
        return [i for i, _ in p.package] if p else []

    def mandate_for(self, a, power):
        """The mandate it rests on; True: none is needed; None: it may not."""
        if a["post"] == 0 or self.role(a["by"]) in ("monitor", "consulted"):
            return True
        good = [m for m in self.mandates
                if m["seat"] == a["seat"] and m["revoked"] is None and m["powers"] & power and
                (m["all"] or set(self.package_of(a)) <= set(m["issues"])) and
                not self.times.late(a["i"], m["expires"], a["i"])]
        return max(good, key=lambda m: m["expires"], default=None)

    # ---- the acts ----

    def counts(self, a):
        """Does it count?  What it changes is done here, too."""
        shared = a["room"] in SHARED
        k = a["kind"]
        if shared and self.in_force is None and k not in (CHARTER, SIGN, INTRODUCE, EPOCH, GRANT,
                                                          CANNOT_OPEN, VOID):
            return False
        if k == CHARTER:
            return False  # it has its charter already
        rule = getattr(self, RULES.get(k, "anything"))
        if shared and k in POWER and self.mandate_for(a, POWER[k]) is None:
            return False
        if k == CONFIRM and not shared:
            return True
        return rule(a)

    def anything(self, a):
        return True

    def sign(self, a):
        p = a.get("paper")
        if not p or p["side"] != a["by"] or not p.get("fits") or a["by"] not in self.voices():
            return False
        self.signed[a["by"]] = self.roster_at(a["seen"])
        now = self.roster_at(a["i"])
        if self.in_force is None and all(self.signed.get(s) == now for s in self.voices()):
            self.in_force = a["i"]
            self.opened[0] = a["i"]
        return True

    def introduce(self, a):
        if a["named"] is None:
            return False
        seat = self.c["seats"][a["named"]]
        return seat["side"] == a["by"] and seat["admitted"] < a["i"] and \
            (a["named"] == a["seat"] or a["post"] == 0)

    def mandate(self, a):
        p = a.get("paper")
        if not p or p["side"] != a["by"] or p["seat"] is None:
            return False
        seat = self.c["seats"][p["seat"]]
        if seat["side"] != a["by"] or seat["admitted"] >= a["i"]:
            return False
        if (a["by"], p["id"]) in self.revoked or any(m["id"] == p["id"] for m in self.mandates):
            return False
        self.mandates.append(dict(p, act=a["i"], revoked=None))
        return True

    def revoke(self, a):
        p = a.get("paper")
        if not p or p["side"] != a["by"]:
            return False
        posted = [m for m in self.mandates if m["id"] == p["digest"] and m["side"] == a["by"]]
        for m in posted:
            m["revoked"] = a["i"] if m["revoked"] is None else m["revoked"]
        if not posted:
            self.revoked.add((a["by"], p["digest"]))
        return True

    def propose(self, a):
        issues = {i["id"]: (n, i) for n, i in enumerate(self.c["issues"])}
        if not all(i in issues for i, _ in a["package"]):
            return False
        places = [issues[i][0] for i, _ in a["package"]]
        phases = {issues[i][1]["phase"] for i, _ in a["package"]}
        if places != sorted(set(places)) or len(phases) != 1:
            return False
        if any(o >= issues[i][1]["options"] for i, o in a["package"]):
            return False
        phase = phases.pop()
        if self.opened[phase] is None or self.phase_bound(phase):
            return False
        if self.deadline_passed(a, phase):
            return False
        self.proposals.append(Proposal(a["i"], phase, a["package"], a["by"], self.parties))
        return True

    def seen_withdrawn(self, a, p):
        return p.withdrawn is not None and \
            self.times.saw(a["by"], a["seen"], a["i"]) > p.withdrawn

    def seen_complete(self, a, p):
        return p.complete and self.times.saw(a["by"], a["seen"], a["i"]) > \
            max(self.binding(p, s)["i"] for s in self.parties)

    def answer(self, a):
        p = self.proposal(a)
        mandate = self.mandate_for(a, ANSWER_POWER[a["answer"]])
        if p is None or a["by"] not in self.parties or mandate is None:
            return False
        if self.phase_bound(p.phase) or self.seen_complete(a, p) or self.seen_withdrawn(a, p):
            return False
        before = p.answers.get(a["by"])
        if a["post"] != 0 and ((before and before["post"] == 0) or a["by"] in p.ratified):
            return False
        accepts = a["answer"] in (ACCEPT, AD_REFERENDUM)
        if accepts and self.deadline_passed(a, p.phase):
            return False
        open_labels = [o["label"] for o in self.points if o["closed"] is None]
        if len(set(a["reserves"])) != len(a["reserves"]) or set(a["reserves"]) & set(open_labels):
            return False
        if not set(a["reserved_issues"]) <= {i["id"] for i in self.c["issues"]}:
            return False
        p.answers[a["by"]] = dict(a, mandate=None if mandate is True else mandate)
        p.ratified.pop(a["by"], None)
        if accepts and p.withdrawn is not None:
            p.crossed.add(a["by"])
        for label in a["reserves"]:
            self.points.append(dict(label=label, answer=a["i"], side=a["by"], closed=None))
        return True

    def accepted(self, p, side):
        a = p.answers.get(side)
        return a is not None and a["answer"] in (ACCEPT, AD_REFERENDUM)

    def withdraw(self, a):
        p = self.proposal(a)
        if p is None or p.side != a["by"] or p.withdrawn is not None or p.bound is not None:
            return False
        saw = self.times.saw(a["by"], a["seen"], a["i"])
        if self.seen_complete(a, p):
            return False
        p.withdrawn = a["i"]
        for side in self.parties:
            if self.accepted(p, side) and saw <= p.answers[side]["i"]:
                p.crossed.add(side)
            if side in p.ratified and saw <= p.ratified[side]["i"]:
                p.crossed.add(side)
        return True

    def binding(self, p, side):
        """The act by which the side is bound, or would be."""
        a = p.answers[side]
        return a if a["answer"] == ACCEPT else p.ratified[side]

    def ratify(self, a):
        p = self.proposal(a)
        paper = a.get("paper")
        if p is None or not paper or paper["side"] != a["by"] or paper["about"] != p.act:
            return False
        if a["by"] not in self.parties or a["by"] in p.ratified or paper["id"] in self.spent:
            return False
        if self.phase_bound(p.phase) or self.seen_withdrawn(a, p):
            return False
        if not all(self.accepted(p, s) for s in self.parties):
            return False
        if self.deadline_passed(a, p.phase):
            return False
        p.ratified[a["by"]] = a
        self.spent.add(paper["id"])
        if p.withdrawn is not None:
            p.crossed.add(a["by"])
        return True

    def confirm(self, a):
        stands = [x["i"] for p in self.proposals
                  for x in list(p.answers.values()) + list(p.ratified.values())]
        if a.get("answers") not in stands:
            return False
        c = self.confirms.setdefault(a["answers"], dict(sides=set(), principals=set()))
        c["sides"].add(a["by"])
        if a["post"] == 0:
            c["principals"].add(a["by"])
        return True

    def close(self, a):
        for o in self.points:
            if o["answer"] == a.get("answers") and o["label"] == a["label"]:
                if o["closed"] is not None or o["side"] != a["by"]:
                    return False
                o["closed"] = a["i"]
                return True
        return False

    # ---- deeds ----

    def promise(self, a):
        if self.deed(a) is None:
            return False
        d = self.deeds[self.deed(a)]
        if self.c["deeds"][self.deed(a)]["by"] != a["by"] or d["promised"]:
            return False
        first = None
        if a["after"]:
            first = next((n for n, x in enumerate(self.c["deeds"]) if x["id"] == a["after"]), None)
            if first is None or self.waits_for(first, self.deed(a)):
                return False
        d.update(promised=True, due=a["when"], after=first)
        return True

    def waits_for(self, n, other):
        """Is the deed `other`, or owed after it?"""
        while n is not None and n != other:
            n = self.deeds[n]["after"] if self.deeds[n]["promised"] else None
        return n == other

    def hour_counts(self, d, at):
        """Nobody is late for what he does not owe yet."""
        if d["after"] is None:
            return True
        first = self.deeds[d["after"]]
        t = None if first["since"] is None else self.times.t(first["since"], at)
        return t is not None and t <= d["due"]

    def report(self, a):
        if self.deed(a) is None:
            return False
        d = self.deeds[self.deed(a)]
        if self.c["deeds"][self.deed(a)]["by"] != a["by"] or not d["promised"]:
            return False
        d["says"] = a["finding"]
        d["waiting"] = a["i"] if d["waiting"] is None else d["waiting"]
        return True

    def verify(self, a):
        if self.deed(a) is None:
            return False
        d, c = self.deeds[self.deed(a)], self.c["deeds"][self.deed(a)]
        if c["by"] == a["by"] or not d["promised"]:
            return False
        if c["verifier"] is not None and c["verifier"] != a["by"]:
            return False
        if c["verifier"] is None and self.role(a["by"]) != "party":
            return False
        d["verified"] = a["finding"]
        if a["finding"] != DONE:
            d["since"] = None
        elif d["since"] is None:
            d["since"] = a["i"]
        d["late"] = a["finding"] == DONE and self.hour_counts(d, a["i"]) and \
            self.times.late(a["seen"], d["due"], a["i"])
        d["waiting"] = None
        return True

    def lapse(self, a):
        if self.deed(a) is None:
            return False
        d = self.deeds[self.deed(a)]
        if not d["promised"] or d["verified"] == DONE or d["lapsed"]:
            return False
        if not self.hour_counts(d, a["i"]) or not self.times.passed(a["seen"], d["due"], a["i"]):
            return False
        d["lapsed"] = True
        return True

    def incident(self, a):
        self.incidents.append(dict(act=a["i"], side=a["by"], by=a["side"] or None,
                                   when=a["when"], verdict=0, found=None))
        return True

    def assess(self, a):
        inc = next((x for x in self.incidents if x["act"] == a.get("answers")), None)
        if inc is None:
            return False
        mine = self.c["sides"][a["by"]]
        if self.c["monitors"]:
            if self.role(a["by"]) != "monitor" or inc["side"] == a["by"] or inc["by"] == mine:
                return False
        elif inc["by"] != mine or a["verdict"] != 1:
            return False
        inc["verdict"] = a["verdict"]
        inc["found"] = a["when"] if a["when"] is not None else inc["when"]
        return True

    # ---- gates ----

    def holds(self, condition, phase, a):
        at, seen = a["i"], a["seen"]
        bound = next((p for p in self.proposals if p.phase == phase and p.bound is not None), None)
        if condition["kind"] == 1:
            return bound is not None or any(
                p.phase == phase and p.agreed is not None and self.whole(p)
                for p in self.proposals)
        if condition["kind"] == 2:
            return bound is not None
        if condition["kind"] == 3:
            return self.deeds[condition["deed"]]["verified"] == DONE
        if condition["kind"] == 4:
            if bound is None:
                return False
            since = bound.bound_time
            for inc in self.incidents:
                if inc["verdict"] == 1:
                    t = self.times.t(inc["act"], at)
                    hour = inc["found"] if t is None else min(inc["found"], t)
                    since = max(since, hour)
            return self.times.passed(seen, since + condition["seconds"], at)
        if condition["kind"] == 5:
            first = {}
            for inc in self.incidents:
                if inc["verdict"] == 0:
                    first.setdefault(inc["side"], inc["act"])
            waiting = list(first.values()) + [d["waiting"] for d in self.deeds
                                              if d["waiting"] is not None]
            for i in waiting:
                t = self.times.t(i, at)
                if t is None or not self.times.passed(seen, t + WAITING_HOURS, at):
                    return False
            return True
        return False

    def open_gate(self, a):
        n = self.phase(a)
        if n is None or self.opened[n] is None or self.gate[n] is not None:
            return False
        conditions = self.c["phases"][n]["gate"]
        if not conditions or not all(self.holds(c, n, a) for c in conditions):
            return False
        self.gate[n] = a["i"]
        if n + 1 < len(self.opened):
            self.opened[n + 1] = a["i"]
        return True

    def park(self, a):
        n = self.phase(a)
        if n is None or self.opened[n] is not None:
            return False
        self.parked += 1
        return True

    def say(self, a):
        if a["room"] != "plenary":
            return True
        return not any(p["papers_only"] and self.opened[n] is not None and self.gate[n] is None
                       for n, p in enumerate(self.c["phases"]))

    def consent(self, a):
        return self.c["publishes"] and any(p.bound is not None for p in self.proposals) and \
            all(r["act"] is not None for r in a["refs"])

    # ---- what is settled when ----

    def timed(self, a, deadline, enough, at):
        verdict = self.times.timing(a["i"], a["seen"], deadline, at)
        return {"in time": YES, "late": NO, "pending": WAITS,
                "contested": YES if enough else CONTESTED}[verdict]

    def act_settled(self, p, a, final, at):
        if a["i"] >= final:
            return WAITS
        if not self.c["phases"][p.phase]["deadline"]:
            return YES
        deadline = self.deadline(p.phase, at)
        if deadline is None:
            return WAITS
        c = self.confirms.get(a["i"])
        return self.timed(a, deadline, c is not None and c["sides"] >= set(self.parties), at)

    def acceptance(self, p, side, final, at):
        if not self.accepted(p, side) or side in p.crossed:
            return NO
        a = p.answers[side]
        verdict = self.act_settled(p, a, final, at)
        m = a["mandate"]
        if m is not None:
            t = self.times.t(a["i"], at)
            if t is not None and t < m["not_before"]:
                return NO
            c = self.confirms.get(a["i"])
            enough = side in p.ratified or (c is not None and side in c["principals"])
            verdict = max(verdict, self.timed(a, m["expires"], enough, at))
        return verdict

    def bindings(self, p, side, final, at):
        verdict = self.acceptance(p, side, final, at)
        if verdict == NO or p.answers[side]["answer"] == ACCEPT:
            return verdict
        if side not in p.ratified:
            return NO
        return max(verdict, self.act_settled(p, p.ratified[side], final, at))

    def uncross(self, p):
        def settled(side):
            both = {side, p.side}
            acts = [x[side]["i"] for x in (p.answers, p.ratified) if side in x]
            return any(self.confirms.get(i, dict(sides=set()))["sides"] >= both for i in acts)
        if not p.crossed or not all(settled(s) for s in p.crossed):
            return
        for side in list(p.answers):
            if side not in p.crossed and p.answers[side]["i"] < p.withdrawn:
                del p.answers[side]
                p.ratified.pop(side, None)
        p.crossed = set()
        p.withdrawn = None

    def settle(self, at):
        if self.in_force is None:
            return
        final = self.times.final(at)
        for p in self.proposals:
            if p.bound is not None:
                continue
            self.uncross(p)
            agreed = bound = YES
            for side in self.parties:
                agreed = max(agreed, self.acceptance(p, side, final, at))
                bound = max(bound, self.bindings(p, side, final, at))
            if not all(self.accepted(p, s) for s in self.parties):
                agreed = bound = NO
            stands = p.withdrawn is None
            p.contested = stands and CONTESTED in (agreed, bound)
            p.complete = stands and bound <= WAITS and self.whole(p)
            if not stands or agreed != YES:
                p.agreed = None
                continue
            p.agreed = at if p.agreed is None else p.agreed
            if bound == YES and self.whole(p) and not self.phase_bound(p.phase):
                p.bound = at
                hours = [self.times.t(self.binding(p, s)["i"], at) for s in self.parties]
                p.bound_time = max((t for t in hours if t is not None), default=0)

    # ---- reading ----

    def read(self, a):
        """The next act of the record; whether it counts, or None where nothing is asked."""
        i = a["i"]
        if "control" in a:
            kind = a["control"]
            if kind == "witnesses":
                self.times.witnesses(i, a["by"], a["needed"], a["seats"])
                self.roster.append((i, ("witnesses", a["by"]), (a["needed"], a["seats"])))
            elif kind == "keys" and a["joins"] is not None:
                self.roster.append((i, ("root", a["joins"]), i))
            elif kind == "keys" and a["verb"] == NEW_ROOT:
                self.roster.append((i, ("root", a["by"]), i))
            elif kind == "countersign":
                self.times.countersign(i, a["by"], a["seat"], a["size"], a["time"])
            elif kind == "proceed-without":
                self.times.proceed(i, a["by"], a["without"])
            self.settle(i + 1)
            return None
        if "kind" not in a or a["given"]:
            return None
        if a["kind"] in (STATEMENT, EPOCH, GRANT, CHARTER) and a["void"] == 0:
            return None
        counted = self.counts(a)
        if counted and a["room"] in SHARED and a["kind"] in (CONFIRM, ANSWER, WITHDRAW, RATIFY):
            self.settle(i + 1)
        return counted


RULES = {INTRODUCE: "introduce", SIGN: "sign", MANDATE: "mandate", REVOKE: "revoke", PROPOSE: "propose", ANSWER: "answer",
         WITHDRAW: "withdraw", RATIFY: "ratify", CONFIRM: "confirm", CLOSE: "close",
         PROMISE: "promise", REPORT: "report", VERIFY: "verify", LAPSE: "lapse",
         INCIDENT: "incident", ASSESS: "assess", GATE: "open_gate", PARK: "park", SAY: "say",
         CONSENT: "consent"}
