#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks every #include against src/LAYERS: what each layer may see, directly or through a header.

    tools/check-layers.py [--root DIR]

Prints one line for each violation, with what to do about it; exit status 1 when there is one.
"""
import argparse
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)

# External headers by the name that LAYERS gives their owner.
LIBRARIES = {
    "sodium": ("sodium.h", "sodium/"),
    "nettle": ("nettle/",),
    "sqlite3": ("sqlite3.h",),
    "yaml": ("yaml.h",),
    "jansson": ("jansson.h",),
    "libxml": ("libxml/",),
    "ical": ("libical/",),
    "microhttpd": ("microhttpd.h",),
    "posix": (
        "dirent.h errno.h fcntl.h poll.h pthread.h pwd.h signal.h termios.h time.h unistd.h "
        "sched.h spawn.h locale.h setjmp.h langinfo.h grp.h ftw.h glob.h netdb.h"
    ).split()
    + ["sys/", "netinet/", "arpa/", "linux/"],
}

# The C library.  Of stdio.h and stdlib.h pure layers use snprintf and the like; what has effects in
# them is refused by name (tools/check-banned.py).
PLAIN = {"stdbool.h", "stddef.h", "stdint.h", "string.h", "limits.h", "stdarg.h", "inttypes.h",
         "stdalign.h", "stdnoreturn.h", "stdio.h", "stdlib.h"}
EXTRA = {"os": {"stdatomic.h"}}
# Analysis may use floating point (STYLE 8); nothing that two parties must agree on does.
FLOATS = {"math.h", "float.h"}
MAY_FLOAT = {"analysis"}


class Layer:
    def __init__(self, name, grants, owns, kind):
        self.name, self.grants, self.owns, self.kind = name, grants, owns, kind


def read_layers(path, faults):
    layers = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        where = f"src/LAYERS:{number}"
        parts = [p.strip() for p in line.split(":")]
        if len(parts) != 4 or not parts[0] or parts[3] not in ("pure", "effects"):
            faults.append(f"{where}: a line is 'layer : may include : owns : pure|effects'")
            continue
        name, grants, owns = parts[0], parts[1].split(), parts[2].split()
        if name in layers:
            faults.append(f"{where}: {name} is listed twice")
        for grant in grants:
            if grant not in layers:
                faults.append(f"{where}: {name} may include {grant}, which is not listed above it")
        for own in owns:
            if own not in LIBRARIES:
                faults.append(f"{where}: nothing is known of {own}; add its headers to "
                              "tools/check-layers.py and a paragraph to docs/ARCHITECTURE.md")
            for other in layers.values():
                if own in other.owns:
                    faults.append(f"{where}: {own} is owned by {other.name} already")
        layers[name] = Layer(name, set(grants), set(owns), parts[3])
    return layers


def includes(path):
    """[(line, kind, name)] of a file, comments left out."""
    text = COMMENT.sub(lambda m: "\n" * m.group().count("\n"), path.read_text())
    return [(text.count("\n", 0, m.start(1)) + 1, m.group(1), m.group(2))
            for m in INCLUDE.finditer(text)]


def layer_of(rel):
    """The layer of a path below src: its folder, or main for src/main.c."""
    return rel.parts[0] if len(rel.parts) > 1 else rel.stem


def library_of(header):
    for library, names in LIBRARIES.items():
        for name in names:
            if header == name or (name.endswith("/") and header.startswith(name)):
                return library
    return None


def check_external(layer, header):
    """None, or what is wrong with <header> in this layer."""
    library = library_of(header)
    if library is not None:
        if library in layer.owns:
            return None
        return f"<{header}> belongs to {library}, which {layer.name} does not own"
    if header in PLAIN or header in EXTRA.get(layer.name, ()):
        return None
    if header in FLOATS:
        return None if layer.name in MAY_FLOAT else f"<{header}>: no floating point in {layer.name}"
    return f"<{header}> is not known; add it to tools/check-layers.py if it belongs here"


class Source:
    def __init__(self, root):
        self.src = root / "src"
        self.files = {p.relative_to(self.src).as_posix(): includes(p)
                      for p in sorted(self.src.rglob("*")) if p.suffix in (".c", ".h")}
        self.reached = {}

    def generated(self, header):
        """Is it made by the build: does its layer's meson.build name it?"""
        layer, _, name = header.partition("/")
        meson = self.src / layer / "meson.build"
        return meson.is_file() and f"'{name}'" in meson.read_text()

    def reach(self, name, on_way=()):
        """{header: the header that brought it} of all that name includes, through headers too."""
        if name in self.reached or name in on_way:
            return self.reached.get(name, {})
        out = {}
        for _, kind, inner in self.files.get(name, ()):
            if kind == '"' and inner in self.files:
                out.setdefault(inner, name)
                for far, by in self.reach(inner, on_way + (name,)).items():
                    out.setdefault(far, by)
        self.reached[name] = out
        return out

    def cycles(self):
        state, found = {}, []

        def visit(name, path):
            state[name] = 1
            for _, kind, inner in self.files.get(name, ()):
                if kind != '"' or inner not in self.files:
                    continue
                if state.get(inner) == 1:
                    found.append(" -> ".join(path[path.index(inner):] + [inner]))
                elif inner not in state:
                    visit(inner, path + [inner])
            state[name] = 2

        for name in self.files:
            if name not in state:
                visit(name, [name])
        return found


