# SPDX-License-Identifier: Apache-2.0
"""The tables of docs/FORMAT.md section 10 and of docs/RULES.md are those of the code."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOM_WORDS = {
    "ROOM_HOME": {"home"},
    "ROOM_SHUTTLE": {"shuttle"},
    "ROOM_PLENARY": {"plenary"},
    "ROOM_PRINCIPALS": {"principals"},
    "ROOM_MONITORS": {"monitors"},
    "ROOM_CONSULT": {"consult"},
    "ROOMS_SHARED": {"plenary", "monitors"},
    "ROOMS_ALL": {"any"},
}


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def section(text, start, end):
    """From the heading that starts so to the one that starts so; both must be there."""
    a = text.index("\n" + start)
    return text[a:text.index("\n" + end, a)]


def table(text, *head):
    """Rows of the table with this head, each a list of cells."""
    lines = text.splitlines()
    at = lines.index("| " + " | ".join(head) + " |")
    rows = []
    for line in lines[at + 2:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
        if len(rows[-1]) != len(head):
            raise AssertionError(f"a row of {head} has {len(rows[-1])} cells: {line}")
    return rows


def code_kinds():
    found = re.findall(r'X\((KIND_\w+), (\d+), "([a-z-]+)", ([A-Z_ |]+), (\w+)\)',
                       read("src/table/kind.h"))
    return {name: (int(no), word, rooms, power) for name, no, word, rooms, power in found}


def code_items():
    return {name: int(no)
            for name, no in re.findall(r"X\((ITEM_\w+), (\d+)\)", read("src/table/payload.h"))}


def code_limits():
    return {name: int(n)
            for name, n in re.findall(r"#define (\w+) (\d+)u\b", read("src/table/payload.h"))}


def code_rules():
    """Kind: (its header 8, {type: (least, most)}) of the table in payload.c."""
    body = re.search(r"kind_rule rules\[\] = \{\n(.*?)\n\};", read("src/table/payload.c"), re.S)[1]
    items, limits = code_items(), code_limits()
    rules = {}
    for rule in re.split(r"(?=\{KIND_)", body)[1:]:
        kind, answers = re.match(r"\{(KIND_\w+),\s*(true|false)", rule).groups()
        counts = {}
        for item, least, most in re.findall(r"\{(ITEM_\w+), (\d+), (\w+)\}", rule):
            counts[items[item]] = (int(least), limits[most] if most in limits else int(most))
        may = kind in ("KIND_VERIFY", "KIND_DECIDE", "KIND_UNDERTAKE")
        header = "none" if answers == "false" else "may" if may else "must"
        rules[kind] = (header, counts)
    return rules


class Format(unittest.TestCase):
    def setUp(self):
        self.text = section(read("docs/FORMAT.md"), "## 10.", "## 11.")
        self.rows = table(self.text, "no", "kind", "items (their types)", "header 8")

    def test_kinds(self):
        told = [(int(row[0]), row[1]) for row in self.rows]
        self.assertEqual(told, [(no, word) for no, word, _, _ in code_kinds().values()])

    def test_items(self):
        told = {row[1]: int(row[0]) for row in table(self.text, "no", "item", "value")}
        code = {name[len("ITEM_"):].lower().replace("_", "-"): no
                for name, no in code_items().items()}
        self.assertEqual(told, code)
        self.assertEqual(list(told.values()), sorted(told.values()))

    def test_items_of_kinds(self):
        names = {no: name for name, no in code_items().items()}
        rules = code_rules()
        kinds = {no: name for name, (no, _, _, _) in code_kinds().items()}
        self.assertEqual(set(rules), set(kinds.values()))
        for no, word, items, header in self.rows:
            with self.subTest(kind=word):
                told, last = {}, 0
                for item in items.split(", ") if items else []:
                    name, number, mark, most = re.fullmatch(
                        r"([a-z-]+)\((\d+)\)([?+*]?)(\d*)", item).groups()
                    number = int(number)
                    self.assertEqual("ITEM_" + name.upper().replace("-", "_"), names[number])
                    self.assertGreaterEqual(number, last, "not in ascending order")
                    last = number
                    least, most = {"": (1, 1), "?": (0, 1)}.get(mark) or (
                        1 if mark == "+" else 0, int(most))
                    before = told.get(number, (0, 0))
                    told[number] = (before[0] + least, before[1] + most)
                said = ("none" if header == "–" else
                        "may" if header.endswith(", or null") else "must")
                self.assertEqual((said, told), rules[kinds[int(no)]])

    def test_kept_numbers_are_free(self):
        kept = re.search(r"^Numbers kept for later work.*$", self.text, re.M)[0]
        numbers = {int(n) for n in re.findall(r"(\d+) [a-z]+[,.]", kept)}
        self.assertGreater(len(numbers), 0)
        self.assertFalse(numbers & {no for no, _, _, _ in code_kinds().values()})


class Rules(unittest.TestCase):
    def setUp(self):
        self.text = read("docs/RULES.md")

    def test_rooms_and_powers(self):
        told = {}
        for kinds, rooms, power in table(section(self.text, "## 3.", "## 4."),
                                         "kind", "rooms", "power"):
            for kind in kinds.split(", "):
                self.assertNotIn(kind, told)
                told[kind] = (set(rooms.split(", ")), power)
        code = {}
        for _, word, rooms, power in code_kinds().values():
            places = set().union(*(ROOM_WORDS[r] for r in rooms.split(" | ")))
            code[word] = (places, "–" if power == "0" else
                          power[len("POWER_"):].lower().replace("_", " "))
        self.assertEqual(told, code)

    def test_refusals(self):
        found = re.findall(r'X\(REFUSED_(\w+), (\d+), "([\d.]*)"\)', read("src/table/refusal.h"))
        code = [(int(no), name.lower().replace("_", " "), rule) for name, no, rule in found][1:]
        rows = table(section(self.text, "## 10.", "## 11."), "no", "name", "rule", "said of")
        self.assertEqual([(int(r[0]), r[1], r[2]) for r in rows], code)

    def test_rules_have_their_place(self):
        rules = set(re.findall(r'X\(REFUSED_\w+, \d+, "([\d.]+)"\)', read("src/table/refusal.h")))
        told = re.findall(r"^(?:\*\*|### )(\d+\.\d+)[ *]", self.text, re.M)
        self.assertFalse(rules - set(told))
        self.assertEqual(len(told), len(set(told)))
        self.assertEqual(told, sorted(told, key=lambda t: [int(n) for n in t.split(".")]))

    def test_mends_name_commands(self):
        """What a refusal says to type is a command."""
        commands = set(re.findall(r"X\((\w+)\)", read("src/cli/command_list.h"))) - {"X"}
        told = set()
        for name in ("rules_v1.c", "rules_v1_offers.c", "rules_v1_deeds.c", "rules_v1_consult.c",
                     "rules_v1_dispute.c", "rules_v1_lever.c", "rules_v1_text.c",
                      "notice.c", "fold.c", "limits.c"):
            text = re.sub(r'"\s*\n\s*"', "", read("src/table/" + name))
            told |= set(re.findall(r"entente ([a-z]+(?: [a-z]+)?)", text))
        self.assertGreater(len(told), 12)
        for words in told:
            with self.subTest(command=words):
                first = words.split()[0]
                self.assertTrue({first, words.replace(" ", "_")} & commands)

    def test_ceilings(self):
        """Every ceiling of ceiling.h stands in rule 3.5 with its words and number."""
        part = self.text[self.text.index("**3.5"):self.text.index("## 4.")].replace(",", "")
        limits = re.findall(r'X\(CEILING_\w+, (\d+)u, "([\w ]+)"\)', read("src/table/ceiling.h"))
        self.assertEqual(len(limits), 15)
        for number, words in limits:
            with self.subTest(limit=words):
                self.assertRegex(part.lower(), rf"{words}[\w ]*:? {number}\b")
        kept = re.search(r"#define KEPT_TEXT_MAX (\d+)u", read("src/table/state.h"))[1]
        self.assertIn(f"first {kept} bytes", part)

    def test_digest(self):
        """As many rows as the outer array has entries, numbered."""
        rows = table(section(self.text, "## 11.", "## 12."), "entry", "what", "encoding")
        count = re.search(r"cbor_put_array\(&b, s->has_charter \? (\d+) : 1\)",
                          read("src/table/state.c"))[1]
        self.assertEqual([int(r[0]) for r in rows], list(range(1, int(count) + 1)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
