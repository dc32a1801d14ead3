#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The age command and this program read each other's files: a seat's exported identity opens, with
age, what the record has sealed to that seat, and what this program sealed; this program opens what
age sealed to that seat.

age.py ENTENTE CHARTER.yaml.  Skipped, loudly, where there is no age command.
"""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
import verify  # noqa: E402

GRANT = 4  # docs/FORMAT.md 10
PASSPHRASE = b"lake and border\n"
WORDS = b"the price that we would take\n"


class Report:
    def __init__(self) -> None:
        self.count = self.failed = 0

    def ok(self, holds: bool, what: str, detail: object = "") -> None:
        self.count += 1
        self.failed += not holds
        print(f"{'ok' if holds else 'not ok'} {self.count} - {what}")
        if not holds:
            print("\n".join("# " + line for line in str(detail).splitlines()))


def age(*words: str, stdin: bytes = b"") -> tuple:
    run = subprocess.run(["age", *words], input=stdin, capture_output=True, check=False)
    return run.returncode, run.stdout


class Seats:
    def __init__(self, binary: str, top: str) -> None:
        self.binary, self.top = os.path.abspath(binary), top
        self.env = dict(os.environ, HOME=top, ENTENTE_HOME=os.path.join(top, "home"),
                        XDG_RUNTIME_DIR=top)

    def path(self, *names: str) -> str:
        return os.path.join(self.top, *names)

    def run(self, *words: str, asks: bool = True) -> bytes:
        """What a command that must succeed answers."""
        fd, end = os.pipe()
        os.write(end, PASSPHRASE)
        os.close(end)
        secret = ["--passphrase-fd", str(fd)] if asks else []
        run = subprocess.run([self.binary, *words, *secret], cwd=self.top, env=self.env,
                             stdin=subprocess.DEVNULL, capture_output=True, pass_fds=[fd],
                             check=False)
        os.close(fd)
        if run.returncode != 0:
            sys.exit(f"{' '.join(words)}: exit {run.returncode}\n{run.stderr.decode()}")
        return run.stdout


def blobs(replica: str) -> list:
    """(act, sealed?, bytes) of each act."""
    db = sqlite3.connect(f"file:{replica}?mode=ro", uri=True)
    rows = db.execute("SELECT idx, control, bytes FROM leaf JOIN blob ON leaf.blob = blob.id "
                      "ORDER BY idx").fetchall()
    db.close()
    return [(index, control == 0, blob) for index, control, blob in rows]


def main() -> int:
    if shutil.which("age") is None:
        print("skipped: no age command (apt-get install age)", file=sys.stderr)
        print("1..0 # SKIP no age command")
        return 0
    report = Report()
    with tempfile.TemporaryDirectory() as top:
        seats = Seats(sys.argv[1], top)
        charter = os.path.abspath(sys.argv[2])
        cheap = ("--cost", "test")
        seats.run("table", "new", charter, "--dir", "rhee", "--host", "host", "--name", "Rhee", *cheap)
        seats.run("seat", "invite", "kestria", "--dir", "rhee", "--out", "voss.inv")
        seats.run("seat", "join", "voss.inv", "--dir", "voss", "--name", "Voss", "--out", "voss.slip",
                  *cheap)
        seats.run("seat", "admit", "voss.slip", "--dir", "rhee", "--yes")
        seats.run("sync", "--dir", "voss")

        shown = json.loads(seats.run("key", "show", "voss/seat.key", "--json", asks=False))
        recipient = shown["keys"]["seal"]["recipient"]
        identity = seats.path("voss.identity")
        with open(os.open(identity, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as f:
            f.write(seats.run("key", "export", "voss/seat.key", "--age"))

        # What the record has sealed to this seat: the charter, shared when it was admitted.
        opened, readable, taken = {}, 0, []
        for index, sealed, blob in blobs(seats.path("voss", "replica")):
            status, plain = age("--decrypt", "--identity", identity, stdin=blob)
            if status == 0:
                opened[index] = plain
            readable += not sealed
            taken += [index] if status == 0 and not sealed else []
        report.ok(len(opened) > 0, "age opens what the record has sealed to this seat", opened)
        kinds = [verify.content_decode(verify.padding_strip(plain)).kind for plain in opened.values()]
        report.ok(GRANT in kinds, "and it is an act's padded content: the charter was shared", kinds)
        report.ok(readable > 0 and not taken, "what all may read is no age file", taken)

        with open(seats.path("other.identity"), "wb") as f:
            f.write(seats.run("key", "export", "rhee/seat.key", "--age"))
        status, _ = age("--decrypt", "--identity", seats.path("other.identity"),
                        stdin=subprocess.run(["age", "--recipient", recipient], input=WORDS,
                                             capture_output=True, check=True).stdout)
        report.ok(status != 0, "another seat's identity does not open it")

        # One file, both ways.
        with open(seats.path("plain"), "wb") as f:
            f.write(WORDS)
        seats.run("seal", "plain", "--to", recipient, "--out", "ours.age", asks=False)
        with open(seats.path("ours.age"), "rb") as f:
            ours = f.read()
        report.ok(age("--decrypt", "--identity", identity, stdin=ours) == (0, WORDS),
                  "age opens what entente seal has sealed")
        status, theirs = age("--recipient", recipient, stdin=WORDS)
        with open(seats.path("theirs.age"), "wb") as f:
            f.write(theirs)
        report.ok(status == 0 and
                  seats.run("open", "theirs.age", "--key", "voss/seat.key") == WORDS,
                  "entente open opens what age has sealed")
        broken = bytearray(ours)
        broken[-1] ^= 1
        report.ok(age("--decrypt", "--identity", identity, stdin=bytes(broken))[0] != 0,
                  "and neither takes a byte that was changed")
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
