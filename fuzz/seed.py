#!/usr/bin/env python3
"""Writes the seeds of each fuzz target to fuzz/corpus, and the dictionary to fuzz/corpus/words.dict.

Seeds are made from the fixtures and the documentation, so that no copy of them is kept.
"""

import json
import random
import re
from pathlib import Path

FUZZ = Path(__file__).resolve().parent
PROJECT = FUZZ.parent
CORPUS = FUZZ / "corpus"

# The texts of one character that separate what a target reads from its input.
END = "\0"


def fixtures():
    for path in sorted((PROJECT / "fixtures").rglob("*.json*")):
        name = "-".join(path.relative_to(PROJECT / "fixtures").with_suffix("").parts)
        yield name, path.read_bytes()


def write(target, name, seed):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(seed)


def parsed(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def words(value, found):
    """Adds the property names and short strings of a value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            found.add(name)
            words(inner, found)
    elif isinstance(value, list):
        for inner in value:
            words(inner, found)
    elif isinstance(value, str) and len(value) < 40:
        found.add(value)


def write_dictionary(values):
    found = {"\u201c", "\u201d", "\u00a0", "\u200b", "\ufeff", "None", "True", "//", "/*", "*/", "```json\n", "\\u", "=>"}
    for value in values:
        words(value, found)
    lines = []
    for word in sorted(found):
        escaped = "".join(
            chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02X}" for byte in word.encode()
        )
        if escaped:
            lines.append(f'"{escaped}"\n')
    (CORPUS / "words.dict").write_text("".join(lines))


def write_configurations():
    pages = [*sorted((PROJECT / "docs").glob("*.md")), *sorted((PROJECT / "rules" / "config").glob("*.md"))]
    for page in pages:
        blocks = re.findall(r"^```toml\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
        for number, block in enumerate(blocks):
            write("config", f"{page.stem}-{number}", block.encode())


def main():
    chance = random.Random(22)
    CORPUS.mkdir(exist_ok=True)
    texts = dict(fixtures())
    values = {name: parsed(text) for name, text in texts.items()}
    objects = [value for value in values.values() if isinstance(value, dict)]
    for index, (name, text) in enumerate(texts.items()):
        for target in ("parse", "check", "fix"):
            write(target, name, text)
        write("render", name, bytes([index % 2]) + text)
        write("fast_paths", name, bytes([index * 2 % 64]) + text)
        edits = f"{END}{chr(index * 7 % 900 + 1)}\x03x{END}{chr(index * 13 % 700 + 1)}\x01\"{END}\x10\x02"
        write("lsp_edits", name, text + edits.encode())
    for number in range(0, len(objects), 4):
        lines = b"\n".join(compact(value) for value in objects[number : number + 4])
        write("chunks", f"lines-{number}", bytes([number % 256, number // 2 % 8]) + lines)
        write("fast_paths", f"generated-{number}", b"\x01" + chance.randbytes(64))
        before, after = "the order of monday.\n\ncan you check it", "thank you. it was refused"
        write("find", f"mail-{number}", bytes([number % 256]) + f"{before}{END}{after}".encode())
    for number, wrapper in enumerate(
        (
            "POST /v1/orders HTTP/1.1\nHost: a.example\n\n\0",
            "curl -d '\0' https://a.example/orders",
            "```json\n\0\n```\n",
            "2026-01-31T10:00:00Z INFO body=\0 status=400",
            "callback(\0);",
            "payload = \0\n",
        )
    ):
        write("find", f"wrapper-{number}", bytes([number]) + wrapper.encode())
    write_configurations()
    write_dictionary(values.values())


if __name__ == "__main__":
    main()
