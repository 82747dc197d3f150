"""The text of a document stays the same in the server and in the client after any edits."""

import random

import pytest
from lsprotocol import types

from payloads import ENCODINGS, VALID_ORDER
from text_document import LINE_END, code_unit_length, index_at, line_spans

SEQUENCES = 1000
# Inserted texts: line endings of all kinds, also divided, and characters of all lengths.
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


async def start_session(client, encoding, **more):
    await client.start_session(encodings=[types.PositionEncodingKind(encoding)], **more)
    assert client.encoding == encoding


def apply_change(text, change, encoding):
    """Returns the text after one change, as the protocol defines it."""
    if isinstance(change, str):
        return change
    line, character, end_line, end_character, new = change
    start = index_at(text, line, character, encoding)
    end = index_at(text, end_line, end_character, encoding)
    return text[:start] + new + text[end:]


def random_text(rng):
    if rng.random() < 0.5:
        text = VALID_ORDER
        if rng.random() < 0.5:
            text = text.replace("\n", rng.choice(["\r\n", "\r"]))
        return text
    return "".join(rng.choice(SNIPPETS) for _ in range(rng.randrange(30)))


def random_position(rng, text, encoding):
    """Returns a position between characters, sometimes after the end of its line or of the text."""
    spans = line_spans(text)
    if rng.random() < 0.05:
        return len(spans) - 1 + rng.randrange(4), rng.randrange(20)
    line = rng.randrange(len(spans))
    start, end = spans[line]
    if rng.random() < 0.1:
        return line, code_unit_length(text[start:end], encoding) + rng.randrange(1, 9)
    return line, code_unit_length(text[start : rng.randint(start, end)], encoding)


def random_change(rng, text, encoding):
    if rng.random() < 0.04:
        return random_text(rng)
    positions = [random_position(rng, text, encoding)]
    if rng.random() < 0.6:
        line, character = positions[0]
        # Most changes are within a line; some span many lines.
        if rng.random() < 0.8:
            positions.append(
                random_position(rng, text, encoding) if rng.random() < 0.1 else positions[0]
            )
            spans = line_spans(text)
            if line < len(spans):
                start, end = spans[line]
                at = index_at(text, line, character, encoding)
                positions[-1] = (
                    line,
                    code_unit_length(text[start : rng.randint(at, end)], encoding),
                )
        else:
            positions.append(random_position(rng, text, encoding))
    else:
        positions.append(positions[0])
    start, end = sorted(positions, key=lambda position: index_at(text, *position, encoding))
    # Positions after the end of the same line have the same index, so compare their numbers too.
    if start > end:
        start, end = end, start
    new = "".join(rng.choice(SNIPPETS) for _ in range(rng.randrange(3)))
    return (*start, *end, new)


@pytest.mark.parametrize("pull", [True, False], ids=["pull", "push"])
@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_random_edits(client, encoding, pull):
    # With pushed diagnostics, the server checks the document while it changes.
    await start_session(client, encoding, pull=pull)
    share = SEQUENCES * 2 // 9 if pull else SEQUENCES // 9 + 1
    offset = ENCODINGS.index(encoding) * 10_000 + (0 if pull else 100_000)
    for seed in range(offset, offset + share):
        rng = random.Random(seed)
        uri = f"untitled:random-{seed}.json"
        text = random_text(rng)
        version = rng.randrange(5)
        client.open(uri, text, version)
        for _ in range(rng.randint(1, 8)):
            changes = []
            for _ in range(rng.choice([1, 1, 1, 2, 3, 6])):
                change = random_change(rng, text, encoding)
                changes.append(change)
                text = apply_change(text, change, encoding)
            version += rng.choice([1, 1, 1, 7])
            client.change(uri, version, *changes)
        assert await client.server_text(uri) == (text, version), (
            f"seed {seed}, {encoding}: the server has another text"
        )
        client.close(uri)
    assert await client.end_session() == 0


