"""Payloads beside the fixtures, and which fixtures are exceptions in an editor."""

import json

from command_line import FIXTURES

# An editor opens text, and this one is none.
NOT_UTF8 = {"invalid/json/unreadable.json"}
# What is no payload of ours is left alone in an editor; the command line says that it is none.
NO_KNOWN_PAYLOAD = {"invalid/payload/unknown-kind.json"}

ENCODINGS = ["utf-8", "utf-16", "utf-32"]


def full_order():
    return (FIXTURES / "valid/order/new-tenant-full.json").read_text()


def with_quantity(quantity):
    lines = (FIXTURES / "valid/order/new-tenant-minimal.json").read_text().splitlines(True)
    [at] = [index for index, line in enumerate(lines) if line.lstrip().startswith('"quantity"')]
    lines[at] = f'      "quantity": {quantity},\n'
    return "".join(lines)


def in_one_line(text):
    return json.dumps(json.loads(text), ensure_ascii=False)


def broken_behind(text):
    """An order with a mistake behind some text in the same line."""
    return in_one_line(full_order()).replace(
        '"type"', f'"note": "{text}", "other": bare, "type"', 1
    )


TEXTS = {
    "whole number with a fraction of zero": with_quantity("90.0"),
    "number with a fraction": with_quantity("90.5"),
    "number with an exponent": with_quantity("9e1"),
    "negative number": with_quantity("-90"),
    "huge number": with_quantity("90000000000000000000000000"),
    "number of another dialect": with_quantity("0x5A"),
    "number in quotes": with_quantity('"90.0"'),
    "two bytes before a mistake": broken_behind("Ölmühle"),
    "three bytes before a mistake": broken_behind("雪の結晶"),
    "surrogate pairs before a mistake": broken_behind("🦉🦉 𝔘"),
    "joined emoji before a mistake": broken_behind("👩‍🚀é"),
    "unusual line separators in a text": broken_behind("a\u2028b\u2029c\u0085d"),
    "byte order mark and a mistake in the first line": "\ufeff" + broken_behind("x"),
    "byte order mark and a mistake further down": "\ufeff" + with_quantity("ninety"),
    "carriage returns and line feeds": with_quantity("ninety").replace("\n", "\r\n"),
    "carriage returns alone": with_quantity("ninety").replace("\n", "\r"),
    "mixed line ends": with_quantity("ninety").replace("\n", "\r\n", 3).replace("\n  ", "\r  ", 8),
    "line end within a text": with_quantity("90").replace(
        "tenant_preference", "tenant\npreference"
    ),
    "comments": "// an order 🦉\n" + with_quantity("90 /* many */"),
    "nothing behind a comma": with_quantity("90").rstrip().removesuffix("}") + ",",
    "half of an order": with_quantity("90")[:400],
    "half a text": with_quantity("90")[:395],
    "no-break space behind half a name": '{ "customerId": "1", "type": "sales", "products": [], "x\u00a0',
    "array of orders": f"[{with_quantity('ninety')},\n{with_quantity('90.5')}]",
    "number too much for a text": with_quantity("90") + "\n7",
}

LINES = {
    "all right": "\n".join([in_one_line(full_order()), in_one_line(with_quantity("3"))]) + "\n",
    "a broken line costs no other": "\n".join(
        [in_one_line(with_quantity("-3")), '{"type": "sales",', in_one_line(with_quantity("-4"))]
    ),
    "empty lines": "\n\n" + in_one_line(with_quantity("-3")) + "\n\n\n",
    "carriage returns": in_one_line(with_quantity("-3")) + "\r\n" + broken_behind("🦉") + "\r\n",
    "something else among orders": in_one_line(with_quantity("-3")) + '\n{"a": 1}\n',
}

QUIET = {
    "nothing at all": "",
    "blanks": "  \n\t\n",
    "a package": '{\n  "name": "owl",\n  "version": "1.0.0",\n  "scripts": { "test": "true" },\n}\n',
    "a number": "7",
    "an empty object": "{}",
    "an empty array": "[]",
    "prose": "This is no JSON at all, and nobody said that it was.\n",
}
