#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Words that the code does not use, and why.

    tools/check-banned.py [--root DIR]

In src everything below holds; in tests what is dangerous anywhere.  Exit status 1 on a finding.
"""
import argparse
import pathlib
import re
import sys

# name: why, for src and tests
DANGEROUS = {
    "gets": "it knows no end", "strcpy": "it knows no end", "strcat": "it knows no end",
    "sprintf": "it knows no end: snprintf, buf_printf", "vsprintf": "it knows no end",
    "stpcpy": "it knows no end", "strncpy": "it may leave out the NUL: memcpy",
    "strncat": "its size is not the room: buf", "tmpnam": "others win the race: mkstemp",
    "tempnam": "others win the race", "mktemp": "others win the race: mkstemp",
    "alloca": "the stack has no ceiling check: arena", "sscanf": "by length, by hand: reader",
    "scanf": "by length, by hand", "fscanf": "by length, by hand",
    "strtok": "by length, by hand", "atoi": "it hides errors: u64_parse",
    "atol": "it hides errors: u64_parse", "atoll": "it hides errors: u64_parse",
    "atof": "it hides errors, and is a float",
}
# for src alone
BANNED = {
    "strtol": "by length: i64_parse", "strtoul": "by length: u64_parse",
    "strtoll": "by length: i64_parse", "strtoull": "by length: u64_parse",
    "strtod": "no floats from outside: fixed_parse", "strtof": "no floats from outside",
    "strtok_r": "by length, by hand", "qsort": "not stable: sort_stable",
    "gmtime": "base/civil", "gmtime_r": "base/civil", "localtime": "base/civil",
    "localtime_r": "base/civil", "asctime": "base/civil", "ctime": "base/civil",
    "mktime": "base/civil", "strftime": "base/civil", "rand": "struct chance (os/entropy.h)",
    "srand": "struct chance", "random": "struct chance", "drand48": "struct chance",
    "arc4random": "struct chance", "randombytes_buf": "chance is an argument",
    "randombytes_random": "chance is an argument", "setlocale": "no locale", "system": "no shell",
    "popen": "no shell", "longjmp": "errors are values", "setjmp": "errors are values",
    "signal": "sigaction, in os/stop", "strdup": "arena_str", "strndup": "arena_str",
    "realloc": "it leaves copies of secrets behind: buf", "asprintf": "arena_printf",
    "isalpha": "depends on the locale", "isdigit": "depends on the locale",
    "isspace": "depends on the locale", "toupper": "depends on the locale",
    "tolower": "depends on the locale", "strcasecmp": "depends on the locale",
    "strerror": "system_error (os/system_priv.h)", "perror": "errors are values",
}
OWNERS = ("crypto/secret.c", "crypto/keyset.c", "record/signer.c", "store/store.c", "host/host.c",
          "host/link.c")
# name: (the only files of src, or folders of it, that may use it; what the others use)
ONLY_IN = {
    # Small opaque objects that one caller owns, each with its _free; jansson's texts (formats).
    "malloc": (("base/buf.c",) + OWNERS, "an arena or a buf"),
    "calloc": (("base/buf.c",) + OWNERS, "an arena or a buf"),
    "free": (("base/buf.c", "formats/") + OWNERS, "an arena or a buf"),
    "abort": (("base/check.c",), "CHECK"),
    "exit": (("main.c",), "return"),
    "_exit": (("os/daemon.c",), "return"),
    "printf": (("cli/out.c",), "cli/out.h"),
    "puts": (("cli/out.c",), "cli/out.h"),
    "putchar": (("cli/out.c",), "cli/out.h"),
    "fprintf": (("base/check.c", "cli/out.c"), "cli/out.h"),
    "fputs": (("base/check.c", "cli/out.c"), "cli/out.h"),
    "fwrite": (("cli/out.c",), "cli/out.h, os/file.h"),
    "fopen": ((), "os/file.h"), "freopen": ((), "os/file.h"), "fdopen": ((), "os/file.h"),
    "fread": ((), "os/file.h"), "fgets": ((), "os/file.h"), "fgetc": ((), "os/file.h"),
    "getc": ((), "os/file.h"), "getchar": ((), "os/file.h"), "getline": ((), "os/file.h"),
    "fclose": ((), "os/file.h"), "fflush": ((), "os/file.h"), "tmpfile": ((), "os/file.h"),
    "remove": ((), "os/file.h"), "rename": (("os/file.c",), "os/file.h"),
    "setenv": ((), "an argument"), "putenv": ((), "an argument"), "unsetenv": ((), "an argument"),
    "clock_gettime": (("os/clock.c",), "os/clock.h"),
    "gettimeofday": ((), "os/clock.h"), "time": ((), "os/clock.h"),
    "getrandom": (("os/entropy.c",), "os/entropy.h"),
    "getenv": (("os/place.c",), "os/place.h"),
    "fork": (("os/daemon.c",), "os/daemon.h"),
}
# Nothing that two parties must agree on is a float (STYLE 8).
NO_FLOAT = ("base/", "crypto/", "terms/", "record/", "table/", "store/", "host/")

TOKEN = re.compile(
    r'(?P<block>/\*.*?\*/)|(?P<line>//[^\n]*)|(?P<string>"(?:\\.|[^"\\\n])*")|'
    r"(?P<char>'(?:\\.|[^'\\\n])+')", re.DOTALL)
CALL = re.compile(r"(?<![\w.>])([A-Za-z_]\w*)\s*\(")
DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*include[^\n]*", re.MULTILINE)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
FLOAT = re.compile(r"\b(float|double)\b")


def strip(text):
    """The text with comments, strings and characters blanked; and the places of // comments."""
    slashes = []

    def blank(match):
        if match.lastgroup == "line":
            slashes.append(text.count("\n", 0, match.start()) + 1)
        piece = match.group()
        return re.sub(r"[^\n]", " ", piece)

    return DIRECTIVE.sub(" ", TOKEN.sub(blank, text)), slashes


