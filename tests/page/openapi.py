#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the page's server answers is what docs/openapi.json says: openapi.py ENTENTE.

Two seats of a real table are asked for every path that is named there, once locked and once
unlocked; what is sent wrongly is asked, too.  TAP on standard output.
"""
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/cli"), str(ROOT / "tools")]
from check_schema import faults  # noqa: E402
from verbs import PASSPHRASE, Report, Table  # noqa: E402

DOCUMENT = json.loads((ROOT / "docs/openapi.json").read_text())


# What the mediation may do once the charter is in force.
ACTS = [
    {"do": "draft", "markdown": "# The line\n\nIt stays.\n\n# Prisoners\n\nAll go home.\n"},
    {"do": "draft", "markdown": "# The line\n\nIt stays where it is.\n", "keep": "yes", "words": "clearer"},
    {"do": "ask", "side": "union", "words": "Will you suspend?", "phase": "security"},
    {"do": "lever", "move": "hold", "lever": "freight-cap", "review": "10d", "why": "in the hope of peace"},
    {"do": "date", "kind": "wish", "phase": "ceasefire", "when": "3d", "reason": ""},
    {"do": "propose", "choices": ["line=1", "prisoners=1", "access=2"], "words": "", "meets": ""},
    {"do": "debrief", "lines": ["heard: They would take one bank.", "guess: Not before Monday."]},
    {"do": "memo", "situation": "P1 waits.", "options": ["wait | nothing moves | open", "counter P1 | both close | likely"],
     "recommend": "2", "because": "it costs nothing"},
    {"do": "decide", "words": "Counter, once.", "review": "3d", "orders": ["counter P1", "wait"]},
    {"do": "park", "phase": "security", "title": "guarantees"},
]


class Page:
    """The server of one seat, as its browser sees it."""

    def __init__(self, table, seat, report):
        self.report, self.seat, self.seen = report, seat, set()
        self.process = subprocess.Popen(
            [table.binary, "ui", "--nobrowser", "--dir", seat], cwd=table.top, env=table.env,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        said = ""
        for line in self.process.stderr:
            said += line
            found = re.search(r"http://127\.0\.0\.1:(\d+)(/\S+)", line)
            if found:
                break
        else:
            raise RuntimeError(said)
        self.port = int(found.group(1))
        status, headers, _ = self.raw("GET", found.group(2))
        assert status == 200, status
        self.cookie = headers["Set-Cookie"].split(";")[0]

    def close(self):
        self.process.send_signal(signal.SIGINT)
        self.process.stderr.close()
        return self.process.wait(timeout=60)

    def raw(self, method, path, body=None, headers=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        c.request(method, path, body=body, headers=headers or {})
        answer = c.getresponse()
        content = answer.read()
        c.close()
        return answer.status, answer.headers, content

    def ask(self, method, path, body=None, **more):
        headers = {"Cookie": self.cookie, **more}
        if method == "POST":
            headers = {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/json", **headers}
        status, got, content = self.raw(method, path, None if body is None else json.dumps(body), headers)
        plain = path.split("?")[0]
        named = DOCUMENT["paths"].get(plain, {}).get(method.lower())
        what = f"{self.seat}: {method} {path} {status}"
        if named is None:
            return status, json.loads(content)
        self.seen.add((plain, method.lower()))
        said = named["responses"].get(str(status), named["responses"].get("default"))
        if said is None or not got["Content-Type"].startswith("application/json"):
            self.report.ok(False, what, content)
            return status, {}
        answer = json.loads(content)
        wrong = list(faults(DOCUMENT, said["content"]["application/json"]["schema"], answer))
        self.report.ok(not wrong, what, f"{wrong}\n{content.decode()[:2000]}")
        return status, answer


def every_path(page):
    for path, methods in DOCUMENT["paths"].items():
        for method in methods:
            if path in ("/api/events", "/api/lock", "/api/unlock"):
                continue
            query = "?name=plenary" if path == "/api/view/room" else ""
            page.ask(method.upper(), path + query, {} if method == "post" else None)


def first_hour(table, report):
    """A table is founded and joined through the page alone."""
    charter = (ROOT / "examples/lake/charter.yaml").read_text()
    base = {"name": "Rhee", "passphrase": PASSPHRASE, "cost": "test"}
    first, second = Page(table, "first", report), Page(table, "second", report)
    try:
        status, me = first.ask("GET", "/api/self")
        report.ok(me.get("empty") is True and not me["locked"], "an empty folder says so", me)
        first.ask("POST", "/api/check", {"charter": charter})
        status, told = first.ask("POST", "/api/check", {"charter": charter.replace("parties:", "partys:")})
        report.ok(status == 200 and not told["sound"] and "line" in told["faults"][0]["where"] + told["faults"][0]["what"],
                  "a fault is told by line", told)
        for name in me["templates"].split(", "):
            _, begin = first.ask("GET", f"/api/template?name={name}")
            _, told = first.ask("POST", "/api/check", {"charter": begin["charter"]})
            report.ok(told["sound"] and told["meaning"], f"the template {name} is sound and means something", told)
        host = str(pathlib.Path(table.top) / "first-host")
        status, _ = first.ask("POST", "/api/found", {**base, "charter": charter, "host": host, "passphrase": "kurz"})
        report.ok(status == 400, "a passphrase that is too short", status)
        status, _ = first.ask("POST", "/api/found", {**base, "charter": charter, "host": host})
        report.ok(status == 200, "a table is founded", status)
        status, _ = first.ask("POST", "/api/found", {**base, "charter": charter, "host": host})
        report.ok(status == 409, "and not once more in the same folder", status)
        first.ask("GET", "/api/view/sheet")
        status, invitation = first.ask("POST", "/api/invite", {"side": "kestria"})
        status, seen = second.ask("POST", "/api/paper", {"paper": invitation["paper"]})
        report.ok(status == 200 and seen["side"] == "Kestria", "an invitation is looked at", seen)
        join = {**base, "name": "Voss", "paper": invitation["paper"]}
        status, _ = second.ask("POST", "/api/join", {**join, "paper": invitation["paper"][:-8]})
        report.ok(status == 400, "half an invitation", status)
        status, slip = second.ask("POST", "/api/join", join)
        report.ok(status == 200, "a seat is made", slip)
        status, again = second.ask("GET", "/api/slip")
        report.ok(again.get("paper") == slip.get("paper"), "its slip is there again", again)
        status, shown = first.ask("POST", "/api/admit", {"paper": slip["paper"]})
        report.ok(status == 409 and again["fingerprint"] in shown.get("confirm", ""),
                  "its fingerprint is to be compared", shown)
        status, _ = first.ask("POST", "/api/admit", {"paper": slip["paper"], "confirmed": shown["confirm"]})
        report.ok(status == 200, "it is admitted", status)
        second.ask("POST", "/api/sync", {})
        status, me = second.ask("GET", "/api/self")
        report.ok(me.get("admitted") is True and me.get("charter") is True, "and reads the charter", me)
        scenario = (ROOT / "examples/scenarios/ceasefire.yaml").read_text()
        status, told = second.ask("POST", "/api/analyse", {"names": ["c.yaml"], "files": [scenario]})
        report.ok(status == 200 and told["frontier"] and len(told["cloud"]) > 100, "a scenario is analysed", status)
        for names in (["../c.yaml"], [".c.yaml"], [""], [], ["c.yaml", "c.yaml"]):
            status, _ = second.ask("POST", "/api/analyse", {"names": names, "files": [scenario] * len(names)})
            report.ok(status in (400, 409), f"files named {names} are refused", status)
    finally:
        report.ok(first.close() == 0 and second.close() == 0, "both servers end when they are told")


def guarded(page, report):
    own = {"Cookie": page.cookie}
    good = {**own, "Origin": f"http://127.0.0.1:{page.port}", "Content-Type": "application/json"}
    cases = [
        ("no cookie", "GET", "/api/self", {}, 403),
        ("another's cookie", "GET", "/api/self", {"Cookie": page.cookie[:-1] + "z"}, 403),
        ("a foreign host", "GET", "/api/self", {**own, "Host": "evil.example"}, 421),
        ("a foreign origin", "GET", "/api/self", {**own, "Origin": "http://evil.example"}, 403),
        ("no origin", "POST", "/api/lock", {**own, "Content-Type": "application/json"}, 403),
        ("a form", "POST", "/api/lock", {**good, "Content-Type": "text/plain"}, 415),
        ("another method", "PUT", "/api/self", good, 405),
        ("no such page", "GET", "/../../etc/passwd", own, 404),
    ]
    for name, method, path, headers, wanted in cases:
        status, _, _ = page.raw(method, path, b"{}" if method != "GET" else None, headers)
        report.ok(status == wanted, f"{name}: {wanted}", status)
    for number, wanted in (("0", 200), ("1", 400), ("-1", 400), ("x", 400)):
        status, _, _ = page.raw("GET", "/api/self", None, {**own, "Entente-Seat": number})
        report.ok(status == wanted, f"seat {number}: {wanted}", status)
    status, _, _ = page.raw("POST", "/api/act", b" " * (3 << 20), good)
    report.ok(status == 413, "three megabytes: 413", status)
    status, headers, _ = page.raw("GET", "/", None, own)
    report.ok(status in (200, 404, 406) and "default-src 'none'" in headers["Content-Security-Policy"],
              "every answer has the policy", headers)


def main():
    report = Report()
    with tempfile.TemporaryDirectory() as top:
        table = Table(os.path.abspath(sys.argv[1]), top, report)
        charter = os.path.join(top, "charter.yaml")
        pathlib.Path(charter).write_text((ROOT / "examples/lake/charter.yaml").read_text())
        table.do("rhee", "table", "new", charter, "--host", "host", "--name", "Rhee", "--cost", "test")
        table.join("voss", "rhee", "kestria")
        table.join("maro", "rhee", "velland")
        table.join("diaz", "rhee", "group")
        everybody = ("rhee", "voss", "maro")
        table.round(*everybody, *everybody)
        for seat in everybody[1:]:
            table.do(seat, "sign", "charter", "--yes")
        table.round(*everybody)
        for seat in ("rhee", "diaz"):
            try:
                page = Page(table, seat, report)
            except RuntimeError as e:
                if "built without the page" not in str(e):
                    raise
                print(f"ok {report.count + 1} - the page # SKIP this program was built without it: npm could not "
                      f"install its packages\n1..{report.count + 1}")
                return 0
            try:
                every_path(page)  # locked
                status, _ = page.ask("POST", "/api/unlock", {"passphrase": "not this one"})
                report.ok(status == 401, "a wrong passphrase", status)
                page.ask("POST", "/api/unlock", {"passphrase": PASSPHRASE})
                every_path(page)
                if seat == "rhee":
                    status, shown = page.ask("POST", "/api/act", {"do": "sign-charter"})
                    report.ok(status == 409 and "confirm" in shown, "a charter is shown before it is signed", shown)
                    page.ask("POST", "/api/act", {"do": "sign-charter", "confirmed": shown.get("confirm", "")})
                    page.ask("POST", "/api/act", {"do": "say", "room": "home/meridia", "words": "At last."})
                    status, _ = page.ask("POST", "/api/act", {"do": "say", "room": "plenary", "words": "Too soon."})
                    report.ok(status == 422, "the rules refuse", status)
                    for body in ACTS:
                        status, answer = page.ask("POST", "/api/act", body)
                        if status == 409 and "confirm" in answer:
                            status, answer = page.ask("POST", "/api/act", {**body, "confirmed": answer["confirm"]})
                        report.ok(status == 200, f"rhee files: {body['do']}", answer)
                    every_path(page)
                    guarded(page, report)
                page.ask("POST", "/api/lock", {})
                missed = {(p, m) for p, ms in DOCUMENT["paths"].items() for m in ms} - page.seen
                report.ok(missed == {("/api/events", "get")}, f"{seat}: every path was asked", missed)
            finally:
                report.ok(page.close() == 0, f"{seat}: the server ends when it is told")
        first_hour(table, report)
    print(f"1..{report.count}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
