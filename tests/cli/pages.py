#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What tells people how to use the program, held to its table of commands.

    tests/cli/pages.py ENTENTE SOURCES

The manual page and the completion of bash have every command and every option; what the sources
tell people to type is a command with options that it has.  TAP on standard output.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

# "entente" in a sentence, and no command.
PROSE = {"certificate", "excerpt", "holds"}


class Report:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, holds, what, detail=""):
        self.count += 1
        self.failed += 0 if holds else 1
        print(f"{'ok' if holds else 'not ok'} {self.count} - {what}")
        if not holds:
            print("\n".join("# " + line for line in str(detail).splitlines()))


def ask(binary, *words):
    run = subprocess.run([binary, *words], capture_output=True, text=True, check=True)
    return run.stdout


def table_of(binary):
    """{command: its options}"""
    names = [c["name"] for c in json.loads(ask(binary, "help", "--advanced", "--json"))["commands"]]
    told = {n: json.loads(ask(binary, "help", *n.split(), "--json")) for n in names}
    return {n: t for n, t in told.items()}


def options_of(told):
    return [o["name"] for o in told["options"]]


def check_man(binary, table, report):
    page = ask(binary, "help", "--man")
    parts = dict(re.findall(r"^\.TP\n\\fBentente ([a-z ]+)\\fR(.*?)^\.RE$", page, re.M | re.S))
    report.ok(set(parts) == set(table), "the manual page has every command",
              set(parts) ^ set(table))
    bad = [(n, o) for n, t in table.items() for o in options_of(t)
           if "\\fB\\-\\-" + o.replace("-", "\\-") + "\\fR" not in parts.get(n, "")]
    report.ok(not bad, "  and every option", bad)
    if shutil.which("groff"):
        run = subprocess.run(["groff", "-man", "-Tutf8", "-ww"], input=page, capture_output=True,
                             text=True, check=False)
        report.ok(run.returncode == 0 and run.stderr == "", "  and groff has nothing against it",
                  run.stderr)
        report.ok("-m, n" not in run.stdout and "\\" not in run.stdout.replace("\\|", ""),
                  "  and no escape is left in it")


def completed(script, *words):
    """What bash would offer for the last word."""
    ask_bash = (script + "\nCOMP_WORDS=(entente \"$@\"); COMP_CWORD=$#; _entente\n"
                "[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\\n' \"${COMPREPLY[@]}\"")
    run = subprocess.run(["bash", "-c", ask_bash, "bash", *words], capture_output=True, text=True,
                         check=False)
    assert run.returncode == 0 and run.stderr == "", run.stderr
    return run.stdout.split()


def check_bash(binary, table, report):
    if shutil.which("bash") is None:
        print("# bash is not here: its completion was not tried")
        return
    script = ask(binary, "help", "--bash")
    report.ok(set(completed(script, "")) == {n.split()[0] for n in table},
              "bash offers every first word")
    bad = []
    for name in table:
        words = name.split()
        if len(words) == 2 and words[1] not in completed(script, words[0], ""):
            bad.append(name)
    report.ok(not bad, "  and every second word", bad)
    # One run asks for all: the function that the completion itself asks.
    names = list(table)
    all_of = subprocess.run(["bash", "-c", script + '\nfor n in "$@"; do _entente_options "$n"; done',
                             "bash", *names], capture_output=True, text=True, check=True)
    got = dict(zip(names, all_of.stdout.splitlines()))
    want = {n: " ".join("--" + o for o in options_of(t) + ["json", "help"]) for n, t in table.items()}
    report.ok(got == want, "  and every option", {n for n in want if got.get(n) != want[n]})
    report.ok("--accept" in completed(script, "answer", "P1", "--"), "an option completes")
    report.ok(completed(script, "table", "new", "--ho") == ["--host"], "  of two words too")
    report.ok(completed(script, "answer", "P1", "--accept", "") == [], "  and a value is left to files")
    report.ok(completed(script, "help", "table", "n") == ["new"], "help completes commands")


def literals(text):
    """The string literals of a C source, neighbours joined, conversions and escapes left in."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for run in re.finditer(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', text):
        yield "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', run[0]))


def check_told(sources, table, report):
    """What people are told to type."""
    bad, double, seen = [], [], 0
    for path in sorted(pathlib.Path(sources).rglob("*.[ch]")):
        for text in literals(path.read_text(encoding="utf-8")):
            if re.search(r"[a-z)][.?!,;]  +[A-Za-z]", text):
                double.append(f"{path}: {text}")
            for m in re.finditer(r"(?<!of )\bentente ([a-z]+)(?: ([a-z]+))?([^.;\"\n]*)", text):
                one, two = m[1], f"{m[1]} {m[2]}"
                name = two if two in table else one if one in table else None
                if name is None:
                    before = text[:m.start()].rstrip()
                    typed = before == "" or before.endswith((":", "(", '\\"'))
                    if typed and one not in PROSE:
                        bad.append(f"{path}: {m[0]}")
                    continue
                seen += 1
                rest = re.split(r",|: |\)| \\| or | and |then", m[3])[0]
                known = set(options_of(table[name])) | {"json", "help"}
                bad += [f"{path}: {m[0]}: --{o}" for o in re.findall(r"--([a-z][a-z-]*)", rest)
                        if o not in known]
    report.ok(not bad, f"{seen} commands that the program tells people to type exist", "\n".join(bad))
    report.ok(not double, "  no sentence has double blanks", "\n".join(double))
    report.ok(seen > 150, "  and there are many", seen)


def check_help(binary, table, report):
    bad = [n for n, t in table.items() if not t["example"].startswith(f"entente {n}")]
    report.ok(not bad, "every command has an example", bad)
    listed = ask(binary, "help", "--advanced")
    shown = [n for n in table if f"As: {table[n]['example']}" not in ask(binary, *n.split(), "--help")]
    report.ok(not shown, "  and its help shows it", shown)
    helps = listed + "".join(t["help"] + t["more"] for t in table.values())
    double = re.findall(r"[.?!,;:]  +\w+", helps)
    report.ok(not double, "no double blanks in sentences", double)
    report.ok(json.loads(ask(binary, "--json")) == json.loads(ask(binary, "help", "--json")),
              "--json alone is help")
    report.ok(json.loads(ask(binary, "--json", "version")) == json.loads(ask(binary, "version", "--json")),
              "--json may stand in front")


def main():
    binary, sources = sys.argv[1:3]
    report = Report()
    table = table_of(binary)
    check_man(binary, table, report)
    check_bash(binary, table, report)
    check_help(binary, table, report)
    check_told(sources, table, report)
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
