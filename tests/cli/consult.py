#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A third party is consulted, levers are held, a finding is disputed: through the program.

    tests/cli/consult.py ENTENTE CHARTER.yaml

Each seat in a folder of its own, as in verbs.py.  TAP on standard output.
"""
import os
import sys
import tempfile

from verbs import Report, Table


def charter_with_arbiter(t, charter):
    """The lake's charter, whose disputes the mediation decides."""
    with open(charter, encoding="utf-8") as f:
        text = f.read()
    changed = text.replace("\nprocedure:\n", "\nprocedure:\n  arbiter: meridia\n")
    assert changed != text
    with open(t.path("lake.yaml"), "w", encoding="utf-8") as f:
        f.write(changed)
    return "lake.yaml"


def come_together(t, charter):
    t.do("rhee", "table", "new", charter_with_arbiter(t, charter), "--host", "host", "--name", "Rhee",
         "--cost", "test")
    t.join("okoye", "rhee", "meridia", "--post", "minister")
    t.join("voss", "rhee", "kestria")
    t.join("maro", "rhee", "velland")
    t.join("diaz", "rhee", "group")
    t.join("weiss", "rhee", "union")
    shown = t.do("rhee", "table", "show")
    t.report.ok(shown["arbiter"] == "meridia", "the charter names an arbiter", shown["arbiter"])
    for who in ("rhee", "voss", "maro"):
        t.do(who, "sync")
        t.do(who, "sign", "charter", "--yes")
    t.do("rhee", "sync")
    t.do("rhee", "mandate", "Okoye", "--powers", "speak,propose,disclose", "--for", "21d", "--yes")
    t.round("okoye", "voss", "maro", "rhee")


def levers(t):
    error = t.refused("okoye", "4.3", "lever", "release", "freight-cap", "--yes")
    error = t.refused("rhee", "15.1", "lever", "release", "freight-cap", "--yes")
    t.report.ok("in reserve" in error["what"], "  a lever is applied before it is released", error)
    t.do("okoye", "lever", "hold", "freight-cap", "--review", "5d", "--why", "We hope for peace.")
    error = t.refused("okoye", "15.2", "lever", "apply", "freight-cap", "--yes")
    t.report.ok(error["what"] == "freight-cap is not to be applied: only President Rhee decides this; "
                "its condition has not occurred (kestria-guns failed); Littoral Union has not been "
                "asked.", "  three faults, told together", error)
    t.refused("voss", "6.5", "lever", "hold", "freight-cap", "--review", "5d")
    t.refused("okoye", "6.1", "lever", "hold", "secret-cap", "--review", "5d")
    t.refused("okoye", "3.1", "lever", "hold", "freight-cap")
    t.fails("okoye", 2, "lever", "press", "freight-cap")
    t.do("okoye", "lever", "hold", "secret-cap", "--review", "5d", "--home")
    t.do("maro", "sync")
    shown = t.do("maro", "levers")["levers"]
    t.report.ok([(x["id"], x["move"], x["standing"]) for x in shown] ==
                [("union-sanctions", "in reserve", "due"), ("freight-cap", "held", "not permitted")],
                "others see that it is held, why and until when", shown)
    words = t.run("maro", "levers")[1]
    t.report.ok("freight-cap · Meridia, touches Kestria · held, to be looked at again by " in words and
                "We hope for peace." in words and "kestria-guns has not failed" in words and
                "secret" not in words, "  in words, too", words)


