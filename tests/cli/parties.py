#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Parties come and go: a lost machine, a replaced envoy, through the program, by several seats.

    tests/cli/parties.py ENTENTE

The real clock runs.  TAP on standard output.
"""
import os
import sys
import tempfile

import verbs

CHARTER = """\
table: River talks
goal: Share the river.
mediation: {id: meridia, name: Meridia, principal: President}
parties:
  - {id: kestria, name: Kestria, principal: President, seats: [envoy]}
  - {id: velland, name: Velland, principal: President, seats: [envoy]}
phases:
  - id: water
issues:
  - {id: share, phase: water, options: [half each, by use]}
"""


def join_with_successors(t):
    """Voss names three who can put another in his place; two of them must."""
    for i in range(3):
        t.do(None, "key", "new", f"s{i}.key", "--keys", "root", "--cost", "test")
    t.do("rhee", "seat", "invite", "kestria", "--out", "voss.inv")
    named = [w for i in range(3) for w in ("--successor", f"s{i}.key")]
    error = t.fails("voss", 2, "seat", "join", "voss.inv", "--name", "Voss", "--out", "voss.slip",
                    "--needed", "2", "--cost", "test")
    t.report.ok("--successor" in error["mend"], "  two of none cannot be needed", error)
    t.do("voss", "seat", "join", "voss.inv", "--name", "Voss", "--out", "voss.slip", *named, "--cost",
         "test", passphrase="\n".join([verbs.PASSPHRASE] * 4))
    status, said = verbs.at_a_terminal(
        t, [("Passphrase of Rhee: ", verbs.PASSPHRASE), ("Type yes to go on: ", "yes")],
        "seat", "admit", "voss.slip", "--dir", "rhee")
    t.report.ok(status == 0 and "asks for 0 of 0 successor keys, its slip brings 2 of 3" in said,
                "what the charter asks for is held to the slip", said)
    t.do("voss", "sync")


def come_together(t):
    with open(t.path("river.yaml"), "w", encoding="utf-8") as f:
        f.write(CHARTER)
    t.do("rhee", "table", "new", "river.yaml", "--host", "host", "--name", "Rhee", "--cost", "test")
    join_with_successors(t)
    t.join("maro", "rhee", "velland")
    t.join("ilin", "voss", "kestria", "--post", "envoy")
    for who in ("rhee", "voss", "maro"):
        t.do(who, "sync")
        t.do(who, "sign", "charter", "--yes")
    t.do("voss", "mandate", "Ilin", "--powers", "speak,propose,accept-ad-referendum", "--for", "9d",
         "--yes")
    t.do("ilin", "say", "home/kestria", "to ourselves")
    t.do("ilin", "propose", "share=1")
    t.do("ilin", "answer", "P1", "--accept", "ad-referendum", "--yes")
    t.round("rhee", "voss", "maro")


def seats_of(t, who):
    return {s["name"]: s for s in t.do(who, "seat", "list")["seats"]}


def lost_machine(t):
    """Ilin's machine is lost; Orlov comes in his place.  What Ilin accepted stands."""
    error = t.fails("ilin", 1, "seat", "revoke", "Ilin", "--yes")
    t.report.ok("only the principal of Kestria" in error["what"] and "his own seat" in error["mend"],
                "an envoy revokes no seat", error)
    error = t.fails("maro", 2, "seat", "revoke", "Ilin", "--yes")
    t.report.ok(error["what"] == "only Kestria revokes a seat of Kestria", "nor does another side",
                error)
    t.fails("voss", 2, "seat", "revoke", "Nobody", "--yes")
    error = t.fails("voss", 2, "seat", "revoke", "Ilin", "--no-input")
    t.report.ok(seats_of(t, "voss")["Ilin"]["active"], "without a yes nothing is revoked", error)
    status, said = verbs.at_a_terminal(
        t, [("Passphrase of Voss: ", verbs.PASSPHRASE), ("Type yes to go on: ", "no")],
        "seat", "revoke", "Ilin", "--dir", "voss")
    told = ("What it has filed stands", "nothing that it signs is taken", "ends mandate M1",
            "get fresh keys")
    t.report.ok(status == 1 and not [w for w in told if w not in said], "what changes is told", said)
    gone = t.do("voss", "seat", "revoke", "Ilin", "--yes")
    t.report.ok(gone["seat"] == "Ilin" and gone["next"].startswith("entente seat invite"), "revoked",
                gone)
    t.report.ok(not seats_of(t, "maro" if t.do("maro", "sync") else "")["Ilin"]["active"],
                "all see that he sits there no more")
    standing = t.do("maro", "mandates")["mandates"][0]["standing"]
    t.report.ok(standing == "its seat was revoked", "his mandate serves nobody", standing)
    error = t.fails("ilin", 4, "sync")
    t.report.ok("was revoked" in error["what"] and "invite" in error["mend"],
                "  the host shows it nothing, and why", error)
    t.fails("ilin", 4, "say", "home/kestria", "still here")
    kinds = [a["kind"] for a in t.do("voss", "room", "home/kestria", "--last", "9")["acts"]]
    t.report.ok(kinds == ["epoch", "say", "epoch"], "home has a fresh key", kinds)
    t.fails("voss", 2, "seat", "revoke", "Ilin", "--yes")
    t.join("orlov", "voss", "kestria", "--post", "envoy")
    t.do("voss", "mandate", "Orlov", "--powers", "speak,propose,accept-ad-referendum", "--for", "9d",
         "--yes")
    p1 = t.do("orlov", "sync") and t.do("orlov", "proposals")["proposals"][0]
    answers = {a["side"]: a["answer"] for a in p1["answers"]}
    t.report.ok(answers["Kestria"] == "ad-referendum", "the acceptance is the party's, and stands",
                p1)
    t.do("maro", "sync")
    t.do("maro", "answer", "P1", "--accept", "binding", "--yes")
    t.do("voss", "sync")
    t.do("voss", "ratify", "P1", "--yes")
    t.round("rhee", "voss", "maro", "rhee", "orlov")
    p1 = t.do("orlov", "proposals")["proposals"][0]
    t.report.ok(p1["standing"] == "agreed and ratified", "and binds with the ratification", p1)


