//! Checks one chunk of a file and applies its fixes. Does no IO and keeps no state between chunks, so chunks
//! can be checked in any order.

use std::borrow::Cow;

use super::boundaries::BoundaryScanner;
use super::chunk_result::{
    CheckedText, ChunkResult, FixedChunk, lossy_utf8_same_length, with_trailing_separator,
};
use super::chunks::{Chunk, ChunkKind, lines_of};
use super::text_reader::PARQUET;
use crate::document::{Document, TextPlace, WideEncoding};
use crate::engine::{Engine, Outcome, catch_panic, panicked_outcome};
use crate::finding::{Level, Safety};
use crate::fix::{self, FixResult, MAX_ROUNDS};
use crate::json::Tape;
use crate::patch::{Patch, Segment};
use crate::payload::{DocumentPart, ListPart};
use crate::rule::{Rule, RuleReporter};
use crate::rules::json::UNREADABLE;
use crate::rules::payload::format::NOT_JSON;
use crate::rules::payload::kind::UNKNOWN_KIND;
use crate::span::Span;

/// The properties of a file that its chunks are checked with.
#[derive(Clone, Debug)]
pub(super) struct FileContext {
    /// The file's name as reports show it.
    pub(super) name: String,
    /// The file's path relative to the configuration file's folder.
    pub(super) relative_path: String,
    /// The safety up to which fixes are applied, if any are.
    pub(super) fix_limit: Option<Safety>,
    /// The safety up to which fixes were already applied. Fixes that are left do not converge.
    pub(super) already_fixed_up_to: Option<Safety>,
    /// Whether it must hold a payload: the user named the file or stated its kind, or the configuration lists it.
    pub(super) requires_payload: bool,
    /// Whether it is reported even if no payload is recognised in it: it must hold one, or has a schema of its own.
    pub(super) is_reported_unrecognised: bool,
    /// The encoding of the file, if it is not UTF-8.
    pub(super) encoding: Option<WideEncoding>,
}

/// Checks the chunks of one file.
pub(super) struct ChunkChecker<'e> {
    pub(super) engine: &'e Engine,
    pub(super) file: &'e FileContext,
}

/// Bytes of a chunk that are checked as one document.
struct ChunkSegment<'b> {
    bytes: &'b [u8],
    outcome: Outcome,
    /// Boxed because most segments are moved without a result.
    fix_result: Option<Box<FixResult>>,
}

impl<'b> ChunkSegment<'b> {
    /// Creates a segment that is not checked.
    fn unchecked(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            outcome: Outcome::default(),
            fix_result: None,
        }
    }
}