def consultation(t):
    t.refused("okoye", "3.1", "ask", "union", "What do you think?")
    t.fails("okoye", 2, "ask", "kestria", "And you?", "--phase", "security")
    asked = t.do("okoye", "ask", "union", "If guns are verified back, will you suspend your sanctions?",
                 "--lever", "freight-cap", "--phase", "security", "--by", "3d")
    t.do("weiss", "sync")
    task = t.do("weiss", "moves")["tasks"]
    t.report.ok(len(task) == 1 and task[0]["kind"] == "question" and not task[0]["answered"] and
                task[0]["lever"] == "freight-cap", "who is asked has one question", task)
    words = t.run("weiss", "moves")[1]
    t.report.ok(words.startswith("Asked of you:\nA question to you") and "entente opinion" in words,
                "  with all that answering needs", words)
    opened = t.do("weiss", "room", "plenary")["acts"]
    t.report.ok(opened == [], "  and reads nothing of the plenary", opened)
    t.do("voss", "sync")
    t.report.ok(t.do("voss", "consultations")["questions"] == [] and
                t.do("voss", "room", "consult/union")["acts"] == [],
                "the parties know nothing of it yet")
    answer = t.do("weiss", "opinion", "After verification, not before; ask us again in phase two.")
    t.report.ok(t.do("weiss", "moves")["tasks"][0]["answered"], "she has answered")
    t.do("okoye", "sync")
    told = t.run("okoye", "consultations")[1]
    t.report.ok("Not shown to the table yet" in told and "act %d" % answer["act"] in told,
                "the mediation sees what the table does not know", told)
    t.refused("okoye", "6.1", "notice", str(answer["act"]), "--yes")
    t.fails("okoye", 2, "notice", str(asked["act"]), "--no-input")
    t.do("okoye", "notice", str(asked["act"]), "--words", "--yes")
    t.refused("okoye", "6.3", "notice", str(asked["act"]), "--yes")
    t.refused("okoye", "14.4", "notice", str(answer["act"]), "--words", "--yes")
    t.do("okoye", "notice", str(answer["act"]), "--yes")
    for who in ("voss", "maro"):
        t.do(who, "sync")
        known = t.do(who, "consultations")["questions"]
        t.report.ok(len(known) == 1 and known[0]["standing"] == "answered" and
                    known[0]["opinion"] == "" and "sanctions" in known[0]["text"],
                    f"{who}: asked, answered, and not what", known)
    t.report.ok(t.do("voss", "room", "consult/union")["acts"] == [], "  the room stays closed")
    t.fails("voss", 1, "notice", str(answer["act"]), "--yes")
    given = t.do("weiss", "undertake", "We lift ours within a week of it.", "--by", "30d", "--yes")
    t.do("okoye", "sync")
    t.do("okoye", "notice", str(given["act"]), "--yes")
    t.do("maro", "sync")
    known = t.do("maro", "consultations")["undertakings"]
    t.report.ok(len(known) == 1 and known[0]["phase"] == "security" and "a week" in known[0]["text"],
                "an undertaking is shown whole", known)
    held = t.do("weiss", "lever", "hold", "union-sanctions", "--review", "9d")
    t.do("okoye", "sync")
    t.do("okoye", "notice", str(held["act"]), "--yes")
    shown = t.do("okoye", "levers")["levers"][0]
    t.report.ok(shown["move"] == "held", "a third party's lever is known by a notice", shown)
    t.refused("okoye", "6.5", "settled", "ceasefire", "--yes")
    t.refused("voss", "5.2", "settled", "security", "--yes")
    t.do("voss", "settled", "ceasefire", "--yes")
    t.refused("voss", "6.3", "settled", "ceasefire", "--yes")


def dispute(t):
    t.refused("maro", "6.1", "dispute", "kestria-guns", "it is not so")
    t.do("voss", "promise", "kestria-guns", "--what", "six batteries 10 km back", "--by", "48h", "--yes")
    t.do("diaz", "sync")
    t.do("diaz", "verify", "kestria-guns", "done")
    t.do("maro", "sync")
    t.do("maro", "dispute", "kestria-guns", "Two stand behind the hill.")
    t.do("voss", "sync")
    t.refused("voss", "7.5", "dispute", "kestria-guns", "they do not")
    said = {who: t.run(who, "ledger")[1] for who in ("voss", "maro")}
    t.report.ok(said["voss"] == said["maro"] and "disputed by Velland: Two stand behind the hill. · it "
                "waits, 48 hours at most" in said["voss"], "the ledger, in the same words", said)
    t.do("rhee", "sync")
    needs = t.do("rhee", "moves")["needs_you"]
    t.report.ok(any("decide the dispute about kestria-guns" in n for n in needs), "the arbiter owes a "
                "decision", needs)
    t.refused("voss", "7.2", "verify", "kestria-guns", "done", "--dispute")
    t.do("rhee", "verify", "kestria-guns", "partly", "--dispute")
    t.do("voss", "sync")
    deed = t.do("voss", "ledger")["deeds"][0]
    t.report.ok((deed["verified"], deed["dispute"]) == ("partly", "decided"), "decided", deed)


def tension(t):
    fire = t.do("voss", "incident", "Fire from the other bank", "--when", "2h", "--by", "velland")
    t.do("diaz", "sync")
    t.do("diaz", "assess", str(fire["act"]), "verified", "--by", "Velland", "--serious")
    t.do("maro", "sync")
    seen = t.do("maro", "tension")
    t.report.ok(4800 < seen["tension_thousandths"] <= 5000 and len(seen["curve"]) == 60,
                "a serious incident weighs five, and fades", seen)
    words = t.run("maro", "tension", "--ascii", "--days", "1")[1]
    t.report.ok(words.startswith("Quiet for ") and "Tension now: 4.8" in words and words.isascii(),
                "hours of quiet come first", words)
    rows = t.run("maro", "tension", "--csv")[1].splitlines()
    t.report.ok(rows[0] == "time,tension_thousandths" and len(rows) == 61, "as a table", rows[:3])
    t.fails("maro", 2, "tension", "--csv")


def main():
    binary, charter = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    report = Report()
    with tempfile.TemporaryDirectory(prefix="entente-consult-") as top:
        t = Table(binary, top, report)
        come_together(t, charter)
        levers(t)
        consultation(t)
        dispute(t)
        tension(t)
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
