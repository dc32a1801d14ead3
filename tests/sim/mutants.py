#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Switches off every check of src/base/switch_off.h, one at a time, and sees who notices.

    mutants.py SIM TAMPER [CHECK...]     programs of a build with -Dmutants=true
    mutants.py --table                   the table of docs/TESTING.md

A check that nobody misses, or that is noticed by another than the table says, is a failure; so is
anything that is found with all checks on.  ENTENTE_LONG=1: many more records of times.
"""
import contextlib
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE.parent / "model"), str(ROOT / "tools")]
import compare  # noqa: E402
import times as model_times  # noqa: E402
import verify  # noqa: E402

LIST = ROOT / "src/base/switch_off.h"
TIMEOUT = 120
SLICE = 12
LONG = os.environ.get("ENTENTE_LONG", "0") != "0"

# How each is brought about, and who notices.  A forged act or proof that the independent checker
# refuses; records of times that checker and model read otherwise; a light table, or a set piece, in
# which an invariant breaks or the model comes to another state.
FORGED = """CANONICAL COMMIT_CONTROL TAG_CONTROL FOUND_FIRST TABLE BLOB_LENGTH BLOB_LIMIT BLOB_DIGEST
ROOT_OR_SEAT REVOKED TERM N PREV SEEN_FALLS SEEN_ABOVE SEEN_ROOT SIGNATURE SEAL_FORM SEAL_COUNT
SEAL_TYPE SEAL_SHARE SEAL_PADDING CONVENER_ADMITS SLIP_TABLE SLIP_SIGNED SIDE_ONCE CONVENER_ROOT
KID_NEW KID_TWICE POST_TWICE SEAT_OWN SEAT_JOINED SEAT_POST REVOKE_OWN REVOKE_ONCE NAMING_GROUP
NAMING_MOST NAMING_TWICE NAMING_OWN CS_TERM CS_TREE CS_NAMED CS_NUMBER CS_SIZE CS_TIME CS_HOST
CS_WITNESS SUCC_SIZE SUCC_ONE SUCC_TREE SUCC_HOST SUCC_SIDE SUCC_ONCE SUCC_ALONE FRAUD_TABLE
FRAUD_SIZES FRAUD_TREES FRAUD_LEAVES FRAUD_SHOWN FRAUD_SIGNED FORK_HOST TIMES_FALL WITNESS_TERM
DOUBLE_CHAIN DOUBLE_PLACE DOUBLE_DIFFER DOUBLE_NOTED DOUBLE_TERM DOUBLE_GUILTY SEEN_HOST SEEN_SIZE
SEEN_OTHER CONTENT_TABLE CONTENT_AUTHOR CONTENT_PLACE CONTENT_COMMIT PAPER_TABLE PAPER_SIGNED
PAPER_PRINCIPAL FOUND_TABLE FOUND_EXPECTED FOUND_ROOT NOTE_TABLE NOTE_HOST NOTE_ROOT
NOTE_WITNESS""".split()
TIMES = """T_MAJORITY B_MAJORITY T_OUT B_OUT T_K B_K B_SEEN IN_TIME LATE SURELY SAW_GROUP COVER_ALL
COVER_K COVER_NAMED PROCEED_OTHER PROCEED_GROUP PROCEED_SINCE PROCEED_GRACE PROCEED_TWO
OUT_ENDS""".split()
# Asked twice over: what the first would let through, the second stops; so both are switched off.
PAIRS = {
    "PAPER_PRINCIPAL": "PAPER_SIGNED",  # the key is looked up by the principal that is named
    "FOUND_ROOT": "SIGNATURE",  # the founding is checked with the root that it names
    "CROSSED": "WITHDRAWN",  # while something is crossed the proposal is withdrawn
    "SETTLE_LATE": "DEADLINE",  # an act that is late for the fold was void when it was noted
    # a countersignature leaves in an act alone, and the act's number has a guard of its own
    "WITNESS_GUARD": "SEAT_GUARD",
    # a header that names a key is none of what is sealed to persons; under a key nobody is sealed to
    "EPOCH_IDENTITY": "SEAL_PERSONS",
}
# A seed of light tables that shows it; where it shows no more, others are searched.
LIGHT = {
    "EPOCH_ROOM": 120, "ROOM_KIND": 121,
    "ALL_ISSUES": 30, "BINDS_ONCE": 75, "CHARTER_SIGNED": 1, "COMPLETE": 1,
    "CONFIRM_ALL": 43, "CONTESTED": 21, "COVERS": 46, "CROSSED": 1,
    "CROSS_ANSWER": 56, "CROSS_RATIFY": 20, "CROSS_WITHDRAW": 7, "DEADLINE": 7,
    "DELEGATE": 12, "EPOCH_FIRST": 7, "EPOCH_HOLDS": 21,
    "EPOCH_MEMBERS": 6, "EPOCH_NUMBER": 17, "EPOCH_SEALED": 21, "EXPIRED": 6,
    "EXPIRY": 51, "MANDATE_ONCE": 1, "MANDATE_REVOKED": 31, "MANDATE_SEAT": 5,
    "OWN_WITHDRAW": 37, "PAPER_SIDE": 166, "POWERS": 2, "PRINCIPAL_SAID": 1,
    "RATIFIED": 1, "RATIFY_AGREED": 1, "RATIFY_ONCE": 14, "RATIFY_THIS": 7,
    "REVOCATION": 14, "SEEN_WITHDRAWN": 1, "SETTLE_LATE": 7, "SETTLE_PENDING": 10,
    "UNCROSS_BOTH": 7, "WAIT_FINAL": 4, "WITHDRAWN": 1,
}
# A set piece of the simulator, or of its light tier (tests/sim/scene.c, light_scene.c).
SCENES = {
    "HOST_GUARD": "host-restored", "HEAD_BACK": "host-rolled-back",
    "WITNESS_GUARD": "witness-restored", "SEAT_GUARD": "number-twice",
    "SEAL_LEFT": "removed-seat-holds-the-key", "GRANT_SIDE": "grant-of-another-side",
    "GRANT_MAY": "grant-without-leave", "GRANT_PERSONS": "grant-of-what-the-room-reads",
}
LIGHT_SCENES = {
    "NOT_BEFORE": "mandate-begins-later", "EXPIRY_PRINCIPAL": "another-confirms-an-expiry",
    "RATIFY_SPENT": "ratified-by-an-old-paper", "SEAL_PERSONS": "sealed-to-persons",
    "SEAL_ROOM": "sealed-with-another-number", "SEAL_NEWEST": "sealed-with-an-old-key",
    "EPOCH_IDENTITY": "key-that-names-a-key", "EPOCH_MAY": "key-of-a-monitor",
}
MOST = range(1, 241)
TIME_SEEDS = range(1, 41 if LONG else 9)


def checks():
    """name: section, words"""
    found = re.findall(r'X\(([A-Z_0-9]+), "([^"]+)",\s*"([^"]+)"\)',
                       LIST.read_text(encoding="utf-8").replace("\\\n", " "))
    return {name: (section, words) for name, section, words in found}


def run(*args):
    try:
        return subprocess.run([str(a) for a in args], capture_output=True, text=True, check=False,
                              timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(args, -1, "", f"no end within {TIMEOUT} s")


def verified(path):
    """What the independent checker has against the file; None: nothing."""
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            verify.file_check(path.read_bytes())
    except (verify.Broken, verify.Unreadable) as e:
        return e.what
    return None


def forged(tamper, check, folder):
    path = folder / "forged"
    also = PAIRS.get(check)
    done = run(tamper, "--off", check, *(["--off", also] if also else []), "one", path)
    if done.returncode < 0 or done.returncode > 3:
        return "stops", done.stderr.strip()
    if done.returncode != 0:
        return None, f"still refused: {(done.stdout + done.stderr).strip()}"
    if "forged" in done.stdout:
        return "forged", "what was forged is taken for true"
    said = verified(path)
    if said is None and "guilty" in done.stdout:
        guilty = verify.file_check(path.read_bytes())[0].guilty.hex()
        if f"guilty {guilty}" not in done.stdout:
            said = f"the checker finds {guilty} guilty"
    return ("verify", said) if said else (None, "the checker finds nothing wrong")


# ---- times ----

class Read:
    """The record in the checker's and in the model's hands."""

    def __init__(self, path):
        raw = path.read_bytes()
        findings, files = verify.file_check(raw)
        self.record = findings.record
        self.model = model_times.Times(self.record.ring.found.grace)
        for act in self.record.acts:
            control = act.env.control
            if control == verify.WITNESSES:
                side = act.author.side
                k, numbers = self.record.ring.naming(side, act.index + 1)
                self.model.witnesses(act.index, side, k, list(numbers))
            elif control == verify.COUNTERSIGN:
                size, clock = self.said(act.author.seat.number, act.index)
                self.model.countersign(act.index, act.author.side, act.author.seat.number, size,
                                       clock)
            elif control == verify.PROCEED:
                at, n = files["blob/" + act.env.blob.hex()]
                self.model.proceed(act.index, act.author.side, verify.cbor_decode(raw[at:at + n])[2])

    def said(self, number, index):
        indexes, sizes, clocks = self.record.log.acts[number]
        at = indexes.index(index)
        return sizes[at], clocks[at]

    def wrong(self, line):
        word, *rest = line.split()
        log, model = self.record.log, self.model
        if word == "final":
            n, s = map(int, rest)
            return {log.final(n), model_final(model, n)} != {s}
        if word == "out":
            n, sides = int(rest[0]), [int(x) for x in rest[1:]]
            groups = self.record.ring.groups(n) if n else {}
            return [s for s in groups if log.out(s, n)] != [s for s in sides if s in groups]
        if word == "proceed":
            return self.record.acts[int(rest[0])].counts != (rest[1] == "1")
        i, at, t, b, saw, deadline, verdict, passed = rest
        i, at, saw, deadline = int(i), int(at), int(saw), int(deadline)
        act = self.record.acts[i]
        theirs = [None if x == "-" else int(x) for x in (t, b)]
        mine = [log.not_after(i, at), log.not_before(act.env.seen_size, at)]
        t, b = mine
        told = ("in-time" if t is not None and t <= deadline else
                "late" if b is not None and b > deadline else
                "pending" if t is None else "contested")
        return (mine != theirs or told != verdict or
                (b is not None and b >= deadline) != (passed == "1") or
                log.saw(act.author.side, act.env.seen_size, i) != saw)


def model_final(model, n):
    """The model reads act by act; of a past place it is asked with what stood below it."""
    past = model_times.Times(model.grace)
    past.namings = {s: [x for x in v if x[0] < n] for s, v in model.namings.items()}
    past.namings = {s: v for s, v in past.namings.items() if v}
    past.countersigns = {s: [x for x in v if x[0] < n] for s, v in model.countersigns.items()}
    past.side_of = model.side_of
    past.proceeds = [p for p in model.proceeds if p[0] < n]
    return past.final(n)


def timed(tamper, off, folder):
    for seed in TIME_SEEDS:
        bundle, facts = folder / "times", folder / "facts"
        done = run(tamper, *off, "times", seed, bundle, facts)
        if done.returncode != 0:
            return "stops", f"record {seed}: {done.stderr.strip()}"
        said = verified(bundle)
        if said:
            return "verify", f"record {seed}: {said}"
        read = Read(bundle)
        for line in facts.read_text(encoding="utf-8").splitlines():
            if read.wrong(line):
                return "times", f"record {seed}: {line}"
    return None, f"{len(TIME_SEEDS)} records of times alike"


# ---- whole tables ----

def broken(done):
    """Which invariant the simulator says does not hold."""
    found = re.search(r"seed (\d+): (\w+) does not hold: (.*)", done.stdout)
    if found:
        return found.group(2), f"seed {found.group(1)}: {found.group(3)}"
    return ("stops", done.stderr.strip()) if done.returncode else (None, "")


def modelled(folder):
    """The first difference between the code and the model."""
    for path in sorted(folder.glob("*.jsonl")):
        try:
            wrong = compare.compare(path)[1]
        except (KeyError, IndexError, TypeError, ValueError) as e:
            wrong = [f"{path.name}: the model cannot read it ({e!r})"]
        if wrong:
            return wrong[0]
    return None


def tables(sim, off, folder, seeds):
    """Light tables from these seeds, a few at a time."""
    for first in range(0, len(seeds), SLICE):
        some = seeds[first:first + SLICE]
        done = run(sim, "--light", *off, "--seeds", f"{some[0]}..{some[-1]}", "--logs", folder)
        who, said = broken(done)
        if who:
            return who, said
        said = modelled(folder)
        if said:
            return "model", said
        for path in folder.glob("*.jsonl"):
            path.unlink()
    return None, f"nothing in {len(seeds)} light tables"


def play(sim, tamper, check, folder):
    if check in FORGED:
        return forged(tamper, check, folder)
    if check in TIMES:
        return timed(tamper, ["--off", check], folder)
    also = PAIRS.get(check)
    off = ["--off", check] + (["--off", also] if also else [])
    if check in SCENES:
        return broken(run(sim, "--scene", SCENES[check], *off))
    if check in LIGHT_SCENES:
        return broken(run(sim, "--light", "--scene", LIGHT_SCENES[check], *off))
    if check in LIGHT:
        who, said = tables(sim, off, folder, [LIGHT[check]])
        if who:
            return who, said
    return tables(sim, off, folder, MOST)


# ---- the table of docs/TESTING.md ----

def who_notices(check):
    if check in FORGED:
        return "a forged act, proof, paper or note is taken: `tools/verify.py` refuses it, or who forged it tells"
    if check in SCENES or check in LIGHT_SCENES:
        return "a set piece: an invariant"
    if check in TIMES:
        return "records of times, read by `tools/verify.py` and `tests/model`"
    return "light tables: an invariant, or `tests/model`"


def table():
    rows = {}
    for check, (section, _) in checks().items():
        rows.setdefault((section, who_notices(check)), []).append(check)
    out = ["| section | checks | who notices |", "|---|---|---|"]
    for (section, who), names in sorted(rows.items()):
        out.append(f"| {section} | {', '.join(names)} | {who} |")
    return "\n".join(out) + "\n"


def documented():
    """The table stands in the document; ENTENTE_BLESS=1 writes it."""
    path = ROOT / "docs/TESTING.md"
    text = path.read_text(encoding="utf-8")
    start, end = "| section | checks | who notices |", "\n\n"
    at = text.index(start)
    old = text[at:text.index(end, at) + 1]
    if old != table() and os.environ.get("ENTENTE_BLESS"):
        path.write_text(text.replace(old, table()), encoding="utf-8")
        return True
    return old == table()


def main():
    if sys.argv[1:] == ["--table"]:
        good = documented()
        print("the table of docs/TESTING.md is " + ("right" if good else "old: ENTENTE_BLESS=1"))
        sys.exit(0 if good else 1)
    sim, tamper, *only = sys.argv[1:]
    bad, began = 0, time.monotonic()
    for check in only or checks():
        with tempfile.TemporaryDirectory() as name:
            at = time.monotonic()
            who, said = play(sim, tamper, check, pathlib.Path(name))
            print(f"{check:16} {who or 'NOBODY':24} {time.monotonic() - at:5.1f} s  {said[:120]}",
                  flush=True)
            bad += who is None
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        who, said = timed(tamper, [], folder)
        if not who:
            who, said = tables(sim, [], folder, range(1, 25))
        clean = [run(tamper, "all"), run(sim, "--scene", "all"),
                 run(sim, "--light", "--scene", "all")]
        if who or any(done.returncode != 0 for done in clean):
            print(f"with all checks on: {who} {said}",
                  *(done.stdout + done.stderr for done in clean))
            bad += 1
    print(f"{len(only or checks())} checks, {bad} not as they should be, "
          f"{time.monotonic() - began:.0f} s")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
