#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""wild.py ENTENTE: scenarios written here after what is found in the wild, in the formats of others:
encodings, byte order marks, old spellings, discounts, ranges that do not begin at 0, steps that are
not 1, evaluators of all shapes, profiles that leave things out.  The answers are worked out with
fractions over all packages, from what the formats are defined to mean.  TAP."""
import json
import os
import pathlib
import sys
import traceback
from fractions import Fraction as F

sys.path.insert(0, str(pathlib.Path(os.environ.get("ENTENTE_ROOT", ".")) / "tests" / "cli"))
import cases  # noqa: E402


def put(name, text, encoding="utf-8", mark=b""):
    path = pathlib.Path(cases.HERE.name) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(mark + text.encode(encoding))
    return path


def folder(name):
    return pathlib.Path(cases.HERE.name) / name


def check(name, issues, utilities, reserves, what=None):
    got = cases.answer("analyse", folder(name))
    cases.compare(got, cases.solve(issues, utilities, reserves), what or name)
    return got


def clamp(v):
    return min(F(1), max(F(0), v))


# ---- GENIUS ----

def genius_encodings():
    """Latin-1 with blank lines before the prolog, UTF-16 with its mark, UTF-8 with one; a party that
    has no reservation, and discounts that are read and not applied."""
    colours = ["gr\u00fcn", "wei\u00df", "na\u00efve"]
    places = ["K\u00f8ge", "M\u00e1laga"]

    def space(colour, place, weights, more):
        out = ['<utility_space type="any" number_of_issues="2">',
               '<objective index="0" etype="objective" type="objective" description="" name="x">']
        rows = [("Farbe", colours, colour), ("Ort", places, place)]
        for n, (name, values, points) in enumerate(rows, 1):
            out.append(f'<issue index="{n}" etype="discrete" type="discrete" vtype="discrete" '
                       f'name="{name}">')
            for m, v in enumerate(values):
                score = f' evaluation="{points[m]}"' if points else ""
                out.append(f'<item index="{m + 1}" value="{v}" cost="0"{score} description="d">'
                           '</item>')
            out.append("</issue>")
        for n, w in enumerate(weights, 1):
            out.append(f'<weight index="{n}" value="{w}"></weight>')
        out += ["</objective>", more, "</utility_space>"]
        return "\r\n".join(out)

    put("marks/a_domain.xml", '\n\n  <?xml version="1.0" encoding="ISO-8859-1"?>\n'
        "<negotiation_template>" + space(None, None, [], "") + "</negotiation_template>",
        "iso-8859-1")
    put("marks/b.xml", '<?xml version="1.0" encoding="UTF-16"?>' +
        space([10, 4, 7], [2, 5], ["0.7", "0.3"],
              '<discount_factor value="0.5"/><reservation value="0.4"/>'), "utf-16-le", b"\xff\xfe")
    put("marks/c.xml", space([1, 3, 2], [4, 1], ["3", "1"], '<discount_factor value="0.0"/>'),
        "utf-8", b"\xef\xbb\xbf")
    put("marks/d.xml", '<?xml version="1.0" encoding="UTF-16"?>' +
        space([0, 9, 9], [1, 2], ["0.5", "0.5"], '<reservation value="0.25"/>'),
        "utf-16-be", b"\xfe\xff")
    ranked = [([10, 4, 7], [2, 5], (F(7, 10), F(3, 10))), ([1, 3, 2], [4, 1], (F(3, 4), F(1, 4))),
              ([0, 9, 9], [1, 2], (F(1, 2), F(1, 2)))]
    utilities = [lambda x, c=c, p=p, w=w: w[0] * F(c[x[0]], max(c)) + w[1] * F(p[x[1]], max(p))
                 for c, p, w in ranked]
    got = check("marks", [range(3), range(2)], utilities, [F(2, 5), F(0), F(1, 4)])
    words = {v for p in got["frontier"] for v in p["package"].values()}
    assert words <= {*colours, *places} and got["issues"] == ["Farbe", "Ort"], got


def genius_integers():
    """Ranges that begin anywhere, below 0 too; slope and offset, parameters, ends, a constant; values
    beyond 0 and 1 are cut."""
    def issue(n, name, low, high, evaluator):
        return (f'<issue index="{n}" type="integer" etype="integer" vtype="integer" name="{name}" '
                f'lowerbound="{low}" upperbound="{high}">{evaluator}</issue>')

    rows = [("heads", -3, 4), ("weeks", 7, 19), ("crates", 100, 104)]
    head = '<objective index="0" type="objective" etype="objective" name="root">'
    put("whole/domain.xml", "<negotiation_template><utility_space>" + head +
        "".join(issue(n, *r, "") for n, r in enumerate(rows, 1)) +
        "</objective></utility_space></negotiation_template>")
    shapes = {
        "east": (['<evaluator ftype="linear" slope="0.25" offset="-0.5"/>',
                  '<evaluator ftype="linear" slope="-0.1" offset="1.1"/>',
                  '<evaluator ftype="linear" slope="0.25" offset="0"/>'], ["1", "1", "2"], "0.3"),
        "west": (['<evaluator ftype="linear" slope="-0.2" offset="1"/>',
                  '<evaluator ftype="linear" slope="0.08" offset="0.02"/>',
                  '<evaluator ftype="linear" slope="-0.2" offset="0.9"/>'],
                 ["0.2", "0.3", "0.5"], "0.35"),
    }
    for name, (evaluators, weights, reserve) in shapes.items():
        put(f"whole/{name}.xml", "<utility_space>" + head +
            "".join(issue(n, *r, e) for n, (r, e) in enumerate(zip(rows, evaluators), 1)) +
            "".join(f'<weight index="{n}" value="{w}"/>' for n, w in enumerate(weights, 1)) +
            f'</objective><reservation value="{reserve}"/></utility_space>')

    def utility(lines, weights):
        total = sum(map(F, weights))
        return lambda x: sum(F(w) / total * clamp(F(s) * (v - low) + F(o))
                             for (s, o), w, v, (_, low, _) in zip(lines, weights, x, rows))

    check("whole", [range(low, high + 1) for _, low, high in rows],
          [utility([("0.25", "-0.5"), ("-0.1", "1.1"), ("0.25", "0")], ["1", "1", "2"]),
           utility([("-0.2", "1"), ("0.08", "0.02"), ("-0.2", "0.9")], ["0.2", "0.3", "0.5"])],
          [F("0.3"), F("0.35")])


def genius_reals():
    """Two parties, a range with a line and one with a triangle: no package of a fine grid beats a
    line of the frontier, and all of the grid is beaten or met by one."""
    def issue(n, name, low, high, evaluator):
        return (f'<issue index="{n}" type="real" etype="real" vtype="real" name="{name}">'
                f'<range lowerbound="{low}" upperbound="{high}"/>{evaluator}</issue>')

    rows = [("price", "2.5", "7.5"), ("share", "0", "1")]
    head = '<objective index="0" type="objective" etype="objective" name="root">'
    put("span/domain.xml", "<negotiation_template><utility_space>" + head +
        "".join(issue(n, *r, "") for n, r in enumerate(rows, 1)) +
        "</objective></utility_space></negotiation_template>")
    shapes = {
        "buyer": (['<evaluator ftype="linear" parameter0="1.5" parameter1="-0.2"/>',
                   '<evaluator ftype="triangular" parameter0="0" parameter1="1" '
                   'parameter2="0.25"/>'], ["0.6", "0.4"], "0.2"),
        "seller": (['<evaluator ftype="linear" parameter0="-0.5" parameter1="0.2"/>',
                    '<evaluator ftype="linear" parameter0="0" parameter1="1"/>'],
                   ["0.7", "0.3"], "0.1"),
    }
    for name, (evaluators, weights, reserve) in shapes.items():
        put(f"span/{name}.xml", "<utility_space>" + head +
            "".join(issue(n, *r, e) for n, (r, e) in enumerate(zip(rows, evaluators), 1)) +
            "".join(f'<weight index="{n}" value="{w}"/>' for n, w in enumerate(weights, 1)) +
            f'</objective><reservation value="{reserve}"/></utility_space>')
    got = cases.answer("analyse", folder("span"))
    assert got["method"] == "lines" and got["exact"], got

    def triangle(s):
        return s / F(1, 4) if s <= F(1, 4) else (1 - s) / F(3, 4)

    def buyer(p, s):
        return F("0.6") * clamp(F("1.5") - p / 5) + F("0.4") * triangle(s)

    def seller(p, s):
        return F("0.7") * clamp(p / 5 - F("0.5")) + F("0.3") * s

    grid = {(buyer(p, s), seller(p, s)) for p in (F(5, 2) + F(n, 20) for n in range(101))
            for s in (F(n, 40) for n in range(41))}
    grid = [(float(x), float(y)) for x, y in grid if x >= F("0.2") and y >= F("0.1")]
    rows_ = [p["u"] for p in got["frontier"]]
    parts = [(rows_[b], rows_[a]) for a, b in got["segments"]]
    assert parts
    for x, y in grid:
        held = False
        for (ax, ay), (bx, by) in parts:
            if x <= bx + cases.NEAR and y <= ay + cases.NEAR:
                at = max(x, ax)
                level = ay if bx <= ax else ay + (by - ay) * (at - ax) / (bx - ax)
                held = held or y <= level + cases.NEAR
        assert held, (x, y)
        assert not any(x >= px + cases.NEAR and y >= py + cases.NEAR for px, py in rows_), (x, y)
    d = got["disagreement"]
    best = max((x - d[0]) * (y - d[1]) for x, y in grid)
    nash = got["nash"][0]["u"]
    assert (nash[0] - d[0]) * (nash[1] - d[1]) >= best - cases.NEAR


def genius_boxes():
    """Hyper-rectangles over whole numbers that begin at 3, one of them beyond the range, sums that
    pass maxutility and are cut at 1; a discrete party of the same issues beside it."""
    rows = [("a", 3, 7), ("b", 0, 4), ("c", -2, 1)]
    boxes = [(40, {1: (4, 6)}), (35, {1: (3, 5), 2: (2, 4)}), (30, {2: (0, 2), 3: (-1, 0)}),
             (20, {3: (1, 9)}), (15, {1: (7, 7), 2: (4, 4), 3: (-2, 1)})]
    issues = "".join(f'<issue index="{n}" type="integer" etype="integer" vtype="integer" '
                     f'name="{name}" lowerbound="{low}" upperbound="{high}"/>'
                     for n, (name, low, high) in enumerate(rows, 1))
    head = '<objective index="0" type="objective" etype="objective" name="root">'
    put("boxes/domain.xml", f"<negotiation_template><utility_space>{head}{issues}</objective>"
        "</utility_space></negotiation_template>")
    rectangles = "".join(
        f'<hyperRectangle utility="{u}">' + "".join(
            f'<INCLUDES index="{i}" min="{low}" max="{high}"/>' for i, (low, high) in b.items()) +
        "</hyperRectangle>" for u, b in boxes)
    put("boxes/p.xml", f'<utility_space type="nonlinear">{head}{issues}<utility maxutility="90">'
        f'<ufun type="PlainUfun" weight="1" aggregation="sum">{rectangles}</ufun></utility>'
        '</objective><reservation value="0.3"/></utility_space>')
    lines = "".join(f'<issue index="{n}" type="integer" etype="integer" name="{name}" '
                    f'lowerbound="{low}" upperbound="{high}">'
                    f'<evaluator ftype="linear" slope="{s}" offset="{o}"/></issue>'
                    for n, ((name, low, high), (s, o)) in enumerate(
                        zip(rows, [("-0.2", "0.9"), ("0.25", "0"), ("0.3", "0.05")]), 1))
    put("boxes/q.xml", f"<utility_space>{head}{lines}" +
        "".join(f'<weight index="{n}" value="{w}"/>' for n, w in enumerate((2, 1, 1), 1)) +
        '</objective><reservation value="0.4"/></utility_space>')

    def first(x):
        return min(F(1), F(sum(u for u, b in boxes
                               if all(low <= x[i - 1] <= high for i, (low, high) in b.items())),
                           90))

    def second(x):
        return F(1, 2) * clamp(F("-0.2") * (x[0] - 3) + F("0.9")) + \
            F(1, 4) * clamp(F(1, 4) * x[1]) + F(1, 4) * clamp(F("0.3") * (x[2] + 2) + F("0.05"))

    check("boxes", [range(low, high + 1) for _, low, high in rows], [first, second],
          [F("0.3"), F("0.4")])


def genius_sparse():
    """Old spellings: no objective, the kind of an issue in one attribute only, zero evaluations all
    through an issue, a value that a profile leaves out."""
    put("sparse/domain.xml", """<negotiation_template><utility_space>