def check_file(path, shown, rel, faults):
    """rel is the path below src, or None for a test."""
    text = path.read_text()
    code, slashes = strip(text)

    def fault(offset, words):
        faults.append(f"{shown}:{text.count(chr(10), 0, offset) + 1}: {words}")

    if "SPDX-License-Identifier: Apache-2.0" not in text.split("\n", 1)[0]:
        faults.append(f"{shown}:1: the first line names the licence "
                      "(SPDX-License-Identifier: Apache-2.0)")
    for line in slashes:
        faults.append(f"{shown}:{line}: // is for lines that are deleted before a commit; use /* */")
    for match in UNFINISHED.finditer(text):
        fault(match.start(), f"{match.group()}: finish it, or write NEEDSWORK: with a reason")
    for match in CALL.finditer(code):
        name = match.group(1)
        if name in DANGEROUS:
            fault(match.start(), f"{name}: {DANGEROUS[name]}")
        if rel is None:
            continue
        if name in BANNED:
            fault(match.start(), f"{name}: {BANNED[name]}")
        if name in ONLY_IN:
            places, instead = ONLY_IN[name]
            if not any(rel == p or (p.endswith("/") and rel.startswith(p)) for p in places):
                fault(match.start(), f"{name} is not used here; use {instead}")
    if rel is not None and rel.startswith(NO_FLOAT):
        for match in FLOAT.finditer(code):
            fault(match.start(), f"{match.group()}: nothing that two parties agree on is a float")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root
    faults = []
    for top in ("src", "tests", "bench"):
        for path in sorted((root / top).rglob("*.[ch]")):
            shown = path.relative_to(root).as_posix()
            rel = path.relative_to(root / "src").as_posix() if top == "src" else None
            check_file(path, shown, rel, faults)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
