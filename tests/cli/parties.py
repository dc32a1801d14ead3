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


def come_together(t):
    with open(t.path("river.yaml"), "w", encoding="utf-8") as f:
        f.write(CHARTER)
    t.do("rhee", "table", "new", "river.yaml", "--host", "host", "--name", "Rhee", "--cost", "test")
    t.join("voss", "rhee", "kestria")
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


def silent_side(t):
    error = t.fails("maro", 1, "proceed", "without", "kestria", "--yes")
    t.report.ok("cannot be gone on without that side yet" in error["what"], "the grace is kept", error)
    for side in ("velland", "nobody"):
        error = t.fails("maro", 2, "proceed", "without", side, "--yes")
        t.report.ok("no other side" in error["what"], f"  {side} is none", error)


def main():
    report = verbs.Report()
    with tempfile.TemporaryDirectory(prefix="entente-parties-") as top:
        t = verbs.Table(os.path.abspath(sys.argv[1]), top, report)
        come_together(t)
        lost_machine(t)
        silent_side(t)
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
