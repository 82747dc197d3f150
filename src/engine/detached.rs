//! Facts without their documents, as bytes, for runs in which one process checks a record and another one relates it to
//! the records of the run.
//!
//! All facts about one subject have to reach the same [`DetachedRelations`], in the order of their records. It then
//! reports what [`Engine::check_cross_record`] reports for a run in one process.

use super::Engine;
use super::outcome::{Outcome, RecordSummary};
use crate::document::Document;
use crate::finding::{Finding, Level};
use crate::json::Pointers;
use crate::line_index::{LineIndex, Position};
use crate::payload::{Form, Kind, Record};
use crate::record_fact::{ByteReader, ByteWriter, RecordFact};
use crate::rules::export::cross_record::CrossRecordState;
use crate::span::Span;

/// The number of facts after which a state is replaced at the next subject, so that it stays small.
const FACTS_PER_STATE: usize = 1 << 18;

/// A fact that needs its document no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetachedFact {
    /// A hash that is equal for all facts that can contradict or duplicate each other.
    pub subject: u64,
    /// The index of the record in its document.
    pub record: usize,
    /// The fact, for [`DetachedRelations::relate`] of the same version of countersign.
    pub bytes: Vec<u8>,
}

/// The facts of one record about one subject.
#[derive(Clone, Copy, Debug)]
pub struct DetachedRecord<'a> {
    /// The record in messages about later records, such as `record 17`.
    pub name: &'a str,
    /// The subject that its facts are about.
    pub subject: u64,
    /// The bytes of its facts, in the order in which they were detached.
    pub facts: &'a [&'a [u8]],
}

/// A finding that relates a record to an earlier one.
#[derive(Clone, Debug)]
pub struct RelatedFinding {
    /// The finding. Its span is not set; the place is in `start` and `end`.
    pub finding: Finding,
    /// Whether the configuration has it reported.
    pub is_reported: bool,
    /// Whether at most the first of such findings of a record is reported, in the order of its facts.
    pub is_once_per_record: bool,
    /// The index of the fact among those of the record.
    pub fact: usize,
    /// The key of the record.
    pub key: Option<String>,
    /// The kind of the record.
    pub kind: Option<&'static Kind>,
    /// The form of the record.
    pub form: Option<Form>,
    /// Where the finding starts in the text of the record's document.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
    /// The text at that place.
    pub source: String,
    /// The JSON Pointer of the record in its document.
    pub record_pointer: String,
}

/// Relates the detached facts of records to those of earlier ones.
#[derive(Default)]
pub struct DetachedRelations {
    state: Option<CrossRecordState>,
    subject: u64,
    facts: usize,
}

/// Bytes that are not a fact of this version of countersign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DetachedFactError;

/// A detached fact.
struct Row<'a> {
    fact: RecordFact,
    /// The JSON Pointer of the record in its document.
    record_pointer: &'a str,
    key: Option<&'a str>,
    kind: Option<&'a str>,
    form: Option<&'a str>,
    /// The places that a finding about the fact can have.
    places: Vec<Place<'a>>,
}

/// A place in the text of a document.
struct Place<'a> {
    /// The JSON Pointer of the value within the record.
    pointer: &'a str,
    source: &'a str,
    start: Position,
    end: Position,
}

impl Engine {
    /// The facts of a document that was checked with [`Engine::check_file`], by themselves. `lines` are the lines of its
    /// text.
    pub fn detach_facts(
        &self,
        document: &Document<'_>,
        outcome: &Outcome,
        lines: &LineIndex<'_>,
    ) -> Vec<DetachedFact> {
        if outcome.facts.is_empty() {
            return Vec::new();
        }
        let file_config = self.config.for_file("");
        let detector = self.registry.detector();
        let records = detector.records(document, file_config.declared, None);
        let detach = |fact: &RecordFact| {
            let summary = outcome.records.get(fact.record)?;
            let same = records.get(fact.record);
            let same = same.filter(|record| record.node.span() == summary.span);
            let detached = match same {
                Some(record) => detach(fact, summary, Some(record), 0, lines),
                None => {
                    // The payload was decoded; see `check_cross_record`.
                    let alone = Document::parse(summary.span.of(document.text()));
                    let read = detector.records(&alone, summary.declared(), None);
                    detach(fact, summary, read.first(), summary.span.start, lines)
                }
            };
            Some(DetachedFact {
                subject: fact.group(),
                record: fact.record,
                bytes: detached,
            })
        };
        outcome.facts.iter().filter_map(detach).collect()
    }
}

