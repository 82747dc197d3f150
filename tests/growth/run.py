#!/usr/bin/env python3
"""Checks that the work grows linearly with the number of mistakes in a payload.

Usage: tests/growth/run.py [PROGRAM] [--only SHAPE]

PROGRAM is the binary under test [default: target/release/countersign]. For each shape of a damaged payload, valgrind's
callgrind counts the instructions of a check at n, 2n and 4n mistakes, less those of a check of an empty object. No
doubling may take more than 2.3 times the instructions. Requires valgrind.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 2.3
START = 400
# Fewer instructions than these, at 4n, are too few to show a growth.
TOO_FEW = 3_000_000

ORDER = json.loads((ROOT / "fixtures/valid/order/new-tenant-full.json").read_text())
CUSTOMER = json.loads((ROOT / "fixtures/valid/customer/partner-center.json").read_text())


def order(**changes):
    return json.dumps({**ORDER, **changes})


def line(**changes):
    return {**ORDER["products"][0], **changes}


def parameters(entry, n):
    return order(products=[line(parameters=[entry(i) for i in range(n)])])


def joined(text, n, separator=",", around="[]"):
    return around[0] + separator.join(text(i) for i in range(n)) + around[1]


# Each shape as a function of the number of mistakes.
SHAPES = {
    "python literals": lambda n: joined(lambda i: ["None", "True", "False"][i % 3], n),
    "mismatched brackets": lambda n: "[}" * n,
    "mismatched braces": lambda n: "{]" * n,
    "equal keys": lambda n: joined(lambda i: '"a":1', n, around="{}"),
    "control characters": lambda n: '{"a":"' + "\x01" * n + '"}',
    "commas": lambda n: "[" + "," * n + "]",
    "trailing commas": lambda n: joined(lambda i: "[1,]", n),
    "missing commas": lambda n: joined(lambda i: '"a"', n, " "),
    "comments": lambda n: "[" + "1,//c\n" * n + "1]",
    "curly quotes": lambda n: joined(lambda i: "“a”", n),
    "single quotes": lambda n: joined(lambda i: "'a'", n),
    "unquoted names": lambda n: joined(lambda i: f"k{i}:1", n, around="{}"),
    "unquoted values": lambda n: joined(lambda i: f'"k{i}":v{i}', n, around="{}"),
    "illegal escapes": lambda n: '["' + "\\q" * n + '"]',
    "unclosed strings": lambda n: "[\n" + '"abc,\n' * n + "]",
    "unclosed brackets": lambda n: "[" * n,
    "unclosed braces": lambda n: '{"a":' * n,
    "closing brackets": lambda n: "]" * n,
    "quotes": lambda n: '"' * n,
    "colons": lambda n: '{"a"' + ":" * n + "1}",
    "digits": lambda n: "[" + "9" * (20 * n) + "]",
    "several values": lambda n: '{"a":1}' * n,
    "no-break spaces": lambda n: "[" + "\u00a0 1," * n + "1]",
    "full-width punctuation": lambda n: joined(lambda i: '"a"：1', n, "，", "｛｝"),
    "ruby arrows": lambda n: joined(lambda i: f'"k{i}" => 1', n, around="{}"),
    "python lines": lambda n: "\n".join("{'customerId': '1', 'type': 'sales', 'x': None}" for _ in range(n)),
    "tags": lambda n: "<a>" * n,
    "log lines": lambda n: '2024-01-01 INFO something {"a":\n' * n,
    "entities": lambda n: joined(lambda i: f"&quot;k{i}&quot;:&quot;v&quot;", n, around="{}"),
    "escaped quotes": lambda n: joined(lambda i: f'\\"k{i}\\":\\"v\\"', n, around="{}"),
    "base64": lambda n: "QUJD" * (10 * n),
    "nested arrays": lambda n: joined(lambda i: "[[[]]]", n),
    "unknown parameters": lambda n: parameters(lambda i: {"name": f"foo{i}", "value": "x"}, n),
    "equal parameters": lambda n: parameters(lambda i: {"name": "effective_city", "value": "x"}, n),
    "placeholders": lambda n: parameters(lambda i: {"name": "effective_city", "value": "{{x}}"}, n),
    "misplaced values": lambda n: parameters(lambda i: {"name": "mca_acceptance", "structured_value": {"a": 1}}, n),
    "wrong types": lambda n: order(products=[line(quantity="x")] * n),
    "unknown properties": lambda n: order(**{f"prop{i}": 1 for i in range(n)}),
    "misspelled properties": lambda n: order(products=[{**line(), "quantty": 1}] * n),
    "names in the wrong case": lambda n: order(products=[{k.upper(): v for k, v in line().items()}] * (n // 10)),
    "nulls": lambda n: order(products=[line(vendor=None)] * (n // 4)),
    "orders": lambda n: json.dumps([{**ORDER, "customerId": 7}] * (n // 4)),
    "customers": lambda n: json.dumps([{**CUSTOMER, "languge": "en"}] * (n // 4)),
    "qualifications": lambda n: json.dumps([{"qualification": "Educaton", "vettingStatus": "Approved"}] * n),
}


def instructions(program, text):
    """The number of instructions of a check of this text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "payload.json"
        path.write_text(text, encoding="utf-8")
        command = [
            *("valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/profile"),
            *(program, "check", "--no-config", "--no-progress", "--jobs", "1", "--format", "ndjson", path),
        ]
        run = subprocess.run(command, capture_output=True, text=True, errors="replace")
    collected = re.search(r"Collected : (\d+)", run.stderr)
    if not collected:
        sys.exit(f"valgrind failed:\n{run.stderr[-2000:]}")
    return int(collected.group(1))


def main():
    arguments = sys.argv[1:]
    only = None
    if "--only" in arguments:
        at = arguments.index("--only")
        only = arguments[at + 1]
        del arguments[at : at + 2]
    program = arguments[0] if arguments else ROOT / "target/release/countersign"
    base = instructions(program, "{}")
    failed = 0
    for name, shape in SHAPES.items():
        if only not in (None, name):
            continue
        counts = [max(instructions(program, shape(START * factor)) - base, 1) for factor in (1, 2, 4)]
        growths = [counts[1] / counts[0], counts[2] / counts[1]]
        is_linear = max(growths) <= LIMIT or counts[2] < TOO_FEW
        failed += not is_linear
        print(f"{'ok   ' if is_linear else 'FAIL '} {name:26} {growths[0]:5.2f} {growths[1]:5.2f} {counts[2] / 1e6:8.1f} million", flush=True)
    print(f"{len(SHAPES)} shapes, {failed} grow more than {LIMIT} times a doubling")
    sys.exit(bool(failed))


main()
