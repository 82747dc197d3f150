#!/usr/bin/env python3
"""Writes the source of the book: the pages of this folder, and the pages that are generated.

Usage: reference.py FOLDER

    FOLDER       an empty or missing folder
    COUNTERSIGN  the program [default: target/debug/countersign]

Generated are the tables of settings and of the findings format, from the JSON Schemas; a page for each rule, from the
folder `rules` and `countersign rules`, whose examples can be opened in the playground; and a page for each family. Links
to files that are not in the book become text.
"""

import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SCHEMAS = ROOT / "schemas"

# Defaults of settings that their descriptions do not state.
DEFAULTS = {"format": "<code>\"pretty\"</code>"}

# Where the playground is in the book.
PLAYGROUND = "playground/index.html"

# What the facts of an example cannot say to the playground: bytes that are not text, and files.
NOT_IN_PLAYGROUND = {"answer", "bytes", "catalogue", "offer-matrix", "price-sheet"}

# Pages from other folders of the repository, and where they are in the book.
MOVED = {"integrations/editors.md": "editors.md"}


def program():
    return str(Path(os.environ.get("COUNTERSIGN") or ROOT / "target/debug/countersign").resolve())


def cell(text):
    """Returns a text for the cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def code(text):
    """Returns a text as code in the cell of a table, where Markdown has no way to write some characters."""
    return f"<code>{html.escape(text, quote=False).replace('|', '&#124;')}</code>"


# --- Schemas


def resolved(schema, root):
    """Returns a schema with its `$ref` into `$defs` merged into it."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    target = root
    for part in reference.removeprefix("#/").split("/"):
        target = target[part]
    return {**target, **{name: value for name, value in schema.items() if name != "$ref"}}


def anchor(title):
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def type_of(schema, root):
    """Returns the type of the values that a schema allows, in words."""
    if "anyOf" in schema:
        return " or ".join(type_of(part, root) for part in schema["anyOf"])
    if "$ref" in schema:
        target = resolved({"$ref": schema["$ref"]}, root)
        if target.get("type") == "object" or "properties" in target:
            title = target["title"]
            return f"[{title}](#{anchor(title)})"
        return type_of(target, root)
    if "const" in schema:
        return code(json.dumps(schema["const"]))
    if "enum" in schema:
        values = [code(json.dumps(value)) for value in schema["enum"]]
        return ", ".join(values[:-1]) + " or " + values[-1]
    types = schema.get("type", "any")
    types = [types] if isinstance(types, str) else list(types)
    words = []
    for name in types:
        if name == "array" and "items" in schema:
            words.append("array of " + plural(type_of(schema["items"], root)))
        elif name == "null":
            words.append("`null`")
        elif name == "string" and schema.get("format") == "date":
            words.append("date")
        else:
            words.append(name)
    return " or ".join(words)


def plural(words):
    if words.startswith("["):
        return words
    return words + "s" if not words.startswith("<code>") else words


