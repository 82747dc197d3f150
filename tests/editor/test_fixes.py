"""Quick fixes make the text that the command line's edits make, and all safe fixes together the
text that `check --fix` writes."""

import itertools

import pytest
import pytest_asyncio
from lsprotocol import types

from command_line import (
    FIXTURES,
    expected,
    findings,
    fixed,
    fixtures,
    has_known_payload,
    span,
)
from editor import Editor, finish_all, told, text_after
from payloads import ENCODINGS, LINES, NOT_UTF8, TEXTS
from text import apply_byte_edits

pytestmark = pytest.mark.asyncio(loop_scope="module")

numbers = itertools.count(1)
FIX_ALL = "source.fixAll.countersign"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editors():
    editors = {}
    for encoding in ENCODINGS:
        editors[encoding] = Editor()
        await editors[encoding].begin(pull=True, encodings=[types.PositionEncodingKind(encoding)])
    yield editors
    await finish_all(editors.values())


def fixable():
    """The invalid fixtures with a fix."""
    names = [
        name
        for name in fixtures()
        if name.startswith("invalid/")
        and name not in NOT_UTF8
        and any(each["fix"] for each in findings(FIXTURES / name))
    ]
    assert len(names) > 30
    return names


def meets(one, other):
    """Whether two ranges have a place in common, their ends included."""
    return one[0] <= other[1] and other[0] <= one[1]


async def check_each_fix(editor, path, uri):
    """Asks for the quick fixes at each finding of the document and applies every one."""
    data = path.read_bytes()
    text = data.decode()
    encoding = editor.encoding
    version = 1
    editor.open(uri, text, version)
    diagnostics = (await editor.pull(uri)).items
    all_found = findings(path)
    fixes = [
        {
            "range": span(found["range"], data, encoding),
            "text": apply_byte_edits(data, found["fix"]["edits"]).decode(),
            "safe": found["fix"]["safety"] == "safe",
        }
        for found in all_found
        if found["fix"]
    ]
    for found in all_found:
        place = span(found["range"], data, encoding)
        of_this = [
            each for each in diagnostics if told(each, uri) == expected(found, data, encoding)
        ]
        assert of_this, f"{found['rule']} at {place} is not shown"
        actions = await editor.actions(uri, place, of_this[:1])
        offered = []
        for action in actions:
            if action.kind != types.CodeActionKind.QuickFix:
                assert action.kind == FIX_ALL
                continue
            safe = bool(action.is_preferred)
            assert action.title.endswith(" (unsafe)") != safe, action.title
            offered.append((text_after(action, uri, text, encoding, version), safe))
        near = [(fix["text"], fix["safe"]) for fix in fixes if meets(fix["range"], place)]
        for each in offered:
            assert each in near, f"at {found['rule']} something else is offered"
        if found["fix"]:
            own = (
                apply_byte_edits(data, found["fix"]["edits"]).decode(),
                found["fix"]["safety"] == "safe",
            )
            assert own in offered, f"the fix of {found['rule']} is not offered"
        assert len(offered) <= len(near), f"at {found['rule']} something is offered twice"
    editor.close(uri)


async def check_fix_all(editor, path, uri, folder):
    data = path.read_bytes()
    text = data.decode()
    editor.open(uri, text)
    actions = await editor.fix_all(uri)
    wanted = fixed(path, folder).decode()
    if wanted == text:
        assert actions == [], "there is nothing to fix"
    else:
        [action] = actions
        assert action.kind == FIX_ALL
        assert action.title == "Make all safe fixes"
        assert text_after(action, uri, text, editor.encoding, 1) == wanted
    editor.close(uri)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", fixable())
async def test_each_fix(editors, name, encoding):
    await check_each_fix(editors[encoding], FIXTURES / name, f"untitled:fix-{next(numbers)}.json")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", fixable())
async def test_all_fixes(editors, name, encoding, tmp_path):
    await check_fix_all(
        editors[encoding], FIXTURES / name, f"untitled:all-{next(numbers)}.json", tmp_path
    )