impl ChunkChecker<'_> {
    /// Checks a chunk. The tape is a reusable allocation.
    pub(super) fn check(&self, chunk: &Chunk, tape: &mut Tape) -> ChunkResult {
        let mut result = self.check_kind(chunk, tape);
        if chunk.is_truncated {
            result.drop_truncated_record();
        }
        result
    }

    fn check_kind(&self, chunk: &Chunk, tape: &mut Tape) -> ChunkResult {
        let bytes = &chunk.bytes;
        match &chunk.kind {
            ChunkKind::Opening => self.assemble(vec![ChunkSegment::unchecked(bytes)], 0),
            ChunkKind::Closing { opening, elements } => {
                self.check_envelope(opening, bytes, *elements)
            }
            ChunkKind::Whole => self.assemble(
                vec![self.check_and_fix(bytes, TextPlace::FileStart, DocumentPart::Whole, tape)],
                0,
            ),
            ChunkKind::Binary(format) => ChunkResult {
                before_fixes: self.not_text(format),
                ..ChunkResult::default()
            },
            ChunkKind::OversizedLine(len) => ChunkResult {
                before_fixes: self.oversized_line(*len),
                ..ChunkResult::default()
            },
            ChunkKind::Lines { place, is_detected } => {
                let places = [*place]
                    .into_iter()
                    .chain(std::iter::repeat(TextPlace::Later));
                let lines = lines_of(bytes).zip(places);
                let segments = lines.map(|(line, place)| self.check_line(line, place, tape));
                let mut segments: Vec<_> = segments.collect();
                self.fix_segments(&mut segments, *place);
                if *is_detected && *place == TextPlace::FileStart {
                    self.report_second_line(&mut segments);
                }
                self.assemble(segments, 0)
            }
            ChunkKind::Elements { part, is_last } => {
                let trailing_separator_len = usize::from(!is_last);
                let segments = if simdutf8::basic::from_utf8(bytes).is_ok() {
                    vec![self.check_elements(bytes, part, *is_last, tape)]
                } else {
                    self.check_each_element(bytes, part, *is_last, tape)
                };
                self.assemble(segments, trailing_separator_len)
            }
        }
    }

    /// Returns the outcome on a line of `len` bytes that exceeds the maximum size of a record.
    fn oversized_line(&self, len: u64) -> Outcome {
        let message =
            format!("this line is too long ({len} bytes) for a record; it was not checked");
        self.unread(
            &UNREADABLE,
            message,
            "look for a missing line break or quote",
        )
    }

    /// Returns the outcome on a file that is not text.
    fn not_text(&self, format: &str) -> Outcome {
        let message = format!("this is not JSON; it is {format}");
        let help = match format {
            PARQUET => {
                "check its column of payloads with the Python package: \
                 `countersign.check_parquet(path, column=\"payload\")`"
            }
            _ => "leave it out of the check",
        };
        self.unread(&NOT_JSON, message, help)
    }

    /// Returns the outcome on bytes that are not read, with one finding of a rule.
    fn unread(&self, rule: &'static Rule, message: String, help: &str) -> Outcome {
        let mut findings = Vec::new();
        RuleReporter::new(rule, &mut findings)
            .report(Span::empty(0), message)
            .help(help);
        self.engine.config().apply_levels(&mut findings);
        Outcome {
            findings,
            ..Outcome::default()
        }
    }

    /// Reports that a file of one JSON value by its name has a value on each line. A smaller one, which is checked as one
    /// document, has the same finding.
    fn report_second_line(&self, segments: &mut [ChunkSegment<'_>]) {
        let mut filled = segments
            .iter_mut()
            .filter(|segment| !segment.bytes.trim_ascii().is_empty());
        if let Some(second) = filled.nth(1) {
            let text = lossy_utf8_same_length(second.bytes);
            let mut outcome = self
                .engine
                .report_second_value(&self.file.relative_path, &text);
            outcome.append(std::mem::take(&mut second.outcome), 0);
            second.outcome = outcome;
        }
    }

    fn check_line<'b>(
        &self,
        line: &'b [u8],
        place: TextPlace,
        tape: &mut Tape,
    ) -> ChunkSegment<'b> {
        if line.trim_ascii().is_empty() {
            return ChunkSegment::unchecked(line);
        }
        self.check_document(line, place, DocumentPart::Whole, tape)
    }

    /// Checks bytes as a document, and applies its fixes.
    fn check_and_fix<'b>(
        &self,
        bytes: &'b [u8],
        place: TextPlace,
        extent: DocumentPart<'_>,
        tape: &mut Tape,
    ) -> ChunkSegment<'b> {
        let mut segment = self.check_document(bytes, place, extent, tape);
        let is_payload = self.is_payload(&segment);
        self.fix_segment(&mut segment, place, extent, is_payload);
        segment
    }

    /// Checks bytes as a document.
    fn check_document<'b>(
        &self,
        bytes: &'b [u8],
        place: TextPlace,
        extent: DocumentPart<'_>,
        tape: &mut Tape,
    ) -> ChunkSegment<'b> {
        let reused_tape = std::mem::take(tape);
        let parsed = catch_panic(|| Document::parse_bytes_at(bytes, place, reused_tape));
        let Some(document) = parsed else {
            return ChunkSegment {
                outcome: panicked_outcome(&lossy_utf8_same_length(bytes)),
                ..ChunkSegment::unchecked(bytes)
            };
        };
        let path = &self.file.relative_path;
        let mut outcome = self.engine.check_file(&document, path, extent);
        if self.file.requires_payload {
            self.raise_unknown_kinds(&mut outcome);
        }
        *tape = document.into_tape();
        ChunkSegment {
            bytes,
            outcome,
            fix_result: None,
        }
    }

    /// Whether a segment is a payload, or has nothing to fix.
    fn is_payload(&self, segment: &ChunkSegment<'_>) -> bool {
        let outcome = &segment.outcome;
        outcome.has_payload()
            || outcome.findings.is_empty()
            || self
                .engine
                .validates_against_own_schema(&self.file.relative_path)
    }

    /// Applies the fixes in lines. A line that is too damaged to be recognised is one of the payloads around it.
    fn fix_segments(&self, segments: &mut [ChunkSegment<'_>], first: TextPlace) {
        let has_findings = |segment: &ChunkSegment<'_>| !segment.outcome.findings.is_empty();
        if !segments.iter().any(has_findings) {
            return;
        }
        let is_payload = segments.iter().any(|segment| segment.outcome.has_payload())
            || self
                .engine
                .validates_against_own_schema(&self.file.relative_path);
        let mut place = first;
        for segment in segments {
            self.fix_segment(segment, place, DocumentPart::Whole, is_payload);
            place = TextPlace::Later;
        }
    }

    /// Applies the fixes of a document. A text without a payload, or one that is not text at all, belongs to another
    /// program: no fix is offered for it.
    fn fix_segment(
        &self,
        segment: &mut ChunkSegment<'_>,
        place: TextPlace,
        extent: DocumentPart<'_>,
        is_payload: bool,
    ) {
        let (bytes, findings) = (segment.bytes, &mut segment.outcome.findings);
        if !is_payload {
            findings.iter_mut().for_each(|finding| finding.fix = None);
        }
        let limit = self.file.fix_limit.or(self.file.already_fixed_up_to);
        let may_fix = limit.is_some() && is_payload && memchr::memchr(0, bytes).is_none();
        if let Some(limit) = self.file.already_fixed_up_to.filter(|_| may_fix) {
            fix::report_unconverged(self.engine, limit, findings);
        }
        // The text of a document with invalid UTF-8 ends before the first invalid byte, so a patch would drop the rest.
        let text = simdutf8::basic::from_utf8(bytes).ok().filter(|_| may_fix);
        let (Some(text), Some(limit)) = (text, self.file.fix_limit) else {
            return;
        };
        // The evidence stays valid when a fix removes the text that it is from.
        let evidence = segment.outcome.evidence.clone().unwrap_or_default();
        let path = &self.file.relative_path;
        let check_again = |text: &str| {
            let document = Document::parse_bytes_at(text.as_bytes(), place, Tape::default());
            let document = document.with_evidence(&evidence);
            self.engine.check_file(&document, path, extent)
        };
        let result = fix::apply_fixes(text, &segment.outcome, limit, MAX_ROUNDS, check_again);
        segment.fix_result = result.map(Box::new);
    }

    /// Makes payloads that are not recognised errors, where the configuration sets no other level.
    fn raise_unknown_kinds(&self, outcome: &mut Outcome) {
        let config = self.engine.config();
        for finding in &mut outcome.findings {
            if finding.rule == UNKNOWN_KIND.id {
                let level = config.level_of(UNKNOWN_KIND.id, Level::Error);
                finding.level = level.unwrap_or(finding.level);
            }
        }
    }

    /// Checks elements, which are preceded by the opening bracket or a comma, as an array of their own.
    fn check_elements<'b>(
        &self,
        bytes: &'b [u8],
        part: &ListPart,
        is_last: bool,
        tape: &mut Tape,
    ) -> ChunkSegment<'b> {
        let mut array = bytes.to_vec();
        if let Some(first) = array.first_mut() {
            *first = b'[';
        }
        if !is_last {
            array.push(b']');
        }
        let ChunkSegment {
            outcome,
            fix_result,
            ..
        } = self.check_and_fix(&array, TextPlace::Later, DocumentPart::ListPart(part), tape);
        ChunkSegment {
            bytes,
            outcome,
            fix_result: fix_result
                .and_then(|result| strip_array_wrapper(*result, bytes, is_last))
                .map(Box::new),
        }
    }

    /// Checks elements one by one, so that invalid UTF-8 affects only the element that contains it.
    fn check_each_element<'b>(
        &self,
        bytes: &'b [u8],
        part: &ListPart,
        is_last: bool,
        tape: &mut Tape,
    ) -> Vec<ChunkSegment<'b>> {
        let mut scanner = BoundaryScanner::inside_array();
        let (mut part, mut rest) = (part.clone(), bytes);
        let mut segments = Vec::new();
        while let Some(boundary) = scanner
            .next_boundary(rest, 1)
            .filter(|boundary| !boundary.is_end)
        {
            let (element, after) = rest.split_at(boundary.offset);
            segments.push(self.check_elements(element, &part, false, tape));
            part.first += boundary.elements;
            rest = after;
        }
        segments.push(self.check_elements(rest, &part, is_last, tape));
        segments
    }

    /// Checks the text before and after an array as an envelope with an empty array.
    fn check_envelope(
        &self,
        opening: &[u8],
        closing: &[u8],
        elements: Option<usize>,
    ) -> ChunkResult {
        let envelope = [opening, b"[]", closing].concat();
        let document = Document::parse_bytes(&envelope);
        let extent = DocumentPart::Envelope(elements);
        let mut outcome = self
            .engine
            .check_file(&document, &self.file.relative_path, extent);
        // Findings before the end of the array belong to the opening, the others to the closing.
        let array_end = opening.len() as u32 + 2;
        let split = outcome
            .findings
            .partition_point(|finding| finding.span.start < array_end);
        let mut closing_findings = outcome.findings.split_off(split);
        for finding in &mut outcome.findings {
            finding.labels.retain(|label| label.span.end <= array_end);
            finding.fix = None;
        }
        for finding in &mut closing_findings {
            finding.labels.retain(|label| label.span.start >= array_end);
            finding.fix = None;
            finding.span.start -= array_end;
            finding.span.end -= array_end;
            for label in &mut finding.labels {
                label.span.start -= array_end;
                label.span.end -= array_end;
            }
        }
        ChunkResult {
            opening: Some(CheckedText {
                text: lossy_utf8_same_length(&envelope[..array_end as usize]).into_owned(),
                outcome,
            }),
            before_fixes: Outcome {
                findings: closing_findings,
                ..Outcome::default()
            },
            ..ChunkResult::default()
        }
    }

    /// Combines the segments of a chunk. The last `trailing_separator_len` bytes of their text belong to
    /// the next chunk.
    fn assemble(
        &self,
        segments: Vec<ChunkSegment<'_>>,
        trailing_separator_len: usize,
    ) -> ChunkResult {
        let mut result = ChunkResult {
            trailing_separator_len,
            ..ChunkResult::default()
        };
        if segments.iter().any(|segment| segment.fix_result.is_some()) {
            result.after_fixes = Some(self.assemble_fixed(&segments, trailing_separator_len));
        }
        let mut start = 0;
        for segment in segments {
            result.before_fixes.append(segment.outcome, start);
            start += segment.bytes.len() as u32;
        }
        result
    }

    fn assemble_fixed(
        &self,
        segments: &[ChunkSegment<'_>],
        trailing_separator_len: usize,
    ) -> FixedChunk {
        let mut chunk = FixedChunk::default();
        let mut start = 0;
        for segment in segments {
            let end = start + segment.bytes.len() as u32;
            match &segment.fix_result {
                Some(result) => {
                    let mut outcome = result.outcome.clone();
                    if let Some(limit) = self.file.fix_limit {
                        fix::report_unconverged(self.engine, limit, &mut outcome.findings);
                    }
                    chunk.fixed += result.fixed;
                    chunk.patch.append(result.patch.clone(), start);
                    chunk.checked.append(&result.text, outcome);
                }
                None => {
                    chunk.patch.push(Segment::Kept(Span::new(start, end)));
                    let text = lossy_utf8_same_length(segment.bytes);
                    chunk.checked.append(&text, segment.outcome.clone());
                }
            }
            start = end;
        }
        let text = Cow::Owned(chunk.checked.text);
        chunk.checked.text = with_trailing_separator(text, trailing_separator_len).into_owned();
        chunk
    }
}

/// Converts the fixes of elements that were checked as an array of their own to the original bytes.
/// Returns `None` if a fix changes a bracket that is not in the original.
fn strip_array_wrapper(result: FixResult, bytes: &[u8], is_last: bool) -> Option<FixResult> {
    let mut segments = result.patch.segments().to_vec();
    match segments.first()? {
        Segment::Kept(span) if span.start == 0 => {}
        _ => return None,
    }
    let mut text = result.text;
    let first = std::str::from_utf8(&bytes[..1]).ok()?;
    text.replace_range(..1, first);
    if !is_last {
        match segments.last_mut()? {
            Segment::Kept(span) if span.end as usize == bytes.len() + 1 => span.end -= 1,
            _ => return None,
        }
        text.pop();
    }
    let mut patch = Patch::default();
    for segment in segments {
        patch.push(segment);
    }
    Some(FixResult {
        patch,
        text,
        ..result
    })
}
