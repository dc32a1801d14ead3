#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""schema.py ENTENTE: real answers of analyse, divide and bid against docs/schema.

Answers of all examples and of public scenarios fit; the same answers with any key taken away, or one
added, do not, but for the keys that a schema leaves free.  Where Debian's python3-jsonschema is
there, it must agree with tools/check_schema.py on each.  TAP on standard output.
"""
import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback

ENTENTE = sys.argv[1]
ROOT = pathlib.Path(os.environ.get("ENTENTE_ROOT", "."))
SHARED = pathlib.Path(os.environ.get("ENTENTE_SHARED", ROOT / ".." / "shared"))
SCENARIOS = pathlib.Path(os.environ.get("ENTENTE_SCENARIOS", SHARED / "scenarios"))
sys.path.insert(0, str(ROOT / "tools"))
import check_schema  # noqa: E402

try:
    import jsonschema
except ImportError:
    jsonschema = None

SCHEMA = {n: json.loads((ROOT / "docs" / "schema" / f"{n}.json").read_text())
          for n in ("analyse", "divide", "bid", "failed")}

# A key of an answer that may be missing, by the schema itself.
FREE = {"analyse": {"lotteries", "bounds", "least_concession", "from"}, "divide": set(), "bid": set(),
        "failed": {"name"}}


def answers(verb, *words):
    p = subprocess.run([ENTENTE, verb, "--json", *map(str, words)], capture_output=True, text=True,
                       check=False)
    assert p.returncode == 0, p.stdout + p.stderr
    return [json.loads(line) for line in p.stdout.splitlines()]


def fits(verb, value):
    found = check_schema.check(SCHEMA[verb], value)
    if jsonschema is not None:
        other = jsonschema.Draft202012Validator(SCHEMA[verb]).is_valid(value)
        assert other == (not found), (verb, found)
    return found


def hold(verb, *words):
    got = answers(verb, *words)
    for g in got:
        seen = {**g, "frontier": g["frontier"][:500]} if "frontier" in g else g
        assert not fits(verb, seen), (words, fits(verb, seen))
    return got


def objects(v, path=()):
    """Each object within a value: its path."""
    if isinstance(v, dict):
        yield path
        for k, inner in v.items():
            yield from objects(inner, (*path, k))
    elif isinstance(v, list):
        for n, inner in enumerate(v[:2]):
            yield from objects(inner, (*path, n))


def at(v, path):
    for p in path:
        v = v[p]
    return v


# Objects whose keys are names of the scenario or the file.
NAMED = {"package", "owner", "given"}


def named(path):
    return any(p in NAMED for p in path)


def mutations(verb, value):
    """(what was done, the value)"""
    for path in objects(value):
        if named(path):
            continue
        m = copy.deepcopy(value)
        at(m, path)["surprise"] = 1
        yield f"surprise at {path}", m
        for key in at(value, path):
            if not (path == () and key in FREE[verb]):
                m = copy.deepcopy(value)
                del at(m, path)[key]
                yield f"no {key} at {path}", m


def small(g):
    """The same with short lists: what is checked is each kind of item, not each item."""
    return {k: v[:2] if k in ("frontier", "nash", "egalitarian", "kalai_smorodinsky", "utilitarian")
            and isinstance(v, list) else v for k, v in g.items()}


def strict(verb, value):
    count = 0
    for what, m in mutations(verb, small(value)):
        assert fits(verb, m), f"{verb}: {what} passes"
        count += 1
    assert count > 10, count


def examples():
    seen = 0
    for folder, verb in (("scenarios", "analyse"), ("division", "divide"), ("bidding", "bid")):
        for path in sorted((ROOT / "examples" / folder).iterdir()):
            extra = ["--budget-time", 1] if verb != "bid" else []
            hold(verb, path, *extra)
            seen += 1
    assert seen >= 9, seen


def every_key():
    """All keys that a schema names are in some answer here."""
    scenarios = ROOT / "examples" / "scenarios"
    with tempfile.TemporaryDirectory() as t:
        apart = pathlib.Path(t) / "apart.yaml"
        apart.write_text("issues:\n  a: [x, y]\nparties:\n"
                         "  P: {no-deal: 2, worth: {a: {x: 2, y: 0}}}\n"
                         "  Q: {no-deal: 2, worth: {a: {x: 0, y: 2}}}\n")
        wide = pathlib.Path(t) / "wide.yaml"
        issues = "".join(f"  i{n}: {{from: 0, to: 99}}\n" for n in range(8))
        levels = "".join(f"      i{n}: {{0: 0, 99: 9}}\n" for n in range(8))
        boxes = "".join(f"      - {{when: {{i{n}: 20..60, i{n + 1}: 30..70}}, worth: {n + 1}}}\n"
                        for n in range(7))
        wide.write_text(f"issues:\n{issues}parties:\n" + "".join(
            f"  {p}:\n    worth:\n{levels}    together:\n{boxes}" for p in "PQ"))
        first = answers("analyse", scenarios / "divorce.csv")[0]["frontier"][0]["package"]
        package = ", ".join(f"{k}={v}" for k, v in {**first, "house": "sold"}.items())
        got = [*hold("analyse", scenarios / "divorce.csv", "--lotteries", "--from", package),
               *hold("analyse", scenarios / "water.yaml", "--lotteries"),
               *hold("analyse", scenarios / "wage.yaml", "--lotteries"),
               *hold("analyse", apart), *hold("analyse", apart, "--all"),
               *hold("analyse", scenarios / "ceasefire.yaml", scenarios / "wage.yaml"),
               *hold("analyse", wide, "--budget-time", 1)]
    keys = set().union(*got)
    assert keys == set(SCHEMA["analyse"]["properties"]), \
        keys ^ set(SCHEMA["analyse"]["properties"])
    for g in got:
        strict("analyse", g)


def divisions_and_bids():
    for path in sorted((ROOT / "examples" / "division").iterdir()):
        strict("divide", hold("divide", path)[0])
    with tempfile.TemporaryDirectory() as t:
        path = pathlib.Path(t) / "b.yaml"
        for offer, crossed in ((1, "demand"), (9, "demand"), (12, "demand"), (12, "midpoint")):
            path.write_text(f"within: 10 %\ncrossed: {crossed}\n"
                            "demand: {by: A, rounds: [10]}\n"
                            f"offer: {{by: B, rounds: [{offer}]}}\n")
            strict("bid", hold("bid", path)[0])


def failures():
    """Of several scenarios one that fails has a line of its own; alone it has no name."""
    good = ROOT / "examples" / "scenarios" / "ceasefire.yaml"
    for words in ([good, "/nonexistent/x.yaml"], ["/nonexistent/x.yaml"]):
        p = subprocess.run([ENTENTE, "analyse", "--json", *map(str, words)], capture_output=True,
                           text=True, check=False)
        assert p.returncode == 1, p
        line = json.loads(p.stdout.splitlines()[-1])
        assert ("name" in line) == (len(words) > 1) and not fits("failed", line), line
        assert fits("analyse", line)
        for what, m in mutations("failed", line):
            assert fits("failed", m), what


def values():
    """Not only keys: a wrong type, number or word is found as well."""
    g = answers("analyse", ROOT / "examples" / "scenarios" / "divorce.csv")[0]
    wrong = [("v", 2), ("v", True), ("packages", 162), ("packages", "-1"), ("exact", "yes"),
             ("gap", -1), ("method", "guess"), ("parties", []), ("zone", {"exists": True}),
             ("zone", {"exists": True, "count": "1", "interval": ["1", "2"]}),
             ("zone", {"exists": True, "interval": ["1"]}), ("disagreement", ["0.4"]),
             ("blocking", [[]]), ("seconds", None)]
    for key, value in wrong:
        assert fits("analyse", {**g, key: value}), (key, value)


def the_checker():
    """What it cannot check it does not pass."""
    for schema in ({"format": "date"}, {"items": {"uniqueItems": True}},
                   {"properties": {"a": {"allOf": []}}}):
        try:
            check_schema.check(schema, {"a": [1]} if "properties" in schema else [1])
        except check_schema.Unknown:
            continue
        raise AssertionError(schema)
    p = subprocess.run([sys.executable, ROOT / "tools" / "check_schema.py",
                        ROOT / "docs" / "schema" / "bid.json"], input='{"v":1}\n', text=True,
                       capture_output=True, check=False)
    assert p.returncode == 1 and "line 1: $: name is missing" in p.stdout, p.stdout


def public_scenarios():
    names = ["y2011_NiceOrDie", "y2013_Laptop", "y2012_CarA", "other_Domain8", "gw_Fitness",
             "yml_anac2017_MyDomain", "nego_domain0", "synthetic_hr4", "y2015_group9-vacation",
             "real_2nd_hand_car", "nl_10issues", "other_pie", "Railway"]
    for name in names:
        hold("analyse", SCENARIOS / name, "--budget-time", 1)


def main():
    tests = [examples, every_key, divisions_and_bids, failures, values, the_checker,
             public_scenarios]
    print(f"1..{len(tests)}")
    bad = 0
    for n, test in enumerate(tests, 1):
        if test is public_scenarios and not SCENARIOS.exists():
            print(f"ok {n} {test.__name__} # SKIP no scenarios")
            continue
        try:
            test()
            print(f"ok {n} {test.__name__}")
        except AssertionError:
            bad += 1
            print(f"not ok {n} {test.__name__}")
            print("# " + traceback.format_exc().replace("\n", "\n# "))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