def check_sources(source, layers, faults):
    for name, found in source.files.items():
        rel = pathlib.PurePosixPath(name)
        layer = layers.get(layer_of(rel))
        if layer is None:
            faults.append(f"src/{name}: the layer {layer_of(rel)} is not in src/LAYERS")
            continue
        may = layer.grants | {layer.name}
        for line, kind, header in found:
            where = f"src/{name}:{line}"
            if kind == "<":
                wrong = check_external(layer, header)
                if wrong:
                    faults.append(f"{where}: {wrong}")
                continue
            if "/" not in header:
                faults.append(f'{where}: "{header}" does not name its layer: write "layer/file.h"')
                continue
            if header not in source.files and not source.generated(header):
                faults.append(f'{where}: there is no src/{header}')
                continue
            other = layer_of(pathlib.PurePosixPath(header))
            if other not in may:
                faults.append(f"{where}: {layer.name} may not include {other} (\"{header}\")")
            elif header.endswith("_priv.h") and other != layer.name:
                faults.append(f'{where}: "{header}" is private to {other}')
            elif header.endswith(".c"):
                faults.append(f'{where}: "{header}" is not a header')
        direct = {header for _, kind, header in found if kind == '"'}
        for header, by in source.reach(name).items():
            other = layer_of(pathlib.PurePosixPath(header))
            if header not in direct and other not in may:
                faults.append(f'src/{name}: {layer.name} may not see {other}, but gets "{header}" '
                              f"through src/{by}")
    for cycle in source.cycles():
        faults.append(f"headers include each other in a circle: {cycle}")


def check_tests(root, source, layers, faults):
    """Tests may use any library; a unit test includes its layer and what that may see."""
    tests = root / "tests"
    for path in sorted(tests.rglob("*.[ch]")):
        rel = path.relative_to(tests)
        unit = layers.get(rel.parts[1]) if rel.parts[0] == "unit" and len(rel.parts) > 2 else None
        for line, kind, header in includes(path):
            where = f"tests/{rel.as_posix()}:{line}"
            if kind == "<":
                continue
            if header in source.files:
                other = layer_of(pathlib.PurePosixPath(header))
                if unit and other not in unit.grants | {unit.name}:
                    faults.append(f"{where}: a test of {unit.name} may not include {other}")
                if header.endswith("_priv.h") and (unit is None or unit.name != other):
                    faults.append(f'{where}: "{header}" is private to {other} and its unit tests')
                if header.endswith(".c"):
                    faults.append(f'{where}: "{header}" is not a header; split the module')
            elif not (tests / header).is_file():
                faults.append(f"{where}: there is neither src/{header} nor tests/{header}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root
    faults = []
    layers = read_layers(root / "src" / "LAYERS", faults)
    source = Source(root)
    check_sources(source, layers, faults)
    check_tests(root, source, layers, faults)
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} against src/LAYERS: include less, or move the code to the layer "
              "that may know this")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
