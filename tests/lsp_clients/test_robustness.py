"""Large documents, many findings and unusual URIs."""

import asyncio
import json
import re
import time

import pytest
from lsprotocol import types

from client import diagnostic_fields, sorted_by_range
from command_line import FIXTURES, PLAIN, report, run
from payloads import PASTED_ORDER, VALID_ORDER, in_one_line, with_quantity

# Seconds that a check of a document of this size may take with a debug binary.
LONG_TIMEOUT = 60


def concise(path):
    """Returns the report in the fastest format: a line per finding, with columns in characters."""
    return run("check", "--format", "concise", *PLAIN, path).decode()


def orders(size):
    """Returns an array of different orders, of at least `size` bytes."""
    one = with_quantity("90.0")
    count = size // len(one) + 1
    return (
        "[" + ",\n".join(one.replace("cedarhill", f"mill{each:05}") for each in range(count)) + "]"
    )


@pytest.fixture(scope="module")
def large():
    text = orders(20_000_000)
    assert len(text) >= 20_000_000
    return text


async def test_a_large_document_is_pushed(client, large):
    await client.start_session()
    uri = "file:///payloads/large.json"
    client.open(uri, large)
    assert await client.wait_for_diagnostics(uri, 1, LONG_TIMEOUT) == []
    before = len(client.publications)
    # Type a word, letter by letter, at a position where it is an error.
    line = large[: large.index("90.0")].count("\n")
    character = large.splitlines()[line].index("90.0")
    for number in range(30):
        client.change(uri, number + 2, (line, character + number, line, character + number, "x"))
    diagnostics = await client.wait_for_diagnostics(uri, 31, LONG_TIMEOUT)
    assert "x" * 30 + "90.0" in " ".join(each.message for each in diagnostics)
    assert len(client.publications) - before <= 10, "every change is checked"
    # The server answers other requests during a check.
    client.change(uri, 32, (line, 0, line, 0, " "))
    started = time.monotonic()
    assert await client.request("countersign/rulePage", {"rule": "order/mpn-shape"})
    assert time.monotonic() - started < 5
    # The session ends during the last check.
    assert await client.end_session() == 0


async def test_a_large_document_is_pulled(client, large):
    await client.start_session(pull=True)
    uri = "file:///payloads/large.json"
    client.open(uri, large)
    pulls = []
    for number in range(30):
        client.change(uri, number + 2, (1, 0, 1, 0, " "))
        pulls.append(client.send_pull(uri))
    answers = await asyncio.wait_for(asyncio.gather(*pulls, return_exceptions=True), LONG_TIMEOUT)
    cancelled = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(error.code == -32802 for error in cancelled)
    assert len(cancelled) >= 20, "superseded pulls are checked nevertheless"
    assert not answers[-1].items
    assert await client.end_session() == 0


async def test_findings_over_the_limit(client, tmp_path):
    """Five hundred findings are shown, and a note says how many are not."""
    path = tmp_path / "many.json"
    entries = "".join(
        f'        {{ "name": "parameter_{number}", "value": " x " }},\n' for number in range(1200)
    )
    text = with_quantity("1").replace('"parameters": [\n', '"parameters": [\n' + entries)
    path.write_text(text)
    summary = report(path)["summary"]
    total = summary["errors"] + summary["warnings"] + summary["infos"]
    assert total > 1000
    await client.start_session(pull=True)
    client.open(path.as_uri(), text)
    items = (await client.pull(path.as_uri())).items
    notes = [each for each in items if each.code is None]
    assert len(items) - len(notes) == 500
    [note] = notes
    assert (note.severity, note.source, note.range.start.line) == (3, "countersign", 0)
    assert str(total - 500) in note.message.replace(",", "")
    assert await client.end_session() == 0


async def test_as_many_findings_as_the_limit(client):
    await client.start_session({"today": "none", "config": "none", "maxFindings": 7}, pull=True)
    client.open("untitled:guide.json", PASTED_ORDER)
    items = (await client.pull("untitled:guide.json")).items
    assert len(items) == 7
    assert all(each.code for each in items), "a note is shown although no finding is missing"
    assert await client.end_session() == 0


