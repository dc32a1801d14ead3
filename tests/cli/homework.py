#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shuttle and home, through the program: minutes, debrief, memo, decision, what follows it.

    tests/cli/homework.py ENTENTE CHARTER.yaml

The real clock runs.  TAP on standard output.
"""
import os
import sys
import tempfile
import time

import verbs

REVIEW = 10  # seconds: what is decided after the first decision comes before its review


def come_together(t, charter):
    t.do("rhee", "table", "new", charter, "--host", "host", "--name", "Rhee", "--cost", "test")
    t.join("okoye", "rhee", "meridia", "--post", "minister")
    t.join("maro", "rhee", "velland")
    t.join("voss", "rhee", "kestria")
    t.join("sand", "maro", "velland", "--post", "envoy")
    t.join("ilin", "voss", "kestria", "--post", "envoy")


def sign_all(t):
    for who in ("rhee", "maro", "voss"):
        t.do(who, "sync")
        t.do(who, "sign", "charter", "--yes")
    for who, whom in (("rhee", "Okoye"), ("maro", "Sand"), ("voss", "Ilin")):
        t.do(who, "sync")
        t.do(who, "mandate", whom, "--powers", "speak,propose,accept-ad-referendum", "--for", "9d",
             "--yes")
    t.round("okoye", "sand", "ilin", "rhee")


def home(t):
    """Before the charter is in force, too: debrief, memo, decision; nobody else reads a word."""
    said = t.do("okoye", "debrief", "--heard", "They would take one bank.", "--guess",
                "Not before Monday.", "--read", "The map of the survey.")
    t.report.ok(said["room"] == "home/meridia" and "heard: They would" in said["words"] and
                "my guess: Not before Monday." in said["words"], "a debrief, each line tagged", said)
    with open(t.path("lines.txt"), "w", encoding="utf-8") as f:
        f.write("heard: Both banks is too much.\nread: The old treaty.\n")
    t.do("okoye", "debrief", "--file", "lines.txt", "--cite", str(said["act"]))
    t.fails("okoye", 2, "debrief")
    with open(t.path("bad.txt"), "w", encoding="utf-8") as f:
        f.write("told: by whom?\n")
    t.fails("okoye", 2, "debrief", "--file", "bad.txt")
    error = t.fails("rhee", 2, "memo", "show")
    t.report.ok("no memo at home" in error["what"], "no memo yet", error)
    memo = t.do("okoye", "memo", "new", "P1 is met in part.\n<script>alert(1)</script>", "--option",
                "counter P2 | both points close; Velland asks for a date | likely", "--option",
                "wait | nothing moves & guns <stay> | open", "--option",
                "lever freight-cap | they leave the table | sure", "--recommend", "1", "--because",
                "It meets R1.")
    t.refused("okoye", "3.1", "memo", "new", "x", "--option", "wait | y | open", "--recommend", "2")
    for bad in ("perhaps | y | open", "wait | y | maybe", "wait | y", "wait"):
        t.fails("okoye", 2, "memo", "new", "x", "--option", bad)
    t.fails("okoye", 2, "memo", "new", "x", "--option", "wait | y | open", "--because", "so")
    t.do("rhee", "sync")
    shown = t.do("rhee", "memo", "show")
    t.report.ok(shown["act"] == memo["act"] and shown["to"] == "President Rhee" and shown["author"] == "Okoye"
                and [o["how_sure"] for o in shown["options"]] == ["likely", "cannot be told", "sure"]
                and shown["options"][0]["recommended"], "the principal reads it", shown)
    page = t.run("rhee", "memo", "print")[1]
    t.report.ok("MEMO for President Rhee" in page and "  | P1 is met in part." in page and
                "Decision: ____" in page and len(page.splitlines()) <= 60 and
                max(len(line) for line in page.splitlines()) <= 78, "on one page", page)
    t.do("rhee", "memo", "print", str(memo["act"]), "--html", "memo.html")
    with open(t.path("memo.html"), encoding="utf-8") as f:
        html = f.read()
    t.report.ok("&lt;script&gt;" in html and "<script" not in html and "&lt;stay&gt;" in html and
                "&amp; guns" in html and "http" not in html.replace("http-equiv", ""),
                "and as HTML, escaped, without scripts", html)
    error = t.fails("rhee", 2, "memo", "show", str(said["act"]))
    t.report.ok("no memo of your side" in error["what"], "a debrief is no memo", error)


def decide(t):
    error = t.fails("okoye", 1, "decide", "Counter.", "--yes")
    t.report.ok("only the principal decides" in error["what"] and "request decide" in error["mend"],
                "an envoy does not decide", error)
    t.fails("rhee", 2, "decide", "Counter.", "--order", "shoot", "--yes")
    t.fails("rhee", 2, "decide", "Counter.", "--no-input")
    first = t.do("rhee", "decide", "Counter with P2. Hold the freight cap.", "--order", "counter P2",
                 "--order", "hold freight-cap", "--review", f"{REVIEW}s", "--yes")
    decided = time.time()
    t.report.ok("D1" in first["words"] and "hold freight-cap" in first["words"], "D1", first)
    # The principal's key on another machine; his team posts what he signs.
    asked = t.do("okoye", "request", "decide", "Wait for Kestria.", "--order", "wait", "--out",
                 "d2.req")
    told = ("You decide this, for your side alone", "D2", "Wait for Kestria.", "order: wait",
            "P1 is met in part.", "how sure: likely")
    t.report.ok(not [w for w in told if w not in asked["words"]], "he reads decision and memo in full",
                asked["words"])
    t.do(None, "sign", "d2.req", "--key", "rhee/seat.key", "--out", "d2.signed", "--yes")
    second = t.do("okoye", "decide", "--signed", "d2.signed")
    t.report.ok("D2" in second["words"], "D2 by a signed paper", second)
    error = t.fails("okoye", 3, "decide", "--signed", "d2.signed")
    t.report.ok("D2 has been decided already" in error["what"], "once", error)
    t.fails("okoye", 2, "ratify", "P1", "--signed", "d2.signed")
    t.fails("maro", 2, "request", "decide", "Yes.", "--out", "never.req")
    error = t.fails("maro", 3, "decide", "--signed", "d2.signed")
    t.report.ok("is Meridia's, not Velland's" in error["what"] and "(rule 4.2)" in error["where"],
                "another side's paper", error)
    own = t.do("maro", "decide", "Hold out.", "--memo", "none", "--yes")
    t.report.ok("D1" in own["words"], "each home counts its own", own)
    return decided


def review(t, decided):
    time.sleep(max(0.0, decided + REVIEW + 1.2 - time.time()))
    t.do("rhee", "sync")
    needs = [n for n in t.do("rhee", "moves")["needs_you"] if "D1" in n]
    team = [n for n in t.do("okoye", "moves")["needs_you"] if "D1" in n]
    t.report.ok(len(needs) == 1 and "entente decide" in needs[0] and len(team) == 1 and
                "entente memo new" in team[0], "a review falls due, for each in its words",
                needs + team)
    t.report.ok([n for n in t.do("maro", "moves")["needs_you"] if "D1" in n] == [],
                "and in no other home")
    listed = t.do("rhee", "decisions")["decisions"]
    t.report.ok([d["decision"] for d in listed] == ["D1", "D2"] and listed[0]["review_due"],
                "decisions are listed", listed)
    t.do("rhee", "decide", "As before.", "--memo", "none", "--order", "counter P2", "--yes")
    t.report.ok([n for n in t.do("rhee", "moves")["needs_you"] if "D1" in n] == [],
                "decided again, nothing is due")


def follow(t):
    t.refused("okoye", "18.3", "propose", "line=1", "--follows", "D9")
    error = t.refused("okoye", "18.3", "propose", "line=1", "--follows", "D2", "--no-input")
    t.report.ok("D2 does not say so. Its orders: wait." in error["what"], "the desk warns", error)
    made = t.do("okoye", "propose", "line=1", "prisoners=1", "access=1", "--follows", "D1")
    t.report.ok("following D1" in made["words"], "P1 follows D1", made)
    t.do("okoye", "propose", "line=2", "prisoners=1", "access=1", "--follows", "D2", "--anyway")
    t.do("ilin", "sync")
    seen = [a["words"] for a in t.do("ilin", "room", "plenary")["acts"] if a["kind"] == "propose"]
    t.report.ok(len(seen) == 2 and all("following a decision of its principal" in w and
                                       "D1" not in w for w in seen), "others see that, not which", seen)
    error = t.refused("okoye", "18.3", "lever", "ready", "freight-cap", "--follows", "D1", "--yes")
    t.report.ok("D1 does not say so" in error["what"], "a lever follows an order about it", error)
    error = t.refused("okoye", "18.3", "lever", "ready", "freight-cap", "--no-input", "--yes")
    t.report.ok("D1 says hold freight-cap" in error["what"], "what is decided is remembered", error)
    held = t.do("okoye", "lever", "hold", "freight-cap", "--review", "5d", "--follows", "D1", "--yes")
    t.report.ok("holds the lever freight-cap" in held["words"] and "following D1" in held["words"],
                "what the decision says is done", held)
    back = t.do("okoye", "withdraw", "P2", "--follows", "D1", "--yes")
    t.report.ok("withdraws P2, following D1" in back["words"], "a withdrawal follows", back)
    t.do("maro", "sync")
    t.do("maro", "decide", "Yes to P1.", "--memo", "none", "--order", "accept P1", "--yes")
    t.do("sand", "sync")
    error = t.refused("sand", "18.3", "answer", "P1", "--reject", "--reason", "no", "--follows", "D7")
    error = t.refused("sand", "18.3", "answer", "P1", "--counter", "--follows", "D2", "--no-input")
    t.report.ok("Its orders: accept P1." in error["what"], "an answer that it does not order", error)
    yes = t.do("sand", "answer", "P1", "--accept", "ad-referendum", "--follows", "D2", "--yes")
    t.report.ok("accepts P1 ad referendum, following D2" in yes["words"], "an answer follows", yes)
    t.do("ilin", "sync")
    seen = [a["words"] for a in t.do("ilin", "room", "plenary")["acts"] if "follow" in a["words"]]
    t.report.ok(len(seen) == 5 and not any("D1" in w or "D2" in w for w in seen),
                "the others see five seals and no name", seen)


def minutes(t):
    minute = t.do("okoye", "meet", "shuttle/velland", "--with", "Sand", "--text", "One hour.")
    act = str(minute["act"])
    t.round("sand", "maro")
    shown = t.run("okoye", "room", "shuttle/velland")[1]
    t.report.ok("one side's note: not confirmed by Sand" in shown, "one side's note", shown)
    t.report.ok(any(f"entente confirm {act}" in n for n in t.do("sand", "moves")["needs_you"]) and
                not any("confirm" in n for n in t.do("maro", "moves")["needs_you"]),
                "who was there is asked to confirm it")
    error = t.refused("maro", "18.4", "confirm", act)
    t.report.ok(f"You were not at the meeting of act {act}." == error["what"], "  others cannot", error)
    t.refused("okoye", "18.4", "confirm", act)
    t.do("sand", "confirm", act)
    t.do("okoye", "sync")
    shown = t.run("okoye", "room", "shuttle/velland")[1]
    t.report.ok("(confirmed by all who were there)" in shown, "a minute of both", shown)
    t.do("okoye", "meet", "home/meridia", "--with", "Rhee", "--text", "The team convenes.")


def carry(t):
    """What is kept, hinted at and carried; and the desk that remembers."""
    for bad in ("[velland carry] x", "[carry", "[carry] ", "[nobody, carry] x", "[velland] x"):
        t.fails("okoye", 2, "meet", "shuttle/velland", "--with", "Sand", "--text", "x", "--line", bad)
    minute = t.do("okoye", "meet", "shuttle/velland", "--with", "Sand", "--text", "Half an hour.",
                  "--line", "[keep] We could go 5 km back.", "--line", "The tea was cold.",
                  "--line", "[carry] We would accept monitors.")
    t.report.ok("heard: We could go 5 km back. [keep to yourselves]" in minute["words"] and
                "The tea was cold.;" in minute["words"], "lines with their marks", minute)
    t.do("okoye", "debrief", "--heard", "[kestria, hint] They are short of fuel.", "--guess",
         "[hint] Somebody wants it over.")
    t.do("sand", "position", "prisoners", "all prisoners back", "--must", "--hint")
    t.round("okoye", "rhee")
    sheet = t.do("okoye", "carry", "--to", "kestria")
    t.report.ok([n["text"] for n in sheet["tell"]] == ["We would accept monitors."] and
                [n["text"] for n in sheet["hint"]] == ["Somebody wants it over.", "all prisoners back"]
                and [n["text"] for n in sheet["keep"]] == ["We could go 5 km back."] and
                sheet["keep"][0]["side"] == "velland" and sheet["hint"][0]["side"] == "" and
                sheet["hint"][1]["issue"] == "prisoners", "the sheet for Kestria", sheet)
    sheet = t.do("rhee", "carry", "--to", "Velland")
    t.report.ok([n["text"] for n in sheet["hint"]] == ["They are short of fuel.",
                                                       "Somebody wants it over."] and
                sheet["tell"] == [] and sheet["keep"] == [], "and for Velland, on another seat", sheet)
    page = t.run("okoye", "carry")[1]
    t.report.ok("May be told\n  Velland" in page and "  | They are short of fuel." in page and
                "What bears no mark is kept, too." in page, "a page to print", page)
    error = t.fails("okoye", 2, "carry", "--to", "meridia")
    t.report.ok("entente carry --to" in error["mend"], "a sheet is for a party", error)
    own = t.do("sand", "carry")
    t.report.ok(len(own["tell"]) == 1 and len(own["hint"]) == 1, "a party sees what it has told", own)
    for words in (("propose", "line=2", "prisoners=1", "access=1", "--text", "Let both go 5 KM back!"),
                  ("propose", "line=5 km back", "prisoners=1", "access=1"),
                  ("statement", "They could go 5 km, we hear.", "--by", "velland", "--source", "x"),
                  ("meet", "shuttle/kestria", "--with", "Ilin", "--text", "We could go 5 km.")):
        error = t.refused("okoye", "18.5", *words, "--no-input")
        t.report.ok("to be kept" in error["what"] and " 5" in error["what"].replace("\"", " ") and
                    f"act {minute['act']}, Velland" in error["what"] and
                    "--anyway" in error["mend"], "  kept words", error)
    t.do("okoye", "debrief", "--heard", "They could go 5 km back.")
    t.do("okoye", "say", "shuttle/velland", "You could go 5 km back.")
    with open(t.path("paper.txt"), "w", encoding="utf-8") as f:
        f.write("Both sides\ngo 5 km\nback.\n")
    t.refused("okoye", "18.5", "document", "shuttle/kestria", "paper.txt", "--no-input")
    t.do("okoye", "say", "shuttle/kestria", "There may be room on the line.")
    t.do("okoye", "document", "shuttle/kestria", "paper.txt", "--anyway")


def typed(t, seat, answers, *words):
    """A command at a terminal, with one line for each of its questions."""
    pid, fd = os.forkpty()
    if pid == 0:
        os.chdir(t.top)
        os.execve(t.binary, [t.binary, *words, "--dir", seat], dict(t.env))
    seen = b""
    for answer in answers:
        asked = len(seen)
        while not seen[asked:].rstrip(b" ").endswith(b":"):
            got = os.read(fd, 4096)
            seen += got
        os.write(fd, answer.encode() + b"\n")
    try:
        while True:
            got = os.read(fd, 4096)
            if not got:
                break
            seen += got
    except OSError:
        pass  # the other end is closed
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen.decode()


def interests(t):
    """What matters, without numbers: said, asked for, weighed, and read by the analysis."""
    t.fails("ilin", 2, "interests", "--set", "line=present line")
    t.fails("ilin", 2, "interests", "--set", "fish=present line:want")
    t.fails("ilin", 2, "interests", "--prefer", "line")
    t.refused("ilin", "3.1", "interests", "--prefer", "line>line")
    empty = t.do("ilin", "interests")
    t.report.ok([i.get("weight") for i in empty["issues"]] == [None] * 3 and
                empty["questions"] == [], "nothing is said yet", empty)
    t.do("ilin", "interests", "--set", "line=present line:want", "--set", "line=5 km back:nice",
         "--set", "line=10 km back:never", "--set", "prisoners=2:want", "--set",
         "access=one bank:want", "--set", "access=one bank + joint patrols:nice")
    seen = t.do("ilin", "interests")
    t.report.ok([i["weight"] for i in seen["issues"]] == [334, 333, 333] and
                seen["orders_left"] == 6 and len(seen["questions"]) == 2, "all weigh alike", seen)
    options = seen["issues"][0]["options"]
    t.report.ok([o["worth"] for o in options] == [100, 50, 0] and
                [o["red_line"] for o in options] == [False, False, True], "worths of options", options)
    t.do("ilin", "interests", "--swing", "access, line, prisoners")
    seen = t.do("ilin", "interests")
    t.report.ok([i["weight"] for i in seen["issues"]] == [278, 111, 611] and
                seen["questions"] == [], "an order gives the weights", seen)
    t.do("ilin", "interests", "--prefer", "prisoners>access")
    seen = t.do("ilin", "interests")
    t.report.ok(seen["left_aside"] == 1, "an older word goes round in a circle and is left aside", seen)
    words = t.run("ilin", "interests")[1]
    t.report.ok("left aside" in words and "access: weight" in words, "and is shown", words)
    t.do("ilin", "interests", "--prefer", "prisoners?access", "--prefer", "line=prisoners",
         "--prefer", "access<line", "--export", "mine.yaml")
    analysed = t.run(None, "analyse", "mine.yaml", passphrase=None)
    t.report.ok(analysed[0] == 0 and "Kestria" in analysed[1], "the analysis reads it", analysed)
    with open(t.path("mine.yaml"), encoding="utf-8") as f:
        scenario = f.read()
    t.report.ok("never:" in scenario and "10 km back" in scenario, "with its red line", scenario)
    status, said = typed(t, "sand", [verbs.PASSPHRASE, "1 want, 2 nice", "7 want", "1 must", "1 want",
                                     "1"], "interests", "ask")
    t.report.ok(status == 0 and "An option by its number" in said and "Noted as act" in said,
                "asked at a terminal", said)
    seen = t.do("sand", "interests")
    t.report.ok([i.get("weight") for i in seen["issues"]] == [750, None, 250] and
                [o["red_line"] for o in seen["issues"][1]["options"]] == [False, True],
                "a condition is not weighed", seen)
    other = t.do("maro", "sync") and t.do("maro", "interests")
    t.report.ok([i.get("weight") for i in other["issues"]] == [750, None, 250], "all of a side see it",
                other)
    t.fails("sand", 2, "interests", "ask", "--no-input")


def earlier(t, charter):
    """A later table's charter names the beginning of this one, and who was here can compare."""
    t.round("maro", "voss", "rhee", "okoye", "maro", "voss", "rhee")
    made = t.do("later", "table", "new", charter, "--host", "host2", "--name", "Rhee", "--cost",
                "test", "--earlier", "rhee")
    first = t.do("rhee", "table", "show")
    t.report.ok(made["earlier"]["table"] == first["id"] and made["earlier"]["acts"] > 50 and
                "earlier" not in first, "a table that follows another", made)
    shown = t.do("later", "table", "show")
    t.report.ok(shown["earlier"] == made["earlier"], "its charter says so", shown)
    words = t.run("later", "table", "show")[1]
    t.report.ok(f"Follows table {first['id']}" in words, "in words, too", words)
    t.do("rhee", "bundle", "out", "first.tar", passphrase=None)
    for path in ("rhee", "voss", "first.tar"):
        same = t.do("later", "table", "show", "--earlier", path)
        t.report.ok(same["same"], f"{path} holds that beginning", same)
    error = t.fails("later", 4, "table", "show", "--earlier", "later")
    t.report.ok("another table" in error["what"], "and another record does not", error)
    t.fails("rhee", 1, "table", "show", "--earlier", "rhee")
    t.fails("third", 1, "table", "new", charter, "--host", "host3", "--cost", "test", "--earlier",
            "nowhere")
    t.report.ok(not os.path.exists(t.path("third/seat.key")), "nothing is founded on what is not there")


def main():
    binary, charter = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    report = verbs.Report()
    with tempfile.TemporaryDirectory(prefix="entente-homework-") as top:
        t = verbs.Table(binary, top, report)
        come_together(t, charter)
        home(t)
        review(t, decide(t))
        sign_all(t)
        follow(t)
        minutes(t)
        carry(t)
        interests(t)
        earlier(t, charter)
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
