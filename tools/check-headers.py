#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each header compiles alone, so that no file depends on what others happen to include first.

    tools/check-headers.py [--root DIR] [--cc CC]
"""
import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys

# Headers that want others before them, by design: cmocka's order (tests/lib/test.h gives it).
FLAGS = ["-std=c17", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]


def library_flags():
    """Where libxml2 keeps its headers; the other libraries' are where the compiler looks."""
    run = subprocess.run(["pkg-config", "--cflags", "libxml-2.0"], capture_output=True, text=True,
                         check=False)
    return run.stdout.split()


FLAGS += library_flags()


def compile_alone(cc, root, header):
    text = f'#include "{header.as_posix()}"\n'
    run = subprocess.run([cc, *FLAGS, "-I", root / "src", "-I", root / "tests", "-x", "c", "-"],
                         input=text, capture_output=True, text=True, check=False)
    return header, run.returncode, run.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"))
    args = parser.parse_args()
    headers = [p.relative_to(args.root / top) for top in ("src", "tests")
               for p in sorted((args.root / top).rglob("*.h"))]
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for header, status, words in pool.map(
                lambda h: compile_alone(args.cc, args.root, h), headers):
            if status != 0:
                bad += 1
                print(f"{header.as_posix()} does not compile alone:\n{words}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
