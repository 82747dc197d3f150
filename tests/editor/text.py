"""A document's text and positions in it, as the Language Server Protocol counts them.

It is written from the protocol's words alone, so that the server's own counting is held against
something that does not share its mistakes.
"""

import re

LINE_END = re.compile(r"\r\n|\n|\r")

# How many code units a character takes in each encoding of positions.
UNITS = {
    "utf-8": lambda character: len(character.encode("utf-8")),
    "utf-16": lambda character: 2 if ord(character) > 0xFFFF else 1,
    "utf-32": lambda character: 1,
}


def units(text, encoding):
    """The length of a text in code units."""
    return sum(map(UNITS[encoding], text))


def lines_of(text):
    """The start of each line and the end of its content, before the line end, as indices."""
    spans = []
    start = 0
    for end in LINE_END.finditer(text):
        spans.append((start, end.start()))
        start = end.end()
    spans.append((start, len(text)))
    return spans


def position_at(text, index, encoding):
    """The (line, character) of an index into the text."""
    line, start = 0, 0
    for number, (begin, _) in enumerate(lines_of(text)):
        if begin > index:
            break
        line, start = number, begin
    return line, units(text[start:index], encoding)


def index_at(text, line, character, encoding):
    """The index of a position. Behind a line's end is its end, behind the last line the text's
    end; a position within a character is before it."""
    spans = lines_of(text)
    if line >= len(spans):
        return len(text)
    index, end = spans[line]
    while index < end:
        width = UNITS[encoding](text[index])
        if width > character:
            break
        character -= width
        index += 1
    return index


def apply_edits(text, edits, encoding):
    """The text after edits that do not depend on each other: all ranges are of the text as it
    stands. Each edit is (start line, start character, end line, end character, new text)."""
    spans = []
    for order, (line, character, end_line, end_character, new) in enumerate(edits):
        start = index_at(text, line, character, encoding)
        end = index_at(text, end_line, end_character, encoding)
        assert start <= end, f"an edit ends before it starts: {edits[order]}"
        spans.append((start, end, order, new))
    spans.sort(key=lambda span: (span[0], span[2]))
    parts, done = [], 0
    for start, end, _, new in spans:
        assert start >= done, f"edits overlap: {edits}"
        parts += [text[done:start], new]
        done = end
    return "".join(parts) + text[done:]


def apply_byte_edits(data, edits):
    """The bytes after the edits of a finding in the command line's JSON."""
    spans = [
        (edit["range"]["start"]["offset"], edit["range"]["end"]["offset"], order, edit["text"])
        for order, edit in enumerate(edits)
    ]
    parts, done = [], 0
    for start, end, _, new in sorted(spans, key=lambda span: (span[0], span[2])):
        assert start >= done, f"edits overlap: {edits}"
        parts += [data[done:start], new.encode()]
        done = end
    return b"".join(parts) + data[done:]
