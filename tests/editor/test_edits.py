"""The server's text stays the editor's, whatever is edited how."""

import random

import pytest
from lsprotocol import types

from command_line import FIXTURES
from payloads import ENCODINGS
from text import LINE_END, index_at, lines_of, units

ORDER = (FIXTURES / "valid/order/new-tenant-minimal.json").read_text()
SCRIPTS = 1000
# What is typed and pasted: line ends of all kinds, also in parts, and characters of all widths.
SNIPPETS = [
    "",
    "",
    "",
    "x",
    '"',
    "{",
    "\n",
    "\r\n",
    "\r",
    "\n\r",
    "\r\r\n",
    "\n\n\n",
    "é",
    "é",
    "雪の結晶",
    "🦉",
    "👩‍🚀",
    "𝔘🦉𝔘",
    "\u2028",
    "\u0085",
    "\x0b\x0c",
    "\ufeff",
    "\U0010ffff",
    '{ "name": "tenant_preference", "value": "new" },\n',
    '"städte": ["Łódź", "東京", "🏙️"],\r\n',
]


async def begin(editor, encoding, **more):
    await editor.begin(encodings=[types.PositionEncodingKind(encoding)], **more)
    assert editor.encoding == encoding


def replaced(text, change, encoding):
    """The text after one change, as the protocol says it: independent of the server."""
    if isinstance(change, str):
        return change
    line, character, end_line, end_character, new = change
    start = index_at(text, line, character, encoding)
    end = index_at(text, end_line, end_character, encoding)
    return text[:start] + new + text[end:]


def random_text(dice):
    if dice.random() < 0.5:
        text = ORDER
        if dice.random() < 0.5:
            text = text.replace("\n", dice.choice(["\r\n", "\r"]))
        return text
    return "".join(dice.choice(SNIPPETS) for _ in range(dice.randrange(30)))


def random_place(dice, text, encoding):
    """A position at or between characters, sometimes behind the end of its line or of the text."""
    spans = lines_of(text)
    if dice.random() < 0.05:
        return len(spans) - 1 + dice.randrange(4), dice.randrange(20)
    line = dice.randrange(len(spans))
    start, end = spans[line]
    if dice.random() < 0.1:
        return line, units(text[start:end], encoding) + dice.randrange(1, 9)
    return line, units(text[start : dice.randint(start, end)], encoding)


def random_change(dice, text, encoding):
    if dice.random() < 0.04:
        return random_text(dice)
    places = [random_place(dice, text, encoding)]
    if dice.random() < 0.6:
        line, character = places[0]
        # Mostly a little is replaced, sometimes much.
        if dice.random() < 0.8:
            places.append(random_place(dice, text, encoding) if dice.random() < 0.1 else places[0])
            spans = lines_of(text)
            if line < len(spans):
                start, end = spans[line]
                at = index_at(text, line, character, encoding)
                places[-1] = (line, units(text[start : dice.randint(at, end)], encoding))
        else:
            places.append(random_place(dice, text, encoding))
    else:
        places.append(places[0])
    start, end = sorted(places, key=lambda place: index_at(text, *place, encoding))
    # Two places behind the same line's end are one, in whichever order they are named.
    if start > end:
        start, end = end, start
    new = "".join(dice.choice(SNIPPETS) for _ in range(dice.randrange(3)))
    return (*start, *end, new)


@pytest.mark.parametrize("pull", [True, False], ids=["pull", "push"])
@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_random_edits(editor, encoding, pull):
    # With pushed diagnostics the server judges while it is edited.
    await begin(editor, encoding, pull=pull)
    share = SCRIPTS * 2 // 9 if pull else SCRIPTS // 9 + 1
    offset = ENCODINGS.index(encoding) * 10_000 + (0 if pull else 100_000)
    for seed in range(offset, offset + share):
        dice = random.Random(seed)
        uri = f"untitled:random-{seed}.json"
        text = random_text(dice)
        version = dice.randrange(5)
        editor.open(uri, text, version)
        for _ in range(dice.randint(1, 8)):
            changes = []
            for _ in range(dice.choice([1, 1, 1, 2, 3, 6])):
                change = random_change(dice, text, encoding)
                changes.append(change)
                text = replaced(text, change, encoding)
            version += dice.choice([1, 1, 1, 7])
            editor.change(uri, version, *changes)
        assert await editor.text(uri) == (text, version), (
            f"seed {seed}, {encoding}: the server has another text"
        )
        editor.close(uri)
    assert await editor.finish() == 0


