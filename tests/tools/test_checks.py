# SPDX-License-Identifier: Apache-2.0
"""The checks of tools/ pass on good code and fail on each planted violation."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"

LAYERS = """\
# a comment
base  :           :         : pure
os    : base      : posix   : effects
crypto: base      : sodium  : pure
table : base      :         : pure
app   : base os table :     : effects
cli   : base os app :       : effects
"""
SPDX = "/* SPDX-License-Identifier: Apache-2.0 */\n"
GOOD = {
    "src/LAYERS": LAYERS,
    "src/base/a.h": SPDX + "#include <stdint.h>\n",
    "src/base/a.c": SPDX + '#include "base/a.h"\n#include <stdio.h>\n',
    "src/os/f.h": SPDX + '#include "base/a.h"\n',
    "src/os/f_priv.h": SPDX + '#include "os/f.h"\n',
    "src/os/f.c": SPDX + '#include "os/f.h"\n#include "os/f_priv.h"\n#include <unistd.h>\n',
    "src/crypto/c.c": SPDX + "#include <sodium.h>\n",
    "src/table/t.h": SPDX + '#include "base/a.h"\n',
    "src/app/v.h": SPDX + '#include "base/a.h"\n',
    "src/app/v.c": SPDX + '#include "app/v.h"\n#include "table/t.h"\n#include <stdlib.h>\n',
    "src/cli/c.c": SPDX + '#include "app/v.h"\n',
    "tests/lib/t.h": SPDX,
    "tests/unit/os/test_f.c": SPDX + '#include "lib/t.h"\n#include "os/f_priv.h"\n'
                              "#include <sodium.h>\n",
}


class Tree(unittest.TestCase):
    tool = ""

    def run_tool(self, changes):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in {**GOOD, **changes}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            run = subprocess.run([sys.executable, TOOLS / self.tool, "--root", root],
                                 capture_output=True, text=True, check=False)
            return run.returncode, run.stdout + run.stderr

    def good(self, changes=None):
        self.assertEqual(self.run_tool(changes or {}), (0, ""))

    def bad(self, words, changes):
        status, out = self.run_tool(changes)
        self.assertEqual(status, 1, out)
        self.assertIn(words, out)


class Layers(Tree):
    tool = "check-layers.py"

    def test_good(self):
        self.good()

    def test_not_granted(self):
        self.bad("src/table/t.h:2: table may not include os",
                 {"src/table/t.h": SPDX + '#include "os/f.h"\n'})

    def test_upwards(self):
        self.bad("base may not include app", {"src/base/a.c": SPDX + '#include "app/v.h"\n'})

    def test_through_a_header(self):
        self.bad('src/cli/c.c: cli may not see table, but gets "table/t.h" through src/app/v.h',
                 {"src/app/v.h": SPDX + '#include "table/t.h"\n'})

    def test_private(self):
        self.bad('"os/f_priv.h" is private to os', {"src/app/v.c": SPDX + '#include "os/f_priv.h"\n'})
        self.bad("is private to os and its unit tests",
                 {"tests/unit/app/test_v.c": SPDX + '#include "os/f_priv.h"\n'})

    def test_without_layer(self):
        self.bad("does not name its layer", {"src/os/f.c": SPDX + '#include "f.h"\n'})

    def test_missing(self):
        self.bad("there is no src/os/gone.h", {"src/os/f.c": SPDX + '#include "os/gone.h"\n'})

    def test_made_by_the_build(self):
        code = {"src/os/f.c": SPDX + '#include "os/made.h"\n'}
        self.bad("there is no src/os/made.h", code)
        self.good({**code, "src/os/meson.build": "custom_target('x', output: 'made.h')\n"})
        self.bad("table may not include os", {"src/table/t.c": SPDX + '#include "os/made.h"\n',
                                              "src/os/meson.build": "output: 'made.h'\n"})

    def test_source_included(self):
        self.bad("is not a header", {"src/os/g.c": SPDX + '#include "os/f.c"\n'})

    def test_library_elsewhere(self):
        self.bad("<sodium.h> belongs to sodium, which app does not own",
                 {"src/app/v.c": SPDX + "#include <sodium.h>\n"})
        self.bad("<unistd.h> belongs to posix", {"src/app/v.c": SPDX + "#include <unistd.h>\n"})
        self.bad("<sys/stat.h> belongs to posix", {"src/cli/c.c": SPDX + "#include <sys/stat.h>\n"})

    def test_pure(self):
        self.good({"src/table/t.c": SPDX + "#include <stdio.h>\n"}) # effects are refused by name
        self.bad("<time.h> belongs to posix", {"src/table/t.c": SPDX + "#include <time.h>\n"})
        self.bad("no floating point", {"src/table/t.c": SPDX + "#include <math.h>\n"})

    def test_unknown_header(self):
        self.bad("<odd.h> is not known", {"src/cli/c.c": SPDX + "#include <odd.h>\n"})

    def test_unknown_layer(self):
        self.bad("the layer web is not in src/LAYERS", {"src/web/w.c": SPDX})

    def test_cycle_of_headers(self):
        self.bad("in a circle", {"src/base/a.h": SPDX + '#include "base/b.h"\n',
                                 "src/base/b.h": SPDX + '#include "base/a.h"\n'})

    def test_order_of_layers(self):
        self.bad("base may include os, which is not listed above it",
                 {"src/LAYERS": LAYERS.replace("base  :           ", "base  : os        ")})
        self.bad("app is listed twice", {"src/LAYERS": LAYERS + "app: base : : pure\n"})
        self.bad("owned by crypto already", {"src/LAYERS": LAYERS + "net: base : sodium : pure\n"})
        self.bad("a line is", {"src/LAYERS": LAYERS + "net: base\n"})

    def test_unit_test_reaches_up(self):
        self.bad("a test of os may not include app",
                 {"tests/unit/os/test_f.c": SPDX + '#include "app/v.h"\n'})

    def test_comments_do_not_count(self):
        self.good({"src/table/t.h": SPDX + '/*\n#include "os/f.h"\n*/\n'})


class Banned(Tree):
    tool = "check-banned.py"

    def test_good(self):
        self.good({"src/os/f.c": SPDX + 'int x; /* strcpy(a) */ char *s = "atoi(b)"; '
                                        "int y = p->time(1);\n"})

    def test_dangerous(self):
        self.bad("src/os/f.c:2: strcpy", {"src/os/f.c": SPDX + "void f(void) { strcpy(a, b); }\n"})
        self.bad("tests/unit/os/test_f.c:2: sprintf",
                 {"tests/unit/os/test_f.c": SPDX + "void f(void) { sprintf(a, b); }\n"})

    def test_banned_in_src_alone(self):
        line = SPDX + "void f(void) { qsort(a, b, c, d); }\n"
        self.bad("qsort: not stable", {"src/os/f.c": line})
        self.good({"tests/unit/os/test_f.c": line})

    def test_only_in_some_files(self):
        line = SPDX + "void f(void) { p = malloc(3); }\n"
        self.bad("malloc is not used here", {"src/app/v.c": line})
        self.good({"src/base/buf.c": line})
        self.bad("clock_gettime", {"src/os/f.c": SPDX + "int x = clock_gettime(a, b);\n"})
        self.bad("fopen", {"src/table/t.c": SPDX + "FILE *f = fopen(a, b);\n"})
        self.bad("printf", {"src/app/v.c": SPDX + "void f(void) { printf(a); }\n"})

    def test_comments(self):
        self.bad("src/os/f.c:3: //", {"src/os/f.c": SPDX + "\nint x; // why\n"})
        self.good({"src/os/f.c": SPDX + '/* see https://x.org */ char *s = "a//b";\n'})
        word = "TO" + "DO"
        self.bad(word, {"src/os/f.c": SPDX + f"/* {word}: later */\n"})

    def test_licence(self):
        self.bad("names the licence", {"src/os/f.c": "int x;\n"})

    def test_floats(self):
        self.bad("double", {"src/table/t.c": SPDX + "double x;\n"})
        self.good({"src/app/v.c": SPDX + "double x;\n"})


class Headers(Tree):
    tool = "check-headers.py"

    def test_good(self):
        self.good()

    def test_needs_another(self):
        self.bad("base/a.h does not compile alone", {"src/base/a.h": SPDX + "uint8_t f(void);\n"})


if __name__ == "__main__":
    unittest.main()