def in_toml(value):
    """Returns a value of the configuration as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ", ".join(in_toml(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml_key(name)} = {in_toml(item)}" for name, item in value.items()) + " }"
    return json.dumps(value)


def toml_key(name):
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)


def setting(name, schema, root):
    """Returns the section of one setting."""
    full = resolved(schema, root)
    lines = [f"### `{name}`", "", full["description"], ""]
    lines += [f"Type: {setting_type(schema, root)}. Default: {default_of(name, full)}.", ""]
    return lines


def setting_type(schema, root):
    if "$ref" not in schema and isinstance(schema.get("additionalProperties"), dict):
        return "table, each value " + type_of(schema["additionalProperties"], root)
    return type_of(schema, root)


def default_of(name, schema):
    """Returns the default of a setting, as its description states it."""
    if name in DEFAULTS:
        return DEFAULTS[name]
    stated = re.search(r"`([^`]+)`[^.;,`]*?, the default|`([^`]+)` \(the default\)", schema["description"])
    if stated:
        return code(json.dumps(stated.group(1) or stated.group(2)))
    if "By default, it is detected" in schema["description"]:
        return "detected"
    return "none"


def configuration():
    """Returns the reference of `countersign.toml`."""
    root = json.loads((SCHEMAS / "config.schema.json").read_text(encoding="utf-8"))
    lines = ["## Settings", ""]
    for name, schema in root["properties"].items():
        items = resolved(schema.get("items", {}), root) if "$ref" in schema.get("items", {}) else None
        if name == "rules":
            lines += setting(name, schema, root)
            [example] = schema["examples"]
            body = "\n".join(f"{toml_key(rule)} = {in_toml(level)}" for rule, level in example.items())
            lines += ["```toml", f"[{name}]", body, "```", ""]
        elif items is not None:
            lines += [f"### `[[{name}]]`", "", f"{schema['description']} {items['description']}", ""]
            lines += ["| property | type | required | description |", "|---|---|---|---|"]
            for key, part in items["properties"].items():
                needed = "yes" if key in items.get("required", []) else "no"
                description = resolved(part, root)["description"]
                lines.append(f"| `{key}` | {type_of(part, root)} | {needed} | {cell(description)} |")
            lines.append("")
            example = (items.get("examples") or schema["examples"][0])[0]
            lines += ["```toml", f"[[{name}]]", *(f"{key} = {in_toml(value)}" for key, value in example.items()), "```", ""]
        else:
            lines += setting(name, schema, root)
            examples = [f"{name} = {in_toml(example)}" for example in schema["examples"]]
            lines += ["```toml", "\n# or\n".join(examples), "```", ""]
    return "\n".join(lines)


def findings():
    """Returns the reference of the findings format."""
    root = json.loads((SCHEMAS / "findings.schema.json").read_text(encoding="utf-8"))
    lines = []
    order = ["report", "finding", "record", "range", "place", "fix", "summary", "interruption"]
    names = [name for name in order if name in root["$defs"]] + [name for name in root["$defs"] if name not in order]
    for name in names:
        definition = root["$defs"][name]
        lines += [f"## {definition['title']}", "", definition["description"], ""]
        lines += properties_table(definition, root)
        example = {key: part["examples"][0] for key, part in definition["properties"].items() if part.get("examples")}
        if name in ("finding", "fix", "record"):
            lines += ["```json", json.dumps(example, indent=2, ensure_ascii=False), "```", ""]
    return "\n".join(lines)


def properties_table(definition, root):
    lines = ["| property | type | description |", "|---|---|---|"]
    for key, part in definition["properties"].items():
        description = part.get("description") or resolved(part, root).get("description", "")
        inner = part.get("items", part) if "$ref" not in part else {}
        if "properties" in inner:
            description += " Properties: " + ", ".join(f"`{name}`" for name in inner["properties"]) + "."
        optional = "" if key in definition.get("required", []) else " (optional)"
        lines.append(f"| `{key}`{optional} | {type_of(part, root)} | {cell(description)} |")
    return lines + [""]


# --- Rules


class Rules:
    """The rules, in the order of their IDs."""

    def __init__(self):
        output = subprocess.run([program(), "rules", "--format", "json"], capture_output=True, check=True).stdout
        self.rules = json.loads(output)
        self.ids = {rule["id"] for rule in self.rules}
        pages = {str(path.relative_to(ROOT / "rules").with_suffix("")) for path in (ROOT / "rules").glob("*/*.md")}
        if pages != self.ids:
            sys.exit(f"the pages in rules/ are not those of the program: {sorted(pages ^ self.ids)}")
        self.families = sorted({rule.split("/")[0] for rule in self.ids})

    def page(self, rule):
        """Returns the page of a rule with its level and fix, and with links to the rules that it mentions."""
        text = (ROOT / "rules" / f"{rule['id']}.md").read_text(encoding="utf-8")
        title, rest = text.split("\n", 1)
        family = rule["id"].split("/")[0]
        facts = (
            '<p class="rule-facts">Level: '
            f"<strong>{rule['level']}</strong> · Fix: <strong>{fix_of(text)}</strong> · "
            f'Family: <a href="index.html">{family}</a></p>'
        )
        # In code blocks, nothing is a link, and only the language of the block is for the book.
        parts = re.split(r"(^```.*?^```$)", rest, flags=re.DOTALL | re.MULTILINE)
        for index, part in enumerate(parts):
            if index % 2:
                parts[index] = re.sub(r"\A```(\w+)[^\n]*", r"```\1", part) + example_link(rule["id"], part)
            else:
                parts[index] = re.sub(r"(?<!\[)`([a-z]+/[a-z0-9-]+)`", lambda match: self.link(match[1], rule["id"]), part)
        return f"{title}\n\n{facts}\n{''.join(parts)}"

    def link(self, mentioned, current):
        if mentioned not in self.ids or mentioned == current:
            return f"`{mentioned}`"
        return f"[`{mentioned}`](../{mentioned}.md)"

    def family_page(self, family):
        lines = [f"# Rules of the family {family}", "", "| rule | level | fix | what is wrong |", "|---|---|---|---|"]
        for rule in self.rules:
            if rule["id"].startswith(f"{family}/"):
                name = rule["id"].split("/")[1]
                fix = fix_of((ROOT / "rules" / f"{rule['id']}.md").read_text(encoding="utf-8"))
                lines.append(f"| [`{name}`]({name}.md) | {rule['level']} | {fix} | {cell(rule['summary'])} |")
        return "\n".join(lines) + "\n"

    def contents(self):
        """Returns the part of the table of contents with the pages of the rules."""
        lines = []
        for family in self.families:
            lines.append(f"  - [{family}](rules/{family}/index.md)")
            for rule in self.rules:
                if rule["id"].startswith(f"{family}/"):
                    lines.append(f"    - [{rule['id']}](rules/{rule['id']}.md)")
        return "\n".join(lines)


def example_link(rule, block):
    """Returns the link that opens an example of a rule, a code block, in the playground. Empty if it cannot be opened."""
    match = re.fullmatch(r"```json ?([^\n]*)\n(.*)```", block, re.DOTALL)
    if match is None or {fact.split("=")[0] for fact in match[1].split()} & NOT_IN_PLAYGROUND:
        return ""
    fragment = urlencode({"rule": rule, "facts": match[1], "payload": match[2]})
    return f'\n<p class="open-example"><a href="../../{PLAYGROUND}#{html.escape(fragment)}">Open in the playground</a></p>\n'


def playground():
    """Returns the playground as a part of a page. Its class is not `playground`: for that, mdbook asks another host."""
    return (
        f'<iframe class="embedded-page" src="{PLAYGROUND}" title="Playground: check a payload in this browser" loading="lazy">'
        f'</iframe>\n<p><a href="{PLAYGROUND}">Open the playground on a page of its own</a>. It runs in your browser and '
        "sends nothing.</p>"
    )


def fix_of(page):
    """Returns which fixes a rule has, by the section *How to fix* of its page."""
    section = page.split("\n## How to fix\n", 1)[1].split("\n## ", 1)[0]
    # A sentence about the absence of a fix names no option.
    has_safe, has_unsafe = "`--fix`" in section, "`--fix=unsafe`" in section
    if has_safe and has_unsafe:
        return "safe or unsafe"
    return "safe" if has_safe else "unsafe" if has_unsafe else "none"


# --- Pages


def for_book(text, source):
    """Adapts the links of a page to the book."""

    def replace(match):
        label, target = match[1], match[2]
        if re.match(r"[a-z]+:|#", target):
            return match[0]
        path, _, fragment = target.partition("#")
        place = os.path.relpath(os.path.normpath(source.parent / path), ROOT)
        fragment = f"#{fragment}" if fragment else ""
        if place in MOVED:
            return f"[{label}]({MOVED[place]}{fragment})"
        if place.startswith("docs/"):
            return f"[{label}]({place.removeprefix('docs/')}{fragment})"
        if place.startswith("rules/") or re.fullmatch(r"schemas/[a-z]+\.schema\.json", place):
            return f"[{label}]({place}{fragment})"
        return label

    return re.sub(r"\[([^\]]*)\]\(([^)\s]+)\)", replace, text)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    pages = folder / "src"
    rules = Rules()
    inserted = {
        "configuration.md": ("<!-- The reference of the settings is inserted here. -->", configuration),
        "findings.md": ("<!-- The reference of the format is inserted here. -->", findings),
        "index.md": ("<!-- The playground is inserted here. -->", playground),
        "SUMMARY.md": ("<!-- The pages of the rules are inserted here. -->", rules.contents),
    }
    sources = [*DOCS.glob("*.md"), *(ROOT / path for path in MOVED)]
    for source in sources:
        text = for_book(source.read_text(encoding="utf-8"), source)
        if source.name in inserted:
            mark, generate = inserted[source.name]
            if text.count(mark) != 1:
                sys.exit(f"{source.name} has no line {mark}")
            text = text.replace(mark, generate())
        write(pages / MOVED.get(os.path.relpath(source, ROOT), source.name), text)
    for rule in rules.rules:
        write(pages / "rules" / f"{rule['id']}.md", rules.page(rule))
    for family in rules.families:
        write(pages / "rules" / family / "index.md", rules.family_page(family))
    shutil.copytree(DOCS / "images", pages / "images")
    shutil.copytree(SCHEMAS, pages / "schemas")
    shutil.copytree(ROOT / "examples", folder / "examples")
    for name in ("book.toml", "book.css"):
        shutil.copy(DOCS / name, folder / name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
