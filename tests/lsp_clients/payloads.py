"""Payloads in addition to the fixtures, and the fixtures that the server treats in another way."""

import json

from command_line import FIXTURES, ROOT

# A client opens text, and this fixture is not valid UTF-8.
NOT_UTF8 = {"invalid/json/unreadable.json"}
# The server ignores files without a known payload; the command line reports them.
NO_KNOWN_PAYLOAD = {"invalid/payload/not-json.json", "invalid/payload/unknown-kind.json"}

ENCODINGS = ["utf-8", "utf-16", "utf-32"]


URI = "untitled:order.json"

VALID_ORDER = (FIXTURES / "valid/order/new-tenant-minimal.json").read_text()
FULL_ORDER = (FIXTURES / "valid/order/new-tenant-full.json").read_text()
# An order with seven findings.
PASTED_ORDER = (FIXTURES / "invalid/several/pasted-from-a-guide.json").read_text()
# An order with nine findings.
NINE_MISTAKES = (FIXTURES / "invalid/several/nine-mistakes.json").read_text()
# An order with one finding, a warning of this rule.
ORDER_WITH_WARNING = (FIXTURES / "invalid/order/company-abbreviation-word.json").read_text()
WARNING_RULE = "order/company-abbreviation-word"

ORDER_SCHEMA = json.loads((ROOT / "schemas/order.schema.json").read_text())


def with_quantity(quantity):
    """Returns the minimal order with another source text as the quantity."""
    lines = VALID_ORDER.splitlines(True)
    [index] = [index for index, line in enumerate(lines) if line.lstrip().startswith('"quantity"')]
    lines[index] = f'      "quantity": {quantity},\n'
    return "".join(lines)


def in_one_line(text):
    """Returns the JSON text without line breaks."""
    return json.dumps(json.loads(text), ensure_ascii=False)


def with_error_after(text):
    """Returns an order in one line, with an error after the given string."""
    return in_one_line(FULL_ORDER).replace('"type"', f'"note": "{text}", "other": bare, "type"', 1)


TEXTS = {
    "whole number with a fraction of zero": with_quantity("90.0"),
    "number with a fraction": with_quantity("90.5"),
    "number with an exponent": with_quantity("9e1"),
    "negative number": with_quantity("-90"),
    "huge number": with_quantity("90000000000000000000000000"),
    "hexadecimal number": with_quantity("0x5A"),
    "number as a string": with_quantity('"90.0"'),
    "two-byte characters before an error": with_error_after("Ölmühle"),
    "three-byte characters before an error": with_error_after("雪の結晶"),
    "surrogate pairs before an error": with_error_after("🦉🦉 𝔘"),
    "joined emoji before an error": with_error_after("👩‍🚀é"),
    "other line separators in a string": with_error_after("a\u2028b\u2029c\u0085d"),
    "byte order mark and an error in the first line": "\ufeff" + with_error_after("x"),
    "byte order mark and an error in a later line": "\ufeff" + with_quantity("ninety"),
    "carriage returns and line feeds": with_quantity("ninety").replace("\n", "\r\n"),
    "carriage returns alone": with_quantity("ninety").replace("\n", "\r"),
    "mixed line endings": with_quantity("ninety")
    .replace("\n", "\r\n", 3)
    .replace("\n  ", "\r  ", 8),
    "line ending in a string": with_quantity("90").replace(
        "tenant_preference", "tenant\npreference"
    ),
    "comments": "// an order 🦉\n" + with_quantity("90 /* many */"),
    "end of the text after a comma": with_quantity("90").rstrip().removesuffix("}") + ",",
    "first half of an order": with_quantity("90")[:400],
    "end of the text in a string": with_quantity("90")[:395],
    "no-break space after an unclosed property name": '{ "customerId": "1", "type": "sales", "products": [], "x\u00a0',
    "array of orders": f"[{with_quantity('ninety')},\n{with_quantity('90.5')}]",
    "second value in the text": with_quantity("90") + "\n7",
}

NDJSON_TEXTS = {
    "valid": "\n".join([in_one_line(FULL_ORDER), in_one_line(with_quantity("3"))]) + "\n",
    "invalid line between valid ones": "\n".join(
        [in_one_line(with_quantity("-3")), '{"type": "sales",', in_one_line(with_quantity("-4"))]
    ),
    "empty lines": "\n\n" + in_one_line(with_quantity("-3")) + "\n\n\n",
    "carriage returns": in_one_line(with_quantity("-3")) + "\r\n" + with_error_after("🦉") + "\r\n",
    "unknown object after an order": in_one_line(with_quantity("-3")) + '\n{"a": 1}\n',
}

WITHOUT_PAYLOAD = {
    "empty": "",
    "whitespace": "  \n\t\n",
    "a package": '{\n  "name": "owl",\n  "version": "1.0.0",\n  "scripts": { "test": "true" },\n}\n',
    "a number": "7",
    "an empty object": "{}",
    "an empty array": "[]",
    "prose": "This is not JSON, and it has not been declared as JSON.\n",
}
