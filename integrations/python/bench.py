#!/usr/bin/env python3
"""Measures how many orders a second are checked by this package and by JSON Schema validators for Python.

    bench.py ORDERS.ndjson      one valid order a line, from `cargo run --release --example generate -- --records 20000`

The others start from Python strings as this package does: they parse with their own parser or `json.loads`. They validate
the schema of `benches/peers`, which expresses as much of the rules as a JSON Schema can, and for comparison the schema of
shapes alone, which is what fastjsonschema can compile; pydantic validates models of the shape. The best of five runs counts. Needs jsonschema-rs, fastjsonschema, jsonschema,
pydantic and pyarrow.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any, Callable, List, Optional

import countersign
import fastjsonschema
import jsonschema
import jsonschema_rs
import pyarrow as pa
from pydantic import BaseModel, ConfigDict, TypeAdapter

ROUNDS = 5
TODAY = "2026-11-29"


class Strict(BaseModel):
    """What a schema of the same strictness is in pydantic: known properties with their types."""

    model_config = ConfigDict(extra="allow", strict=True)


class Period(Strict):
    type: str
    duration: int


class Parameter(Strict):
    name: str
    value: Any = None
    structured_value: Optional[dict] = None


class Line(Strict):
    mpn: str
    quantity: Optional[int] = None
    billingPeriod: Optional[Period] = None
    parameters: List[Parameter] = []


class Order(Strict):
    customerId: str
    type: str
    subscriptionPeriod: Optional[Period] = None
    products: List[Line] = []


def measure(name: str, records: int, run: Callable[[], int], rounds: int = ROUNDS) -> None:
    """Prints the records a second of the best round, and per second of processor time, which other work on the machine
    disturbs less. `run` returns the number of valid records."""
    best, best_cpu = float("inf"), float("inf")
    for _ in range(rounds):
        start, start_cpu = time.perf_counter(), time.process_time()
        valid = run()
        best, best_cpu = min(best, time.perf_counter() - start), min(best_cpu, time.process_time() - start_cpu)
    if valid != records:
        sys.exit(f"{name}: {records - valid} of {records} records are not valid")
    print(f"{name:38} {records / best:12,.0f} /s {records / best_cpu:12,.0f} /s of processor time", flush=True)


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        texts = file.read().splitlines()
    count = len(texts)
    size = sum(map(len, texts)) / count
    print(f"{count} orders of {size:.0f} bytes on average, {os.cpu_count()} cores, Python {sys.version.split()[0]}")

    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../benches/peers/order-with-parameters.schema.json")
    with open(path, encoding="utf-8") as file:
        definition = json.load(file)
    shapes = countersign.schema("order")
    shapes = {"$schema": shapes["$schema"], "$defs": shapes["$defs"], "$ref": "#/$defs/request"}
    checker = countersign.Checker(today=TODAY)
    column = pa.array(texts)
    batch = _without_findings

    for jobs in (1, os.cpu_count() or 1):
        measure(
            f"countersign.check_arrow, {jobs} thread(s)",
            count,
            lambda jobs=jobs: batch(count, len(checker.check_arrow(column, jobs=jobs))),
        )
    for jobs in (1, os.cpu_count() or 1):
        measure(
            f"countersign.check_many, {jobs} thread(s)",
            count,
            lambda jobs=jobs: sum(not found for found in checker.check_many(texts, jobs=jobs)),
        )
    measure("countersign.check, one at a time", count, lambda: sum(not checker.check(text) for text in texts))

    rust = jsonschema_rs.validator_for(definition)
    measure("jsonschema-rs", count, lambda: sum(rust.is_valid(json.loads(text)) for text in texts))
    rust_shapes = jsonschema_rs.validator_for(shapes)
    measure("jsonschema-rs, shapes alone", count, lambda: sum(rust_shapes.is_valid(json.loads(text)) for text in texts))
    orders = TypeAdapter(Order)
    measure("pydantic, shapes alone", count, lambda: sum(orders.validate_json(text) is not None for text in texts))
    fast = fastjsonschema.compile(_draft_7(shapes))
    measure("fastjsonschema, shapes alone", count, lambda: sum(fast(json.loads(text)) is not None for text in texts))
    python = jsonschema.Draft202012Validator(definition)
    some = texts[: max(1, count // 20)]
    measure("jsonschema", len(some), lambda: sum(python.is_valid(json.loads(text)) for text in some), 1)
    parsed = sum(1 for text in texts if json.loads(text))
    measure("json.loads alone", parsed, lambda: sum(1 for text in texts if json.loads(text)))


def _without_findings(count: int, findings: int) -> int:
    return count - findings


def _draft_7(schema: Any) -> Any:
    """The schema for a validator that knows no later draft: `$defs` has another name, and `$ref` no neighbours."""
    if isinstance(schema, dict):
        changed = {
            {"$defs": "definitions"}.get(key, key): _draft_7(value) for key, value in schema.items() if key != "$schema"
        }
        reference = changed.get("$ref")
        if isinstance(reference, str):
            changed["$ref"] = reference.replace("#/$defs/", "#/definitions/")
            others = {key: value for key, value in changed.items() if key not in ("$ref", "$comment", "definitions")}
            if others:
                definitions = {key: value for key, value in changed.items() if key == "definitions"}
                changed = {**definitions, "allOf": [{"$ref": changed["$ref"]}, others]}
            changed.pop("$comment", None)
        return changed
    return [_draft_7(value) for value in schema] if isinstance(schema, list) else schema


if __name__ == "__main__":
    main()
