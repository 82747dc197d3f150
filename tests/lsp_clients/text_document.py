"""Positions in the text of a document, as the Language Server Protocol defines them.

This is an implementation of the specification that is independent of the server.
"""

import re

LINE_END = re.compile(r"\r\n|\n|\r")

# The number of code units of a character in each position encoding.
CODE_UNITS = {
    "utf-8": lambda character: len(character.encode("utf-8")),
    "utf-16": lambda character: 2 if ord(character) > 0xFFFF else 1,
    "utf-32": lambda character: 1,
}


def code_unit_length(text, encoding):
    """Returns the length of a text in code units."""
    return sum(map(CODE_UNITS[encoding], text))


def line_spans(text):
    """Returns the indices of the start and the end of each line, without its line ending."""
    spans = []
    start = 0
    for end in LINE_END.finditer(text):
        spans.append((start, end.start()))
        start = end.end()
    spans.append((start, len(text)))
    return spans


def position_at(text, index, encoding):
    """Returns the (line, character) of an index into the text."""
    line, start = 0, 0
    for number, (start_session, _) in enumerate(line_spans(text)):
        if start_session > index:
            break
        line, start = number, start_session
    return line, code_unit_length(text[start:index], encoding)


def index_at(text, line, character, encoding):
    """Returns the index of a position. A position after the end of its line is at the end of the
    line, one after the last line at the end of the text, one within a character before it."""
    spans = line_spans(text)
    if line >= len(spans):
        return len(text)
    index, end = spans[line]
    while index < end:
        width = CODE_UNITS[encoding](text[index])
        if width > character:
            break
        character -= width
        index += 1
    return index


def apply_edits(text, edits, encoding):
    """Returns the text after the edits, whose ranges all refer to the given text. Each edit is
    (start line, start character, end line, end character, new text)."""
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
    """Returns the bytes after the edits of a finding in the JSON report of the command line."""
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
