"""The editor shows what the command line says: the same rules, levels, places and words."""

import itertools

import pytest
import pytest_asyncio
from lsprotocol import types

from command_line import FIXTURES, PLAIN, expected, findings, fixtures, has_known_payload
from editor import Editor, finish_all, in_order, told
from payloads import (
    ENCODINGS,
    LINES,
    NO_KNOWN_PAYLOAD,
    NOT_UTF8,
    QUIET,
    TEXTS,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

FACTS = {
    "today": "2026-01-01",
    "partnerDomains": ["fabrikam-partner.com"],
    "operation": "re-enroll",
}
FACT_OPTIONS = (
    "--no-config",
    *("--today", "2026-01-01"),
    *("--partner-domain", "fabrikam-partner.com"),
    *("--operation", "re-enroll"),
)

numbers = itertools.count(1)


async def session(settings, encoding):
    editor = Editor()
    result = await editor.begin(
        settings, pull=True, encodings=[types.PositionEncodingKind(encoding)]
    )
    assert result.capabilities.position_encoding == encoding
    return editor


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editors():
    """A session for each encoding, and one that has been told facts."""
    editors = {
        encoding: await session({"today": "none", "config": "none"}, encoding)
        for encoding in ENCODINGS
    }
    editors["facts"] = await session({**FACTS, "config": "none"}, "utf-16")
    yield editors
    await finish_all(editors.values())


async def shown(editor, text, suffix=".json"):
    """What the editor shows for a text that it opens."""
    uri = f"untitled:payload-{next(numbers)}{suffix}"
    if suffix != ".json":
        # Only a name tells that a file is one of lines.
        uri = f"file:///payloads/payload-{next(numbers)}{suffix}"
    editor.open(uri, text)
    report = await editor.pull(uri)
    editor.close(uri)
    assert report.kind == "full"
    return in_order(told(each, uri) for each in report.items)


def said(path, data, encoding, *options):
    """What the command line says of the file, as diagnostics."""
    if not has_known_payload(path, *options):
        return []
    return in_order(expected(each, data, encoding) for each in findings(path, *options))


async def test_only_named_fixtures_are_exceptions():
    no_text, no_payload = set(), set()
    for name in fixtures():
        data = (FIXTURES / name).read_bytes()
        try:
            data.decode()
        except UnicodeDecodeError:
            no_text.add(name)
            continue
        if findings(FIXTURES / name) and not has_known_payload(FIXTURES / name):
            no_payload.add(name)
    assert no_text == NOT_UTF8
    assert no_payload == NO_KNOWN_PAYLOAD


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", [name for name in fixtures() if name not in NOT_UTF8])
async def test_fixture(editors, name, encoding):
    data = (FIXTURES / name).read_bytes()
    assert await shown(editors[encoding], data.decode()) == said(FIXTURES / name, data, encoding)


@pytest.mark.parametrize("name", [name for name in fixtures() if name not in NOT_UTF8])
async def test_fixture_with_facts(editors, name):
    data = (FIXTURES / name).read_bytes()
    assert await shown(editors["facts"], data.decode()) == said(
        FIXTURES / name, data, "utf-16", *FACT_OPTIONS
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", TEXTS)
async def test_text(editors, tmp_path, name, encoding):
    path = tmp_path / "payload.json"
    data = TEXTS[name].encode()
    path.write_bytes(data)
    assert await shown(editors[encoding], TEXTS[name]) == said(path, data, encoding)


async def test_the_whole_number_with_a_fraction_of_zero_is_right(editors):
    assert await shown(editors["utf-16"], TEXTS["whole number with a fraction of zero"]) == []
    assert await shown(editors["utf-16"], TEXTS["number with a fraction"]) != []


@pytest.mark.parametrize("suffix", [".ndjson", ".jsonl"])
@pytest.mark.parametrize("name", LINES)
async def test_lines(editors, tmp_path, name, suffix):
    path = tmp_path / f"payloads{suffix}"
    data = LINES[name].encode()
    path.write_bytes(data)
    assert await shown(editors["utf-16"], LINES[name], suffix) == said(path, data, "utf-16")


@pytest.mark.parametrize("name", QUIET)
async def test_quiet(editors, tmp_path, name):
    path = tmp_path / "file.json"
    path.write_text(QUIET[name])
    assert not has_known_payload(path, *PLAIN)
    assert await shown(editors["utf-16"], QUIET[name]) == []