async def test_files_without_a_payload(client):
    await client.start_session()
    package = json.dumps({"name": "owl", "version": "1.0.0", "dependencies": {"a": "1"}}, indent=2)
    manifest = '[package]\nname = "owl"\n\n[dependencies]\n'
    for name, text in [
        ("empty.json", ""),
        ("package.json", package),
        ("broken.json", "{,}"),
        # Some editors can assign a server to all TOML files or to none.
        ("Cargo.toml", manifest),
        ("empty.ndjson", "\n\n"),
    ]:
        client.open(f"file:///folder/{name}", text)
        assert await client.wait_for_diagnostics(f"file:///folder/{name}", 1) == []
    # A document is checked only while it contains a payload.
    client.change("file:///folder/package.json", 2, PASTED_ORDER)
    assert len(await client.wait_for_diagnostics("file:///folder/package.json", 2)) == 7
    client.change("file:///folder/package.json", 3, package)
    assert await client.wait_for_diagnostics("file:///folder/package.json", 3) == []
    assert await client.end_session() == 0


async def test_two_documents_at_once(client):
    """Documents do not affect each other."""
    await client.start_session()
    order = (FIXTURES / "invalid/export/duplicate-order.json").read_text()
    one, other = "untitled:one.json", "untitled:other.json"
    client.open(one, VALID_ORDER)
    client.open(other, VALID_ORDER)
    assert await client.wait_for_diagnostics(one, 1) == []
    assert await client.wait_for_diagnostics(other, 1) == []
    client.change(one, 2, order)
    client.change(other, 2, (0, 0, 0, 0, "\n"))
    assert [each.code for each in await client.wait_for_diagnostics(one, 2)] == [
        "export/duplicate-order"
    ]
    assert await client.wait_for_diagnostics(other, 2) == []
    assert await client.server_text(other) == ("\n" + VALID_ORDER, 2)
    client.close(one)
    client.change(other, 3, PASTED_ORDER)
    assert len(await client.wait_for_diagnostics(other, 3)) == 7
    assert await client.end_session() == 0


async def test_many_documents(client):
    await client.start_session()
    uris = [f"untitled:order-{number}.json" for number in range(60)]
    for number, uri in enumerate(uris):
        client.open(uri, PASTED_ORDER if number % 2 else VALID_ORDER)
    for number, uri in enumerate(uris):
        assert len(await client.wait_for_diagnostics(uri, 1)) == (7 if number % 2 else 0)
    for uri in uris:
        client.close(uri)
    assert await client.end_session() == 0


URIS = [
    "file:///payloads/my%20orders/the%20first.json",
    "file:///payloads/Auftr%C3%A4ge/%E6%B3%A8%E6%96%87.json",
    "file:///payloads/100%25.json",
    "file:///payloads/a%23b%3Fc.json",
    "file:///c%3A/Users/owl/order.json",
    "file:///C:/Users/owl/order.json",
    "file://server/share/order.json",
    "file:///payloads/%FF.json",
    "file:///payloads/order",
    "untitled:Untitled-1",
    "untitled:/order.json",
    "git:/payloads/order.json?%7B%22ref%22%3A%22~%22%7D",
    "vscode-notebook-cell:/a/b.ipynb#W0sZmlsZQ%3D%3D",
    "urn:uuid:2f7c5f0e-51a8-4c63-9b0b-0f9f27c5a6f1",
    "",
]


@pytest.mark.parametrize("uri", URIS)
async def test_uris(client, uri):
    """The server uses exactly the URI that the client sent."""
    await client.start_session({"today": "none"})
    client.open(uri, PASTED_ORDER)
    diagnostics = await client.wait_for_diagnostics(uri, 1)
    assert len(diagnostics) == 7
    client.change(uri, 2, (0, 0, 0, 0, " "))
    assert (await client.server_text(uri)) == (" " + PASTED_ORDER, 2)
    [action] = await client.fix_all_actions(uri)
    [change] = action.edit.document_changes
    assert change.text_document.uri == uri
    assert await client.end_session() == 0