<objective><issue index="1" name="one" etype="discrete"><item index="1" value="x"/>
<item index="2" value="y"/><item index="3" value="z"/></issue>
<issue index="2" name="two" vtype="discrete"><item index="1" value="p"/><item index="2" value="q"/>
</issue></objective></utility_space></negotiation_template>""")
    put("sparse/m.xml", """<utility_space><issue index="1" name="one" etype="discrete">
<item index="1" value="x" evaluation="3"/><item index="2" value="y" evaluation="1"/>
<item index="3" value="z" evaluation="2"/></issue>
<issue index="2" name="two" vtype="discrete"><item index="1" value="p" evaluation="0"/>
<item index="2" value="q" evaluation="0"/></issue>
<weight index="1" value="0.5"/><weight index="2" value="0.5"/></utility_space>""")
    put("sparse/n.xml", """<utility_space><objective><issue index="1" name="one" type="discrete">
<item index="1" value="x" evaluation="1"/><item index="3" value="z" evaluation="5"/></issue>
<issue index="2" name="two" type="discrete"><item index="1" value="p" evaluation="2"/>
<item index="2" value="q" evaluation="7"/></issue>
<weight index="1" value="0.25"/><weight index="2" value="0.75"/></objective>
<reservation value="0.2"/></utility_space>""")
    m, n = {"x": 3, "y": 1, "z": 2}, {"x": 1, "y": 0, "z": 5}
    second = {"p": F(2, 7), "q": F(1)}
    got = check("sparse", ["xyz", "pq"],
                [lambda x: F(1, 2) * F(m[x[0]], 3),
                 lambda x: F(1, 4) * F(n[x[0]], 5) + F(3, 4) * second[x[1]]], [F(0), F(1, 5)])
    assert got["notes"], "nothing is said of the value that is left out"


# ---- GeniusWeb ----

def geniusweb_partial():
    """Numbers in steps of 0.5, a line for one party and a table for the other; utilities, weights and
    a bid that leave something out; a party without a bid."""
    domain = {"name": "tide", "issuesValues": {
        "depth": {"range": ["1.0", "3.0", "0.5"]}, "crew": {"range": [4, 9, 1]},
        "flag": {"values": ["none", "red", "blue"]}}}
    depths = [F(n, 2) for n in range(2, 7)]

    def profile(name, utilities, weights, bid):
        space = {"issueUtilities": utilities, "issueWeights": weights, "domain": domain,
                 "name": name}
        if bid is not None:
            space["reservationBid"] = {"issuevalues": bid}
        put(f"tide/{name}.json", json.dumps({"LinearAdditiveUtilitySpace": space}))

    def line(low, low_u, high, high_u):
        return {"numberutils": {"lowValue": low, "lowUtility": low_u, "highValue": high,
                                "highUtility": high_u}}

    profile("pilot", {"depth": line("1.0", 0.0, "3.0", 1.0), "crew": line(4, 1.0, 9, 0.0),
                      "flag": {"discreteutils": {"valueUtilities": {"none": 0.1, "red": 1.0}}}},
            {"depth": 0.4, "crew": 0.4, "flag": 0.2}, {"depth": "1.5", "flag": "red"})
    profile("owner", {"depth": {"discreteutils": {"valueUtilities": {
        "1": 1.0, "1.5": 0.9, "2": 0.3, "2.5": 0.2, "3": 0.0}}},
                      "crew": line(4, 0.0, 9, 1.0)}, {"depth": 0.5, "crew": 0.3, "flag": 0.2}, None)
    flags = {"none": F("0.1"), "red": F(1), "blue": F(0)}

    def pilot(x):
        return F("0.4") * (x[0] - 1) / 2 + F("0.4") * F(9 - x[1], 5) + F("0.2") * flags[x[2]]

    own = dict(zip(depths, map(F, ("1", "0.9", "0.3", "0.2", "0"))))

    def owner(x):
        return F("0.5") * own[x[0]] + F("0.3") * F(x[1] - 4, 5)

    bid = F("0.4") * F(1, 4) + F("0.2")  # crew left out: 0
    got = cases.answer("analyse", folder("tide"))
    names = got["parties"]
    assert sorted(names) == ["owner", "pilot"]
    utilities = {"pilot": pilot, "owner": owner}
    reserves = {"pilot": bid, "owner": None}
    cases.compare(got, cases.solve([depths, range(4, 10), list(flags)],
                                   [utilities[n] for n in names], [reserves[n] for n in names]),
                  "GeniusWeb, partial")


# ---- NegMAS ----

def negmas_functions():
    """Every function without a program in it, weights by name or left out, a bias, whole numbers that
    begin at 12, an integer as the list of values, reserved values below all and left out; JSON."""
    put("fleet/a_domain.yml", """name: fleet
