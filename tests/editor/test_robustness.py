"""Much text, many findings, odd names."""

import asyncio
import json
import re
import time

import pytest
from lsprotocol import types

from command_line import FIXTURES, PLAIN, report, run
from editor import in_order, told
from payloads import in_one_line, with_quantity

GOOD = (FIXTURES / "valid/order/new-tenant-minimal.json").read_text()
GUIDE = (FIXTURES / "invalid/several/pasted-from-a-guide.json").read_text()
# Of what a judgement may be waited for in a document of this size, with a debug binary.
LONG_PATIENCE = 60


def concise(path):
    """The report that is written the quickest: a line a finding, with columns in characters."""
    return run("check", "--format", "concise", *PLAIN, path).decode()


def orders(size):
    """An array of orders, each another, of at least that many bytes."""
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


async def test_a_large_document_is_pushed(editor, large):
    await editor.begin()
    uri = "file:///payloads/large.json"
    editor.open(uri, large)
    assert await editor.published(uri, 1, LONG_PATIENCE) == []
    before = len(editor.sets)
    # Somebody types a word into a place where it is a mistake, a letter at a time.
    line = large[: large.index("90.0")].count("\n")
    character = large.splitlines()[line].index("90.0")
    for number in range(30):
        editor.change(uri, number + 2, (line, character + number, line, character + number, "x"))
    diagnostics = await editor.published(uri, 31, LONG_PATIENCE)
    assert "x" * 30 + "90.0" in " ".join(each.message for each in diagnostics)
    assert len(editor.sets) - before <= 10, "each keystroke is judged"
    # In the meantime the session is not deaf.
    editor.change(uri, 32, (line, 0, line, 0, " "))
    started = time.monotonic()
    assert await editor.ask("countersign/rulePage", {"rule": "order/mpn-shape"})
    assert time.monotonic() - started < 5
    # The last judgement is not waited for.
    assert await editor.finish() == 0


async def test_a_large_document_is_pulled(editor, large):
    await editor.begin(pull=True)
    uri = "file:///payloads/large.json"
    editor.open(uri, large)
    pulls = []
    for number in range(30):
        editor.change(uri, number + 2, (1, 0, 1, 0, " "))
        pulls.append(editor.start_pull(uri))
    answers = await asyncio.wait_for(asyncio.gather(*pulls, return_exceptions=True), LONG_PATIENCE)
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(refusal.code == -32802 for refusal in refused)
    assert len(refused) >= 20, "pulls that nobody waits for any more are judged nevertheless"
    assert not answers[-1].items
    assert await editor.finish() == 0


async def test_more_findings_than_anybody_reads(editor, tmp_path):
    """Five hundred are shown and a note says how many are not."""
    path = tmp_path / "many.json"
    entries = "".join(
        f'        {{ "name": "parameter_{number}", "value": " x " }},\n' for number in range(1200)
    )
    text = with_quantity("1").replace('"parameters": [\n', '"parameters": [\n' + entries)
    path.write_text(text)
    summary = report(path)["summary"]
    total = summary["errors"] + summary["warnings"] + summary["infos"]
    assert total > 1000
    await editor.begin(pull=True)
    editor.open(path.as_uri(), text)
    items = (await editor.pull(path.as_uri())).items
    notes = [each for each in items if each.code is None]
    assert len(items) - len(notes) == 500
    [note] = notes
    assert (note.severity, note.source, note.range.start.line) == (3, "countersign", 0)
    assert str(total - 500) in note.message.replace(",", "")
    assert await editor.finish() == 0


async def test_exactly_as_many_findings_as_are_shown(editor):
    await editor.begin({"today": "none", "config": "none", "maxFindings": 7}, pull=True)
    editor.open("untitled:guide.json", GUIDE)
    items = (await editor.pull("untitled:guide.json")).items
    assert len(items) == 7
    assert all(each.code for each in items), "nothing is left out, so nothing is said of it"
    assert await editor.finish() == 0


async def test_empty_and_foreign_files(editor):
    await editor.begin()
    package = json.dumps({"name": "owl", "version": "1.0.0", "dependencies": {"a": "1"}}, indent=2)
    manifest = '[package]\nname = "owl"\n\n[dependencies]\n'
    for name, text in [
        ("empty.json", ""),
        ("package.json", package),
        ("broken.json", "{,}"),
        # Some editors can ask a server for all TOML files or for none.
        ("Cargo.toml", manifest),
        ("empty.ndjson", "\n\n"),
    ]:
        editor.open(f"file:///folder/{name}", text)
        assert await editor.published(f"file:///folder/{name}", 1) == []
    # What becomes a payload is judged from then on, and left alone once it is none any more.
    editor.change("file:///folder/package.json", 2, GUIDE)
    assert len(await editor.published("file:///folder/package.json", 2)) == 7
    editor.change("file:///folder/package.json", 3, package)
    assert await editor.published("file:///folder/package.json", 3) == []
    assert await editor.finish() == 0