# The command line mends any file that is named to it, the editor only those with a payload.
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", TEXTS)
async def test_fixes_of_a_text(editors, name, encoding, tmp_path):
    path = tmp_path / "payload.json"
    path.write_bytes(TEXTS[name].encode())
    assert has_known_payload(path)
    await check_each_fix(editors[encoding], path, f"untitled:text-{next(numbers)}.json")
    copies = tmp_path / "copies"
    copies.mkdir()
    await check_fix_all(editors[encoding], path, f"untitled:text-{next(numbers)}.json", copies)


@pytest.mark.parametrize("name", LINES)
async def test_fixes_of_lines(editors, name, tmp_path):
    path = tmp_path / "payloads.ndjson"
    path.write_bytes(LINES[name].encode())
    await check_each_fix(editors["utf-16"], path, f"file:///payloads/{next(numbers)}.ndjson")
    copies = tmp_path / "copies"
    copies.mkdir()
    await check_fix_all(editors["utf-16"], path, f"file:///payloads/{next(numbers)}.ndjson", copies)


NO_PAYLOAD = '{\n  "name": "owl",\n  "scripts": { "test": "true" },\n}\n'


async def test_no_fix_where_there_is_no_payload(editors):
    editor = editors["utf-16"]
    editor.open("untitled:package.json", NO_PAYLOAD)
    assert await editor.actions("untitled:package.json", ((0, 0), (4, 0))) == []
    assert await editor.fix_all("untitled:package.json") == []


GUIDE = FIXTURES / "invalid/several/pasted-from-a-guide.json"


async def test_kinds_that_are_asked_for(editors):
    """`only` names kinds, each with all kinds below it."""
    editor = editors["utf-16"]
    uri = "untitled:kinds.json"
    editor.open(uri, GUIDE.read_text())
    everywhere = ((0, 0), (80, 0))

    async def kinds(*only):
        return {action.kind for action in await editor.actions(uri, everywhere, only=list(only))}

    assert await kinds("quickfix") == {"quickfix"}
    for kind in ("source", "source.fixAll", FIX_ALL):
        assert await kinds(kind) == {FIX_ALL}, kind
    for kind in ("refactor", "source.organizeImports", "source.fixAll.other", "quick", "sour"):
        assert await kinds(kind) == set(), kind
    assert await kinds("quickfix", "source") == {"quickfix", FIX_ALL}


async def test_only_fixes_in_the_range(editors):
    editor = editors["utf-16"]
    uri = "untitled:range.json"
    editor.open(uri, GUIDE.read_text())
    [action] = await editor.actions(uri, ((68, 0), (69, 0)), only=["quickfix"])
    assert "comma" in action.title
    assert await editor.actions(uri, ((1, 0), (1, 0)), only=["quickfix"]) == []


async def test_edits_are_of_the_newest_text(editors):
    editor = editors["utf-16"]
    uri = "untitled:moved.json"
    text = GUIDE.read_text()
    editor.open(uri, text)
    await editor.pull(uri)
    editor.change(uri, 2, (69, 0, 69, 0, "\n\n"))
    [action] = await editor.fix_all(uri)
    lines = text.splitlines(True)
    moved = "".join(lines[:69]) + "\n\n" + "".join(lines[69:])
    after = text_after(action, uri, moved, "utf-16", 2)
    assert after.startswith("{") and "\n\n\n" in after


@pytest.mark.asyncio(loop_scope="function")
async def test_client_without_document_changes(editor):
    await editor.begin(document_changes=False)
    text = GUIDE.read_text()
    editor.open("untitled:plain.json", text)
    for action in await editor.actions("untitled:plain.json", ((0, 0), (80, 0))):
        assert action.edit.document_changes is None
        assert list(action.edit.changes) == ["untitled:plain.json"]
        assert text_after(action, "untitled:plain.json", text, "utf-16") != text
    assert await editor.finish() == 0
