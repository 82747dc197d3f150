"""The server has the findings of the command line: the same rules, levels, ranges and messages."""

import itertools

import pytest
import pytest_asyncio
from lsprotocol import types

from client import Client, diagnostic_fields, end_sessions, sorted_by_range
from command_line import FIXTURES, PLAIN, expected_diagnostic, findings, fixtures, has_known_payload
from payloads import (
    ENCODINGS,
    NDJSON_TEXTS,
    NO_KNOWN_PAYLOAD,
    NOT_UTF8,
    TEXTS,
    WITHOUT_PAYLOAD,
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
    client = Client()
    result = await client.start_session(
        settings, pull=True, encodings=[types.PositionEncodingKind(encoding)]
    )
    assert result.capabilities.position_encoding == encoding
    return client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clients():
    """A session for each position encoding, and one with facts in its settings."""
    clients = {
        encoding: await session({"today": "none", "config": "none"}, encoding)
        for encoding in ENCODINGS
    }
    clients["facts"] = await session({**FACTS, "config": "none"}, "utf-16")
    yield clients
    await end_sessions(clients.values())


async def shown_diagnostics(client, text, suffix=".json"):
    """Returns the diagnostics of a document with this text."""
    uri = f"untitled:payload-{next(numbers)}{suffix}"
    if suffix != ".json":
        # A document is NDJSON only by the suffix of its name.
        uri = f"file:///payloads/payload-{next(numbers)}{suffix}"
    client.open(uri, text)
    report = await client.pull(uri)
    client.close(uri)
    assert report.kind == "full"
    return sorted_by_range(diagnostic_fields(each, uri) for each in report.items)


def expected_diagnostics(path, data, encoding, *options):
    """Returns the findings of the command line in a file, as diagnostics."""
    if not has_known_payload(path, *options):
        return []
    return sorted_by_range(
        expected_diagnostic(each, data, encoding) for each in findings(path, *options)
    )


async def test_the_list_of_exceptions_is_complete():
    not_utf8, no_payload = set(), set()
    for name in fixtures():
        data = (FIXTURES / name).read_bytes()
        try:
            data.decode()
        except UnicodeDecodeError:
            not_utf8.add(name)
            continue
        if findings(FIXTURES / name) and not has_known_payload(FIXTURES / name):
            no_payload.add(name)
    assert not_utf8 == NOT_UTF8
    assert no_payload == NO_KNOWN_PAYLOAD


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", [name for name in fixtures() if name not in NOT_UTF8])
async def test_fixture(clients, name, encoding):
    data = (FIXTURES / name).read_bytes()
    assert await shown_diagnostics(clients[encoding], data.decode()) == expected_diagnostics(
        FIXTURES / name, data, encoding
    )


@pytest.mark.parametrize("name", [name for name in fixtures() if name not in NOT_UTF8])
async def test_fixture_with_facts(clients, name):
    data = (FIXTURES / name).read_bytes()
    assert await shown_diagnostics(clients["facts"], data.decode()) == expected_diagnostics(
        FIXTURES / name, data, "utf-16", *FACT_OPTIONS
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", TEXTS)
async def test_text(clients, tmp_path, name, encoding):
    path = tmp_path / "payload.json"
    data = TEXTS[name].encode()
    path.write_bytes(data)
    assert await shown_diagnostics(clients[encoding], TEXTS[name]) == expected_diagnostics(
        path, data, encoding
    )


async def test_a_whole_number_may_have_a_zero_fraction(clients):
    assert (
        await shown_diagnostics(clients["utf-16"], TEXTS["whole number with a fraction of zero"])
        == []
    )
    assert await shown_diagnostics(clients["utf-16"], TEXTS["number with a fraction"]) != []


@pytest.mark.parametrize("suffix", [".ndjson", ".jsonl"])
@pytest.mark.parametrize("name", NDJSON_TEXTS)
async def test_ndjson(clients, tmp_path, name, suffix):
    path = tmp_path / f"payloads{suffix}"
    data = NDJSON_TEXTS[name].encode()
    path.write_bytes(data)
    assert await shown_diagnostics(
        clients["utf-16"], NDJSON_TEXTS[name], suffix
    ) == expected_diagnostics(path, data, "utf-16")


@pytest.mark.parametrize("name", WITHOUT_PAYLOAD)
async def test_text_without_payload(clients, tmp_path, name):
    path = tmp_path / "file.json"
    path.write_text(WITHOUT_PAYLOAD[name])
    assert not has_known_payload(path, *PLAIN)
    assert await shown_diagnostics(clients["utf-16"], WITHOUT_PAYLOAD[name]) == []