async def test_invalid_uris(client):
    """A document with an invalid URI does not affect other documents."""
    await client.start_session()
    for uri in ["file:///payloads/Aufträge/注文.json", "C:\\orders\\order.json", "a b", "::", "%"]:
        client.open(uri, PASTED_ORDER)
        client.change(uri, 2, (0, 0, 0, 0, " "))
        client.close(uri)
    client.open("untitled:order.json", PASTED_ORDER)
    assert len(await client.wait_for_diagnostics("untitled:order.json", 1)) == 7
    assert await client.end_session() == 0


async def test_a_configuration_is_found_from_a_path_with_special_characters(client, tmp_path):
    folder = tmp_path / "Aufträge des Jahres" / "注文 100%"
    folder.mkdir(parents=True)
    (folder.parent / "countersign.toml").write_text(
        '[rules]\n"order/*" = "off"\n"json/*" = "info"\n'
    )
    path = folder / "der erste.json"
    path.write_text(PASTED_ORDER)
    await client.start_session({"today": "none"}, pull=True, root=tmp_path.as_uri())
    client.open(path.as_uri(), PASTED_ORDER)
    items = (await client.pull(path.as_uri())).items
    assert len(items) == 5
    assert {int(each.severity) for each in items} == {3}
    assert await client.end_session() == 0


async def test_ndjson_is_recognised_by_the_suffix(client):
    await client.start_session(pull=True)
    line = in_one_line(with_quantity("-1"))
    text = f"{line}\n{{ broken\n{line}\n"
    client.open("file:///a/orders.ndjson", text)
    of_lines = {
        each.range.start.line for each in (await client.pull("file:///a/orders.ndjson")).items
    }
    assert of_lines == {0, 1, 2}
    assert await client.end_session() == 0


async def test_deep_nesting(client):
    """Deep nesting does not overflow the stack."""
    await client.start_session(pull=True)
    for text in ["[" * 200_000, '{"products":' * 100_000, "[" * 100_000 + "]" * 100_000]:
        client.open("untitled:deep.json", text)
        await client.pull("untitled:deep.json")
        await client.hover("untitled:deep.json", 0, 50_000)
        await client.completions("untitled:deep.json", 0, 100_000)
        client.close("untitled:deep.json")
    assert await client.end_session() == 0


async def test_a_very_long_line(client, tmp_path):
    """Positions in a line of several megabytes are not counted from its start for each finding."""
    path = tmp_path / "long.json"
    text = "[" + ",".join(in_one_line(with_quantity('"🦉"')) for _ in range(1500)) + "]"
    path.write_text(text)
    await client.start_session(
        {"today": "none", "config": "none", "maxFindings": 100_000},
        pull=True,
        encodings=[types.PositionEncodingKind.Utf32],
    )
    client.open(path.as_uri(), text)
    started = time.monotonic()
    items = (await client.pull(path.as_uri())).items
    assert time.monotonic() - started < 5
    expected_diagnostics = re.findall(r"^.*?:1:(\d+): \w+\[(.*?)\]", concise(path), re.MULTILINE)
    assert len(expected_diagnostics) > 2000
    shown_diagnostics = [(str(each.range.start.character + 1), each.code) for each in items]
    assert sorted(shown_diagnostics) == sorted(expected_diagnostics)
    assert await client.end_session() == 0


async def test_the_same_text_gives_the_same_diagnostics(client):
    """The diagnostics depend only on the current text."""
    await client.start_session(pull=True)
    uri = "untitled:order.json"
    client.open(uri, PASTED_ORDER)
    first = sorted_by_range(diagnostic_fields(each, uri) for each in (await client.pull(uri)).items)
    for version in range(2, 40):
        client.change(uri, version, VALID_ORDER[: version * 20] if version % 2 else PASTED_ORDER)
        result = await client.pull(uri)
        if version % 2 == 0:
            assert sorted_by_range(diagnostic_fields(each, uri) for each in result.items) == first
    assert await client.end_session() == 0
