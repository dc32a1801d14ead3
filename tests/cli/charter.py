#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A charter, from nothing to a table: templates, what is wrong with a file, what it means.

    tests/cli/charter.py ENTENTE ROOT

TAP on standard output.
"""
import os
import re
import sys
import tempfile

import verbs

TEMPLATES = ("ceasefire", "bargaining", "settlement")

FAULTY = """table: A weir
goal: Rebuild it.
mediation: {id: house, name: The House, pricipal: Warden}
parties:
  - {id: upper, nam: Upper Mill}
  - {id: lower, name: Lower Mill}
phases:
  - {id: build, gate: [agreed: packet, quiet: 1 hour]}
  - {id: share}
deeds: [{id: sluice, by: uper}]
"""


def write(t, name, text):
    with open(t.path(name), "w", encoding="utf-8") as f:
        f.write(text)


def templates(t, root):
    for name in TEMPLATES:
        made = t.do(None, "table", "new", "--template", name, "--out", f"{name}.yaml", passphrase=None)
        with open(t.path(f"{name}.yaml"), encoding="utf-8") as f:
            text = f.read()
        with open(os.path.join(root, "examples", "charters", f"{name}.yaml"), encoding="utf-8") as f:
            t.report.ok(made["out"] == f"{name}.yaml" and text == f.read(), f"{name}: as in examples")
        checked = t.do(None, "table", "check", f"{name}.yaml", passphrase=None)
        t.report.ok(checked["warnings"] == [] and len(checked["meaning"]) > 10, "  sound, no warning",
                    checked["warnings"])
        t.report.ok(text.count("#") >= 10, "  with words for whoever changes it")
    error = t.fails(None, 2, "table", "new", "--template", "peace", "--out", "p.yaml", passphrase=None)
    t.report.ok(all(name in error["mend"] for name in TEMPLATES), "  those there are, are named", error)
    t.fails(None, 2, "table", "new", "--template", "ceasefire", passphrase=None)
    t.fails(None, 1, "table", "new", "--template", "ceasefire", "--out", "ceasefire.yaml", passphrase=None)
    error = t.fails(None, 2, "table", "new", passphrase=None)
    t.report.ok("--template" in error["mend"], "  without a charter, how to begin is told", error)


def faults(t):
    write(t, "faulty.yaml", FAULTY)
    status, out, err = t.run(None, "table", "check", "faulty.yaml", "--json", passphrase=None)
    answer = verbs.json.loads(out)
    lines = [int(re.search(r"line (\d+)", f["where"])[1]) for f in answer["faults"]]
    t.report.ok(status == 1 and lines == [3, 5, 10, 8, 8], "every fault with its line", answer)
    t.report.ok(all(f["mend"] for f in answer["faults"]) and answer["error"]["what"] ==
                "faulty.yaml has 5 faults", "  and its mend", answer)
    t.report.ok(err.count("entente: ") == 6 and err.count("  mend:  ") == 6, "  in words, too", err)
    write(t, "one.yaml", FAULTY.replace("pricipal", "principal").replace("nam:", "name:")
          .replace("packet", "package").replace("1 hour", "1h"))
    status, out, err = t.run(None, "table", "check", "one.yaml", "--json", passphrase=None)
    answer = verbs.json.loads(out)
    t.report.ok(status == 1 and len(answer["faults"]) == 1 and err.count("entente: ") == 1 and
                answer["error"]["mend"] == 'did you mean "upper"?', "a single one is told once", out + err)


def meaning(t):
    status, words, _ = t.run(None, "table", "check", "ceasefire.yaml", passphrase=None)
    told = words.split("What it means\n")[1]
    t.report.ok(status == 0 and "signed by the Head of mission of The Mediation, the President of North "
                "and the President of South." in told, "who signs", told)
    t.report.ok("Phase security opens with the gate of ceasefire." in told and
                "- north-guns is verified done: North does it, Observer Mission says whether it is done"
                in told, "which gate opens when, and by whom", told)
    t.report.ok(len(told.splitlines()) < 40 and "%" not in told, "  and not much more", told)


def main():
    report = verbs.Report()
    with tempfile.TemporaryDirectory(prefix="entente-charter-") as top:
        t = verbs.Table(os.path.abspath(sys.argv[1]), top, report)
        templates(t, sys.argv[2])
        faults(t)
        meaning(t)
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
