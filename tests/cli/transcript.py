#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays transcripts of the command line against the program.

    tests/cli/transcript.py ENTENTE FILE...

A transcript is lines for the shell, each behind "$ ", and what must come of each: standard output
and standard error as a terminal would show them, then "[n]" when the exit status is n and not 0.
<...> in an expected line stands for any text on that line; a line of ... alone for any lines.
Lines that begin with # before the first command are words for the reader.  Each transcript runs in
an empty folder of its own, with its own home.  ENTENTE_BLESS=1 writes what came instead of failing:
the difference is then the review.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def read(path):
    """(words for the reader, [(command, [expected line])])"""
    head, steps = [], []
    for line in path.read_text().split("\n")[:-1]:
        if line.startswith("$ "):
            steps.append((line[2:], []))
        elif steps:
            steps[-1][1].append(line)
        else:
            head.append(line)
    return head, steps


def play(command, folder, program):
    env = {
        "PATH": f"{program.parent}:/usr/bin:/bin",
        "HOME": str(folder),
        "ENTENTE_HOME": str(folder / "entente"),
        "XDG_RUNTIME_DIR": str(folder),
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
        "COLUMNS": "100",
        "ENTENTE_ROOT": os.environ.get("ENTENTE_ROOT", ""),
        "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""),
    }
    run = subprocess.run(["/bin/sh", "-c", command], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
    text = run.stdout.decode("utf-8", "backslashreplace")
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    if run.returncode != 0:
        lines.append(f"[{run.returncode}]")
    return lines


def line_fits(want, got):
    pattern = ".*".join(re.escape(piece) for piece in want.split("<...>"))
    return re.fullmatch(pattern, got) is not None


def fits(want, got):
    if not want:
        return not got
    if want[0] == "...":
        return any(fits(want[1:], got[n:]) for n in range(len(got) + 1))
    return bool(got) and line_fits(want[0], got[0]) and fits(want[1:], got[1:])


def run_one(path, program):
    head, steps = read(path)
    bless = os.environ.get("ENTENTE_BLESS") == "1"
    written, good = list(head), True
    if not steps:
        print(f"{path}: there is no command in it")
        return False
    with tempfile.TemporaryDirectory(prefix="entente-cli-") as name:
        for command, want in steps:
            got = play(command, pathlib.Path(name), program)
            blank = want and want[-1] == ""  # an empty line before the next command is for readers
            same = fits(want, got) or (blank and fits(want[:-1], got))
            written += [f"$ {command}"] + (want if same else got + ([""] if blank else []))
            if not same and not bless:
                good = False
                print(f"{path.name}: $ {command}")
                print("  wanted:", *want, sep="\n    ")
                print("  came:", *got, sep="\n    ")
    if bless:
        path.write_text("\n".join(written) + "\n")
    return good


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    results = [run_one(pathlib.Path(name), program) for name in sys.argv[2:]]
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