/// The bytes of a fact of a record. `record` is the record in its document or, with another `start`, by itself.
fn detach(
    fact: &RecordFact,
    summary: &RecordSummary,
    record: Option<&Record<'_>>,
    start: u32,
    lines: &LineIndex<'_>,
) -> Vec<u8> {
    let pointer_to = |span: Span| {
        let within = record.filter(|_| span.start >= start).map(|record| {
            let span = Span::new(span.start - start, span.end - start);
            Pointers::new(record.node).pointer_to(span)
        });
        within.unwrap_or_default()
    };
    let mut out = ByteWriter::default();
    fact.write(&mut out);
    out.text(&summary.pointer);
    out.optional_text(record.and_then(Record::key).as_deref());
    out.optional_text(summary.kind.map(Kind::id));
    out.optional_text(summary.form.map(|form| form.as_str()));
    for span in fact.spans() {
        out.text(&pointer_to(span));
        out.text(span.of(lines.text()));
        write_position(lines.position(span.start), &mut out);
        write_position(lines.position(span.end), &mut out);
    }
    out.finish()
}

fn write_position(position: Position, out: &mut ByteWriter) {
    out.number(position.offset);
    out.number(position.line);
    out.number(position.column);
    out.number(position.utf16);
}

fn read_position(bytes: &mut ByteReader<'_>) -> Option<Position> {
    Some(Position {
        offset: bytes.number()?,
        line: bytes.number()?,
        column: bytes.number()?,
        utf16: bytes.number()?,
        ..Position::START
    })
}

impl<'a> Row<'a> {
    /// Reads a detached fact. Its spans lead back to its place: twice the index of the fact plus the index of the place.
    fn read(index: usize, bytes: &'a [u8]) -> Option<Self> {
        let first = 2 * index as u32;
        let mut bytes = ByteReader::new(bytes);
        let fact = RecordFact::read(&mut bytes, [Span::empty(first), Span::empty(first + 1)])?;
        let mut row = Row {
            fact,
            record_pointer: bytes.text()?,
            key: bytes.optional_text()?,
            kind: bytes.optional_text()?,
            form: bytes.optional_text()?,
            places: Vec::new(),
        };
        for _ in fact.spans() {
            row.places.push(Place {
                pointer: bytes.text()?,
                source: bytes.text()?,
                start: read_position(&mut bytes)?,
                end: read_position(&mut bytes)?,
            });
        }
        bytes.is_at_end().then_some(row)
    }
}

impl DetachedRelations {
    /// The findings about a record that are due to earlier ones. The records about one subject come one after the other.
    ///
    /// # Errors
    /// If the bytes are not facts of this version of countersign.
    pub fn relate(
        &mut self,
        engine: &Engine,
        record: &DetachedRecord<'_>,
    ) -> Result<Vec<RelatedFinding>, DetachedFactError> {
        let rows = record.facts.iter().enumerate();
        let rows = rows.map(|(index, bytes)| Row::read(index, bytes));
        let rows: Option<Vec<Row<'_>>> = rows.collect();
        let rows = rows.ok_or(DetachedFactError)?;
        let state = self.state_for(record.subject, rows.len());
        state.begin(record.name);
        let facts: Vec<RecordFact> = rows.iter().map(|row| row.fact).collect();
        let mut found = Vec::new();
        state.check(&facts, 1, &mut found);
        let related = found.into_iter().filter_map(|finding| {
            let fact = finding.span.start as usize / 2;
            rows.get(fact).map(|row| engine.related(finding, fact, row))
        });
        Ok(related.collect())
    }

    /// The state of the records about a subject.
    fn state_for(&mut self, subject: u64, facts: usize) -> &mut CrossRecordState {
        if self.subject != subject && self.facts >= FACTS_PER_STATE {
            self.state = None;
            self.facts = 0;
        }
        self.subject = subject;
        self.facts += facts;
        self.state
            .get_or_insert_with(|| CrossRecordState::with_capacity(2 * FACTS_PER_STATE))
    }
}

impl Engine {
    /// A finding about a fact with what its record says.
    fn related(&self, mut finding: Finding, fact: usize, row: &Row<'_>) -> RelatedFinding {
        let place = finding.span.start as usize % 2;
        let place = &row.places[place.min(row.places.len() - 1)];
        finding.span = Span::empty(0);
        finding.pointer = format!("{}{}", row.record_pointer, place.pointer);
        let level = self.config.level_of(finding.rule, finding.level);
        let level = level.filter(|_| self.rules.has_cross_record_rule(finding.rule));
        finding.level = level.unwrap_or(Level::Info);
        let mut ignores = self.config.ignores.iter();
        let is_ignored = ignores.any(|ignore| ignore.covers(&finding, "", row.key));
        RelatedFinding {
            is_reported: level.is_some() && !is_ignored,
            is_once_per_record: row.fact.is_once_per_record(),
            fact,
            key: row.key.map(str::to_owned),
            kind: row.kind.and_then(|kind| self.registry.kind(kind)),
            form: row.form.and_then(|form| form.parse().ok()),
            start: place.start,
            end: place.end,
            source: place.source.to_owned(),
            record_pointer: row.record_pointer.to_owned(),
            finding,
        }
    }
}
