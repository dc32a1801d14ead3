#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a text file as a C string that a header declares: embed-text.py HEADER NAME INPUT OUTPUT."""
import sys


def main() -> int:
    header, name, source, target = sys.argv[1:5]
    lines = open(source, encoding="utf-8").read().splitlines(keepends=True)
    quoted = (line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for line in lines)
    with open(target, "w", encoding="utf-8") as out:
        out.write(f'#include "{header}"\n\nconst char {name}[] =\n')
        out.writelines(f'    "{line}"\n' for line in quoted)
        out.write("    ;\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
