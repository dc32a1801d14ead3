#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bundles the page and writes it as C: build-page.py PAGE OUTPUT DEPFILE.

PAGE/src/main.tsx and what it imports become app.js (esbuild), style.css and index.html are taken as
they are; each is compressed with gzip, without name or time, so that the same sources give the same
bytes.  Where esbuild is not installed (PAGE/node_modules; ./dev installs it) the table is empty, and
the program says that it has no page.
"""
import gzip
import pathlib
import platform
import subprocess
import sys

TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
MACHINES = {"x86_64": "x64", "aarch64": "arm64"}


def bundle(page: pathlib.Path) -> bytes:
    tool = page / "node_modules" / "@esbuild" / f"linux-{MACHINES.get(platform.machine(), '?')}" / "bin/esbuild"
    if not tool.exists():
        return b""
    done = subprocess.run(
        [tool, "src/main.tsx", "--bundle", "--minify", "--target=es2021", "--format=esm",
         "--jsx=automatic", "--jsx-import-source=preact", "--legal-comments=none", "--charset=utf8"],
        cwd=page, stdout=subprocess.PIPE, check=True)
    return done.stdout


def main() -> int:
    page, output, depfile = (pathlib.Path(a) for a in sys.argv[1:4])
    script = bundle(page)
    files = {}
    if script:
        files["/index.html"] = (page / "src/index.html").read_bytes()
        files["/style.css"] = (page / "src/style.css").read_bytes()
        files["/icon.svg"] = (page / "src/icon.svg").read_bytes()
        files["/app.js"] = script
    with open(output, "w", encoding="ascii") as out:
        out.write('#include "web/asset.h"\n\n')
        rows = []
        for i, (path, content) in enumerate(sorted(files.items())):
            packed = gzip.compress(content, 9, mtime=0)
            out.write(f"static const uint8_t file_{i}[] = {{\n")
            for at in range(0, len(packed), 24):
                out.write("    " + ",".join(str(b) for b in packed[at:at + 24]) + ",\n")
            out.write("};\n\n")
            rows.append(f'    {{"{path}", "{TYPES[pathlib.PurePath(path).suffix]}", file_{i}, sizeof(file_{i})}},\n')
        out.write("const struct asset assets[] = {\n")
        out.writelines(rows or ["    {0},\n"])
        out.write(f"}};\nconst size_t asset_count = {len(rows)};\n")
    sources = sorted(str(p) for p in (page / "src").rglob("*") if p.is_file())
    sources += [str(p) for p in (page / "package.json", page / "node_modules/.package-lock.json") if p.exists()]
    depfile.write_text(f"{output}: " + " ".join(s.replace(" ", "\\ ") for s in sources) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
