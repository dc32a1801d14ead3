#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays whole negotiations from their transcripts: real seats and a host in a folder.

    tests/cli/negotiation.py ENTENTE SHIM VERIFIER TRANSCRIPT

A transcript is lines:

    # words for the reader
    == a heading, told while it plays
    file NAME          the lines behind it, each behind "| ", are that file
    later SPAN         the clock of all goes on: 49h, 3d
    ada$ journey       a seat types it in its own folder (--dir and the passphrase are given for it)
    ada, ben$ sync     several do, one after the other
    $ check x.entente  nobody's command
    $ verify.py FILE   the independent checker
        key line       must come in what is said then, in this order; <...> is any text
        [3]            the exit status, 0 where it is not said
        = name         {name} is from here on the number of the act that was filed
        ? name WORDS   {name} is what stands in the place of <...> in a line that has these words

A command that would bind is confirmed with --yes where the transcript says so.  TAP on standard output.
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

import verbs

SPANS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


class Step:
    def __init__(self, number, who, line):
        self.number, self.who, self.line = number, who, line
        self.keys, self.status, self.name, self.found = [], 0, None, {}


def read(path):
    """The transcript as a list of (kind, what)."""
    items, step, content = [], None, None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if content is not None and line.startswith("|"):
            content.append(line[2:])
            continue
        content = None
        typed = re.match(r"([a-z, ]*)\$ (.*)", line)
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("== "):
            items.append(("heading", line[3:]))
        elif line.startswith("file "):
            content = []
            items.append(("file", (line[5:].strip(), content)))
        elif line.startswith("later "):
            items.append(("later", line[6:].strip()))
        elif typed:
            step = Step(number, [w for w in typed[1].replace(",", " ").split()] or [None], typed[2])
            items.append(("step", step))
        elif line.startswith("    ") and step is not None:
            said = line.strip()
            if re.fullmatch(r"\[\d\]", said):
                step.status = int(said[1])
            elif said.startswith("= "):
                step.name = said[2:]
            elif said.startswith("? "):
                name, words = said[2:].split(" ", 1)
                step.found[name] = "(.*?)".join(re.escape(part) for part in words.split("<...>"))
            else:
                step.keys.append(said)
        else:
            raise ValueError(f"{path}, line {number}: {line}")
    return items


class Player:
    def __init__(self, binary, shim, verifier, top, report):
        self.table = verbs.Table(binary, top, report)
        self.verifier, self.top, self.report = verifier, top, report
        self.ahead, self.acts, self.commands = 0, {}, 0
        self.env = {"LD_PRELOAD": shim}

    def run(self, who, line):
        for name, act in self.acts.items():
            line = line.replace("{" + name + "}", act)
        words = shlex.split(line)
        self.commands += 1
        if words[0] == "verify.py":
            run = subprocess.run([sys.executable, self.verifier, *words[1:]], cwd=self.top,
                                 capture_output=True, text=True, check=False)
            return run.returncode, run.stdout + run.stderr
        env = dict(self.env, ENTENTE_TEST_AHEAD=f"{self.ahead}s")
        secret = verbs.PASSPHRASE if who else None
        if words[0] == "sign" and words[1] != "charter":
            secret = verbs.PASSPHRASE
            who = None
        status, out, err = self.table.run(who, *words, passphrase=secret, env=env)
        return status, err + out

    def play(self, step):
        for who in step.who:
            status, said = self.run(who, step.line)
            lines, at, missing = said.splitlines(), 0, None
            for key in step.keys:
                pattern = ".*".join(re.escape(part) for part in key.split("<...>"))
                while at < len(lines) and not re.search(pattern, lines[at]):
                    at += 1
                if at == len(lines):
                    missing = key
                    break
                at += 1
            act = re.search(r"[Aa]ct (\d+)", said)
            if step.name:
                self.acts[step.name] = act[1] if act else "?"
            for name, pattern in step.found.items():
                hit = re.search(pattern, said)
                missing = missing if hit else pattern
                self.acts[name] = hit[1] if hit else "?"
            good = status == step.status and missing is None and (not step.name or act)
            if not good:
                self.report.ok(False, f"line {step.number}: {who or ''}$ {step.line}",
                               f"exit {status}, not {step.status}" if status != step.status else
                               f"does not say: {missing}")
                print("\n".join("# " + line for line in said.splitlines()))
                return False
        return True


def main():
    binary, shim, verifier, path = (os.path.abspath(p) for p in sys.argv[1:5])
    report = verbs.Report()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="entente-talks-") as top:
        player = Player(binary, shim, verifier, top, report)
        heading = "it begins"
        for kind, what in read(pathlib.Path(path)):
            if kind == "heading":
                report.ok(True, heading)
                heading = what
            elif kind == "file":
                name, lines = what
                pathlib.Path(top, name).write_text("\n".join(lines) + "\n", encoding="utf-8")
            elif kind == "later":
                player.ahead += int(what[:-1]) * SPANS[what[-1]]
            elif not player.play(what):
                break
        else:
            report.ok(True, heading)
        report.ok(player.commands > 60, f"{player.commands} commands", player.commands)
    print(f"# {time.monotonic() - began:.1f} s")
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
