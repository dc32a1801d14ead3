#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A charter, from nothing to a table: templates, what is wrong with a file, what it means,
the questions.

    tests/cli/charter.py ENTENTE ROOT

TAP on standard output.
"""
import os
import pty
import re
import select
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


TYPED = [
    ("What is the table called", "The \"Old\" weir"),
    ("Its goal", "<"), ("What is the table called", ""), ("Its goal", "Rebuild it."),
    ("Who mediates?", "The House"), ("who decides for The House", "Warden"),
    ("Party 1, its name", "Upper Mill"), ("who decides for Upper Mill", ""),
    ("Party 2, its name", "upper mill"), ("Party 2, its name", "Lower Mill"),
    ("who decides for Lower Mill", "Widow"), ("Party 3, its name", ""),
    ("Who looks whether", "Gauge Office"),
    ("The first phase", "build"), ("Phase 2, which opens after build", "share"),
    ("Phase 3, which opens after share", ""),
    ("build: what must hold", "packet"), ("build: what must hold", "quiet"),
    ("build: what must hold", "package, ratified, deeds, quiet"), ("share: what must hold", ""),
    ("The first issue", "cost"), ("cost belongs to which phase", ""),
    ("What could be agreed about cost", "half each"),
    ("What could be agreed about cost", "half each; 1,200 and 800"),
    ("Issue 2, or none", ""),
    ("Deed 1 that", ""), ("Deed 1 that", "sluice"), ("Who does sluice?", "upper-mill"),
    ("Who says whether sluice is done?", "upper-mill"), ("Who says whether sluice is done?", ""),
    ("Deed 2 that", ""),
    ("Keep it in which file?", "<"), ("Deed 2 that", "none"),
    ("Keep it in which file?", "ceasefire.yaml"), ("Keep it in which file?", "asked.yaml"),
]

REFUSED = ["there is one called upper-mill already", "a gate cannot wait for", "counts from a ratification",
           "one option is nothing to agree on", "a gate waits for deeds, and there is none",
           "no side verifies itself", "Give it another name"]


def talk(t, typed, *words):
    """At each prompt, in this order, types what belongs there; a prompt may come again."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(t.top)
        os.execve(t.binary, [t.binary, *words], t.env)
    said, at, seen = "", 0, 0
    while select.select([fd], [], [], 20)[0]:
        try:
            part = os.read(fd, 4096)
        except OSError:
            break
        if not part:
            break
        said += part.decode("utf-8", "replace")
        if at < len(typed) and typed[at][0] in said[seen:] and said.endswith(": "):
            seen = len(said)
            os.write(fd, typed[at][1].encode() + b"\n")
            at += 1
    os.close(fd)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    t.report.ok(at == len(typed), "every question came in its turn", said[-600:])
    return status, said


def questions(t):
    status, said = talk(t, TYPED + [
        ("Found the table on it now?", ""), ("The host's folder", "here"), ("The folder of your own seat", ""),
        ("What are you called", ""), ("New passphrase", verbs.PASSPHRASE),
        ("The same again", verbs.PASSPHRASE)], "table", "new", "--cost", "test")
    t.report.ok(status == 0 and "the Widow of Lower Mill" in said, "founded by questions alone", said)
    missing = [r for r in REFUSED if r not in said]
    t.report.ok(not missing, "  what cannot be is refused at once", missing)
    kept = t.do(None, "table", "check", "asked.yaml", passphrase=None)
    t.report.ok(kept["warnings"] == [] and kept["table"] == 'The "Old" weir' and
                kept["issues"][0]["options"] == ["half each", "1,200 and 800"] and
                kept["phases"][0]["gate"][-1] == "no report waits to be assessed" and
                kept["phases"][1]["gate"] == [] and kept["deeds"][0]["verifier"] == "gauge-office",
                "  the file says what was answered", kept)
    shown = t.do("the-house", "table", "show")
    t.report.ok(shown["goal"] == "Rebuild it." and not shown["in_force"], "  and the table stands on it",
                shown)
    status, said = talk(t, [("What is the table called", "Quay"), ("Its goal", "Share it."),
                            ("Who mediates?", "none"), ("Party 1", "Ana"), ("decides for Ana", "herself"),
                            ("Party 2", "Bo"), ("decides for Bo", ""), ("Party 3", ""),
                            ("Who looks", ""), ("first phase", "lease"), ("Phase 2", ""),
                            ("lease: what must hold", ""), ("first issue", "rent"),
                            ("agreed about rent", "1; 2"), ("Issue 2", ""), ("Deed 1", ""),
                            ("Keep it", "quay.yaml"), ("Found the table", "no")], "table", "new")
    t.report.ok(status == 0 and "entente table new quay.yaml" in said and
                not os.path.exists(t.path("ana")), "a small one, kept and not founded", said)
    t.do(None, "table", "check", "quay.yaml", passphrase=None)
    t.fails(None, 2, "table", "new", "--no-input", passphrase=None)


def main():
    report = verbs.Report()
    with tempfile.TemporaryDirectory(prefix="entente-charter-") as top:
        t = verbs.Table(os.path.abspath(sys.argv[1]), top, report)
        templates(t, sys.argv[2])
        faults(t)
        meaning(t)
        questions(t)
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
