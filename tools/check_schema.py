#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds JSON to a schema of docs/schema.

    entente analyse --json FILE | tools/check_schema.py docs/schema/analyse.json

A value a line.  It knows the keywords of JSON Schema 2020-12 that those schemas use and no others:
a schema with another keyword is refused, so a schema never promises more than is checked.  Needs
nothing but Python's own library.
"""
import json
import re
import sys

TYPES = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool)
    or isinstance(v, float) and v.is_integer(),
}

SAYS_NOTHING = {"$schema", "title", "description", "$defs"}
CHECKED = {"type", "const", "enum", "pattern", "minimum", "maximum", "minItems", "maxItems", "items",
           "properties", "required", "additionalProperties", "oneOf", "$ref"}


class Unknown(Exception):
    """A schema that this program cannot check."""


def resolve(root, ref):
    if not ref.startswith("#/"):
        raise Unknown(f"{ref} points out of the schema")
    node = root
    for part in ref[2:].split("/"):
        node = node[part]
    return node


def same(a, b):
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def simple(schema, v):
    """Faults of a value by the keywords that look at nothing inside it."""
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if not any(TYPES[n](v) for n in names):
            yield f"is no {' or '.join(names)}"
    if "const" in schema and not same(v, schema["const"]):
        yield f"is not {json.dumps(schema['const'])}"
    if "enum" in schema and not any(same(v, e) for e in schema["enum"]):
        yield f"is none of {json.dumps(schema['enum'])}"
    if isinstance(v, str) and "pattern" in schema and not re.search(schema["pattern"], v):
        yield f"does not fit {schema['pattern']}"
    if TYPES["number"](v):
        if "minimum" in schema and v < schema["minimum"]:
            yield f"is below {schema['minimum']}"
        if "maximum" in schema and v > schema["maximum"]:
            yield f"is above {schema['maximum']}"
    if isinstance(v, list):
        if len(v) < schema.get("minItems", 0):
            yield f"has fewer items than {schema['minItems']}"
        if len(v) > schema.get("maxItems", len(v)):
            yield f"has more items than {schema['maxItems']}"


def faults(root, schema, v, where="$"):
    """Each a sentence that begins with the place."""
    if isinstance(schema, bool):
        if not schema:
            yield f"{where}: nothing may stand here"
        return
    strange = set(schema) - CHECKED - SAYS_NOTHING
    if strange:
        raise Unknown(f"cannot check {sorted(strange)}")
    if "$ref" in schema:
        yield from faults(root, resolve(root, schema["$ref"]), v, where)
    yield from (f"{where}: {words}" for words in simple(schema, v))
    if isinstance(v, dict):
        properties = schema.get("properties", {})
        for key in schema.get("required", []):
            if key not in v:
                yield f"{where}: {key} is missing"
        for key, inner in v.items():
            rule = properties.get(key, schema.get("additionalProperties", True))
            if rule is False:  # of a key that is named, or of all others
                yield f"{where}: {key} does not belong here"
            else:
                yield from faults(root, rule, inner, f"{where}.{key}")
    if isinstance(v, list) and "items" in schema:
        for n, inner in enumerate(v):
            yield from faults(root, schema["items"], inner, f"{where}[{n}]")
    if "oneOf" in schema:
        fitting = sum(not list(faults(root, s, v, where)) for s in schema["oneOf"])
        if fitting != 1:
            yield f"{where}: fits {fitting} of {len(schema['oneOf'])} forms, not one"


def check(schema, value):
    """The faults of a value, as a list of sentences."""
    return list(faults(schema, schema, value))


def main():
    if len(sys.argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="utf-8") as f:
        schema = json.load(f)
    bad = count = 0
    for n, line in enumerate(sys.stdin, 1):
        if line.strip():
            count += 1
            found = check(schema, json.loads(line))
            bad += bool(found)
            print("\n".join(f"line {n}: {words}" for words in found), end="\n" if found else "")
    print(f"{count - bad} of {count} fit")
    return 1 if bad or not count else 0


if __name__ == "__main__":
    sys.exit(main())