issues:
- {name: buses, type: ContiguousIssue, values: [12, 17]}
- {name: line, type: CategoricalIssue, values: [ring, cross, both]}
- {name: crews, type: DiscreteCardinalIssue, values: [2, 3, 5]}
- {name: shifts, values: 4}
""")
    put("fleet/city.yml", """name: city
type: LinearAdditiveUtilityFunction
reserved_value: 1.6
bias: 0.25
weights: {buses: 0.1, crews: 0.5, shifts: -0.2}
values:
- {type: AffineFun, slope: 0.75, bias: -8}
- {type: TableFun, mapping: {ring: 0.4, cross: 0.7, both: 1.0}}
- {type: IdentityFun}
- {type: LinearFun, slope: 1.5}
""")
    put("fleet/union.yml", """name: union
$type: LinearAdditiveUtilityFunction
reserved_value: -.inf
weights: [1, 2, 1, 1]
values:
  buses: {type: ConstFun, bias: 0.5}
  line: {type: TableFun, mapping: {ring: 1, cross: 0.25}}
  crews: {type: AffineFun, slope: -1, bias: 6}
  shifts: {type: TableFun, mapping: {0: 0, 1: 3, 2: 2, 3: 1}}
""")
    line_c = {"ring": F("0.4"), "cross": F("0.7"), "both": F(1)}
    line_u = {"ring": F(1), "cross": F("0.25"), "both": F(0)}
    shift_u = {0: F(0), 1: F(3), 2: F(2), 3: F(1)}

    def city(x):
        return F("0.25") + F("0.1") * (F("0.75") * x[0] - 8) + line_c[x[1]] + F("0.5") * x[2] - \
            F("0.2") * F("1.5") * x[3]

    def union(x):
        return F("0.5") + 2 * line_u[x[1]] + 6 - x[2] + shift_u[x[3]]

    got = check("fleet", [range(12, 18), list(line_c), [2, 3, 5], range(4)], [city, union],
                [F("1.6"), None])
    assert got["method"] == "merge", "a constant beside the issues hinders nothing"


def negmas_linear():
    """Values taken as numbers: LinearUtilityFunction and AffineUtilityFunction; in JSON."""
    put("sums/sums.json", json.dumps({"name": "sums", "issues": [
        {"name": "tons", "type": "ContiguousIssue", "values": [-2, 3]},
        {"name": "days", "type": "CategoricalIssue", "values": ["1", "2.5", "4"]}]}))
    put("sums/t_a.json", json.dumps({"type": "LinearUtilityFunction", "name": "a",
                                     "reserved_value": 0.5, "weights": [0.75, -0.5]}))
    put("sums/t_b.json", json.dumps({"type": "AffineUtilityFunction", "name": "b", "bias": -1.5,
                                     "weights": {"tons": -1, "days": 2}, "reserved_value": None}))
    days = [F(1), F("2.5"), F(4)]
    check("sums", [range(-2, 4), days],
          [lambda x: F("0.75") * x[0] - x[1] / 2, lambda x: -x[0] + 2 * x[1] - F("1.5")],
          [F("0.5"), None])


def negmas_left_aside():
    """A utility function that is not read is an error, not a party less; another file beside is told."""
    put("aside/sums.yml", "issues:\n- {name: n, type: ContiguousIssue, values: [0, 3]}\n")
    put("aside/t_a.yml", "type: LinearUtilityFunction\nname: a\n")
    put("aside/settings.yml", "steps: 100\n")
    got = cases.answer("analyse", folder("aside"))
    assert got["parties"] == ["a"] and any("settings.yml" in n for n in got["notes"]), got
    put("aside/t_b.yml", "type: negmas.preferences.MappingUtilityFunction\nmapping: {0: 1}\n")
    p = cases.entente("analyse", folder("aside"))
    assert p.returncode == 1 and "MappingUtilityFunction" in p.stderr, p


# ---- NegoLog, score sheets ----

def negolog_sparse():
    """Three profiles and the file of numbers that stands beside them; without a reservation value any
    package is better than none; a value that a profile leaves out counts 0."""
    put("tram/specs.json", json.dumps({"DomainName": "tram", "OutcomeSpaceSize": 6}))
    data = {"A": ({"fare": {"low": 0.0, "mid": 0.6, "high": 1.0}, "seat": {"w": 1, "a": 0.2}}, 0.2),
            "B": ({"fare": {"low": 1.0, "mid": 0.7, "high": 0.0}, "seat": {"w": 0.4}}, None),
            "C": ({"fare": {"low": 0.5, "mid": 1.0, "high": 0.25}, "seat": {"w": 0, "a": 1}}, 0.3)}
    weights = {"A": {"fare": 0.8, "seat": 0.2}, "B": {"seat": 0.5, "fare": 0.5},
               "C": {"fare": 0.3, "seat": 0.7}}
    for name, (issues, reserve) in data.items():
        p = {"issueWeights": weights[name], "issues": issues}
        if reserve is not None:
            p["reservationValue"] = reserve
        put(f"tram/profile{name}.json", json.dumps(p), mark=b"\xef\xbb\xbf" if name == "B" else b"")

    def utility(name):
        issues = data[name][0]
        return lambda x: sum(F(str(weights[name][i])) * F(str(issues[i].get(v, 0)))
                             for i, v in zip(("fare", "seat"), x))

    check("tram", [["low", "mid", "high"], ["w", "a"]], [utility(n) for n in "ABC"],
          [None if data[n][1] is None else F(str(data[n][1])) for n in "ABC"])


def score_sheets():
    """A byte order mark, semicolons, decimal commas, quoted names with the separator in them, points
    out of different sums, a floor that is left open."""
    put("sheet/sheet.csv", "issue;option;Ann;Bo;Cy\r\n\"house; and land\";sold;20,5;18;10\r\n"
        ";kept;40;5,25;0\r\n;let;31;22;5\r\nboat;Ann;9,5;0;2\r\n;Bo;0;12;1\r\n"
        "no deal;;25;15;\r\nout of;;50;40;20\r\ndiscount;;0,9;;\r\n", "utf-8", b"\xef\xbb\xbf")
    house = {"sold": ("20.5", 18, 10), "kept": (40, "5.25", 0), "let": (31, 22, 5)}
    boat = {"Ann": ("9.5", 0, 2), "Bo": (0, 12, 1)}
    out = (50, 40, 20)
    utilities = [lambda x, k=k: (F(house[x[0]][k]) + F(boat[x[1]][k])) / out[k] for k in range(3)]
    got = cases.answer("analyse", folder("sheet") / "sheet.csv")
    assert got["issues"] == ["house; and land", "boat"]
    cases.compare(got, cases.solve([list(house), list(boat)], utilities,
                                   [F(25, 50), F(15, 40), None]), "a score sheet")


def main():
    tests = [genius_encodings, genius_integers, genius_reals, genius_boxes, genius_sparse,
             geniusweb_partial, negmas_functions, negmas_linear, negmas_left_aside,
             negolog_sparse, score_sheets]
    print(f"1..{len(tests)}")
    bad = 0
    for n, test in enumerate(tests, 1):
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