def new_government(t):
    """Voss's key is lost; two of the three successors put Renn in his place."""
    t.do("orlov", "seat", "invite", "kestria", "--post", "1", "--out", "renn.inv")
    joined = t.do("renn", "seat", "join", "renn.inv", "--name", "Renn", "--out", "renn.slip", "--cost",
                  "test")
    t.report.ok("entente sign SLIP" in joined["next"], "another principal is invited", joined)
    error = t.fails("orlov", 4, "seat", "admit", "renn.slip", "--yes")
    t.report.ok("0 of 3 successors" in error["what"] and "2 must" in error["what"],
                "nobody puts himself in another's place", error)
    read = t.do(None, "sign", "renn.slip", "--key", "s2.key", "--out", "renn.1", "--yes")
    told = ("as a successor", "The former one's fingerprint", "Compare both aloud", "0 successors have")
    t.report.ok(read["kind"] == "new-root" and not [w for w in told if w not in read["words"]],
                "a successor reads what it means", read)
    t.fails(None, 2, "sign", "renn.1", "--key", "s0.key", "--out", "renn.2", "--no-input")
    t.fails(None, 1, "sign", "renn.1", "--key", "s2.key", "--out", "renn.2", "--yes")
    t.do(None, "sign", "renn.1", "--key", "s0.key", "--out", "renn.2", "--yes")
    admitted = t.do("maro", "seat", "admit", "renn.2", "--yes")  # any side's seat may post it
    t.report.ok(admitted["side"] == "Kestria" and admitted["fingerprint"] == joined["fingerprint"],
                "and is in place", admitted)
    t.do("rhee", "sync")
    t.do("rhee", "seat", "share", joined["fingerprint"][:20])
    t.fails("voss", 4, "say", "plenary", "I am still here")
    t.do("orlov", "sync")
    error = t.refused("orlov", "3.4", "say", "plenary", "for the new government")
    t.report.ok("another principal, who has not signed the charter yet" in error["what"],
                "  the side waits for his signature", error)
    t.do("renn", "sync")
    seats = seats_of(t, "renn")
    t.report.ok(seats["Renn"]["active"] and not seats["Voss"]["active"] and seats["Orlov"]["active"],
                "the former seat has ended, the envoy's stays", seats)
    t.do("renn", "sign", "charter", "--yes")
    t.do("orlov", "sync")
    t.do("orlov", "say", "plenary", "for the new government")
    t.round("rhee", "maro", "renn", "rhee", "maro", "renn")
    taken = t.do("maro", "sync")
    t.report.ok(taken["waiting"] == 0, "his seat countersigns for the side", taken)
    p1 = t.do("renn", "proposals")["proposals"][0]
    t.report.ok(p1["standing"] == "agreed and ratified", "what was agreed stands", p1)
    t.do("renn", "revoke", "M2", "--yes")
    t.report.ok(t.do("renn", "mandates")["mandates"][1]["standing"] == "revoked",
                "he revokes a mandate that his predecessor gave")


