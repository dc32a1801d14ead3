#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws a screen of text as an SVG, for the README: picture.py TEXT SVG [LINES].

The text is one of the golden screens, so the picture shows what the program really says.
"""
import sys
from xml.sax.saxutils import escape

WIDTH_CHARS, CHAR, LINE, TOP, LEFT = 80, 8.43, 20, 46, 22


def style(line: str) -> str:
    text = line.strip()
    if text.startswith("[x]"):
        return "done"
    if text.startswith("[ ]"):
        return "open"
    if text.startswith("Goal:") or text.startswith(("1.", "2.")):
        return "strong"
    return "plain"


def main() -> int:
    source, target = sys.argv[1:3]
    most = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    lines = open(source, encoding="utf-8").read().rstrip("\n").split("\n")[:most]
    width = int(LEFT * 2 + WIDTH_CHARS * CHAR)
    height = TOP + LINE * len(lines) + 18
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="The journey of the sample negotiation, in a terminal">',
        "<style>text{font:14px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}"
        ".plain{fill:#c9d1d9}.strong{fill:#fff;font-weight:600}.done{fill:#7ee787}.open{fill:#e3b341}</style>",
        f'<rect width="{width}" height="{height}" rx="10" fill="#12161c"/>',
        f'<path d="M0 10a10 10 0 0 1 10-10h{width - 20}a10 10 0 0 1 10 10v20H0z" fill="#1f252d"/>',
        '<g fill="#59636e"><circle cx="20" cy="15" r="5"/><circle cx="38" cy="15" r="5"/>'
        '<circle cx="56" cy="15" r="5"/></g>',
        f'<text class="plain" x="{width // 2}" y="20" text-anchor="middle">entente journey</text>',
    ]
    for i, line in enumerate(lines):
        y = TOP + LINE * i + 12
        x = LEFT + CHAR * (len(line) - len(line.lstrip()))
        out.append(f'<text class="{style(line)}" x="{x:.1f}" y="{y}">{escape(line.strip())}</text>')
    out.append("</svg>")
    with open(target, "w", encoding="utf-8") as f:
        f.write("\n".join(out) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
