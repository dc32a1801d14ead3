#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The host lies, or is gone: two sides compare, prove it, go on at a new host, through the program.

    tests/cli/moving.py ENTENTE

The real clock runs.  TAP on standard output.
"""
import os
import shutil
import sys
import tempfile

import parties
import verbs


def lying_host(t):
    """It shows Kestria one record and Velland another; their bundles name it."""
    shutil.copytree(t.path("host"), t.path("kept"))
    t.do("voss", "say", "plenary", "We could live with use.")
    t.do("ilin", "say", "plenary", "I think so, too.")
    shutil.move(t.path("host"), t.path("host.voss"))
    shutil.move(t.path("kept"), t.path("host"))
    t.do("maro", "say", "plenary", "By use, then.")
    same = t.do("rhee", "sync") and t.do("rhee", "compare", passphrase=None)
    t.report.ok(same["proofs"] == [], "nothing is kept against anybody", same)
    t.do("rhee", "bundle", "out", "rhee.bundle", passphrase=None)
    t.do("maro", "bundle", "out", "maro.bundle", passphrase=None)
    one = t.do("maro", "compare", "rhee.bundle", passphrase=None)
    t.report.ok(one["differs_at"] is None and one["proofs"] == [], "two honest sides hold the same", one)
    found = t.do("voss", "compare", "maro.bundle", "--out", "proof", passphrase=None)
    t.report.ok([p["who"] for p in found["proofs"]] == ["host"] and found["differs_at"] == found["ours"] - 1,
                "the host is named", found)
    status, words, _ = t.run("voss", "compare", "maro.bundle", "--out", "again", passphrase=None)
    t.report.ok(status == 0 and "Proven: the host signed two records" in words and
                "The proof is in again." in words and "What to do now: trust nothing" in words,
                "in words, and what to do", words)
    error = t.fails("voss", 1, "compare", "maro.bundle", "--out", "proof", passphrase=None)
    t.report.ok("is there already" in error["what"], "no file is written over", error)
    status, words, _ = t.run(None, "check", "proof", passphrase=None)
    t.report.ok(status == 0 and words.startswith("It proves: whoever holds the key "),
                "anybody can check it", words)
    status, words, _ = t.run(None, "check", "proof", passphrase=None,
                             env={"ENTENTE_DIR": t.path("maro")})
    t.report.ok(status == 0 and words.startswith("It proves: the host signed two records"),
                "and whoever sits at the table sees whose key it is", words)
    error = t.fails("voss", 4, "sync")
    t.report.ok("compare" in error["mend"], "Kestria is told that its host lies", error)


def moving(t):
    error = t.fails("ilin", 1, "table", "move", "fresh", "--yes")
    t.report.ok("only a principal can move" in error["what"], "an envoy moves no table", error)
    error = t.fails("voss", 2, "table", "move", "fresh", "--no-input")
    t.report.ok("yes" in error["mend"], "it is confirmed", error)
    error = t.fails("voss", 1, "table", "move", "host", "--yes")
    t.report.ok("already" in error["what"], "not to the host that lied", error)
    error = t.fails("voss", 4, "bundle", "in", "rhee.bundle")
    t.report.ok(error["what"], "Kestria cannot just take in the other record", error)
    instead = t.do("voss", "bundle", "in", "rhee.bundle", "--instead")
    t.report.ok(instead["size"] > instead["final"], "its own gives way", instead)
    first = t.do("rhee", "table", "move", "fresh", "--yes")
    t.report.ok(not first["complete"] and first["missing"] == [1, 2], "two sides still to sign", first)
    status, words, _ = t.run("maro", "table", "move", "fresh", "--yes")
    t.report.ok(status == 0 and "Still to sign: Kestria." in words and
                "entente table move " in words, "one still to sign", words)
    error = t.fails("rhee", 1, "sync", "--host", "fresh")
    t.report.ok("its term has not begun" in error["what"],
                "nobody is led there before", error)
    error = t.fails("maro", 1, "table", "move", "third", "--yes")
    t.report.ok("to another host" in error["what"] and "--instead" in error["mend"],
                "a root signs one move", error)
    last = t.do("voss", "table", "move", "fresh", "--yes")
    t.report.ok(last["complete"] and last["missing"] == [], "the third completes it", last)
    status, words, _ = t.run("voss", "sync", "--host", "fresh")
    t.report.ok(status == 0 and "The table goes on at a new host. " in words and "did not come along" in words and "Next: entente refile" in words, "Kestria follows", words)
    followed = t.do("maro", "sync", "--host", "fresh")
    t.report.ok(followed["moved"] and followed["given_up"] == 0 and followed["to_file_again"] == 0,
                "Velland follows: what it had countersigned has come along", followed)
    t.do("rhee", "sync", "--host", "fresh")
    followed = t.do("ilin", "sync", "--host", "fresh")
    t.report.ok(followed["given_up"] > 0 and followed["to_file_again"] == 1, "an envoy follows",
                followed)


def filing_again(t):
    status, words, _ = t.run("voss", "refile", "--no-input")
    t.report.ok(status != 0, "it is confirmed", words)
    again = t.do("voss", "refile", "--yes")
    t.report.ok((again["again"], again["left"]) == (1, 0), "what was lost is filed again", again)
    status, words, _ = t.run("voss", "refile", "--yes")
    t.report.ok(status == 0 and "Nothing of yours waits" in words, "once", words)
    status, words, _ = t.run("ilin", "refile", "--drop", "--yes")
    t.report.ok(status == 0 and "Given up: 1." in words, "or given up", words)
    t.round("rhee", "voss", "maro")
    said = [m for m in t.do("maro", "room", "plenary")["acts"] if "live with use" in str(m)]
    t.report.ok(len(said) == 1, "and is there once", said)
    t.do("voss", "answer", "P1", "--accept", "binding", "--yes")
    t.do("maro", "answer", "P1", "--accept", "binding", "--yes")
    t.round("rhee", "voss", "maro", "rhee", "voss", "maro")
    told = t.run("ilin", "proposals")[1]
    t.report.ok("agreed" in told or "binds" in told, "the deal goes on", told)
    status, _, err = t.run(None, "check", "rhee", passphrase=None)
    t.report.ok(status == 0, "the whole record verifies", err)
    t.do("rhee", "bundle", "out", "after.bundle", passphrase=None)
    verify = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools")
    sys.path.insert(0, verify)
    import verify as reader
    with open(t.path("after.bundle"), "rb") as f:
        found, _ = reader.file_check(f.read())
    t.report.ok(found.record.term == 1, "also for the independent checker", found.record.term)


def main():
    report = verbs.Report()
    with tempfile.TemporaryDirectory(prefix="entente-moving-") as top:
        t = verbs.Table(os.path.abspath(sys.argv[1]), top, report)
        parties.come_together(t)
        t.round("rhee", "voss", "maro", "ilin")
        lying_host(t)
        moving(t)
        filing_again(t)
    print(f"1..{report.count}")
    sys.exit(1 if report.failed else 0)


if __name__ == "__main__":
    main()
