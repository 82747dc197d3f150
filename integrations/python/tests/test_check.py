"""Checks of Python strings and files, and the objects that they return."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import json
import pickle
import subprocess
import sys
import threading
from pathlib import Path

import countersign
import pytest
from countersign import Checker, Finding
from countersign import _native
from conftest import BAD, GOOD, ORDER, ROOT, SALE, TODAY, UNCLOSED_COMMA, run_command


def rules_of(findings):
    return [finding.rule for finding in findings]


def test_a_valid_payload_has_no_findings():
    for payload in (GOOD, GOOD.encode(), bytearray(GOOD.encode()), memoryview(GOOD.encode()), ORDER, [ORDER]):
        assert countersign.check(payload) == []


def test_a_finding_has_the_properties_of_the_wire_format():
    _, expected, _ = run_command("--no-config", "-", stdin=UNCLOSED_COMMA.encode())
    findings = countersign.check(UNCLOSED_COMMA, today=TODAY)
    assert "json/trailing-comma" in rules_of(findings)
    for finding, row in zip(findings, expected):
        own = finding.to_dict()
        assert Finding.from_dict(own) == finding
        for name in ("file", "fingerprint"):
            own.pop(name), row.pop(name)
        assert own == row
    schema = countersign.schema("findings")["$defs"]["finding"]["properties"]
    assert {field.name for field in dataclasses.fields(Finding)} == set(schema)


def test_findings_are_frozen_hashable_and_can_be_copied():
    [finding] = countersign.check(BAD)
    with pytest.raises(dataclasses.FrozenInstanceError):
        finding.rule = "other/rule"
    assert len({finding, pickle.loads(pickle.dumps(finding)), copy.deepcopy(finding)}) == 1


def test_a_finding_is_shown_with_its_place():
    [finding] = countersign.check(BAD)
    assert repr(finding).startswith("<Finding error ")
    assert "/products/0/quantity at 1:" in repr(finding)
    assert str(finding).startswith("<payload>:1:")


def test_notebooks_show_no_markup_of_payloads():
    payload = json.dumps({**ORDER, "type": "<script>alert(1)</script>", '<img src="x">': 1})
    findings = countersign.check(payload)
    shown = findings._repr_html_()
    assert findings and "&lt;script&gt;" in shown
    assert "<script" not in shown and "<img" not in shown
    assert "<script" not in findings[0]._repr_html_()
    assert countersign.check(GOOD)._repr_html_() == "<p>no findings</p>"


def test_bad_input_is_a_finding_and_never_an_exception():
    for payload in ("", " ", "nonsense", b"\xff\xfe\x00", "\ud800", "[" * 5000, b"\x1f\x8b\x00", "{}\n{}", "null"):
        assert all(isinstance(finding, Finding) for finding in countersign.check(payload)), payload
    assert rules_of(countersign.check("\ud800")) == ["json/unreadable"]
    assert rules_of(countersign.check("")) == ["json/unexpected-token"]


def test_an_object_that_is_not_json_is_an_error():
    circular = []
    circular.append(circular)
    for payload in ({"a": object()}, circular, {1: {2, 3}}):
        with pytest.raises(countersign.InputError, match="cannot be written as JSON"):
            countersign.check(payload)


def test_kind_and_form_are_stated_or_detected():
    assert countersign.check("{}", kind="order")[0].kind == "order"
    with pytest.raises(countersign.UnknownNameError, match="there is no kind `orders`"):
        countersign.check("{}", kind="orders")
    with pytest.raises(countersign.UnknownNameError, match="there is no form `req`"):
        countersign.check("{}", form="req")


def test_a_date_is_a_date_a_text_or_none():
    # An agreement in the future is reported only if the current date is known.
    path = ROOT / "fixtures/invalid/order/agreement-date-in-future.json"
    text = path.read_text()
    day = datetime.date(2022, 1, 1)
    rule = "order/agreement-date-in-future"
    for today in (day, datetime.datetime(2022, 1, 1, 12), "2022-01-01"):
        assert rule in rules_of(countersign.check(text, today=today))
    assert rule not in rules_of(countersign.check(text, today="none"))
    with pytest.raises(countersign.ConfigError, match="expected YYYY-MM-DD"):
        Checker(today="tomorrow")


def test_a_configuration_applies(config: Path):
    other_part = GOOD.replace("LCHC:0002", "LDPB:0001")
    assert rules_of(countersign.check(other_part)) == []
    assert rules_of(countersign.check(other_part, config=config)) == ["order/unknown-mpn"]
    # A configuration that changes is read again.
    config.write_text("[rules]\n" + '"order/*" = "off"\n')
    assert rules_of(countersign.check(other_part, config=config)) == []


def test_an_invalid_configuration_is_an_error_with_the_place(tmp_path: Path):
    path = tmp_path / "countersign.toml"
    path.write_text('fail-on = "x"\n')
    with pytest.raises(countersign.ConfigError, match=r"countersign\.toml:1:11: `fail-on` must be .*found the string `x`"):
        Checker(path)
    path.write_text('catalogue = "numbers.txt"\n')
    with pytest.raises(countersign.ConfigError, match="numbers.txt: no such file or folder"):
        Checker(path)
    with pytest.raises(countersign.ConfigError, match="no such file or folder"):
        Checker(tmp_path / "missing.toml")
    path.write_text('[[ignore]]\nrule = "order/mpn-shape"\nreason = "old"\nuntil = 2020-01-01\n')
    with pytest.warns(countersign.ConfigWarning, match="config/expired-ignore"):
        assert rules_of(Checker(path).config_findings) == ["config/expired-ignore"]


def test_many_payloads_are_one_run():
    payloads = [GOOD, BAD, "", SALE, GOOD.encode(), SALE]
    found = list(countersign.check_many(iter(payloads), jobs=2))
    assert len(found) == len(payloads)
    assert found[0] == found[2] == found[4] == []
    assert rules_of(found[1]) == rules_of(countersign.check(BAD))
    assert "export/duplicate-order" not in rules_of(found[3])
    [duplicate] = [finding for finding in found[5] if finding.rule == "export/duplicate-order"]
    assert duplicate.help == "compare with record 4; keep one of the two"
    assert duplicate.record.index == 5


def test_many_payloads_are_checked_lazily_and_the_same_on_any_number_of_threads():
    def endless():
        while True:
            yield BAD

    first = next(iter(countersign.check_many(endless())))
    assert rules_of(first) == rules_of(countersign.check(BAD))
    payloads = [BAD.replace("1000417733", str(2000000 + number)) for number in range(20000)]
    assert list(countersign.check_many(payloads, jobs=1)) == list(countersign.check_many(payloads, jobs=4))


def test_the_interpreter_runs_while_payloads_are_checked():
    ticks = 0
    done = threading.Event()

    def count():
        nonlocal ticks
        while not done.is_set():
            ticks += 1

    run = _native.Checker(None, TODAY).run(None, None, 1)
    payloads = [GOOD.encode()] * 100_000
    thread = threading.Thread(target=count)
    thread.start()
    before = ticks
    run.check(payloads)
    during = ticks - before
    done.set()
    thread.join()
    # With the interpreter held, the other thread could run only at its two ends.
    assert during > 10_000


def test_a_checker_is_shared_by_threads():
    checker = Checker()
    results = []
    threads = [
        threading.Thread(target=lambda: results.append([rules_of(checker.check(BAD)) for _ in range(50)]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4 and all(result == results[0] for result in results)


def test_fixes():
    fixed = countersign.fix(UNCLOSED_COMMA)
    assert fixed.text == UNCLOSED_COMMA.replace(",}", "}")
    assert fixed.applied == 1
    assert "json/trailing-comma" not in rules_of(fixed.findings)
    unchanged = countersign.fix(GOOD)
    assert (unchanged.text, unchanged.applied, unchanged.findings) == (GOOD, 0, [])


def test_unsafe_fixes_are_applied_only_on_request():
    path = next(
        path
        for path in sorted((ROOT / "fixtures/invalid").rglob("*.json"))
        if any(found.fix and found.fix.safety == "unsafe" for found in countersign.check_file(path))
    )
    text = path.read_text()
    safe, every = countersign.fix(text), countersign.fix(text, unsafe=True)
    assert any(found.fix and found.fix.safety == "unsafe" for found in safe.findings)
    assert every.applied > safe.applied


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path):
    with pytest.raises(countersign.InputError, match="missing.json: no such file or folder"):
        countersign.check_file(tmp_path / "missing.json")


def test_rules_pages_and_schemas():
    rules = countersign.rules()
    assert [rule.id for rule in rules] == sorted(rule.id for rule in rules)
    by_id = {rule.id: rule for rule in rules}
    assert by_id["json/trailing-comma"].level == "error"
    assert countersign.explain("json/trailing-comma") == by_id["json/trailing-comma"].page
    assert "trailing-comma" in repr(by_id["json/trailing-comma"])
    with pytest.raises(countersign.UnknownNameError, match="did you mean `order/mpn-shape`"):
        countersign.explain("order/mpn-shap")
    assert countersign.schema("order")["$defs"]
    assert countersign.schema("config")["properties"]["catalogue"]
    with pytest.raises(countersign.UnknownNameError, match="expected one of"):
        countersign.schema("invoice")


def test_a_panic_is_an_exception(capfd):
    with pytest.raises(countersign.InternalError, match=r"countersign failed at src/lib\.rs:\d+; report the defect"):
        _native.panic_for_test()
    # The text of the panic, which may contain values of a payload, is printed nowhere.
    assert capfd.readouterr() == ("", "")


def test_the_exceptions_form_a_hierarchy():
    for error in (
        countersign.ConfigError,
        countersign.InputError,
        countersign.ArrowTypeError,
        countersign.UnknownNameError,
        countersign.InternalError,
    ):
        assert issubclass(error, countersign.CountersignError) and error.__module__ == "countersign"


def test_the_command_line_has_the_exit_codes_of_the_contract(tmp_path: Path):
    path = tmp_path / "order.json"
    for text, code in ((GOOD, 0), (BAD, 1)):
        path.write_text(text)
        assert run_command(str(path))[0] == code
    assert run_command(str(tmp_path / "missing.json"))[0] == 2
    done = subprocess.run(
        [sys.executable, "-m", "countersign", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"countersign {countersign.__version__}\n"


def test_the_doc_example():
    import doctest

    assert doctest.testmod(countersign).failed == 0
