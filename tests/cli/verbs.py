#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small negotiation through the program, by several seats, each in a folder of its own.

    tests/cli/verbs.py ENTENTE CHARTER.yaml

Every verb is used at least once; every refusal that the clock lets one reach is reached, and has
sent nothing.  The real clock runs, so the gate stays closed.  TAP on standard output.
"""
import json
import os
import pty
import select
import subprocess
import sys
import tempfile
import time

PASSPHRASE = "lake and border"


class Report:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, holds, what, detail=""):
        self.count += 1
        self.failed += 0 if holds else 1
        print(f"{'ok' if holds else 'not ok'} {self.count} - {what}", flush=True)
        if not holds:
            print("\n".join("# " + line for line in str(detail).splitlines()))
        return holds


class Table:
    """Seats by name, all under one folder."""

    def __init__(self, binary, top, report):
        self.binary = binary
        self.top = top
        self.report = report
        self.env = {
            "PATH": "/usr/bin:/bin", "HOME": top, "ENTENTE_HOME": os.path.join(top, "home"),
            "XDG_RUNTIME_DIR": top, "LC_ALL": "C.UTF-8", "TERM": "dumb",
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""),
        }

    def path(self, name):
        return os.path.join(self.top, name)

    def run(self, seat, *words, passphrase=PASSPHRASE, stdin=None, env=None):
        """(status, standard output, standard error)"""
        where = ["--dir", seat] if seat else []
        secret, fd = [], None
        if passphrase is not None:
            fd, end = os.pipe()
            os.write(end, passphrase.encode() + b"\n")
            os.close(end)
            secret = ["--passphrase-fd", str(fd)]
        run = subprocess.run([self.binary, *words, *where, *secret], cwd=self.top,
                             env=dict(self.env, **(env or {})), input=stdin,
                             stdin=subprocess.DEVNULL if stdin is None else None,
                             capture_output=True, text=True, pass_fds=[fd] if fd else [],
                             start_new_session=True, timeout=120, check=False)
        if fd is not None:
            os.close(fd)
        return run.returncode, run.stdout, run.stderr

    def do(self, seat, *words, **more):
        """The JSON of a command that must succeed."""
        status, out, err = self.run(seat, *words, "--json", **more)
        if status != 0:
            self.report.ok(False, f"{seat}: {' '.join(words)}", f"exit {status}\n{out}{err}")
            sys.exit(1)
        answer = json.loads(out)
        assert answer["v"] == 1, answer
        return answer

    def fails(self, seat, status, *words, **more):
        """The error of a command that must fail with this exit status."""
        got, out, err = self.run(seat, *words, "--json", **more)
        error = json.loads(out)["error"] if out else {}
        self.report.ok(got == status and error.get("what"), f"exit {status}: {' '.join(words[:3])}",
                       f"exit {got}\n{out}{err}")
        return error

    def refused(self, seat, rule, *words):
        """Stopped at the desk by a rule: nothing has reached the host."""
        before = self.do(seat, "sync")["acts"]
        error = self.fails(seat, 3, *words)
        after = self.do(seat, "sync")["acts"]
        where = error.get("where", "")
        self.report.ok(f"(rule {rule})" in where and "stopped at your desk" in where and
                       error["mend"] + rule and before == after,
                       f"  rule {rule}, and nothing was sent", f"{error} {before} {after}")
        return error

    def join(self, who, inviter, side, *post):
        self.do(inviter, "seat", "invite", side, *post, "--out", f"{who}.inv")
        joined = self.do(who, "seat", "join", f"{who}.inv", "--name", who.capitalize(), "--out",
                         f"{who}.slip", "--cost", "test")
        admitted = self.do(inviter, "seat", "admit", f"{who}.slip", "--yes")
        self.report.ok(joined["fingerprint"] == admitted["fingerprint"],
                       f"{who} joins; both read the same fingerprint")
        self.do(who, "sync")

    def round(self, *seats):
        for seat in seats:
            self.do(seat, "sync")


def come_together(t, charter):
    checked = t.do(None, "table", "check", charter, passphrase=None)
    t.report.ok(checked["table"] == "Lake and border talks" and checked["warnings"] == [],
                "a charter is checked without a table", checked)
    made = t.do("rhee", "table", "new", charter, "--host", "host", "--name", "Rhee", "--cost", "test")
    t.report.ok(len(made["id"]) == 64 and made["warnings"] == checked["warnings"], "founded", made)
    t.join("okoye", "rhee", "meridia", "--post", "minister")
    t.join("voss", "rhee", "kestria")
    t.join("maro", "rhee", "Velland")
    t.join("diaz", "rhee", "group")
    t.join("ilin", "voss", "kestria", "--post", "envoy")
    t.join("sand", "maro", "velland", "--post", "2")
    seats = t.do("rhee", "sync") and t.do("rhee", "seat", "list")["seats"]
    shown = t.do(None, "key", "show", "voss/seat.key", passphrase=None)
    t.report.ok(shown["table"] == made["id"] and shown["label"] == "Voss",
                "a seat's key file knows its table", shown)
    aloud = shown["keys"]["root"]["fingerprint"]
    spoken = [t.run("rhee", *words)[1] for words in (["seat", "list"], ["seat", "invite", "velland",
              "--post", "1", "--out", "unused.inv"])]
    t.report.ok(f"Voss · {aloud}\n" in spoken[0] and shown["keys"]["root"]["kid"].startswith(
                aloud.replace(" ", "")) and len(aloud) == 24, "the same twenty digits everywhere", spoken)
    t.report.ok([s["name"] for s in seats if s["name"]] ==
                ["Rhee", "Okoye", "Voss", "Maro", "Ilin", "Sand"] and len(seats) == 7,
                "seven seats, named", seats)
    t.fails("rhee", 1, "table", "new", charter, "--host", "host", "--cost", "test")
    share(t, seats)


def share(t, seats):
    """What a newcomer needs can be given once more: by his own side and by the convener."""
    for giver in ("voss", "rhee"):
        told = t.do(giver, "seat", "share", "Ilin")
        t.report.ok(told["seat"] == "Ilin" and told["next"] == "entente sync",
                    f"{giver} shares with Ilin", told)
    taken = t.do("ilin", "sync")
    t.report.ok("missing" not in taken and "missing" not in t.do("ilin", "journey"),
                "nothing is missing, and nothing is said", taken)
    error = t.fails("voss", 2, "seat", "share", "Maro")
    t.report.ok("would not believe" in error["what"] and "convener" in error["mend"],
                "another side would not believe it", error)
    monitor = next(s for s in seats if not s["name"])
    error = t.fails("rhee", 2, "seat", "share", monitor["fingerprint"])
    t.report.ok("reads its own rooms" in error["what"], "monitors are given no charter", error)


def before_the_charter(t):
    t.refused("okoye", "3.4", "propose", "line=1")
    needs = t.do("maro", "moves")["needs_you"]
    t.report.ok(needs == ["sign the charter: entente sign charter"], "a principal owes a signature",
                needs)
    t.fails("maro", 2, "sign", "charter", "--no-input")
    t.do("rhee", "sign", "charter", "--yes")
    t.do("maro", "sync")
    t.do("maro", "sign", "charter", "--yes")
    # Voss's key is taken to another machine; his envoy posts what he signs.
    asked = t.do("ilin", "request", "charter", "--out", "charter.req")["words"]
    told = ("You sign this charter for your side.", "You agree to nothing", "have joined",
            "Meridia · principal's fingerprint ", "Kestria · principal's fingerprint ",
            "Velland · principal's fingerprint ", "countersigned by ", "Kestria · President",
            "Kestria · envoy Ilin", "Asked on 20", "Goal: ")
    t.report.ok(not [w for w in told if w not in asked],
                "a principal elsewhere reads who has joined, and what signing means",
                f"missing: {[w for w in told if w not in asked]}\n{asked}")
    t.do(None, "sign", "charter.req", "--key", "voss/seat.key", "--out", "charter.signed", "--yes")
    t.do("ilin", "sign", "charter", "--signed", "charter.signed")
    shown = t.do("rhee", "sync") and t.do("rhee", "table", "show")
    t.report.ok(shown["in_force"], "the charter is in force")


def mandates(t):
    t.refused("sand", "4.3", "propose", "line=1")
    t.do("rhee", "mandate", "Okoye", "--powers", "speak,propose,disclose", "--for", "21d", "--yes")
    t.do("maro", "mandate", "velland/envoy", "--powers", "speak,propose,accept-ad-referendum,disclose",
         "--issues", "line,prisoners,access", "--for", "21d", "--yes")
    limited = t.do("voss", "mandate", "envoy", "--powers", "speak,propose,accept-ad-referendum",
                   "--for", "21d", "--limit", "access=2|one bank", "--yes")
    t.report.ok(limited["room"] == "plenary" and "limit" not in json.dumps(limited).lower(),
                "limits stay out of the plenary", limited)
    t.do("ilin", "sync")
    listed = t.do("ilin", "mandates")["mandates"]
    t.report.ok([m["limits"] for m in listed] == [False, False, True], "three mandates", listed)
    error = t.fails("rhee", 2, "mandate", "Nobody", "--powers", "speak", "--for", "1d", "--yes")
    t.report.ok("seat list" in error["mend"], "  an unknown seat is told where to look", error)
    t.fails("rhee", 2, "mandate", "Okoye", "--powers", "shout", "--for", "1d", "--yes")
    t.fails("okoye", 1, "mandate", "Okoye", "--powers", "speak", "--for", "1d", "--yes")
    # One more, signed elsewhere, and revoked.
    t.do("okoye", "request", "mandate", "Okoye", "--powers", "sound", "--for", "1d", "--out", "m.req")
    t.do(None, "sign", "m.req", "--key", "rhee/seat.key", "--out", "m.signed", "--yes")
    t.do("okoye", "mandate", "--signed", "m.signed")
    t.do("rhee", "revoke", "M4", "--yes")
    t.do("rhee", "sync")
    t.report.ok(t.do("rhee", "mandates")["mandates"][3]["standing"] == "revoked", "revoked")


def shuttle(t):
    minute = t.do("okoye", "meet", "shuttle/velland", "--with", "Sand", "--text", "One hour.")
    t.do("sand", "confirm", str(minute["act"]))
    t.do("sand", "position", "prisoners", "all prisoners back", "--must", "--hint")
    t.do("sand", "position", "line", "we could go 5 km back", "--want", "--keep")
    t.do("sand", "say", "home/velland", stdin="to ourselves\n")
    with open(t.path("map.pdf"), "wb") as f:
        f.write(b"a map")
    t.do("okoye", "document", "shuttle/velland", "map.pdf")
    acts = t.do("okoye", "room", "shuttle/velland", "--last", "9")["acts"]
    t.report.ok([a["kind"] for a in acts] == ["epoch", "meet", "confirm", "position", "position",
                                             "document"], "a shuttle room, in order", acts)
    t.do("ilin", "sync")
    t.report.ok(t.do("ilin", "room", "shuttle/velland")["acts"] == [], "others read none of it")
    rooms = t.do("sand", "rooms")["rooms"]
    t.report.ok("home/kestria" not in [r["name"] for r in rooms], "rooms are one's own", rooms)
    t.refused("ilin", "3.2", "say", "home/velland", "knock")
    t.refused("sand", "3.2", "position", "line", "open to all", "--must", "--carry", "--room",
              "plenary")
    t.refused("sand", "5.1", "say", "plenary", "We would like to speak to you directly.")
    t.fails("sand", 2, "position", "line", "half said", "--must")


def first_proposal(t):
    t.do("okoye", "propose", "access=both", "line=present line", "prisoners=1", "--text", "P1")
    t.do("sand", "answer", "P1", "--accept", "ad-referendum", "--yes")
    t.refused("ilin", "4.4", "answer", "P1", "--accept", "ad-referendum", "--yes")
    t.refused("ilin", "3.1", "answer", "P1", "--concept")
    t.refused("ilin", "3.1", "answer", "P1", "--reject")
    t.do("ilin", "answer", "P1", "--concept", "--reserve", "R1 access one bank only", "--reserve",
         "R2 - sick and wounded first")
    t.refused("sand", "6.5", "answer", "P1", "--concept", "--reserve", "R1 line another R1")
    t.refused("maro", "6.4", "ratify", "P1", "--yes")
    t.refused("okoye", "6.5", "answer", "P1", "--reject", "--reason", "we only mediate")
    t.refused("sand", "6.5", "close", "R1")
    t.refused("sand", "9.1", "consent", "3", "--yes")
    t.refused("sand", "5.2", "propose", "guarantees=1")
    t.do("sand", "park", "security", "guarantees")
    for words in (["answer", "P1"], ["answer", "P1", "--accept", "perhaps"], ["answer", "P9", "--counter"],
                  ["propose", "line"], ["propose", "line=moon"], ["propose", "line=1", "line=2"],
                  ["propose", "access=one bank", "access=1"], ["close", "R9"], ["confirm", "9999"],
                  ["answer", "P1", "--concept", "--reserve", "R3"], ["room", "cellar"]):
        t.fails("sand", 2, *words)


def words_outside(t):
    said = t.do("sand", "statement", "We dictate the terms.", "--by", "Kestria", "--source", "press")
    t.refused("sand", "7.3", "incident", "they say so", "--when", "1h", "--by", "kestria",
              "--evidence-act", str(said["act"]))


def agreement(t):
    t.do("sand", "propose", "line=3")
    t.do("sand", "withdraw", "P2", "--yes")
    t.refused("sand", "6.3", "withdraw", "P2", "--yes")
    t.refused("ilin", "6.2", "answer", "P2", "--reject", "--reason", "late")
    t.refused("ilin", "6.5", "withdraw", "P1", "--yes")
    t.do("okoye", "propose", "line=1", "prisoners=sick and", "access=one bank + joint patrols",
         "--meets", "R1,R2")
    t.do("ilin", "close", "R1", "--met-by", "P3")
    t.do("ilin", "close", "R2", "--met-by", "P3")
    t.refused("ilin", "4.3", "answer", "P3", "--accept", "binding", "--yes")
    t.fails("ilin", 2, "answer", "P3", "--accept", "ad-referendum", "--no-input")
    t.do("ilin", "answer", "P3", "--accept", "ad-referendum", "--yes")
    t.do("sand", "answer", "P3", "--accept", "ad-referendum", "--yes")
    signed_elsewhere(t)
    t.do("sand", "propose", "line=3")  # to be withdrawn at a terminal
    t.do("maro", "ratify", "P3", "--yes")
    t.round("rhee", "voss", "maro", "rhee", "okoye")
    p3 = t.do("okoye", "proposals")["proposals"][2]
    t.report.ok(p3["standing"] == "agreed and ratified", "ratified by both, countersigned", p3)
    t.refused("ilin", "6.3", "propose", "line=1")
    return p3["act"]


def signed_elsewhere(t):
    error = t.fails("ilin", 1, "ratify", "P3", "--yes")
    t.report.ok("request ratify" in error["mend"], "  an envoy is told how", error)
    asked = t.do("ilin", "request", "ratify", "P3", "--out", "p3.req")
    read = t.do(None, "sign", "p3.req", "--key", "voss/seat.key", "--out", "p3.signed", "--yes")
    t.report.ok(asked["words"] == read["words"] and "one bank + joint patrols" in read["words"],
                "the principal reads the package itself", read)
    t.fails(None, 1, "sign", "p3.req", "--key", "maro/seat.key", "--out", "x", "--yes")
    t.fails(None, 2, "sign", "p3.req", "--key", "voss/seat.key", "--out", "x", "--no-input")
    t.fails(None, 2, "sign", "voss.slip", "--key", "voss/seat.key", "--out", "x", "--yes")
    with open(t.path("p3.req"), "rb") as f:
        raw = f.read()
    for name, at in (("charter", raw.index(b"present line")), ("act", raw.index(b"age-encryption") + 600)):
        with open(t.path(f"{name}.bad"), "wb") as f:
            f.write(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1:])
        t.fails(None, 4, "sign", f"{name}.bad", "--key", "voss/seat.key", "--out", "x", "--yes")
    t.report.ok(not os.path.exists(t.path("x")), "  and nothing was signed")
    t.refused("ilin", "4.2", "ratify", "P3", "--signed", other_paper(t))
    t.fails("ilin", 2, "ratify", "P3", "--signed", "charter.signed")
    t.do("ilin", "ratify", "P3", "--signed", "p3.signed")
    # He answers anew, which takes it away: the old paper is used, a new request is another paper.
    t.do("voss", "sync")
    t.do("voss", "answer", "P3", "--accept", "ad-referendum", "--yes")
    t.do("ilin", "sync")
    t.refused("ilin", "6.3", "ratify", "P3", "--signed", "p3.signed")
    time.sleep(1.1)  # a paper bears its second, and both requests may fall within one
    t.do("ilin", "request", "ratify", "P3", "--out", "p3-anew.req")
    t.do(None, "sign", "p3-anew.req", "--key", "voss/seat.key", "--out", "p3-anew.signed", "--yes")
    t.do("ilin", "ratify", "P3", "--signed", "p3-anew.signed")


def other_paper(t):
    """What the other side's principal has signed: not Kestria's to post."""
    t.do("sand", "request", "ratify", "P3", "--out", "other.req")
    t.do(None, "sign", "other.req", "--key", "maro/seat.key", "--out", "other.signed", "--yes")
    return "other.signed"


def deeds(t, agreed):
    t.refused("ilin", "6.1", "report", "kestria-guns", "done")
    t.refused("sand", "6.5", "promise", "kestria-guns", "--what", "theirs", "--by", "48h", "--yes")
    t.do("ilin", "promise", "kestria-guns", "--what", "six batteries 10 km back", "--how", "seen on site",
         "--by", "48h", "--yes")
    t.refused("ilin", "7.4", "lapse", "kestria-guns")
    with open(t.path("photos.zip"), "wb") as f:
        f.write(b"photos")
    t.do("ilin", "report", "kestria-guns", "done", "--evidence", "photos.zip")
    t.refused("ilin", "7.2", "verify", "kestria-guns", "done")
    t.refused("sand", "7.2", "verify", "kestria-guns", "done")
    fire = t.do("ilin", "incident", "Fire from the other bank", "--when", "2h", "--by", "velland")
    t.refused("okoye", "7.2", "assess", "I1", "verified")
    t.refused("sand", "8.1", "gate", "open", "ceasefire", "--yes")
    monitor(t, fire["act"])
    t.do("okoye", "sync")
    ledger = t.do("okoye", "ledger")
    t.report.ok((ledger["deeds"][0]["says"], ledger["deeds"][0]["verified"]) == ("done", "partly") and
                ledger["incidents"][0]["verdict"] == "verified" and ledger["waiting"] == 0,
                "the ledger has what was said beside what was found", ledger)
    t.do("okoye", "consent", str(agreed), "--yes")


def monitor(t, fire):
    t.do("diaz", "sync")
    tasks = t.do("diaz", "moves")["tasks"]
    t.report.ok([k["kind"] for k in tasks] == ["deed", "incident"], "a monitor has two tasks", tasks)
    t.do("diaz", "verify", "kestria-guns", "partly", "--text", "4 of 6")
    t.fails("diaz", 2, "verify", "no-such-deed", "done")
    t.fails("diaz", 2, "assess", str(fire - 1), "verified")
    t.fails("diaz", 2, "assess", "I1", "verified")
    t.do("diaz", "assess", str(fire), "verified", "--by", "Velland", "--when", "3h")
    t.report.ok(all(k["answered"] for k in t.do("diaz", "moves")["tasks"]), "and none any more")
    t.fails("diaz", 1, "proposals")


def looking(t):
    journey = t.do("okoye", "journey")
    t.report.ok(journey["phases"][0]["open"] and not journey["phases"][0]["gate_open"], "the journey")
    t.report.ok("agreed and ratified" in t.do("okoye", "since")["words"], "since a week ago")
    late = t.do("okoye", "since", str(journey["acts"] - 1))["acts"]
    t.report.ok([a["kind"] for a in late] == ["consent"], "since an act", late)
    t.report.ok(len(t.do("okoye", "issues")["issues"]) == 3, "issues")
    status, out, err = t.run(None, "journey", env={"ENTENTE_DIR": t.path("sand")})
    t.report.ok(status == 0 and out.startswith("Lake and border talks"), "ENTENTE_DIR names a seat", err)
    t.fails("okoye", 2, "since", "yesterday")
    t.fails("nowhere", 1, "journey")


def failing(t):
    t.fails("okoye", 1, "journey", passphrase="not this one")
    t.fails("okoye", 2, "journey", "--no-input", passphrase=None)
    t.fails("okoye", 2, "journey", passphrase=None)
    os.rename(t.path("host"), t.path("gone"))
    t.fails("okoye", 5, "sync")
    t.fails("okoye", 5, "say", "home/meridia", "is anybody there")
    os.rename(t.path("gone"), t.path("host"))
    t.do("okoye", "say", "home/meridia", "there you are")


def at_a_terminal(t, prompts, *words):
    """Somebody at a terminal: at each prompt, types what belongs there."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(t.top)
        os.execve(t.binary, [t.binary, *words], t.env)
    said, typed = "", 0
    while select.select([fd], [], [], 60)[0]:
        try:
            part = os.read(fd, 4096)
        except OSError:
            break
        if not part:
            break
        said += part.decode("utf-8", "replace")
        if typed < len(prompts) and prompts[typed][0] in said:
            os.write(fd, prompts[typed][1].encode() + b"\n")
            typed += 1
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said


