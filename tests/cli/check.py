#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""entente check, from outside: on what it made, on a replica altered on its disk, and side by side
with the independent checker on files of which a byte was changed.

check.py ENTENTE LAKE_EXCERPT: seeded; ENTENTE_LONG=1 takes another seed and twenty times the changes.
"""
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
import verify  # noqa: E402

LONG = os.environ.get("ENTENTE_LONG") == "1"
SEED = int(os.environ.get("ENTENTE_SEED", str(random.getrandbits(32)) if LONG else "20260309"))
ROUNDS = 24 * (20 if LONG else 1)


class Report:
    def __init__(self) -> None:
        self.count = self.failed = 0

    def ok(self, holds: bool, what: str, detail: str = "") -> None:
        self.count += 1
        self.failed += not holds
        print(f"{'ok' if holds else 'not ok'} {self.count} - {what}")
        if not holds:
            print("\n".join("# " + line for line in f"seed {SEED}\n{detail}".splitlines()))


class Check:
    def __init__(self, binary: str) -> None:
        self.binary = binary

    def run(self, path: str) -> tuple:
        """Exit status, the answer, the act that is named."""
        run = subprocess.run([self.binary, "check", path, "--json"], capture_output=True, text=True)
        said = re.search(r"\bact ([0-9]+)", run.stderr)
        return run.returncode, json.loads(run.stdout), said and int(said[1])


def second_reader(raw: bytes) -> tuple:
    """The same of tools/verify.py."""
    try:
        found, _ = verify.file_check(raw)
    except verify.Broken as e:
        return 4, None, e.index
    except verify.Unreadable:
        return 1, None, None
    return 0, verify.as_json(found), None


def same_facts(ours: dict, theirs: dict) -> bool:
    if any(ours[k] != theirs[k] for k in ("kind", "table", "size", "root", "final", "roots")):
        return False
    if ours["kind"] != "excerpt":
        return True
    keys = ("index", "leaf", "side", "kind", "not_before", "not_after")
    return [[a[k] for k in keys] for a in ours["acts"]] == \
        [[a[k] for k in keys] for a in theirs["acts"]]


def flip(rng: random.Random, raw: bytes) -> bytes:
    out = bytearray(raw)
    out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def altered_files(check: Check, report: Report, path: str, name: str) -> None:
    rng = random.Random(f"{SEED} {name}")
    with open(path, "rb") as f:
        good = f.read()
    wrong = []
    for i in range(ROUNDS):
        raw = flip(rng, good) if i % 8 else good[:rng.randrange(len(good))]
        with open(path + ".altered", "wb") as f:
            f.write(raw)
        ours, theirs = check.run(path + ".altered"), second_reader(raw)
        agree = ours[0] == theirs[0] != 0 and (
            None in (ours[2], theirs[2]) or ours[2] == theirs[2])
        if not agree:
            wrong.append(f"{i}: {ours[0]}, act {ours[2]}, {ours[1]} / {theirs}")
    report.ok(not wrong, f"{name}: both refuse {ROUNDS} altered files alike", "\n".join(wrong[:5]))


def parts_of(path: str) -> list:
    """What a bundle is made of: (name, first byte, bytes, act), a part for each envelope and each
    blob; act None: of no act (tiles of the tree, the checkpoint, names)."""
    parts, acts, at = [], [], 0
    with open(path, "rb") as f:
        raw = f.read()
    with tarfile.open(path) as tar:
        files = [(m.name, m.offset, m.offset_data, m.size) for m in tar.getmembers()]
    for name, head, data, size in files:
        parts.append(("a name", head, 512, None))
        if name.startswith("tile/entries/"):
            at = data
            while at < data + size:
                n = int.from_bytes(raw[at:at + 2], "big")
                parts.append(("an act", at + 2, n, len(acts)))
                acts.append(raw[at + 2:at + 2 + n])
                at += 2 + n
        elif name.startswith("tile/"):
            parts.append(("the tree", data, size, None))
        elif name == "checkpoint":
            parts.append(("the checkpoint", data, size, None))
    for name, _, data, size in files:
        if name.startswith("blob/"):
            sha = bytes.fromhex(name[5:])
            parts.append(("a blob", data, size,
                          next(i for i, envelope in enumerate(acts) if sha in envelope)))
    return parts


def altered_parts(check: Check, report: Report, path: str) -> None:
    """One bit of a byte of each kind of part: both refuse it, and name the act where it is one's."""
    rng = random.Random(f"{SEED} parts")
    parts = parts_of(path)
    with open(path, "rb") as f:
        good = f.read()
    for kind in ("an act", "a blob", "the tree", "the checkpoint", "a name"):
        of_kind, wrong = [p for p in parts if p[0] == kind], []
        for _ in range(ROUNDS // 2):
            _, first, n, act = rng.choice(of_kind)
            raw = bytearray(good)
            at = first + rng.randrange(n)
            raw[at] ^= 1 << rng.randrange(8)
            with open(path + ".altered", "wb") as f:
                f.write(raw)
            ours, theirs = check.run(path + ".altered"), second_reader(bytes(raw))
            refused = (1, 4) if kind == "a name" else (4,)
            if not (ours[0] in refused and ours[0] == theirs[0]) or \
                    (act is not None and not ours[2] == theirs[2] == act):
                wrong.append(f"byte {at}, act {act}: {ours} / {theirs}")
        named = ", and name the act" if kind in ("an act", "a blob") else ""
        report.ok(not wrong, f"a byte changed in {kind} of a bundle: both refuse it{named}",
                  "\n".join(wrong[:5]))


def altered_replica(check: Check, report: Report, folder: str) -> None:
    rng = random.Random(f"{SEED} replica")
    db = sqlite3.connect(os.path.join(folder, "replica"))
    leaves = db.execute("SELECT idx, blob, envelope FROM leaf").fetchall()
    first = {}
    for index, blob, _ in leaves:
        first.setdefault(blob, index)
    wrong = []
    for i in range(2 * ROUNDS):
        index, blob, envelope = rng.choice(leaves)
        if i % 2:
            table, column, key, row = "leaf", "envelope", "idx", index
        else:
            table, column, key, row = "blob", "bytes", "id", blob
            index = first[blob]
            envelope = db.execute("SELECT bytes FROM blob WHERE id = ?", (blob,)).fetchone()[0]
        for value in (flip(rng, envelope), envelope):
            db.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, row))
            db.commit()
            if value is not envelope:
                status, said, named = check.run(folder)
                if (status, named) != (4, index):
                    wrong.append(f"{table} {row}: {status}, act {named} for {index}: {said}")
    db.execute("UPDATE note SET bytes = ?", (flip(rng, db.execute(
        "SELECT bytes FROM note").fetchone()[0]),))
    db.commit()
    report.ok(not wrong, f"{2 * ROUNDS} acts and blobs altered in the replica are named",
              "\n".join(wrong[:5]))
    report.ok(check.run(folder)[0] == 4, "an altered checkpoint is noticed")
    db.close()


