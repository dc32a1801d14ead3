#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cases.py ENTENTE: known answers.

Published cases (Nash 1950, six-party scorable games, an Adjusted Winner division, two sets of bidding
rules); small scenarios in the formats of GENIUS, GeniusWeb, NegMAS and NegoLog, whose answers are
worked out here with fractions, over all packages, from what those formats are defined to mean; and
each scenario written in every format that can hold it, with the same answer.  TAP."""
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback
from fractions import Fraction as F

ENTENTE = sys.argv[1]
ROOT = pathlib.Path(os.environ.get("ENTENTE_ROOT", "."))
SHARED = pathlib.Path(os.environ.get("ENTENTE_SHARED", ROOT / ".." / "shared"))
CASES = SHARED / "cases"
HERE = tempfile.TemporaryDirectory()
NEAR = 1e-9
RULES = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")


def entente(*words):
    return subprocess.run([ENTENTE, *map(str, words)], capture_output=True, text=True, check=False)


def answer(verb, *words):
    p = entente(verb, "--json", *words)
    assert p.returncode == 0, p.stdout + p.stderr
    return json.loads(p.stdout)


def write(name, text):
    path = pathlib.Path(HERE.name) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def near(a, b):
    return len(a) == len(b) and all(abs(x - y) <= NEAR for x, y in zip(a, b))


def same_points(got, want, what):
    """As sets; each of ours is one of theirs and the other way round."""
    want = [list(map(float, w)) for w in want]
    assert len(got) == len(want), f"{what}: {len(got)} points, not {len(want)}"
    for p, q in zip(sorted(got), sorted(want)):
        assert near(p, q), f"{what}: {p} is not {q}"


# ---- published cases ----

def nash_1950():
    """Bill and Jack swap what they have: the issue of a good is who gets it."""
    case = json.loads((CASES / "nash1950_bill_jack.json").read_text())
    goods = {**case["bill_goods"], **case["jack_goods"]}
    text = "scenario: Bill and Jack\nissues:\n"
    text += "".join(f"  {g}: [Bill, Jack]\n" for g in goods) + "parties:\n"
    text += "  Bill:\n    no-deal: 12\n    worth:\n"
    text += "".join(f"      {g}: {{Bill: {u[0]}, Jack: 0}}\n" for g, u in goods.items())
    text += "  Jack:\n    no-deal: 6\n    worth:\n"
    text += "".join(f"      {g}: {{Bill: 0, Jack: {u[1]}}}\n" for g, u in goods.items())
    got = answer("analyse", write("nash.yaml", text))
    want = case["published_solution"]
    assert got["exact"] and got["packages"] == "512" and got["disagreement"] == [12, 6]
    assert len(got["nash"]) == 1 and got["nash"][0]["ties"] == 1
    best = got["nash"][0]
    assert best["u"] == [12 + want["gain_bill"], 6 + want["gain_jack"]]
    gives = {g for g, who in best["package"].items() if who == "Jack" and g in case["bill_goods"]}
    takes = {g for g, who in best["package"].items() if who == "Bill" and g in case["jack_goods"]}
    assert gives == set(want["bill_gives"]) and takes == set(want["jack_gives"])
    table = [(a, b) for a, b, _ in case["published_barter_table_gains_product"]]
    frontier = [(u[0] - 12, u[1] - 6) for u in (p["u"] for p in got["frontier"])]
    for row in table:  # it shows some of the 512 packages, beaten ones among them
        assert any(p[0] >= row[0] and p[1] >= row[1] for p in frontier), row
    assert len(set(table) & set(frontier)) >= 5, set(table) & set(frontier)
    assert all(a * b <= want["product"] for a, b in frontier)


def score_sheet(folder, but=()):
    """A game of scores files as a CSV score sheet; without the limits of those in `but`."""
    names = sorted(f.stem for f in folder.iterdir())
    rows = {n: [line.split(",") for line in (folder / f"{n}.txt").read_text().split("\n")
                if line.strip()] for n in names}
    out = ["issue,option," + ",".join(names)]
    for issue in range(5):
        for option in range(len(rows[names[0]][issue])):
            scores = ",".join(rows[n][issue][option].strip() for n in names)
            out.append(f"issue {'ABCDE'[issue]},{option + 1},{scores}")
    out.append("no deal,," + ",".join("-1" if n in but else rows[n][5][0].strip() for n in names))
    return write("game.csv", "\n".join(out) + "\n")


def scorable():
    """720 deals of six parties; how many all sign, all but one, and on the frontier."""
    expected = json.loads((CASES / "scorable" / "expected.json").read_text())
    for game, want in expected.items():
        folder = CASES / "scorable" / game / "scores_files"
        got = answer("analyse", score_sheet(folder), "--all")
        assert got["exact"] and got["packages"] == str(want["deals"])
        everybody = int(got["zone"]["count"])
        assert everybody == want["all_parties_accept"], (game, everybody)
        assert sum(p["ties"] for p in got["frontier"]) == want["pareto_deals"], game
        assert got["disagreement"] == [want["thresholds"][n] for n in got["parties"]]
        without = {n: int(answer("analyse", score_sheet(folder, (n,)))["zone"]["count"])
                   for n in got["parties"]}
        # A deal that all sign is counted once for each party that is left out.
        one_less = sum(without.values()) - 5 * everybody
        assert one_less == want["at_least_n_minus_1"], (game, one_less)
        players = [n for n, role in want["roles"].items() if role == "player"]
        with_both = sum(without[n] for n in players) - 3 * everybody
        assert with_both == want["n_minus_1_incl_p1_and_p2"], (game, with_both)


def adjusted_winner():
    case = json.loads((CASES / "adjusted_winner_example.json").read_text())
    goods = "abcd"
    text = "goods: [a, b, c, d]\nparties:\n"
    for name in ("alice", "bob"):
        points = ", ".join(f"{g}: {p}" for g, p in zip(goods, case[name]))
        text += f"  {name}: {{{points}}}\n"
    got = answer("divide", write("winner.yaml", text))["adjusted_winner"]
    assert got["split"]["keeps"]["fraction"] == "61/156"
    assert got["split"]["receives"]["fraction"] == "95/156"
    assert near(got["points"], [case["expected"]["final_each"]] * 2), got["points"]
    assert got["envy"] == [] and got["first"] == [86, 181]


def bidding():
    """Offer, demand, rule, amount that is close enough, settlement."""
    rows = [(70, 100, "demand", None, 85), (60, 100, "demand", None, None),
            (120, 100, "demand", None, 100), (120, 100, "midpoint", None, 110),
            (10000, 14900, "demand", 5000, 12450), (10000, 15001, "demand", 5000, None),
            (69.99, 100, "demand", None, None), (100, 100, "midpoint", None, 100),
            (0, 0, "demand", None, 0), (99.99, 100.01, "demand", None, 100)]
    for offer, demand, crossed, amount, want in rows:
        text = f"within: 30 %\ncrossed: {crossed}\n"
        text += f"or-within: {amount}\n" if amount else ""
        text += f"demand: {{by: A, rounds: [{demand}]}}\noffer: {{by: B, rounds: [{offer}]}}\n"
        got = answer("bid", write("bid.yaml", text))
        assert got["amount"] == want, (offer, demand, crossed, got)


# ---- answers worked out here ----

def beaten(p, points):
    return any(q != p and all(a >= b for a, b in zip(q, p)) for q in points)


def solve(issues, utilities, reserves):
    """All packages: zone, frontier and the named points, in fractions."""
    points = [tuple(u(x) for u in utilities) for x in itertools.product(*issues)]
    d = [min(p[k] for p in points) if r is None else r for k, r in enumerate(reserves)]
    ideal = [max(p[k] for p in points) for k in range(len(d))]
    zone = [p for p in points if all(a >= b for a, b in zip(p, d))]
    frontier = [p for p in set(zone) if not beaten(p, set(zone))]

    def gains(p):
        return [a - b for a, b in zip(p, d)]

    def product(p):
        v = F(1)
        for g in gains(p):
            v *= g
        return v

    def share(p):
        return min(g / (i - b) for g, i, b in zip(gains(p), ideal, d) if i > b)

    merit = {"nash": product, "kalai_smorodinsky": share,
             "egalitarian": lambda p: sorted(gains(p)), "utilitarian": lambda p: sum(gains(p))}
    best = {}
    for rule, value in merit.items():
        top = max(map(value, frontier))
        best[rule] = [p for p in frontier if value(p) == top]
    return {"packages": len(points), "zone": len(zone), "disagreement": d, "ideal": ideal,
            "frontier": frontier, **best}


def compare(got, want, what):
    assert got["exact"], what
    assert got["packages"] == str(want["packages"]), what
    assert got["zone"]["count"] == str(want["zone"]), (what, got["zone"], want["zone"])
    assert near(got["disagreement"], list(map(float, want["disagreement"]))), what
    assert near(got["ideal"], list(map(float, want["ideal"]))), what
    for key in ("frontier", *RULES):
        same_points([p["u"] for p in got[key]], want[key], f"{what} {key}")


def genius_xml(kind, rows, weights, reserve):
    """A domain (kind None) or a profile.  rows: (name, values or (low, high, slope, offset))."""
    out = ["<negotiation_template>" if kind is None else ""]
    out.append("<utility_space number_of_issues=\"3\"><objective name=\"any\" type=\"objective\">")
    for n, (name, values) in enumerate(rows, 1):
        if isinstance(values, dict):
            out.append(f'<issue index="{n}" name="{name}" type="discrete" etype="discrete">')
            for m, (value, points) in enumerate(values.items(), 1):
                points = "" if kind is None else f' evaluation="{points}"'
                out.append(f'<item index="{m}" value="{value}"{points}/>')
        else:
            low, high, slope, offset = values
            out.append(f'<issue index="{n}" name="{name}" type="integer" etype="integer" '
                       f'lowerbound="{low}" upperbound="{high}">')
            if kind is not None:
                out.append(f'<evaluator ftype="linear" slope="{slope}" offset="{offset}"/>')
        out.append("</issue>")
    if kind is not None:
        out += [f'<weight index="{n}" value="{w}"/>' for n, w in enumerate(weights, 1)]
    out.append("</objective>")
    if kind is not None:
        out.append(f'<discount_factor value="0.9"/><reservation value="{reserve}"/>')
    out.append("</utility_space>" + ("</negotiation_template>" if kind is None else ""))
    return "\n".join(out)


def genius_utility(rows, weights):
    """As GENIUS defines it: an evaluation over the largest of its issue, weights over their sum, a
    whole number by slope and offset from the lower bound, kept within 0 and 1."""
    total = sum(map(F, weights))

    def value(spec, v):
        if isinstance(spec, dict):
            return F(spec[v]) / max(map(F, spec.values()))
        low, _, slope, offset = spec
        return min(F(1), max(F(0), F(slope) * (v - low) + F(offset)))

    return lambda x: sum(F(w) / total * value(spec, v)
                         for (_, spec), w, v in zip(rows, weights, x))


def genius():
    """A berth, a fee, a term; weights that do not add up to 1, evaluations of any size."""
    one = [("berth", {"north": "3", "south": "8", "east": "5"}), ("fee", (10, 18, "-0.125", "1")),
           ("term", {"1 year": "1", "3 years": "4", "5 years": "2", "9 years": "0"})]
    two = [("berth", {"north": "70", "south": "20", "east": "40"}), ("fee", (10, 18, "0.2", "-0.2")),
           ("term", {"1 year": "0", "3 years": "1", "5 years": "2", "9 years": "3"})]
    weights = (["2", "5", "1"], ["0.25", "0.5", "0.5"])
    reserves = ["0.35", "0.3"]
    write("berth/berth.xml", genius_xml(None, one, None, None))
    for name, rows, w, r in (("host", one, weights[0], reserves[0]),
                             ("line", two, weights[1], reserves[1])):
        write(f"berth/{name}.xml", genius_xml(name, rows, w, r))
    want = solve([list(one[0][1]), list(range(10, 19)), list(one[2][1])],
                 [genius_utility(one, weights[0]), genius_utility(two, weights[1])],
                 list(map(F, reserves)))
    got = answer("analyse", pathlib.Path(HERE.name) / "berth")
    assert got["parties"] == ["host", "line"]
    compare(got, want, "GENIUS")
    return pathlib.Path(HERE.name) / "berth"


NEGMAS = {
    "mill": {"weights": [0.4, 0.35, 0.25], "reserved": 0.3,
             "values": [{"spring": 0.2, "summer": 1.0, "autumn": 0.6},
                        {"whole": 1.0, "half": 0.45, "none": 0.1},
                        {"0": 0.0, "1": 0.3, "2": 0.75, "3": 1.0}]},
    "farm": {"weights": [0.3, 0.5, 0.2], "reserved": 0.25,
             "values": [{"spring": 0.9, "summer": 0.1, "autumn": 0.8},
                        {"whole": 0.0, "half": 0.7, "none": 1.0},
                        {"0": 1.0, "1": 0.9, "2": 0.5, "3": 0.05}]},
    "town": {"weights": [0.2, 0.2, 0.6], "reserved": None,
             "values": [{"spring": 0.5, "summer": 0.5, "autumn": 0.5},
                        {"whole": 0.3, "half": 0.9, "none": 0.2},
                        {"0": 0.1, "1": 0.6, "2": 0.8, "3": 0.4}]},
}


def table_utility(party):
    """Sum of weight times value, as it stands: a decimal is the decimal that is written."""
    return lambda x: sum(F(str(w)) * F(str(v[o])) for w, v, o in
                         zip(party["weights"], party["values"], x))


def negmas():
    """Three parties; one of them takes any package over none."""
    names = ["water", "levy", "days"]
    values = [list(v) for v in NEGMAS["mill"]["values"]]
    domain = {"name": "mill", "issues": [
        {"name": n, "type": "CategoricalIssue", "values": v} for n, v in zip(names, values)]}
    write("mill/a_domain.json", json.dumps(domain))
    for name, party in NEGMAS.items():
        reserved = "-.inf" if party["reserved"] is None else party["reserved"]
        text = f"name: {name}\ntype: LinearAdditiveUtilityFunction\nreserved_value: {reserved}\n"
        text += "weights:\n" + "".join(f"- {w}\n" for w in party["weights"]) + "values:\n"
        for v in party["values"]:
            text += "- type: TableFun\n  mapping:\n"
            text += "".join(f"    '{k}': {u}\n" for k, u in v.items())
        write(f"mill/{name}.yml", text)
    text = "name: mill\nissues:\n"
    for n, v in zip(names, values):
        text += f"- name: {n}\n  type: CategoricalIssue\n  values:\n"
        text += "".join(f"  - '{o}'\n" for o in v)
    (pathlib.Path(HERE.name) / "mill" / "a_domain.json").unlink()
    write("mill/a_domain.yml", text)
    parties = sorted(NEGMAS)
    reserve = {n: None if p["reserved"] is None else F(str(p["reserved"]))
               for n, p in NEGMAS.items()}
    want = solve(values, [table_utility(NEGMAS[n]) for n in parties],
                 [reserve[n] for n in parties])
    got = answer("analyse", pathlib.Path(HERE.name) / "mill")
    assert got["parties"] == parties
    compare(got, want, "NegMAS")
    return pathlib.Path(HERE.name) / "mill"


GENIUSWEB = {
    "alpha": {"weights": [0.25, 0.45, 0.3], "bid": ["late", "blue", "3"],
              "values": [{"early": 0.15, "late": 0.5, "never": 1.0},
                         {"red": 0.95, "blue": 0.4, "green": 0.0},
                         {"1": 1.0, "2": 0.4, "3": 0.35, "4": 0.0}]},
    "beta": {"weights": [0.5, 0.2, 0.3], "bid": ["late", "red", "2"],
             "values": [{"early": 1.0, "late": 0.65, "never": 0.0},
                        {"red": 0.25, "blue": 1.0, "green": 0.6},
                        {"1": 0.1, "2": 0.3, "3": 0.8, "4": 1.0}]},
}


def geniusweb():
    """No deal is worth what the reservation bid is worth."""
    names = ["delivery", "colour", "crates"]
    values = [list(v) for v in GENIUSWEB["alpha"]["values"]]
    domain = {"name": "crates", "issuesValues": {n: {"values": v} for n, v in zip(names, values)}}
    write("crates/crates.json", json.dumps(domain))
    for name, party in GENIUSWEB.items():
        space = {"issueUtilities": {n: {"discreteutils": {"valueUtilities": v}}
                                    for n, v in zip(names, party["values"])},
                 "issueWeights": dict(zip(names, party["weights"])), "domain": domain, "name": name,
                 "reservationBid": {"issuevalues": dict(zip(names, party["bid"]))}}
        write(f"crates/{name}.json", json.dumps({"LinearAdditiveUtilitySpace": space}))
    utilities = [table_utility(p) for p in GENIUSWEB.values()]
    want = solve(values, utilities, [u(p["bid"]) for u, p in zip(utilities, GENIUSWEB.values())])
    got = answer("analyse", pathlib.Path(HERE.name) / "crates")
    compare(got, want, "GeniusWeb")
    return pathlib.Path(HERE.name) / "crates"


def negolog():
    """A profile a party; weights and values as they stand."""
    names = ["price", "term"]
    parties = {"A": {"weights": [0.6, 0.4], "reserved": 0.2,
                     "values": [{"10": 0.0, "20": 0.55, "30": 1.0}, {"short": 1.0, "long": 0.2}]},
               "B": {"weights": [0.7, 0.3], "reserved": 0.15,
                     "values": [{"10": 1.0, "20": 0.5, "30": 0.1}, {"short": 0.1, "long": 1.0}]}}
    for name, p in parties.items():
        write(f"deal/profile{name}.json", json.dumps({
            "reservationValue": p["reserved"],
            "issueWeights": dict(zip(names, p["weights"])),
            "issues": dict(zip(names, p["values"]))}))
    want = solve([["10", "20", "30"], ["short", "long"]],
                 [table_utility(p) for p in parties.values()],
                 [F(str(p["reserved"])) for p in parties.values()])
    got = answer("analyse", pathlib.Path(HERE.name) / "deal")
    compare(got, want, "NegoLog")
    return pathlib.Path(HERE.name) / "deal"


# ---- every format to every format that can hold it ----

FORMATS = {"yaml": ".yaml", "genius": "", "geniusweb": "", "negmas-yaml": "", "negmas-json": "",
           "negolog": "", "csv": ".csv"}
SAME = ("parties", "issues", "packages", "exact", "disagreement", "ideal", "zone", "frontier", "nash",
        "kalai_smorodinsky", "egalitarian", "utilitarian", "blocking")


def reordered(answer_, parties):
    """The same with other places for the parties: a folder has them by the names of their files,
    which hold letters, digits and hyphens."""
    if answer_["parties"] == parties:
        return answer_
    at = [answer_["parties"].index(p if p in answer_["parties"] else p.replace(" ", "-"))
          for p in parties]

    def turn(u):
        return [u[k] for k in at]

    out = {**answer_, "parties": parties, "disagreement": turn(answer_["disagreement"]),
           "ideal": turn(answer_["ideal"])}
    for key in ("frontier", *RULES):
        out[key] = sorted(({**p, "u": turn(p["u"])} for p in answer_[key]),
                          key=lambda p: [-x for x in p["u"]])
    out.pop("segments", None)
    return out


def same_answer(a, b, what):
    b = reordered(b, a["parties"])
    for key in SAME:
        assert a[key] == b[key], f"{what}: {key} is {json.dumps(b[key])[:200]}, not " \
                                 f"{json.dumps(a[key])[:200]}"


def round_trips():
    """From each source to each format, and from there to each again: the same answer, or a refusal
    that names what the format cannot say."""
    scenarios = ROOT / "examples" / "scenarios"
    sources = [*sorted(p for p in scenarios.iterdir() if p.stem != "coalition"), genius(), negmas(),
               geniusweb(), negolog()]
    held, refused = {f: 0 for f in FORMATS}, set()
    for source in sources:
        first = answer("analyse", source)
        for a, b in itertools.product(FORMATS, ["yaml", *FORMATS]):
            to = pathlib.Path(HERE.name) / f"trip-{source.stem}-{a}{FORMATS[a]}"
            if not to.exists():
                p = entente("convert", source, to, "--to", a)
                if p.returncode == 3:
                    assert "cannot say" in p.stderr and "mend" in p.stderr, p.stderr
                    refused.add((source.stem, a))
                    continue
                assert p.returncode == 0, p.stderr
                same_answer(first, answer("analyse", to), f"{source.name} as {a}")
                held[a] += 1
            again = pathlib.Path(HERE.name) / f"again-{source.stem}-{a}-{b}{FORMATS[b]}"
            if a == b or again.exists():
                continue
            p = entente("convert", to, again, "--to", b)
            assert p.returncode in (0, 3), p.stderr
            if p.returncode == 0:
                same_answer(first, answer("analyse", again), f"{source.name} as {a}, then as {b}")
    assert held["yaml"] == len(sources), held
    assert all(n >= 2 for n in held.values()) and len(refused) > 10, (held, refused)
    assert sum(held.values()) + len(refused) == len(sources) * len(FORMATS), (held, refused)
    print(f"# {held}, {len(refused)} refused")


def main():
    shared = [nash_1950, scorable, adjusted_winner]
    tests = [*shared, bidding, genius, negmas, geniusweb, negolog, round_trips]
    print(f"1..{len(tests)}")
    bad = 0
    for n, test in enumerate(tests, 1):
        if test in shared and not CASES.exists():
            print(f"ok {n} {test.__name__} # SKIP no cases")
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