def silent_side(t):
    error = t.fails("maro", 1, "proceed", "without", "kestria", "--yes")
    t.report.ok("cannot be gone on without that side yet" in error["what"], "the grace is kept", error)
    for side in ("velland", "nobody"):
        error = t.fails("maro", 2, "proceed", "without", side, "--yes")
        t.report.ok("no other side" in error["what"], f"  {side} is none", error)


def coming_and_going(t):
    """Leave, return, suspend, resume, conclude."""
    error = t.refused("orlov", "16.5", "leave", "--yes")
    t.report.ok("Only President Renn leaves for Kestria." in error["what"], "  an envoy leaves not",
                error)
    t.fails("maro", 2, "leave", "--no-input")
    t.refused("maro", "16.5", "return", "--yes")
    t.do("maro", "leave", "--reason", "we were not heard", "--yes")
    t.do("renn", "sync")
    journey = t.do("renn", "journey")
    t.report.ok(journey["left"] == ["Velland"] and not journey["concluded"], "all see who has left",
                journey)
    told = t.run("renn", "journey")[1]
    t.report.ok("Velland has left the table" in told and "it rests without agreement" in told,
                "  in words", told)
    t.report.ok("has left the table" in t.run("renn", "seat", "list")[1], "  and in the list of seats")
    t.refused("orlov", "16.7", "park", "water", "dams")
    t.refused("maro", "16.5", "park", "water", "dams")
    t.do("maro", "return", "--yes")
    t.refused("maro", "16.6", "resume")
    t.do("renn", "sync")
    t.do("renn", "suspend", "--until", "9d", "--yes")
    t.do("maro", "sync")
    needs = t.do("maro", "moves")["needs_you"]
    t.report.ok([n for n in needs if "is for suspending agreeing" in n], "the other is asked", needs)
    error = t.fails("maro", 2, "suspend", "--cause", "I1", "--yes")
    t.report.ok("no incident" in error["what"], "  a cause is something in the ledger", error)
    t.do("maro", "suspend", "--yes")  # without an hour: not the same
    t.report.ok(not t.do("maro", "journey")["suspended"], "two hours are no agreement")
    t.do("maro", "resume")
    t.do("renn", "resume")
    t.do("maro", "sync")
    t.do("maro", "suspend", "--yes")
    t.do("renn", "sync")
    t.do("renn", "suspend", "--yes")
    t.report.ok(t.do("renn", "journey")["suspended"], "suspended by both")
    t.do("maro", "sync")
    t.do("maro", "resume")  # any of them ends it
    t.report.ok(not t.do("maro", "journey")["suspended"], "and resumed by one")


def dates(t):
    for words in (["date", "soon", "water", "9d"], ["date", "wish", "water", "yesterday-ish"]):
        t.fails("maro", 2, *words)
    t.refused("maro", "6.1", "date", "wish", "fire", "9d")
    t.do("maro", "date", "wish", "water", "9d", "--reason", "before the flood")
    t.do("renn", "sync")
    t.do("renn", "date", "review", "water", "4d")
    seen = t.do("renn", "dates")["dates"]
    kinds = [(d["kind"], d["ours"]) for d in seen]
    t.report.ok(("review", True) in kinds and ("wish", True) in kinds and
                [d["when"] for d in seen] == sorted(d["when"] for d in seen), "dates by hour", seen)
    t.do("maro", "sync")
    t.report.ok(("review", False) in [(d["kind"], d["ours"]) for d in t.do("maro", "dates")["dates"]],
                "another's review is not ours")
    told = t.run("maro", "dates")[1]
    t.report.ok("A wish binds nobody" in told, "what a date is, is told", told)
    t.do("maro", "date", "wish", "water", "none")
    words = [d["words"] for d in t.do("maro", "dates")["dates"]]
    t.report.ok(not [w for w in words if "wish" in w], "taken away", words)


def calendar(t):
    """What concerns a seat, as a calendar file that other programs read."""
    t.do("renn", "sync")
    t.do("renn", "mandate", "Orlov", "--powers", "speak", "--for", "9d", "--yes")
    t.do("renn", "dates", "--ics", "renn.ics")
    t.fails("renn", 1, "dates", "--ics", "renn.ics")  # nothing is overwritten
    with open(t.path("renn.ics"), "rb") as f:
        raw = f.read()
    lines = raw.decode("utf-8").split("\r\n")
    t.report.ok(raw.endswith(b"\r\n") and b"\n" not in raw.replace(b"\r\n", b"") and
                max(len(line.encode()) for line in lines) <= 75, "lines as the RFC wants them", raw)
    unfolded = raw.decode("utf-8").replace("\r\n ", "").split("\r\n")
    ours = [d for d in t.do("renn", "dates")["dates"] if d["ours"]]
    uids = [line[4:] for line in unfolded if line.startswith("UID:")]
    starts = [line for line in unfolded if line.startswith("DTSTART:")]
    t.report.ok(len(uids) == len(set(uids)) == len(ours) == len(starts) > 1 and
                all(s.endswith("Z") for s in starts), "an event a date, in UTC", unfolded)
    t.do("renn", "date", "review", "water", "6d")
    t.do("renn", "dates", "--ics", "later.ics")
    with open(t.path("later.ics"), encoding="utf-8", newline="") as f:
        again = f.read().replace("\r\n ", "").split("\r\n")
    t.report.ok([line[4:] for line in again if line.startswith("UID:")] == uids,
                "a date that moves keeps its name", again)