def test_there_are_a_thousand_edit_sequences():
    assert 3 * (SEQUENCES * 2 // 9) + 3 * (SEQUENCES // 9 + 1) >= SEQUENCES


# Each case is a text, a change, and the text after it (None: as apply_change() returns it).
POSITION_CASES = {
    "in the middle": ("abc\ndef\n", (1, 1, 1, 2, "X"), "abc\ndXf\n"),
    "at the very start": ("abc", (0, 0, 0, 0, "X"), "Xabc"),
    "at the very end": ("abc\n", (1, 0, 1, 0, "X"), "abc\nX"),
    "in an empty text": ("", (0, 0, 0, 0, "X"), "X"),
    "after the end of a line": ("abc\ndef", (0, 99, 0, 99, "X"), "abcX\ndef"),
    "after the end of a line with a two-character line ending": (
        "abc\r\ndef",
        (0, 99, 0, 99, "X"),
        "abcX\r\ndef",
    ),
    "between the two characters of a line ending": ("abc\r\ndef", (0, 4, 0, 4, "X"), "abcX\r\ndef"),
    "a line ending, from after the end of its line": ("abc\r\ndef", (0, 99, 1, 0, ""), "abcdef"),
    "a line ending": ("abc\r\ndef", (0, 3, 1, 0, " "), "abc def"),
    "after the end of the text": ("abc\ndef", (9, 9, 9, 9, "X"), "abc\ndefX"),
    "after the end of a text with a final line ending": ("abc\n", (9, 0, 9, 0, "X"), "abc\nX"),
    "the whole text and more": ("abc\ndef", (0, 0, 99, 0, "X"), "X"),
    "an empty line": ("a\n\nb", (1, 0, 1, 0, "X"), "a\nX\nb"),
    "after a lone carriage return": ("abc\rdef", (1, 1, 1, 2, "X"), "abc\rdXf"),
    "after two carriage returns": ("a\r\r\nb", (1, 0, 2, 0, "X"), "a\rXb"),
    "after other line separators": ("a\u2028b\x0bc\u0085d", (0, 6, 0, 7, "X"), None),
    "a carriage return before a line feed": ("abc\ndef", (0, 3, 0, 3, "\r"), "abc\r\ndef"),
    "a line feed after a carriage return": ("abc\rdef", (1, 0, 1, 0, "\n"), "abc\r\ndef"),
    "a change that creates a two-character line ending": ("a\rb", (1, 0, 1, 1, "\n"), "a\r\n"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_positions(client, encoding):
    await start_session(client, encoding, pull=True)
    failures = []
    for number, (name, (text, change, after)) in enumerate(POSITION_CASES.items()):
        uri = f"untitled:place-{number}.json"
        client.open(uri, text)
        client.change(uri, 2, change)
        expected_text = after if after is not None else apply_change(text, change, encoding)
        actual = await client.server_text(uri)
        if actual != (expected_text, 2):
            failures.append((name, actual))
    assert failures == []


@pytest.mark.parametrize(
    ("encoding", "width"), [("utf-8", 4), ("utf-16", 2)], ids=["utf-8", "utf-16"]
)
async def test_positions_within_a_character(client, encoding, width):
    """The protocol does not define such a position. The server neither splits the character nor
    moves the text after it."""
    await start_session(client, encoding, pull=True)
    for inside in range(1, width):
        uri = f"untitled:within-{inside}.json"
        client.open(uri, "a🦉b\n🦉")
        client.change(uri, 2, (0, 1 + inside, 0, 1 + inside, "X"))
        text, _ = await client.server_text(uri)
        assert text in ("aX🦉b\n🦉", "a🦉Xb\n🦉")
        client.change(uri, 3, "🦉")
        client.change(uri, 4, (0, inside, 0, inside, ""))
        assert await client.server_text(uri) == ("🦉", 4)
        client.change(uri, 5, (0, 0, 0, inside, ""))
        text, _ = await client.server_text(uri)
        assert text in ("🦉", "")
        assert await client.hover(uri, 0, inside) is None
        await client.completions(uri, 0, inside)
    assert await client.end_session() == 0


async def test_changes_of_one_notification_are_applied_in_order(client):
    await start_session(client, "utf-16", pull=True)
    client.open("untitled:a.json", "one")
    client.change(
        "untitled:a.json",
        2,
        (0, 3, 0, 3, " two\n"),
        (1, 0, 1, 0, "🦉three"),
        (1, 2, 1, 7, "four"),
        (0, 0, 0, 4, ""),
    )
    assert await client.server_text("untitled:a.json") == ("two\n🦉four", 2)
    client.change("untitled:a.json", 3, (0, 0, 0, 3, "lost"), "all new", (0, 3, 0, 3, ","))
    assert await client.server_text("untitled:a.json") == ("all, new", 3)


async def test_range_length_is_ignored(client):
    """Older clients send the deprecated `rangeLength`."""
    await start_session(client, "utf-16", pull=True)
    client.open("untitled:a.json", "one two")
    client.send_notification(
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
    assert await client.server_text("untitled:a.json") == ("three two", 2)


async def test_a_closed_document_can_be_opened_again(client):
    """The text of the second `didOpen` replaces that of the first."""
    await start_session(client, "utf-16", pull=True)
    client.open("untitled:a.json", "one", 1)
    client.close("untitled:a.json")
    client.open("untitled:a.json", "two", 1)
    assert await client.server_text("untitled:a.json") == ("two", 1)


async def test_line_endings_are_those_of_the_protocol():
    """The reference implementation knows the three line endings of the protocol and no others."""
    assert LINE_END.split("a\nb\r\nc\rd\u2028e\x0bf\u0085g") == [
        "a",
        "b",
        "c",
        "d\u2028e\x0bf\u0085g",
    ]
