#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a text file as a C string: embed-text.py NAME INPUT OUTPUT."""
import sys


def main() -> int:
    name, source, target = sys.argv[1:4]
    lines = open(source, encoding="utf-8").read().splitlines(keepends=True)
    quoted = (line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for line in lines)
    with open(target, "w", encoding="utf-8") as out:
        out.write(f"static const char {name}[] =\n")
        out.writelines(f'    "{line}"\n' for line in quoted)
        out.write("    ;\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
