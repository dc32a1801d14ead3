#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Takes the pictures of the manual's chapter on the page out of those that the browser tests made.

    tools/page_pictures.py BUILD/screenshots

Which ones: those that docs/manual/page.md shows.  They are packed anew, as small as deflate makes them,
and written beside it.  Run on purpose, and looked at before they are committed.
"""
import pathlib
import re
import struct
import sys
import zlib

CHAPTER = pathlib.Path(__file__).resolve().parents[1] / "docs/manual/page.md"


def chunks(png: bytes):
    at = 8
    while at < len(png):
        n, kind = struct.unpack(">I4s", png[at:at + 8])
        yield kind, png[at + 8:at + 8 + n]
        at += 12 + n


def packed(png: bytes) -> bytes:
    """The same picture: its image data in one chunk at the highest level, and nothing but what it needs."""
    kept = [(k, c) for k, c in chunks(png) if k in (b"IHDR", b"PLTE", b"tRNS")]
    data = zlib.decompress(b"".join(c for k, c in chunks(png) if k == b"IDAT"))
    kept += [(b"IDAT", zlib.compress(data, 9)), (b"IEND", b"")]
    out = png[:8]
    for kind, content in kept:
        out += struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    return min(out, png, key=len)


def main() -> int:
    made = pathlib.Path(sys.argv[1])
    for name in re.findall(r"\]\(([a-z]+)\.png\)", CHAPTER.read_text()):
        content = packed((made / f"manual-{name}.png").read_bytes())
        (CHAPTER.parent / f"{name}.png").write_bytes(content)
        print(f"{name}.png: {len(content)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