def main() -> int:
    check, report = Check(sys.argv[1]), Report()
    with tempfile.TemporaryDirectory() as top:
        lake, bundle, excerpt = (os.path.join(top, n) for n in ("lake", "b", "lake.entente"))
        subprocess.run([sys.argv[2], lake, bundle, excerpt], check=True)
        folder = os.path.join(top, "copy")
        shutil.copytree(os.path.join(lake, "meridia-rhee"), folder)
        for path, name in ((bundle, "bundle"), (excerpt, "excerpt")):
            status, said, _ = check.run(path)
            with open(path, "rb") as f:
                theirs = second_reader(f.read())
            report.ok(status == theirs[0] == 0 and same_facts(said, theirs[1]),
                      f"{name}: both find the same", f"{said}\n{theirs}")
        status, said, _ = check.run(folder)
        report.ok(status == 0 and said["kind"] == "replica", "the replica holds", str(said))
        words = subprocess.run([check.binary, "check", excerpt], capture_output=True, text=True)
        report.ok(words.stdout.startswith("Authentic. 3 acts, in this order, by side "),
                  "an excerpt is told in plain words", words.stdout)
        altered_parts(check, report, bundle)
        altered_files(check, report, bundle, "bundle")
        altered_files(check, report, excerpt, "excerpt")
        altered_replica(check, report, folder)
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
