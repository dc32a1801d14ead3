#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A text from its first draft to its ratification, through the program, by several seats.

    tests/cli/text.py ENTENTE

Every verb of the text is used, every refusal that the clock lets one reach is reached, and has sent
nothing.  The real clock runs.  TAP on standard output.
"""
import json
import os
import pathlib
import sys
import tempfile
import xml.etree.ElementTree as xml

import verbs

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_schema  # noqa: E402

CHARTER = """\
table: River talks
goal: Share the river.
mediation: {id: meridia, name: Meridia, principal: President}
parties:
  - {id: kestria, name: Kestria, principal: President, seats: [envoy]}
  - {id: velland, name: Velland, principal: President, seats: [envoy]}
phases:
  - id: water
    gate: [adopted: text, ratified: all]
  - id: dams
issues:
  - {id: share, phase: dams, options: [half each, by use]}
"""

FIRST = """\
# The river

Both sides want <peace> & water.

## Guns on the bank

Guns go back ten kilometres from the bank.

## Water {#water}

Each side takes half.
### In a dry year
Each takes what it needs.

```
## no heading
```
"""

AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"


def come_together(t):
    t.write("river.yaml", CHARTER)
    t.do("rhee", "table", "new", "river.yaml", "--host", "host", "--name", "Rhee", "--cost", "test")
    t.join("voss", "rhee", "kestria")
    t.join("maro", "rhee", "velland")
    for who in ("rhee", "voss", "maro"):
        t.do(who, "sync")
        t.do(who, "sign", "charter", "--yes")
    t.round("rhee", "voss", "maro")


def drafting(t):
    error = t.fails("voss", 2, "text", "show")
    t.report.ok("no text yet" in error["what"] and "entente draft" in error["mend"], "no text yet", error)
    t.write("first.md", FIRST)
    t.write("empty.md", "")
    t.write("two.md", "# A {#a}\n\nx\n\n# B {#a}\n\ny\n")
    t.write("latin.md", b"# A\n\nSpa\xdf\n")
    for name in ("empty.md", "two.md", "latin.md"):
        t.fails("rhee", 1, "draft", name)
    t.refused("voss", "13.1", "draft", "first.md")
    t.refused("rhee", "5.2", "draft", "first.md", "--phase", "dams")
    t.do("rhee", "draft", "first.md", "--note", "to begin with")
    shown = t.do("voss", "sync") and t.do("voss", "text", "show")
    t.report.ok([a["id"] for a in shown["articles"]] == ["preamble", "guns-on-the-bank", "water"] and
                shown["articles"][2]["text"].endswith("## no heading\n```") and
                shown["version"] == 1 and not shown["adopted"], "headings are articles", shown)
    t.refused("rhee", "6.3", "draft", "first.md")
    t.do("rhee", "text", "export", "one.md")
    t.refused("rhee", "6.3", "draft", "one.md")  # the very words: nothing was lost on the way
    status, words, _ = t.run("voss", "text", "show")
    t.report.ok(status == 0 and "2. Guns on the bank (guns-on-the-bank)" in words and
                "    Guns go back ten kilometres" in words, "  in words, too", words)


def brackets(t):
    t.do("voss", "bracket", "guns-on-the-bank", "five", "--for", "ten", "--reason", "the road")
    t.do("maro", "sync")
    t.refused("maro", "6.3", "bracket", "guns-on-the-bank", "five", "--for", "ten")
    error = t.fails("maro", 2, "bracket", "guns-on-the-bank", "x", "--for", "ba")
    t.report.ok("nowhere" in error["what"] or "once" in error["what"], "a passage stands once", error)
    t.fails("maro", 2, "bracket", "guns-on-the-bank", "x", "--for", "eleven")
    t.refused("maro", "6.1", "bracket", "fish", "Fish are free.")
    t.do("maro", "bracket", "fish", "Fish are free.", "--title", "Fish", "--after", "water")
    t.do("maro", "bracket", "water", "--for", " what it needs", "--strike")
    t.refused("rhee", "6.5", "support", "B1")
    t.fails("maro", 2, "object", "B1")
    t.refused("maro", "13.4", "object", "B1", "--reason", " ")
    t.do("maro", "object", "B1", "--reason", "too near the road")
    t.refused("rhee", "13.5", "clean", "B1")
    t.refused("voss", "13.7", "clean", "1")
    t.refused("voss", "13.1", "silence", "B2")
    t.refused("rhee", "13.7", "silence", "B1")
    asked = t.do("rhee", "silence", "B2", "--note", "for the wording")
    t.report.ok("B2" in asked["words"], "silence is asked for", asked)
    t.refused("rhee", "13.7", "silence", "B2")
    t.refused("rhee", "13.7", "clean", "B2")
    shown = t.do("rhee", "text", "show")
    b = {x["number"]: x for x in shown["brackets"]}
    t.report.ok(b[1]["supported_by"] == ["Kestria"] and b[1]["objected_to_by"] == ["Velland"] and
                b[2]["new_article"] and b[2]["silence"]["stage"] == "not begun" and
                b[2]["silence"]["not_seen_by"] == ["Kestria", "Velland"] and b[3]["words"] == "",
                "who supports what, and what silence waits for", shown)
    words = t.run("rhee", "text", "show")[1]
    t.report.ok("Guns go back [-ten-]{+five+} kilometres" in words and "because: the road" in words and
                "objected to by Velland" in words, "  as a redline", words)
    t.refused("voss", "13.5", "adopt", "--yes")
    t.do("maro", "support", "B1", "--reason", "we were heard")
    t.do("rhee", "clean", "B1")
    t.do("voss", "sync")
    t.do("voss", "support", "B2")
    t.do("voss", "clean", "B2")
    t.do("maro", "clean", "B3", "--drop")
    shown = t.do("voss", "sync") and t.do("voss", "text", "show")
    t.report.ok(shown["version"] == 3 and [a["id"] for a in shown["articles"]][-1] == "fish" and
                shown["articles"][1]["text"] == "Guns go back five kilometres from the bank." and
                shown["brackets"] == [], "cleaned", shown)


def redlines(t):
    diff = t.do("voss", "text", "diff", "1", "3")
    guns = next(a for a in diff["articles"] if a["id"] == "guns-on-the-bank")
    t.report.ok([(p["kind"], p["words"]) for p in guns["text"]][1:3] ==
                [("gone", "ten"), ("new", "five")] and not diff["coarse"], "word by word", guns)
    status, words, _ = t.run("voss", "text", "diff")
    t.report.ok(status == 0 and "{+Fish are free.+}" in words and "\033" not in words and
                "3 articles are as before" in words, "  of the newest, without colour", words)
    t.fails("voss", 2, "text", "diff", "1", "9")
    t.fails("voss", 2, "text", "show", "9")
    old = t.do("voss", "text", "show", "1")
    t.report.ok("ten" in old["articles"][1]["text"] and not old["newest"], "an old version is kept", old)


def exports(t):
    made = t.do("voss", "text", "export", "text.md")
    t.report.ok(made["version"] == 3 and len(made["digest"]) == 64, "written as Markdown", made)
    t.do("voss", "sync")
    t.do("voss", "text", "export", "text.html", "--as", "html")
    page = t.read("text.html")
    t.report.ok("&lt;peace&gt; &amp; water" in page and "<peace>" not in page and
                "<script" not in page, "HTML, escaped", page)
    t.do("voss", "text", "export", "redline.html", "--as", "redline", "--since", "1")
    page = t.read("redline.html")
    t.report.ok("<del>ten</del><ins>five</ins>" in page, "a redline", page)
    t.fails("voss", 2, "text", "export", "x.html", "--as", "redline")
    t.fails("voss", 2, "text", "export", "x.doc", "--as", "doc")
    t.do("voss", "text", "export", "text.xml", "--as", "akn")
    akoma_ntoso(t, xml.parse(t.path("text.xml")).getroot())


# Of the schema of Akoma Ntoso 1.0, part 2: children in their order, with how many ("?", "*", "+").
SCHEMA = {
    "akomaNtoso": ["doc"],
    "doc": ["meta", "preface?", "mainBody"],
    "meta": ["identification", "references*"],
    "identification": ["FRBRWork", "FRBRExpression", "FRBRManifestation"],
    "FRBRWork": ["FRBRthis", "FRBRuri", "FRBRdate+", "FRBRauthor+", "FRBRcountry"],
    "FRBRExpression": ["FRBRthis", "FRBRuri", "FRBRdate+", "FRBRauthor+", "FRBRversionNumber?",
                       "FRBRlanguage+"],
    "FRBRManifestation": ["FRBRthis", "FRBRuri", "FRBRdate+", "FRBRauthor+", "FRBRformat?"],
    "references": ["TLCOrganization*", "TLCObject*"],
    "preface": ["p"], "p": ["docTitle?"], "docTitle": [],
    "mainBody": ["article+"],
    "article": ["num?", "heading?", "content"],
    "num": [], "heading": [], "content": ["p+"],
}
ATTRIBUTES = {
    "doc": {"name"}, "identification": {"source"}, "references": {"source"},
    "FRBRthis": {"value"}, "FRBRuri": {"value"}, "FRBRdate": {"date", "name"},
    "FRBRauthor": {"href"}, "FRBRcountry": {"value"}, "FRBRversionNumber": {"value"},
    "FRBRlanguage": {"language"}, "FRBRformat": {"value"},
    "TLCOrganization": {"eId", "href", "showAs"}, "TLCObject": {"eId", "href", "showAs"},
    "article": {"eId"}, "content": {"eId"},
}


def wrong_in(element):
    """What breaks the schema, as words."""
    name = element.tag.removeprefix(AKN)
    wrong = [] if element.tag.startswith(AKN) else [f"{name}: another namespace"]
    if set(element.attrib) != ATTRIBUTES.get(name, set()):
        wrong.append(f"{name}: attributes {sorted(element.attrib)}")
    children = [c.tag.removeprefix(AKN) for c in element]
    at = 0
    for rule in SCHEMA.get(name, []):
        plain = rule.rstrip("?*+")
        n = 0
        while at < len(children) and children[at] == plain:
            at, n = at + 1, n + 1
        least, most = {"?": (0, 1), "*": (0, 999), "+": (1, 999)}.get(rule[-1], (1, 1))
        if not least <= n <= most:
            wrong.append(f"{name}: {n} of {plain}")
    if at != len(children):
        wrong.append(f"{name}: {children[at]} does not stand here")
    return wrong + [w for c in element for w in wrong_in(c)]


PANDOC = """\
#!/bin/sh
# Stands for pandoc: says what it was asked, as Markdown.
[ "$1 $2 $3 $4 $5" = "--sandbox --from docx --to commonmark" ] || exit 9
printf '# Treaty\\n\\n## Guns\\n\\nThey go, says '
cat "$8"
"""


def imports(t):
    """A .docx goes through pandoc where there is one; who has none is told."""
    t.write("treaty.docx", "the file.")
    error = t.fails("rhee", 1, "text", "import", "treaty.docx", env={"PATH": t.path("nowhere")})
    t.report.ok("no program pandoc" in error["what"] and "install pandoc" in error["mend"],
                "no pandoc, and who has none is told", error)
    os.mkdir(t.path("bin"))
    t.write("bin/pandoc", PANDOC)
    os.chmod(t.path("bin/pandoc"), 0o755)
    path = {"PATH": t.path("bin") + ":/usr/bin:/bin"}
    t.fails("rhee", 1, "text", "import", "none.docx", env=path)
    t.fails("rhee", 1, "text", "import", "treaty.odt", env=path)
    t.write("treaty.odt", "x")
    t.fails("rhee", 1, "text", "import", "treaty.odt", env=path)
    t.do("rhee", "text", "import", "treaty.docx", env=path)  # the next phase is open
    shown = t.do("rhee", "text", "show")
    t.report.ok(shown["articles"][0]["text"] == "They go, says the file." and shown["phase"] == "dams",
                "imported in one step", shown)
    t.do("rhee", "text", "import", "text.md")  # Markdown needs nobody
    t.report.ok(len(t.do("rhee", "text", "show")["articles"]) == 4, "  and back again")


def with_a_package(t):
    """The second phase has an issue, too: its package takes the adopted text with it."""
    t.refused("rhee", "13.2", "propose", "share=1", "--with-text")
    for who in ("voss", "maro"):
        t.do(who, "sync")
        t.do(who, "adopt", "--yes")
    t.do("rhee", "sync")
    t.do("rhee", "propose", "share=1", "--with-text")
    p = t.do("rhee", "proposals")["proposals"]
    t.report.ok([x["text_version"] for x in p] == [3, 4, 2, 2] and p[3]["package"] == {"share": "half each"}
                and p[2]["package"] == {}, "a package goes with the adopted text", p)
    words = t.run("rhee", "proposals")[1]
    t.report.ok("share: half each; with version 2 of the text" in words, "  in words, too", words)


def akoma_ntoso(t, root):
    wrong = wrong_in(root)
    t.report.ok(wrong == [], "Akoma Ntoso has the structure of its schema", wrong)
    ids = [e.attrib["eId"] for e in root.iter() if "eId" in e.attrib]
    t.report.ok(len(ids) == len(set(ids)) and "art_guns-on-the-bank" in ids, "  each id once", ids)
    refs = {e.attrib["href"][1:] for e in root.iter(AKN + "FRBRauthor")} | {"entente"}
    t.report.ok(refs <= set(ids), "  and who is named is declared", (refs, ids))
    text = "".join(root.find(f"{AKN}doc/{AKN}mainBody").itertext())
    t.report.ok("<peace> & water" in text and "Fish are free." in text, "  all words are there", text)


def adoption(t):
    t.refused("rhee", "6.5", "adopt", "--yes")
    t.refused("voss", "13.2", "adopt", "1", "--yes")
    t.fails("voss", 2, "adopt", "--no-input")
    t.do("maro", "sync")
    moves = t.do("maro", "moves")
    t.report.ok(any("adopt" in m for m in moves["needs_you"]), "who owes an answer is told", moves)
    t.do("voss", "adopt", "--yes")
    error = t.fails("voss", 2, "request", "ratify", "P1", "--out", "p1.req")
    t.report.ok("several acts" in error["what"] and "entente draft" in error["mend"],
                "a text of several acts is not signed elsewhere", error)
    t.do("rhee", "draft", "text.md", "--note", "clean and whole")
    t.do("voss", "sync")
    t.refused("voss", "13.2", "adopt", "3", "--yes")
    t.refused("voss", "6.2", "answer", "P1", "--reject", "--reason", "no")
    t.do("voss", "adopt", "4", "--yes")
    t.refused("voss", "6.3", "adopt", "--yes")
    t.do("maro", "sync")
    t.refused("maro", "13.2", "answer", "P2", "--accept", "ad-referendum", "--yes")
    t.refused("maro", "6.4", "ratify", "P2", "--yes")
    t.do("maro", "adopt", "--yes")
    t.round("rhee", "voss", "maro", "rhee")
    t.refused("rhee", "6.3", "draft", "first.md")
    shown = t.do("rhee", "text", "show")
    t.report.ok(shown["adopted"] and shown["adopted_by"] == ["Kestria", "Velland"], "adopted", shown)
    journey = t.run("rhee", "journey")[1]
    t.report.ok("the text is adopted: version 4" in journey, "  the gate says so", journey)
    proposals = t.run("rhee", "proposals")[1]
    t.report.ok("version 4 of the text" in proposals, "  and so do the proposals", proposals)
    t.refused("voss", "8.1", "gate", "open", "water", "--yes")
    t.do("voss", "ratify", "P2", "--yes")
    t.do("maro", "sync")
    asked = t.do("maro", "request", "ratify", "P2", "--out", "p2.req")
    t.report.ok("Fish are free." in asked["words"] and "this very text" in asked["words"],
                "a principal elsewhere reads the words", asked)
    t.do(None, "sign", "p2.req", "--key", "maro/seat.key", "--out", "p2.signed", "--yes")
    t.do("maro", "ratify", "P2", "--signed", "p2.signed")
    t.round("rhee", "voss", "maro", "rhee")
    t.do("voss", "sync")
    t.do("voss", "gate", "open", "water", "--yes")
    t.report.ok("dams" in t.run("voss", "journey")[1], "ratified by both, the gate opens")
    since = t.do("voss", "since", "0")
    said = [a["words"] for a in since["acts"] if a["room"] == "plenary" and not a["void"]]
    t.report.ok(any("drafts the text of phase water" in w for w in said) and
                any("adopts version 4 of the text" in w for w in said) and
                any("takes into the text B1" in w for w in said), "the log tells it", said)


class Table(verbs.Table):
    def do(self, seat, *words, **more):
        """What has a schema fits it, each time."""
        answer = super().do(seat, *words, **more)
        name = {"show": "text", "diff": "text-diff"}.get(words[1]) if words[0] == "text" else None
        if name is not None:
            wrong = check_schema.check(json.loads((ROOT / f"docs/schema/{name}.json").read_text()),
                                       answer)
            if wrong:
                self.report.ok(False, f"{' '.join(words)} fits its schema", wrong)
        return answer

    def write(self, name, content):
        with open(self.path(name), "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as f:
            return f.read()


def main():
    report = verbs.Report()
    with tempfile.TemporaryDirectory() as top:
        t = Table(os.path.abspath(sys.argv[1]), top, report)
        for step in (come_together, drafting, brackets, redlines, exports, adoption, imports,
                     with_a_package):
            step(t)
    print(f"1..{report.count}")
    sys.exit(1 if report.failed else 0)


if __name__ == "__main__":
    main()
