"""A quick fix gives the text after the edits of the command line's finding, and the action for all
safe fixes gives the text that `check --fix` writes."""

import itertools

import pytest
import pytest_asyncio
from lsprotocol import types

from client import Client, diagnostic_fields, end_sessions, text_after
from command_line import (
    FIXTURES,
    expected_diagnostic,
    findings,
    fixed_bytes,
    fixtures,
    has_known_payload,
    lsp_range,
)
from payloads import ENCODINGS, NDJSON_TEXTS, NOT_UTF8, PASTED_ORDER, TEXTS
from text_document import apply_byte_edits

pytestmark = pytest.mark.asyncio(loop_scope="module")

numbers = itertools.count(1)
FIX_ALL = "source.fixAll.countersign"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clients():
    clients = {}
    for encoding in ENCODINGS:
        clients[encoding] = Client()
        await clients[encoding].start_session(
            pull=True, encodings=[types.PositionEncodingKind(encoding)]
        )
    yield clients
    await end_sessions(clients.values())


def fixtures_with_fixes():
    """Returns the invalid fixtures with a fix."""
    names = [
        name
        for name in fixtures()
        if name.startswith("invalid/")
        and name not in NOT_UTF8
        and any(each["fix"] for each in findings(FIXTURES / name))
    ]
    assert len(names) > 30
    return names


def overlaps(one, other):
    """Returns whether two ranges overlap or touch."""
    return one[0] <= other[1] and other[0] <= one[1]


async def check_each_fix(client, path, uri):
    """Requests the quick fixes at each finding of the document and applies each of them."""
    data = path.read_bytes()
    text = data.decode()
    encoding = client.encoding
    version = 1
    client.open(uri, text, version)
    diagnostics = (await client.pull(uri)).items
    all_found = findings(path)
    fixes = [
        {
            "range": lsp_range(found["range"], data, encoding),
            "text": apply_byte_edits(data, found["fix"]["edits"]).decode(),
            "safe": found["fix"]["safety"] == "safe",
        }
        for found in all_found
        if found["fix"]
    ]
    for found in all_found:
        range_ = lsp_range(found["range"], data, encoding)
        matching = [
            each
            for each in diagnostics
            if diagnostic_fields(each, uri) == expected_diagnostic(found, data, encoding)
        ]
        assert matching, f"{found['rule']} at {range_} is not shown"
        actions = await client.code_actions(uri, range_, matching[:1])
        offered = []
        for action in actions:
            if action.kind != types.CodeActionKind.QuickFix:
                assert action.kind == FIX_ALL
                continue
            safe = bool(action.is_preferred)
            assert action.title.endswith(" (unsafe)") != safe, action.title
            offered.append((text_after(action, uri, text, encoding, version), safe))
        candidates = [(fix["text"], fix["safe"]) for fix in fixes if overlaps(fix["range"], range_)]
        for each in offered:
            assert each in candidates, f"an unexpected fix is offered at {found['rule']}"
        if found["fix"]:
            own = (
                apply_byte_edits(data, found["fix"]["edits"]).decode(),
                found["fix"]["safety"] == "safe",
            )
            assert own in offered, f"the fix of {found['rule']} is not offered"
        assert len(offered) <= len(candidates), f"a fix is offered twice at {found['rule']}"
    client.close(uri)


async def check_fix_all(client, path, uri, folder):
    data = path.read_bytes()
    text = data.decode()
    client.open(uri, text)
    actions = await client.fix_all_actions(uri)
    expected_text = fixed_bytes(path, folder).decode()
    if expected_text == text:
        assert actions == [], "there is nothing to fix"
    else:
        [action] = actions
        assert action.kind == FIX_ALL
        assert action.title == "Make all safe fixes"
        assert text_after(action, uri, text, client.encoding, 1) == expected_text
    client.close(uri)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", fixtures_with_fixes())
async def test_each_fix(clients, name, encoding):
    await check_each_fix(clients[encoding], FIXTURES / name, f"untitled:fix-{next(numbers)}.json")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", fixtures_with_fixes())