def withdraw_at_a_terminal(t, answer):
    return at_a_terminal(t, [("Passphrase of Sand: ", PASSPHRASE), ("Type yes to go on: ", answer)],
                         "withdraw", "P4", "--dir", "sand")


def new_passphrases(t):
    first, again = "New passphrase, several words: ", "The same again: "
    status, said = at_a_terminal(t, [(first, "hello")], "key", "new", "tty.key", "--cost", "test")
    t.report.ok(status == 2 and "at least 8 characters" in said and again not in said and
                not os.path.exists(t.path("tty.key")), "five letters are no passphrase", said)
    status, said = at_a_terminal(t, [(first, "password"), (again, "password")], "key", "new",
                                 "tty.key", "--cost", "test")
    t.report.ok(status == 0 and "can be guessed" in said and "password\r" not in said,
                "one word is taken, with a warning", said)
    t.fails("maro", 2, "mandate", "Ilin", "--powers", "speak", "--for", "1d", "--yes")
    joined = t.fails("rhee", 1, "seat", "admit", "voss.slip", "--yes")
    t.report.ok(joined["what"] == "Kestria has joined already", "  who is in is named", joined)


def confirming(t):
    new_passphrases(t)
    status, said = withdraw_at_a_terminal(t, "no")
    t.report.ok(status == 1 and "nothing was sent" in said and PASSPHRASE not in said,
                "at a terminal, no is no", said)
    status, said = withdraw_at_a_terminal(t, "yes")
    t.report.ok(status == 0 and "line: 10 km back" in said, "what binds is shown in full; yes is yes",
                said)


def helping(t):
    table = t.do(None, "help", "--advanced", passphrase=None)["commands"]
    bad = [c["name"] for c in table
           if t.run(None, *c["name"].split(), "--help", passphrase=None)[0] != 0]
    t.report.ok(not bad, "every command tells what it does", bad)
    plain = {c["name"] for c in t.do(None, "help", passphrase=None)["commands"]}
    t.report.ok({"say", "propose", "answer", "sign", "sync"} <= plain and "revoke" not in plain,
                "help names the everyday verbs", plain)


def main():
    binary, charter = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    report = Report()
    with tempfile.TemporaryDirectory(prefix="entente-verbs-") as top:
        t = Table(binary, top, report)
        come_together(t, charter)
        before_the_charter(t)
        mandates(t)
        shuttle(t)
        first_proposal(t)
        words_outside(t)
        agreed = agreement(t)
        deeds(t, agreed)
        looking(t)
        failing(t)
        confirming(t)
        helping(t)
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