def test_the_scripts_are_a_thousand():
    assert 3 * (SCRIPTS * 2 // 9) + 3 * (SCRIPTS // 9 + 1) >= SCRIPTS


# Each: the text, the change, and the text after it.
PLACES = {
    "in the middle": ("abc\ndef\n", (1, 1, 1, 2, "X"), "abc\ndXf\n"),
    "at the very start": ("abc", (0, 0, 0, 0, "X"), "Xabc"),
    "at the very end": ("abc\n", (1, 0, 1, 0, "X"), "abc\nX"),
    "into nothing": ("", (0, 0, 0, 0, "X"), "X"),
    "behind the end of a line": ("abc\ndef", (0, 99, 0, 99, "X"), "abcX\ndef"),
    "behind the end of a line with two characters at its end": (
        "abc\r\ndef",
        (0, 99, 0, 99, "X"),
        "abcX\r\ndef",
    ),
    "between the two characters of a line end": ("abc\r\ndef", (0, 4, 0, 4, "X"), "abcX\r\ndef"),
    "over a line end from behind it": ("abc\r\ndef", (0, 99, 1, 0, ""), "abcdef"),
    "a line end alone": ("abc\r\ndef", (0, 3, 1, 0, " "), "abc def"),
    "behind the end of the text": ("abc\ndef", (9, 9, 9, 9, "X"), "abc\ndefX"),
    "behind the end of a text with a last line end": ("abc\n", (9, 0, 9, 0, "X"), "abc\nX"),
    "all of it and more": ("abc\ndef", (0, 0, 99, 0, "X"), "X"),
    "an empty line": ("a\n\nb", (1, 0, 1, 0, "X"), "a\nX\nb"),
    "behind a lone carriage return": ("abc\rdef", (1, 1, 1, 2, "X"), "abc\rdXf"),
    "behind carriage returns in a row": ("a\r\r\nb", (1, 0, 2, 0, "X"), "a\rXb"),
    "no line end in other separators": ("a\u2028b\x0bc\u0085d", (0, 6, 0, 7, "X"), None),
    "a carriage return before a line feed": ("abc\ndef", (0, 3, 0, 3, "\r"), "abc\r\ndef"),
    "a line feed behind a carriage return": ("abc\rdef", (1, 0, 1, 0, "\n"), "abc\r\ndef"),
    "between two parts of a line end that a change makes": ("a\rb", (1, 0, 1, 1, "\n"), "a\r\n"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_places(editor, encoding):
    await begin(editor, encoding, pull=True)
    wrong = []
    for number, (name, (text, change, after)) in enumerate(PLACES.items()):
        uri = f"untitled:place-{number}.json"
        editor.open(uri, text)
        editor.change(uri, 2, change)
        wanted = after if after is not None else replaced(text, change, encoding)
        got = await editor.text(uri)
        if got != (wanted, 2):
            wrong.append((name, got))
    assert wrong == []


@pytest.mark.parametrize(
    ("encoding", "width"), [("utf-8", 4), ("utf-16", 2)], ids=["utf-8", "utf-16"]
)
async def test_places_within_a_character(editor, encoding, width):
    """The protocol does not say what such a place means. The character stays whole, and what
    follows it stays where it is."""
    await begin(editor, encoding, pull=True)
    for inside in range(1, width):
        uri = f"untitled:within-{inside}.json"
        editor.open(uri, "a🦉b\n🦉")
        editor.change(uri, 2, (0, 1 + inside, 0, 1 + inside, "X"))
        text, _ = await editor.text(uri)
        assert text in ("aX🦉b\n🦉", "a🦉Xb\n🦉")
        editor.change(uri, 3, "🦉")
        editor.change(uri, 4, (0, inside, 0, inside, ""))
        assert await editor.text(uri) == ("🦉", 4)
        editor.change(uri, 5, (0, 0, 0, inside, ""))
        text, _ = await editor.text(uri)
        assert text in ("🦉", "")
        assert await editor.hover(uri, 0, inside) is None
        await editor.completions(uri, 0, inside)
    assert await editor.finish() == 0


async def test_changes_of_one_notification_follow_each_other(editor):
    await begin(editor, "utf-16", pull=True)
    editor.open("untitled:a.json", "one")
    editor.change(
        "untitled:a.json",
        2,
        (0, 3, 0, 3, " two\n"),
        (1, 0, 1, 0, "🦉three"),
        (1, 2, 1, 7, "four"),
        (0, 0, 0, 4, ""),
    )
    assert await editor.text("untitled:a.json") == ("two\n🦉four", 2)
    editor.change("untitled:a.json", 3, (0, 0, 0, 3, "lost"), "all new", (0, 3, 0, 3, ","))
    assert await editor.text("untitled:a.json") == ("all, new", 3)


async def test_a_change_with_a_length_of_its_own(editor):
    """Older clients add `rangeLength`, which says nothing new."""
    await begin(editor, "utf-16", pull=True)
    editor.open("untitled:a.json", "one two")
    editor.tell(
        "textDocument/didChange",
        {
            "textDocument": {"uri": "untitled:a.json", "version": 2},
            "contentChanges": [
                {
                    "range": {
                        "start": {"line": 0, "character": 0},
                        "end": {"line": 0, "character": 3},
                    },
                    "rangeLength": 99,
                    "text": "three",
                }
            ],
        },
    )
    assert await editor.text("untitled:a.json") == ("three two", 2)


async def test_an_opened_document_is_opened_anew(editor):
    """An editor that opens twice means the text that it sends last."""
    await begin(editor, "utf-16", pull=True)
    editor.open("untitled:a.json", "one", 1)
    editor.close("untitled:a.json")
    editor.open("untitled:a.json", "two", 1)
    assert await editor.text("untitled:a.json") == ("two", 1)


async def test_line_ends_are_found_as_the_protocol_says():
    """The measure itself: three line ends, and no others."""
    assert LINE_END.split("a\nb\r\nc\rd\u2028e\x0bf\u0085g") == [
        "a",
        "b",
        "c",
        "d\u2028e\x0bf\u0085g",
    ]
