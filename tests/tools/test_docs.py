#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tests that the documents name exist; every layer has its row.

    test_docs.py INTRO_TESTS.json

In docs/SOURCE.md, docs/THREATS.md and docs/TESTING.md (the table of bad input) the last column of each
table names tests as `meson test` does; `tools/verify/...` stands for all of that beginning.
"""
import json
import os
import re
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NAMES = set()
TABLES = {'SOURCE.md': '', 'THREATS.md': '', 'TESTING.md': '## Bad input'}


def last_column(name, heading):
    """(row's first cell, last cell) of the tables behind a heading, up to the next one."""
    with open(os.path.join(ROOT, 'docs', name), encoding='utf-8') as f:
        text = f.read()
    start = text.index(heading)
    end = text.find('\n## ', start + 1) if heading else len(text)
    for line in text[start:end if end > 0 else len(text)].splitlines():
        cells = [cell.strip() for cell in line.split('|')]
        if line.startswith('|') and not line.startswith('|--') and len(cells) > 3:
            yield cells[1], cells[-2]


def known(word):
    if word.endswith('/...') or word.endswith('/…'):
        return any(name.startswith(word.rstrip('.…')) for name in NAMES)
    return word in NAMES or os.path.exists(os.path.join(ROOT, word))


class Docs(unittest.TestCase):
    def test_names(self):
        for name, heading in TABLES.items():
            rows = 0
            for first, last in last_column(name, heading):
                for word in re.findall(r'`([^`]+)`', last):
                    self.assertTrue(known(word), f'{name}: "{first}" names `{word}`, which is no test')
                    rows += 1
            self.assertGreater(rows, 8, name)

    def test_layers(self):
        with open(os.path.join(ROOT, 'src', 'LAYERS'), encoding='utf-8') as f:
            layers = [line.split()[0] for line in f if line.strip() and not line.startswith('#')]
        with open(os.path.join(ROOT, 'docs', 'ARCHITECTURE.md'), encoding='utf-8') as f:
            rows = re.findall(r'^\| `(\w+)` \| (pure|effects) \|', f.read(), re.MULTILINE)
        self.assertEqual(sorted(layers), sorted(name for name, _ in rows))

    def test_it_would_notice(self):
        self.assertFalse(known('app/no-such-test'))
        self.assertFalse(known('tools/nothing/...'))


if __name__ == '__main__':
    with open(sys.argv.pop(1), encoding='utf-8') as f:
        NAMES = {test['name'] for test in json.load(f)}
    unittest.main()