async def test_all_fixes(clients, name, encoding, tmp_path):
    await check_fix_all(
        clients[encoding], FIXTURES / name, f"untitled:all-{next(numbers)}.json", tmp_path
    )


# The command line fixes any file given to it, the server only files with a known payload.
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", TEXTS)
async def test_fixes_of_texts(clients, name, encoding, tmp_path):
    path = tmp_path / "payload.json"
    path.write_bytes(TEXTS[name].encode())
    assert has_known_payload(path)
    await check_each_fix(clients[encoding], path, f"untitled:text-{next(numbers)}.json")
    copies = tmp_path / "copies"
    copies.mkdir()
    await check_fix_all(clients[encoding], path, f"untitled:text-{next(numbers)}.json", copies)


@pytest.mark.parametrize("name", NDJSON_TEXTS)
async def test_fixes_of_ndjson(clients, name, tmp_path):
    path = tmp_path / "payloads.ndjson"
    path.write_bytes(NDJSON_TEXTS[name].encode())
    await check_each_fix(clients["utf-16"], path, f"file:///payloads/{next(numbers)}.ndjson")
    copies = tmp_path / "copies"
    copies.mkdir()
    await check_fix_all(clients["utf-16"], path, f"file:///payloads/{next(numbers)}.ndjson", copies)


NO_PAYLOAD = '{\n  "name": "owl",\n  "scripts": { "test": "true" },\n}\n'


async def test_no_fix_without_a_payload(clients):
    client = clients["utf-16"]
    client.open("untitled:package.json", NO_PAYLOAD)
    assert await client.code_actions("untitled:package.json", ((0, 0), (4, 0))) == []
    assert await client.fix_all_actions("untitled:package.json") == []


async def test_requested_kinds(clients):
    """`only` contains kinds, each of which includes its sub-kinds."""
    client = clients["utf-16"]
    uri = "untitled:kinds.json"
    client.open(uri, PASTED_ORDER)
    everywhere = ((0, 0), (80, 0))

    async def kinds(*only):
        return {
            action.kind for action in await client.code_actions(uri, everywhere, only=list(only))
        }

    assert await kinds("quickfix") == {"quickfix"}
    for kind in ("source", "source.fixAll", FIX_ALL):
        assert await kinds(kind) == {FIX_ALL}, kind
    for kind in ("refactor", "source.organizeImports", "source.fixAll.other", "quick", "sour"):
        assert await kinds(kind) == set(), kind
    assert await kinds("quickfix", "source") == {"quickfix", FIX_ALL}


async def test_only_fixes_in_the_range(clients):
    client = clients["utf-16"]
    uri = "untitled:range.json"
    client.open(uri, PASTED_ORDER)
    [action] = await client.code_actions(uri, ((68, 0), (69, 0)), only=["quickfix"])
    assert "comma" in action.title
    assert await client.code_actions(uri, ((1, 0), (1, 0)), only=["quickfix"]) == []


async def test_edits_apply_to_the_latest_version(clients):
    client = clients["utf-16"]
    uri = "untitled:moved.json"
    text = PASTED_ORDER
    client.open(uri, text)
    await client.pull(uri)
    client.change(uri, 2, (69, 0, 69, 0, "\n\n"))
    [action] = await client.fix_all_actions(uri)
    lines = text.splitlines(True)
    moved = "".join(lines[:69]) + "\n\n" + "".join(lines[69:])
    after = text_after(action, uri, moved, "utf-16", 2)
    assert after.startswith("{") and "\n\n\n" in after


@pytest.mark.asyncio(loop_scope="function")
async def test_client_without_document_changes(client):
    await client.start_session(document_changes=False)
    text = PASTED_ORDER
    client.open("untitled:plain.json", text)
    for action in await client.code_actions("untitled:plain.json", ((0, 0), (80, 0))):
        assert action.edit.document_changes is None
        assert list(action.edit.changes) == ["untitled:plain.json"]
        assert text_after(action, "untitled:plain.json", text, "utf-16") != text
    assert await client.end_session() == 0
