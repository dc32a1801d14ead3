#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays the sample negotiation with the real binary and asserts what must hold while it runs.

demo.py ENTENTE GOLDEN_DIR: twice, the second time with the parties' roles changed.  Three screens
are golden; ENTENTE_BLESS=1 rewrites them.
"""
import contextlib
import json
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile

SCREENS = {1: "journey-01.txt", 12: "journey-12.txt", 23: "journey-23.txt"}

# What changes its name when the parties change roles.
SWAPS = [
    ("Kestria", "Velland"),
    ("kestria", "velland"),
    ("Ilin", "Sand"),
    ("Voss", "Maro"),
    ("guns", "prisoners"),
]


def swapped(text: str) -> str:
    for i, (a, b) in enumerate(SWAPS):
        text = text.replace(a, f"\0{i}a").replace(b, f"\0{i}b")
    for i, (a, b) in enumerate(SWAPS):
        text = text.replace(f"\0{i}a", b).replace(f"\0{i}b", a)
    return text


class Report:
    def __init__(self) -> None:
        self.count = 0
        self.failed = 0

    def ok(self, holds: bool, what: str, detail: str = "") -> None:
        self.count += 1
        self.failed += 0 if holds else 1
        print(f"{'ok' if holds else 'not ok'} {self.count} - {what}")
        if not holds and detail:
            print("\n".join("# " + line for line in detail.splitlines()))


def play(binary: str, folder: str, *more: str) -> dict:
    """In a folder that is named from where one stands."""
    top, name = os.path.split(folder)
    run = subprocess.run([binary, "demo", name, "--json", *more], cwd=top, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"demo ended with {run.returncode}: {run.stderr}{run.stdout[-2000:]}")
    return json.loads(run.stdout)


def refusals(story: dict) -> list:
    return [(l["step"], l["kind"], l["text"]) for l in story["lines"] if l["kind"] in ("stopped", "void")]


def check_screens(story: dict, golden: str, report: Report) -> None:
    for step, name in SCREENS.items():
        screens = [l["text"] for l in story["lines"] if l["kind"] == "screen" and l["step"] == step]
        path = os.path.join(golden, name)
        text = "\n".join(screens) + "\n"
        if os.environ.get("ENTENTE_BLESS"):
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        with open(path, encoding="utf-8") as f:
            want = f.read()
        report.ok(text == want, f"the journey after step {step} is the golden one", text)


def check_names(binary: str, folder: str, story: dict, report: Report) -> None:
    """An excerpt that holds the charter tells names; one that does not says why there are none."""
    words = run(binary, "check", os.path.join(os.path.dirname(folder), story["excerpt"])).stdout
    report.ok(all(w in words for w in (", Kestria, in \"plenary\", ", "access: one bank + joint patrols",
                                       "by Meridia, Kestria, Velland, ")) and
              not re.search(r"\bside \d|\boption \d|\bgroup\b", words),
              "an excerpt with the charter names sides and options", words)
    mute = os.path.join(folder, "one.entente")
    acts = json.loads(run(binary, "check", os.path.join(os.path.dirname(folder), story["excerpt"]),
                          "--json").stdout)["acts"]
    last = [a["index"] for a in acts if a["kind"] == "ratify"][-1]
    made = as_seat(binary, "/", "publish", "--act", str(last), "--out", mute, "--dir",
                   os.path.join(folder, "meridia-rhee"))
    charter = [a["index"] for a in acts if a["kind"] == "charter"][0]
    report.ok(made.returncode == 0 and f"--act {charter}." in made.stdout,
              "who publishes without it is told which act has the names", made.stdout + made.stderr)
    log = as_seat(binary, "/", "log", "--dir", os.path.join(folder, "group-diaz")).stdout
    report.ok("Kestria" in log and "Meridia" in log and not re.search(r"\bside \d", log),
              "a log names sides, for those too who have no charter", log[-2000:])
    words = run(binary, "check", mute).stdout
    report.ok("their names stand in the charter, and this file does not hold it" in words and
              "Kestria" not in words, "  and so is who reads it", words)


def check_words(story: dict, report: Report) -> None:
    """How it is told: gates as what is wanted, one form of dates, gaps where they are."""
    lines = [l["text"] for l in story["lines"]]
    gates = [g for text in lines for g in re.findall(r"^ *\[[ x]\] (.*)$", text, re.M)]
    bad = [g for g in gates if re.match(r"(?!no (incident|report) )(no|not)\b|.*\bis not\b", g)]
    report.ok(len(gates) > 20 and not bad, "each condition of a gate is the thing wanted", str(bad))
    told = json.dumps(story)
    for word in ("rules version", "is introduced as", "epoch"):
        report.ok(word not in told, f"nobody reads \"{word}\"")
    steps = [l["text"] for l in story["lines"] if l["kind"] == "step"]
    form = re.compile(r"\d+ · 2031-0[34]-\d\d \d\d:\d\d \(day \d+\) · ")
    report.ok(not re.search(r"day \d+, \d\d:\d\d", told), "no hour without its date")
    report.ok(all(form.match(s) for s in steps), "a step has its date, then its day", str(steps))
    at = next(i for i, l in enumerate(story["lines"]) if l["kind"] == "step" and l["step"] == 12)
    gap = story["lines"][at - 1]["text"]
    last = [l["text"] for l in story["lines"] if l["kind"] == "screen" and l["step"] == 24][-1]
    report.ok(last.count("done: its gate is open") == 2 and "gate open" not in last.split("Record:")[1],
              "in the end both gates are open, and nobody is asked to open one", last)
    loose = [l["text"] for l in story["lines"] if l["kind"] == "tell" and
             re.search(r"[.?!]['\"]?[\])]?\.$|\]\.$", l["text"])]
    report.ok(not loose, "no sentence ends twice", str(loose))
    report.ok("11 (" in gap and "10 (" not in gap, "what is left out is told where it is left out", gap)


def run(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run(words, capture_output=True, text=True)


def check_outside(binary: str, folder: str, story: dict, report: Report) -> None:
    """What the demo left behind, looked at by both checkers: good, and with one byte changed."""
    verify = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tools/verify.py")
    bundle = os.path.join(folder, "record.tar")
    out = run(binary, "bundle", "out", bundle, "--dir", os.path.join(folder, "meridia-rhee"))
    report.ok(out.returncode == 0, "a seat writes its whole record as a bundle", out.stderr)
    for path in (bundle, os.path.join(os.path.dirname(folder), story["excerpt"])):
        ours = run(binary, "check", path, "--json")
        theirs = run(sys.executable, verify, path, "--json")
        name = os.path.basename(path)
        report.ok(ours.returncode == 0 and theirs.returncode == 0, f"{name}: both checkers accept it",
                  ours.stderr + theirs.stderr)
        facts = [json.loads(r.stdout) for r in (ours, theirs)]
        for key in ("table", "size", "root", "final"):
            report.ok(facts[0][key] == facts[1][key], f"{name}: they agree on its {key}",
                      f"{facts[0][key]} {facts[1][key]}")
        data = bytearray(open(path, "rb").read())
        data[len(data) // 2] ^= 4
        forged = path + ".forged"
        with open(forged, "wb") as f:
            f.write(data)
        codes = [run(binary, "check", forged).returncode, run(sys.executable, verify, forged).returncode]
        report.ok(codes == [4, 4], f"{name}: one bit changed, both refuse it", str(codes))
    seat = run(binary, "check", os.path.join(folder, "kestria-ilin"))
    report.ok(seat.returncode == 0, "a seat's folder checks whole, without keys", seat.stderr)


def as_seat(binary: str, cwd: str, *words: str) -> subprocess.CompletedProcess:
    fd, end = os.pipe()
    os.write(end, b"lake and border\n")
    os.close(end)
    done = subprocess.run([binary, *words, "--passphrase-fd", str(fd)], cwd=cwd, capture_output=True,
                          text=True, pass_fds=[fd], check=False)
    os.close(fd)
    return done


def check_play_on(binary: str, folder: str, report: Report) -> None:
    """After the story, from another folder: its clock goes on, its host is found, others take it in."""
    rhee, ilin = (os.path.join(folder, n) for n in ("meridia-rhee", "kestria-ilin"))
    # Whoever can write in the folder, and has no key, does not set the clock.
    with contextlib.closing(sqlite3.connect(os.path.join(ilin, "replica"))) as thief, thief:
        thief.execute("INSERT INTO meta VALUES ('clock', CAST('946080000 0' AS BLOB))")
    said = as_seat(binary, "/", "say", "plenary", "Good morning.", "--dir", ilin)
    report.ok(said.returncode == 0 and "a rehearsal, whose clock is not the world's: it is 2031-03-"
              in said.stderr, "one plays on in a demo's folder, and is told of its clock", said.stderr)
    got = as_seat(binary, "/", "sync", "--dir", rhee)
    report.ok(got.returncode == 0 and "new" in got.stdout, "  the others take it in", got.stderr)
    room = as_seat(binary, "/", "room", "plenary", "--last", "1", "--dir", rhee)
    report.ok(re.search(r"2031-03-2\d \d\d:\d\d \(day 2\d\)  Ilin says: Good morning", room.stdout),
              "  dated by the clock of the story", room.stdout)
    moved = folder + "-host"
    os.rename(os.path.join(folder, "host"), moved)
    lost = as_seat(binary, "/", "sync", "--dir", rhee)
    report.ok(lost.returncode == 5 and os.path.join(folder, "host") in lost.stderr and
              "entente sync --host DIR" in lost.stderr, "a host that has moved is told", lost.stderr)
    found = as_seat(binary, "/", "sync", "--host", moved, "--dir", rhee)
    again = as_seat(binary, "/", "sync", "--dir", rhee)
    report.ok(found.returncode == again.returncode == 0, "  and where it went is remembered",
              found.stderr + again.stderr)
    with open(os.path.join(rhee, "replica"), "rb") as f:
        stored = f.read()
    names = [n for n in (b"Kestria", b"Velland", b"Okoye", b"mediation", b"Joint Monitoring",
                         folder.encode()) if n in stored]
    report.ok(not names, "a locked folder names no side, no person and no host", str(names))


def check_full_disk(binary: str, folder: str, report: Report) -> None:
    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (150000, 150000))
    full = subprocess.run([binary, "demo", folder], capture_output=True, text=True, preexec_fn=small)
    report.ok(full.returncode == 1 and f"half made: remove the folder {folder}" in full.stderr,
              "a disk that is full ends the demo, which says what it leaves", full.stderr)


def main() -> int:
    binary, golden = os.path.abspath(sys.argv[1]), sys.argv[2]
    report = Report()
    with tempfile.TemporaryDirectory() as top:
        story = play(binary, os.path.join(top, "a"))
        mirror = play(binary, os.path.join(top, "b"), "--mirror")
        for name, told in (("the story", story), ("its mirror", mirror)):
            report.ok(told["digests_equal"], f"{name}: all replicas that evaluate hold one state")
            report.ok(told["statement_inert"], f"{name}: without the statement the state is the same")
            report.ok(not told["gate_early"], f"{name}: no shorter prefix opens the gate")
            report.ok(not told["leaks"], f"{name}: nobody opens what is not for him")
            report.ok(told["final"] > 0 and told["acts"] >= told["final"], f"{name}: acts are countersigned")
        steps = [l[0] for l in refusals(story) if l[1] == "stopped"]
        report.ok(steps == [4, 7, 8, 9, 13, 19, 22], "the desk stops what it must, and nothing else", str(steps))
        report.ok([l[0] for l in refusals(story) if l[1] == "void"] == [16], "one act is void on the record")
        changed = [(s, k, swapped(t)) for s, k, t in refusals(mirror)]
        report.ok(changed == refusals(story), "the mirror hears the same words", f"{refusals(story)}\n{changed}")
        check_screens(story, golden, report)
        check_words(story, report)
        check_outside(binary, os.path.join(top, "a"), story, report)
        check_names(binary, os.path.join(top, "a"), story, report)
        check_play_on(binary, os.path.join(top, "a"), report)
        check_full_disk(binary, os.path.join(top, "full"), report)
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
