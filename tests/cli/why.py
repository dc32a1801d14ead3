#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Why a gate is closed, from before the charter is signed until time alone is missing: what is asked
for is supplied by the very command that names it.

    tests/cli/why.py ENTENTE ROOT

TAP on standard output.
"""
import json
import os
import pathlib
import sys
import tempfile

import verbs

CHARTER = """
table: A weir
goal: Rebuild the weir and share what it holds back.
mediation: {id: house, name: The House, principal: Warden}
parties:
  - {id: upper, name: Upper Mill, principal: Miller, seats: [clerk]}
  - {id: lower, name: Lower Mill, principal: Widow}
monitors: [{id: gauge, name: Gauge Office}]
consulted: [{id: county, name: The County, in: [build]}]
phases:
  - id: build
    gate:
      - agreed: package
      - adopted: text
      - ratified: all
      - verified: upper-sluice
      - quiet: 1h
      - no-report-waiting
      - settled-within: all
      - consulted: county
      - undertaken: county
  - id: share
issues: [{id: cost, phase: build, options: [half each, by water drawn]}]
deeds: [{id: upper-sluice, by: upper, verifier: gauge}]
"""

PARTIES = ("warden", "miller", "widow")


class Table(verbs.Table):
    def __init__(self, binary, root, top, report):
        super().__init__(binary, top, report)
        sys.path.insert(0, os.path.join(root, "tools"))
        import check_schema
        self.checker = check_schema
        self.schema = json.loads((pathlib.Path(root) / "docs/schema/why.json").read_text())

    def why(self, seat, gate="build"):
        answer = self.do(seat, "journey", "--why", gate)
        wrong = self.checker.check(self.schema, answer)
        if wrong:
            self.report.ok(False, f"the answer of {seat} fits its schema", wrong)
        return answer

    def missing(self, seat):
        """Commands by condition, of what is missing."""
        return [[m["command"] for m in c["missing"]] for c in self.why(seat)["conditions"]]

    def everybody(self):
        self.round(*PARTIES, *PARTIES)


def found(t):
    with open(t.path("weir.yaml"), "w", encoding="utf-8") as f:
        f.write(CHARTER)
    t.do("warden", "table", "new", "weir.yaml", "--host", "host", "--name", "Warden", "--cost", "test")
    for who, side in (("miller", "upper"), ("widow", "lower"), ("gauge", "gauge"), ("reeve", "county")):
        t.join(who, "warden", side)
    why = t.why("warden")
    t.report.ok([m["command"] for m in why["first"]["missing"]] == ["entente sign charter"] * 3 and
                why["standing"] == "closed: the charter is not in force yet",
                "first of all three signatures are missing", why)
    for who in PARTIES:
        t.do(who, "sync")
        t.do(who, "sign", "charter", "--yes")
    t.everybody()
    why = t.why("miller")
    t.report.ok(why["first"] == {"there": [], "missing": []} and (why["met"], why["count"]) == (1, 10),
                "signed, nothing stands before the conditions", why)
    t.report.ok(t.missing("miller") == [
        ["entente propose cost=OPTION --with-text"],
        ["entente draft text.md --phase build"],
        ["entente proposals"],
        ['entente promise upper-sluice --what "..." --by 48h',
         "entente verify upper-sluice done|partly|not-done"],
        ["entente ratify P1"],
        [],
        ["entente settled build"], ["entente settled build"],
        ['entente ask county "..." --phase build --by 3d', 'entente opinion "..."',
         "entente notice ACT"],
        ['entente undertake "..." --by 30d --phase build', "entente notice ACT"],
    ], "every condition says what would supply it", t.missing("miller"))
    t.report.ok([m["yours"] for c in t.why("miller")["conditions"][6:8]
                 for m in c["missing"]] == [True, False], "  and marks one's own side")


def refusals(t):
    error = t.fails("miller", 2, "journey", "--why", "sharing")
    t.report.ok("build, share" in error["mend"], "  the gates there are, are named", error)
    t.report.ok(t.why("miller", "1")["phase"] == "build", "a gate's number does, too")
    last = t.why("miller", "share")
    t.report.ok(last["count"] == 0 and "none" in last["standing"], "the last phase has no gate", last)
    t.fails("gauge", 1, "journey", "--why", "build")


def supply(t):
    """Each thing by the command that was told, with its words filled in."""
    with open(t.path("text.md"), "w", encoding="utf-8") as f:
        f.write("# Weir\n\nThe weir is rebuilt by spring.\n")
    t.do("warden", "draft", "text.md", "--phase", "build")
    t.do("miller", "sync")
    t.do("miller", "bracket", "weir", "autumn", "--for", "spring")
    t.everybody()
    t.report.ok(t.missing("widow")[1] == ["entente support B1 (entente text show lists them)",
                                          "entente clean B1"], "a bracket stands in the way",
                t.missing("widow")[1])
    for who in ("miller", "widow"):
        t.do(who, "support", "B1")
    t.everybody()
    t.do("warden", "clean", "B1")
    t.everybody()
    t.report.ok(t.missing("widow")[1] == ["entente adopt 2"] * 2, "then each party's adoption",
                t.missing("widow")[1])
    for who in ("miller", "widow"):
        t.do(who, "adopt", "2", "--yes")
    t.everybody()
    t.do("widow", "propose", "cost=half each", "--with-text")
    t.everybody()
    for who in ("miller", "widow"):
        t.do(who, "answer", "P2", "--accept", "ad-referendum", "--yes")
    t.everybody()
    t.report.ok(t.missing("warden")[:3] == [[], [], ["entente ratify P2"] * 2], "then ratification",
                t.missing("warden")[:3])
    for who in ("miller", "widow"):
        t.do(who, "ratify", "P2", "--yes")
        t.do(who, "settled", "build", "--yes")
    t.do("miller", "promise", "upper-sluice", "--what", "the sluice is shut", "--by", "48h", "--yes")
    asked = t.do("warden", "ask", "county", "Do you pay a third?", "--phase", "build", "--by", "3d")
    t.do("warden", "notice", str(asked["act"]), "--yes")
    t.do("gauge", "sync")
    t.do("gauge", "verify", "upper-sluice", "partly")
    t.do("reeve", "sync")
    answer = t.do("reeve", "opinion", "We do.")
    given = t.do("reeve", "undertake", "A third.", "--by", "30d", "--phase", "build", "--yes")
    t.everybody()
    t.report.ok(t.missing("miller")[3] == ["entente report upper-sluice done",
                                           "entente verify upper-sluice done|partly|not-done"],
                "partly is not done", t.missing("miller")[3])
    t.do("warden", "notice", str(answer["act"]), "--yes")
    t.do("warden", "notice", str(given["act"]), "--yes")
    t.do("gauge", "verify", "upper-sluice", "done")
    breach = t.do("miller", "incident", "A breach in the bank", "--when", "5m")["act"]
    t.everybody()
    left = t.missing("miller")
    t.report.ok([n for n, m in enumerate(left) if m] == [4, 5] and
                left[5] == [f"entente assess {breach} verified|not-verified", ""] and
                left[4] == ["", "entente sync"], "what is left is time, and a look at the incident", left)
    t.do("gauge", "sync")
    t.do("gauge", "assess", str(breach), "not-verified")
    t.everybody()
    t.report.ok([n for n, m in enumerate(t.missing("miller")) if m] == [4], "then time alone",
                t.missing("miller"))
    words = t.run("miller", "journey", "--why", "build")[1]
    t.report.ok("from time alone\n" in words and "quiet since " in words and
                words.count("missing: ") == 2, "  in words, too", words)


def main():
    report = verbs.Report()
    with tempfile.TemporaryDirectory(prefix="entente-why-") as top:
        t = Table(os.path.abspath(sys.argv[1]), sys.argv[2], top, report)
        found(t)
        refusals(t)
        supply(t)
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
