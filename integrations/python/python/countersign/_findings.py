"""Findings as Python objects, with the properties of the wire format."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple


@dataclass(frozen=True)
class Position:
    """A position in a text."""

    offset: int
    """The offset in bytes, from 0."""
    line: int
    """The line, from 1."""
    column: int
    """The column in characters, from 1."""
    utf16: int
    """The column in UTF-16 code units, from 1."""


@dataclass(frozen=True)
class Range:
    """A range of a text. The end is exclusive."""

    start: Position
    end: Position


@dataclass(frozen=True)
class Record:
    """The record that contains a finding."""

    index: int
    """The index of the record, from 0."""
    line: int
    """The line on which it starts, from 1."""
    key: Optional[str]
    """Its ID, or another value that names it."""


@dataclass(frozen=True)
class Label:
    """A related place."""

    range: Range
    message: str


@dataclass(frozen=True)
class Edit:
    """A replacement of a range."""

    range: Range
    text: str


@dataclass(frozen=True)
class Fix:
    """Edits that fix a finding."""

    title: str
    safety: str
    """`safe` if the fix keeps the meaning, `unsafe` if a person must review it."""
    edits: Tuple[Edit, ...]


@dataclass(frozen=True, repr=False)
class Finding:
    """One problem at one place. The properties are those of the formats `json` and `ndjson`."""

    rule: str
    """The ID of the rule, such as `json/trailing-comma`."""
    level: str
    """`error`, `warning` or `info`."""
    message: str
    """What is wrong, in one clause."""
    help: Optional[str]
    """How to fix it, in one sentence."""
    url: Optional[str]
    """The URL of the rule's page, if the configuration has `rule-pages`."""
    file: str
    """The name of the file, or `<payload>`."""
    record: Optional[Record]
    """The record that contains the finding."""
    kind: Optional[str]
    """The kind of the record, such as `order`."""
    form: Optional[str]
    """The form of the record, such as `request`."""
    pointer: str
    """The JSON Pointer of the value, from the root of the document."""
    path: str
    """The path of the value in words of its kind."""
    range: Range
    """Where it is."""
    labels: Tuple[Label, ...]
    """Related places."""
    fix: Optional[Fix]
    """The edits that fix it."""
    fingerprint: str
    """The identity of the finding across runs."""

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Finding:
        """The finding of a JSON object of the formats `json` and `ndjson`."""
        record, fix = row["record"], row["fix"]
        return cls(
            rule=row["rule"],
            level=row["level"],
            message=row["message"],
            help=row["help"],
            url=row["url"],
            file=row["file"],
            record=None if record is None else Record(**record),
            kind=row["kind"],
            form=row["form"],
            pointer=row["pointer"],
            path=row["path"],
            range=_range(row["range"]),
            labels=tuple(Label(_range(label["range"]), label["message"]) for label in row["labels"]),
            fix=None
            if fix is None
            else Fix(
                fix["title"],
                fix["safety"],
                tuple(Edit(_range(edit["range"]), edit["text"]) for edit in fix["edits"]),
            ),
            fingerprint=row["fingerprint"],
        )

    def to_dict(self) -> Dict[str, Any]:
        """The JSON object of the formats `json` and `ndjson`."""
        record, fix = self.record, self.fix
        return {
            "rule": self.rule,
            "level": self.level,
            "message": self.message,
            "help": self.help,
            "url": self.url,
            "file": self.file,
            "record": None if record is None else dict(vars(record)),
            "kind": self.kind,
            "form": self.form,
            "pointer": self.pointer,
            "path": self.path,
            "range": _range_dict(self.range),
            "labels": [{"range": _range_dict(label.range), "message": label.message} for label in self.labels],
            "fix": None
            if fix is None
            else {
                "title": fix.title,
                "safety": fix.safety,
                "edits": [{"range": _range_dict(edit.range), "text": edit.text} for edit in fix.edits],
            },
            "fingerprint": self.fingerprint,
        }

    def __str__(self) -> str:
        start = self.range.start
        return f"{self.file}:{start.line}:{start.column}: {self.level}[{self.rule}] {self.message}"

    def __repr__(self) -> str:
        start = self.range.start
        place = f"{self.pointer or '/'} at {start.line}:{start.column}"
        fix = "" if self.fix is None else f", {self.fix.safety} fix"
        return f"<Finding {self.level} {self.rule}: {self.message!r}, {place}{fix}>"

    def _repr_html_(self) -> str:
        return _table([self])


class Findings(List[Finding]):
    """A list of findings that notebooks show as a table."""

    def _repr_html_(self) -> str:
        return _table(self) if self else "<p>no findings</p>"


@dataclass(frozen=True)
class Fixed:
    """A payload after its fixes."""

    text: str
    """The payload with the fixes applied."""
    findings: Findings
    """The findings that are left."""
    applied: int
    """The number of fixes that were applied."""


@dataclass(frozen=True)
class Rule:
    """A rule."""

    id: str
    """The ID, such as `order/mpn-shape`."""
    level: str
    """The level of its findings, unless the configuration sets another one."""
    summary: str
    """What it reports, in one sentence."""
    page: str
    """Its page, in Markdown."""

    def __repr__(self) -> str:
        return f"<Rule {self.id} ({self.level}): {self.summary}>"


def parse_findings(text: bytes) -> Findings:
    """The findings of a JSON array."""
    return Findings(Finding.from_dict(row) for row in json.loads(text))


def _position(row: Mapping[str, int]) -> Position:
    return Position(row["offset"], row["line"], row["column"], row["utf16"])


def _range(row: Mapping[str, Mapping[str, int]]) -> Range:
    return Range(_position(row["start"]), _position(row["end"]))


def _range_dict(value: Range) -> Dict[str, Any]:
    return {"start": dict(vars(value.start)), "end": dict(vars(value.end))}


_COLORS = {"error": "#b3261e", "warning": "#8a5a00", "info": "#1a5fb4"}


def _table(findings: Iterable[Finding]) -> str:
    """An HTML table. Every value is escaped, because payloads can hold markup."""
    rows = []
    for finding in findings:
        start = finding.range.start
        color = _COLORS.get(finding.level, "inherit")
        notes = [html.escape(finding.message)]
        if finding.help is not None:
            notes.append(f"<small>help: {html.escape(finding.help)}</small>")
        if finding.fix is not None:
            notes.append(f"<small>{finding.fix.safety} fix: {html.escape(finding.fix.title)}</small>")
        cells = [
            f'<b style="color:{color}">{html.escape(finding.level)}</b>',
            f"<code>{html.escape(finding.rule)}</code>",
            f"{start.line}:{start.column}",
            f"<code>{html.escape(finding.pointer)}</code>",
            "<br>".join(notes),
        ]
        rows.append("<tr>" + "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) + "</tr>")
    head = "".join(
        f'<th style="text-align:left">{name}</th>' for name in ("level", "rule", "position", "pointer", "finding")
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