def the_end(t):
    t.refused("orlov", "16.5", "conclude", "--yes")
    t.do("renn", "sync")
    t.do("renn", "conclude", "--yes")
    t.do("maro", "sync")
    needs = t.do("maro", "moves")["needs_you"]
    t.report.ok([n for n in needs if "is for concluding the table" in n], "the other is asked", needs)
    t.do("maro", "conclude", "--yes")
    t.report.ok(t.do("maro", "journey")["concluded"], "concluded by both")
    t.refused("maro", "16.7", "park", "water", "dams")
    p1 = t.do("maro", "proposals")["proposals"][0]
    t.report.ok(p1["standing"] == "agreed and ratified", "what was agreed stands", p1)


QUALIFIED = """\
table: Three towns
goal: One bridge.
parties:
  - {id: kestria, name: Kestria, principal: President}
  - {id: velland, name: Velland, principal: President}
  - {id: norland, name: Norland, principal: President}
procedure: {decision: {qualified: 2, veto: [kestria]}}
phases:
  - id: bridge
issues:
  - {id: toll, phase: bridge, options: [none, half]}
"""


def qualified(t):
    """Two of three, one with a veto: it binds who has bound himself, and the third may join."""
    with open(t.path("bridge.yaml"), "w", encoding="utf-8") as f:
        f.write(QUALIFIED)
    told = t.run(None, "table", "check", "bridge.yaml", passphrase=None)[1]
    t.report.ok("2 of 3 parties accept, among them Kestria" in told, "the charter says who is enough",
                told)
    t.do("ana", "table", "new", "bridge.yaml", "--host", "bridge", "--name", "Ana", "--cost", "test")
    t.join("ben", "ana", "velland")
    t.join("cem", "ana", "norland")
    for who in ("ana", "ben", "cem"):
        t.do(who, "sync")
        t.do(who, "sign", "charter", "--yes")
    t.do("ben", "sync")
    t.do("ben", "propose", "toll=1")
    t.do("ben", "answer", "P1", "--accept", "binding", "--yes")
    t.do("cem", "sync")
    t.do("ana", "sync")
    t.fails("ana", 2, "propose", "toll=2", "--counter-to", "P9")
    t.do("ana", "propose", "toll=2", "--counter-to", "P1")
    first, second = t.do("ana", "proposals")["proposals"]
    t.report.ok(second["follows"] == 1 and second["counters"] and not first["counters"] and
                first["answers"][0]["answer"] == "counter", "a counter-proposal names what it counters",
                [first, second])
    t.report.ok("counters P1" in t.run("ana", "proposals")[1], "  in words")
    t.do("ana", "answer", "P1", "--accept", "binding", "--yes")
    t.round("ben", "cem", "ana", "ben", "cem")
    p1 = t.do("cem", "proposals")["proposals"][0]
    t.report.ok(p1["standing"] == "agreed; it binds Kestria, Velland, and the others may join it",
                "two are enough, and bound", p1)
    t.refused("ana", "6.3", "answer", "P1", "--reject", "--reason", "on second thoughts")
    needs = t.do("cem", "moves")["needs_you"]
    t.report.ok([n for n in needs if "answer P1" in n], "the third is asked", needs)
    t.do("cem", "answer", "P1", "--accept", "binding", "--yes")
    t.round("ana", "ben", "cem", "ana")
    p1 = t.do("ana", "proposals")["proposals"][0]
    t.report.ok(p1["standing"] == "agreed and ratified", "and joins", p1)


def main():
    report = verbs.Report()
    with tempfile.TemporaryDirectory(prefix="entente-parties-") as top:
        t = verbs.Table(os.path.abspath(sys.argv[1]), top, report)
        come_together(t)
        lost_machine(t)
        new_government(t)
        silent_side(t)
        coming_and_going(t)
        dates(t)
        calendar(t)
        the_end(t)
        qualified(t)
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
