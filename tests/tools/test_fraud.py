#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_fraud.py ENTENTE SAMPLES, test_fraud.py SIM: fraud proofs, side by side.

SAMPLES draws proofs of every kind, sound and unsound, and says what the C program finds;
tools/verify.py must find the same, name the same key, and the same of every one-byte change of a
sound one of each shape.  Some go through `entente check` as files.  ENTENTE_LONG=1: another seed,
twenty times as many.  SIM: those that the simulator tries against a hostile host and its members.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
import verify  # noqa: E402

LONG = os.environ.get("ENTENTE_LONG") == "1"
SEED = int(os.environ.get("ENTENTE_SEED", str(random.getrandbits(32)) if LONG else "20260309"))
COUNT = 400 * (20 if LONG else 1)
failed = count = 0


def ok(holds, what, detail=""):
    global failed, count
    count += 1
    failed += not holds
    print(f"{'ok' if holds else 'not ok'} {count} - {what}")
    if not holds:
        print("\n".join("# " + line for line in f"seed {SEED}\n{detail}".splitlines()[:12]))


def guilty(raw):
    """The key that verify.py finds guilty, and of which type; None: nobody is."""
    try:
        found, _ = verify.file_check(raw)
    except (verify.Broken, verify.Unreadable):
        return None, None
    return found.guilty.hex(), found.type


def flips(raw, marks):
    """A change where nothing is signed by the guilty one (another's line in a note) may leave the
    proof as it is; none makes another proof of it."""
    wrong, same = [], guilty(raw)
    for i, mark in enumerate(marks):
        turned = bytearray(raw)
        turned[i] ^= 1 << (i % 8)
        found = guilty(bytes(turned))
        if (found[0] is not None) != (mark == "1") or found not in (same, (None, None)):
            wrong.append(f"byte {i}: {mark}, {found}")
    return wrong


def samples(binary):
    out = subprocess.run([binary, str(SEED), str(COUNT)], capture_output=True, text=True, check=True)
    wrong, seen, proofs, turned = [], {}, [], []
    for line in out.stdout.splitlines():
        word, raw, found = line.split(" ")
        raw = bytes.fromhex(raw)
        if word == "flips":
            bad = flips(raw, found)
            turned.append((raw, found, bad))
            continue
        who, kind = guilty(raw)
        if (who or "-") != found:
            wrong.append(f"{raw.hex()}: {found}, {who}")
        key = (verify.FRAUD_WORDS[raw[4]], kind)
        seen[key] = seen.get(key, 0) + 1
        proofs.append((raw, found))
    ok(not wrong, f"{len(proofs)} proofs: both find the same", "\n".join(wrong))
    wanted = {("fork", "host"), ("fork", None), ("double", "host"), ("double", "author"),
              ("double", None), ("seen", "author"), ("seen", None), ("witness", "witness"),
              ("witness", None)}
    ok(wanted == set(seen), "every kind convicts, and does not", str(seen))
    ok(len(turned) == 6 and not any(bad for _, _, bad in turned),
       f"{sum(len(f) for _, f, _ in turned)} one-byte changes of {len(turned)} shapes: the same",
       "\n".join(str(bad[:3]) for _, _, bad in turned))
    return proofs


def through_files(binary, proofs):
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "proof")
        sound = [p for p in proofs if p[1] != "-"][:12]
        for raw, found in sound + [p for p in proofs if p[1] == "-"][:12] + [(b"\xa8\x01\x01\x02", "-")]:
            with open(path, "wb") as f:
                f.write(raw)
            run = subprocess.run([binary, "check", path, "--json"], capture_output=True, text=True,
                                 cwd=folder)
            said = json.loads(run.stdout)
            if found == "-":
                good = run.returncode == 4 and said.get("ok") is not True
            else:
                theirs = verify.as_json(verify.file_check(raw)[0])
                good = run.returncode == 0 and all(
                    said[k] == theirs[k] for k in ("v", "ok", "kind", "table", "proves", "who", "key"))
            if not good:
                wrong.append(f"{found}: {run.returncode} {run.stdout} {run.stderr}")
        with open(path, "wb") as f:
            f.write(sound[0][0])
        words = subprocess.run([binary, "check", path], capture_output=True, text=True, cwd=folder)
        theirs = subprocess.run([sys.executable, verify.__file__, path], capture_output=True,
                                text=True)
    ok(not wrong, "the same of entente check", "\n".join(wrong))
    ok(words.stdout.startswith("It proves: whoever holds the key ") and
       "What to do now: " in words.stdout and "in the folder of a seat" in words.stdout,
       "in words", words.stdout)
    ok(theirs.returncode == 0 and theirs.stdout.startswith("It proves: "), "in the other's words",
       theirs.stdout + theirs.stderr)


def of_simulator(folder):
    wrong, by = [], {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as f:
            raw = f.read()
        who, kind = guilty(raw)
        by[name.rsplit(".", 1)[1]] = by.get(name.rsplit(".", 1)[1], 0) + 1
        if (who is not None) != name.endswith(".convicts"):
            wrong.append(f"{name}: {who}")
    ok(not wrong, f"the simulator's proofs: the same of each ({by})", "\n".join(wrong))
    ok(min(by.get("convicts", 0), by.get("acquits", 0)) >= 4, "it wrote some that convict, and some that do not", str(by))


def main():
    if len(sys.argv) == 2:
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.run([sys.argv[1], "--hostile", "host", "--world", "small", "--seed", "20",
                                  "--runs", "8", "--steps", "60", "--proofs", folder],
                                 capture_output=True, text=True)
            ok(run.returncode == 0, "a hostile host's runs", run.stdout + run.stderr)
            of_simulator(folder)
    else:
        binary, drawn = map(os.path.abspath, sys.argv[1:3])
        through_files(binary, samples(drawn))
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
