#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The model beside the code: reads the records that the simulator writes and compares, act by act,
what counts, and at the end the state.

    compare.py SIM [sim's own arguments]     plays into a folder of its own, then compares
    compare.py FILE.jsonl...
"""
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rules import Table  # noqa: E402

SHOWN = 8


def bits(sides):
    return sum(1 << s for s in sides)


def state_of(t):
    groups = range(t.c["parties"] + 1)
    return {
        "in_force": t.in_force,
        "proposals": [{
            "act": p.act, "withdrawn": p.withdrawn, "crossed": bits(p.crossed),
            "agreed": p.agreed, "bound": p.bound, "contested": p.contested,
            "answers": [p.answers[g]["i"] if g in p.answers else 0 for g in groups],
            "ratified": [p.ratified[g]["i"] if g in p.ratified else 0 for g in groups],
        } for p in t.proposals],
        "mandates": [{"act": m["act"], "revoked": m["revoked"]} for m in t.mandates],
        "points": [{"label": o["label"], "closed": o["closed"]} for o in t.points],
        "deeds": [{k: d[k] for k in ("promised", "says", "verified", "late", "lapsed")}
                  for d in t.deeds],
        "incidents": [{"act": x["act"], "verdict": x["verdict"]} for x in t.incidents],
        "confirms": [{"act": i, "sides": bits(c["sides"]), "principals": bits(c["principals"])}
                     for i, c in t.confirms.items()],
        "phases": [{"opened": o, "gate": g} for o, g in zip(t.opened, t.gate)],
        "parked": t.parked,
    }


def compare(path):
    lines = [json.loads(x) for x in path.read_text(encoding="utf-8").splitlines()]
    table, wrong = Table(lines[0]), []
    for a in lines[1:-1]:
        counts = table.read(a)
        if counts is not None and counts != (a["void"] == 0):
            wrong.append(f"{path.name}, act {a['i']} (kind {a['kind']} in {a['room']}): the model "
                         f"{'counts it' if counts else 'finds it void'}, the code says "
                         f"{a['void']}")
    mine, theirs = state_of(table), lines[-1]
    for key, value in mine.items():
        if value != theirs[key]:
            wrong.append(f"{path.name}, {key}: the model has {json.dumps(value)}, the code "
                         f"{json.dumps(theirs[key])}")
    return len(lines) - 2, wrong


def main():
    with tempfile.TemporaryDirectory() as folder:
        paths = [pathlib.Path(x) for x in sys.argv[1:]]
        if paths and paths[0].suffix != ".jsonl":
            subprocess.run([*sys.argv[1:], "--logs", folder], check=True,
                           stdout=subprocess.DEVNULL)
            paths = sorted(pathlib.Path(folder).iterdir())
        acts, wrong = 0, []
        for path in paths:
            n, said = compare(path)
            acts += n
            wrong += said
    for line in wrong[:SHOWN]:
        print(line)
    print(f"model: {len(paths)} records, {acts} acts, {len(wrong)} differences")
    sys.exit(1 if wrong or not paths else 0)


if __name__ == "__main__":
    main()