async def test_two_documents_at_once(editor):
    """Each has its own text; neither is judged by what stands in the other."""
    await editor.begin()
    order = (FIXTURES / "invalid/export/duplicate-order.json").read_text()
    one, other = "untitled:one.json", "untitled:other.json"
    editor.open(one, GOOD)
    editor.open(other, GOOD)
    assert await editor.published(one, 1) == []
    assert await editor.published(other, 1) == []
    editor.change(one, 2, order)
    editor.change(other, 2, (0, 0, 0, 0, "\n"))
    assert [each.code for each in await editor.published(one, 2)] == ["export/duplicate-order"]
    assert await editor.published(other, 2) == []
    assert await editor.text(other) == ("\n" + GOOD, 2)
    editor.close(one)
    editor.change(other, 3, GUIDE)
    assert len(await editor.published(other, 3)) == 7
    assert await editor.finish() == 0


async def test_many_documents(editor):
    await editor.begin()
    uris = [f"untitled:order-{number}.json" for number in range(60)]
    for number, uri in enumerate(uris):
        editor.open(uri, GUIDE if number % 2 else GOOD)
    for number, uri in enumerate(uris):
        assert len(await editor.published(uri, 1)) == (7 if number % 2 else 0)
    for uri in uris:
        editor.close(uri)
    assert await editor.finish() == 0


NAMES = [
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


@pytest.mark.parametrize("uri", NAMES)
async def test_names(editor, uri):
    """A document is answered under the very name that the editor gave it."""
    await editor.begin({"today": "none"})
    editor.open(uri, GUIDE)
    diagnostics = await editor.published(uri, 1)
    assert len(diagnostics) == 7
    editor.change(uri, 2, (0, 0, 0, 0, " "))
    assert (await editor.text(uri)) == (" " + GUIDE, 2)
    [action] = await editor.fix_all(uri)
    [change] = action.edit.document_changes
    assert change.text_document.uri == uri
    assert await editor.finish() == 0


async def test_a_name_that_is_none(editor):
    """What is not spelt as the protocol has it is judged or left alone, and costs nothing else."""
    await editor.begin()
    for uri in ["file:///payloads/Aufträge/注文.json", "C:\\orders\\order.json", "a b", "::", "%"]:
        editor.open(uri, GUIDE)
        editor.change(uri, 2, (0, 0, 0, 0, " "))
        editor.close(uri)
    editor.open("untitled:order.json", GUIDE)
    assert len(await editor.published("untitled:order.json", 1)) == 7
    assert await editor.finish() == 0


async def test_a_configuration_is_found_from_an_odd_name(editor, tmp_path):
    folder = tmp_path / "Aufträge des Jahres" / "注文 100%"
    folder.mkdir(parents=True)
    (folder.parent / "countersign.toml").write_text(
        '[rules]\n"order/*" = "off"\n"json/*" = "info"\n'
    )
    path = folder / "der erste.json"
    path.write_text(GUIDE)
    await editor.begin({"today": "none"}, pull=True, root=tmp_path.as_uri())
    editor.open(path.as_uri(), GUIDE)
    items = (await editor.pull(path.as_uri())).items
    assert len(items) == 5
    assert {int(each.severity) for each in items} == {3}
    assert await editor.finish() == 0


async def test_lines_are_told_by_the_name(editor):
    await editor.begin(pull=True)
    line = in_one_line(with_quantity("-1"))
    text = f"{line}\n{{ broken\n{line}\n"
    editor.open("file:///a/orders.ndjson", text)
    of_lines = {
        each.range.start.line for each in (await editor.pull("file:///a/orders.ndjson")).items
    }
    assert of_lines == {0, 1, 2}
    assert await editor.finish() == 0


async def test_deep_nesting(editor):
    """A text that is nothing but brackets takes nobody's stack."""
    await editor.begin(pull=True)
    for text in ["[" * 200_000, '{"products":' * 100_000, "[" * 100_000 + "]" * 100_000]:
        editor.open("untitled:deep.json", text)
        await editor.pull("untitled:deep.json")
        await editor.hover("untitled:deep.json", 0, 50_000)
        await editor.completions("untitled:deep.json", 0, 100_000)
        editor.close("untitled:deep.json")
    assert await editor.finish() == 0


async def test_a_very_long_line(editor, tmp_path):
    """Places in one line of megabytes are not counted anew from its start for each finding."""
    path = tmp_path / "long.json"
    text = "[" + ",".join(in_one_line(with_quantity('"🦉"')) for _ in range(1500)) + "]"
    path.write_text(text)
    await editor.begin(
        {"today": "none", "config": "none", "maxFindings": 100_000},
        pull=True,
        encodings=[types.PositionEncodingKind.Utf32],
    )
    editor.open(path.as_uri(), text)
    started = time.monotonic()
    items = (await editor.pull(path.as_uri())).items
    assert time.monotonic() - started < 5
    said = re.findall(r"^.*?:1:(\d+): \w+\[(.*?)\]", concise(path), re.MULTILINE)
    assert len(said) > 2000
    shown = [(str(each.range.start.character + 1), each.code) for each in items]
    assert sorted(shown) == sorted(said)
    assert await editor.finish() == 0


async def test_the_same_is_said_again(editor):
    """What is shown depends on the text alone, not on what was there before."""
    await editor.begin(pull=True)
    uri = "untitled:order.json"
    editor.open(uri, GUIDE)
    first = in_order(told(each, uri) for each in (await editor.pull(uri)).items)
    for version in range(2, 40):
        editor.change(uri, version, GOOD[: version * 20] if version % 2 else GUIDE)
        result = await editor.pull(uri)
        if version % 2 == 0:
            assert in_order(told(each, uri) for each in result.items) == first
    assert await editor.finish() == 0
