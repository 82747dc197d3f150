//! What the engine says of a piece of a file, and what the fixes make of it. Knows no file, so pieces
//! can be judged in any order.

use std::borrow::Cow;

use super::pieces::{Cut, Piece, lines_of};
use super::scanner::Scanner;
use crate::document::Document;
use crate::engine::{Engine, Verdict, failed_verdict, unless_it_fails};
use crate::finding::{Finding, Safety};
use crate::fix::{self, FixResult, MAX_ROUNDS};
use crate::json::Tape;
use crate::patch::{Patch, Segment};
use crate::payload::{Extent, Part};
use crate::rule::Findings;
use crate::rules::json::{UNCLOSED, UNREADABLE};
use crate::span::Span;

/// Whose pieces are judged: what is the same for all of one file.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// The file as people named it.
    pub(super) name: String,
    /// The file's path from the configuration's folder.
    pub(super) file: String,
    /// Which fixes are made, if any.
    pub(super) limit: Option<Safety>,
    /// Up to where fixes were made already: none should be left.
    pub(super) settled: Option<Safety>,
    /// Whether it was met in a folder, rather than named.
    pub(super) is_found: bool,
}

/// Judges the pieces of one file.
pub(super) struct Judge<'e> {
    pub(super) engine: &'e Engine,
    pub(super) subject: &'e Subject,
}

/// A piece that was judged.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// What is wrong before a list of which this is the end.
    pub(super) opening: Option<Told>,
    /// What is wrong with the piece as it is.
    pub(super) old: Verdict,
    /// What the fixes make of it, if they make anything of it.
    pub(super) new: Option<Renewed>,
    /// How many bytes at its end are the next piece's.
    pub(super) surplus: usize,
}

impl Judged {
    /// Says nothing of the last record if it is cut short: that is told of the file.
    fn leave_out_torn_record(&mut self) {
        let verdict = &mut self.old;
        let Some(torn) = verdict.records.last().cloned() else {
            return;
        };
        let is_cut = |finding: &Finding| {
            let is_syntax = finding.rule.starts_with("json/");
            finding.rule == UNCLOSED.id || is_syntax && finding.span.start >= torn.span.start
        };
        if !verdict.findings.iter().any(is_cut) {
            return;
        }
        self.new = None;
        verdict.records.pop();
        let last = verdict.records.len();
        verdict.claims.retain(|claim| claim.record < last);
        verdict
            .findings
            .retain(|finding| finding.span.start < torn.span.start && finding.rule != UNCLOSED.id);
    }

    /// The piece's text as the fixes made it, where in it the next piece's begins, and what is wrong
    /// with it.
    pub(super) fn told<'p>(
        &'p mut self,
        piece: &'p Piece,
    ) -> (Cow<'p, str>, usize, &'p mut Verdict) {
        if let Some(new) = &mut self.new {
            let text = &new.told.text;
            let end = text.len() - self.surplus;
            return (Cow::Borrowed(text), end, &mut new.told.verdict);
        }
        let mut text = readable(&piece.bytes);
        // Only a finding can speak of it.
        if !self.old.findings.is_empty() {
            text = with_surplus(text, self.surplus);
        }
        (text, piece.bytes.len(), &mut self.old)
    }
}

/// A text and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The text, as reports show it: bytes that are no text are question marks.
    pub(super) text: String,
    /// What is wrong with it.
    pub(super) verdict: Verdict,
}

/// What the fixes make of a piece.
#[derive(Debug, Default)]
pub(super) struct Renewed {
    /// What becomes of the piece's bytes.
    pub(super) patch: Patch,
    /// How many fixes were made.
    pub(super) fixed: usize,
    /// The piece as it is then.
    pub(super) told: Told,
}

/// Some bytes of a piece that are judged by themselves.
struct Share<'b> {
    bytes: &'b [u8],
    verdict: Verdict,
    /// Boxed, since most shares are moved about without any.
    mended: Option<Box<FixResult>>,
}

impl<'b> Share<'b> {
    /// Bytes of which nothing is said.
    fn silent(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            verdict: Verdict::default(),
            mended: None,
        }
    }
}

impl Judge<'_> {
    /// Judges a piece. The tape is one that may have served before.
    pub(super) fn judge(&self, piece: &Piece, tape: &mut Tape) -> Judged {
        let mut judged = self.judge_cut(piece, tape);
        if piece.is_torn {
            judged.leave_out_torn_record();
        }
        judged
    }

    fn judge_cut(&self, piece: &Piece, tape: &mut Tape) -> Judged {
        let bytes = &piece.bytes;
        match &piece.cut {
            Cut::Opening => self.assemble(vec![Share::silent(bytes)], 0),
            Cut::Closing { opening, elements } => self.judge_envelope(opening, bytes, *elements),
            Cut::Whole => self.assemble(vec![self.judge_text(bytes, Extent::Whole, tape)], 0),
            Cut::Skipped(len) => Judged {
                old: self.tell_skipped(*len),
                ..Judged::default()
            },
            Cut::Lines => {
                let lines = lines_of(bytes);
                let shares = lines.map(|line| self.judge_line(line, tape)).collect();
                self.assemble(shares, 0)
            }
            Cut::Elements { part, is_last } => {
                let surplus = usize::from(!is_last);
                let shares = if std::str::from_utf8(bytes).is_ok() {
                    vec![self.judge_elements(bytes, part, *is_last, tape)]
                } else {
                    self.judge_each_element(bytes, part, *is_last, tape)
                };
                self.assemble(shares, surplus)
            }
        }
    }

    /// What is said of a line that is too long to be held.
    fn tell_skipped(&self, len: u64) -> Verdict {
        let mut findings = Vec::new();
        let message =
            format!("this line of {len} bytes is too long to be read, and is passed over");
        Findings::new(&UNREADABLE, &mut findings)
            .report(Span::empty(0), message)
            .help("look for a line break or a quote that is missing here");
        self.engine.config().apply_levels(&mut findings);
        Verdict {
            findings,
            ..Verdict::default()
        }
    }

    fn judge_line<'b>(&self, line: &'b [u8], tape: &mut Tape) -> Share<'b> {
        if line.trim_ascii().is_empty() {
            return Share::silent(line);
        }
        self.judge_text(line, Extent::Whole, tape)
    }

    /// Judges bytes as a document.
    fn judge_text<'b>(&self, bytes: &'b [u8], extent: Extent<'_>, tape: &mut Tape) -> Share<'b> {
        let tape_at_hand = std::mem::take(tape);
        let parsed = unless_it_fails(|| Document::parse_bytes_onto(bytes, tape_at_hand));
        let Some(document) = parsed else {
            return Share {
                verdict: failed_verdict(&readable(bytes)),
                ..Share::silent(bytes)
            };
        };
        let file = &self.subject.file;
        let mut verdict = self.engine.check_file(&document, file, extent);
        let text = document.text();
        // A file that nobody named and that holds no payload of ours is not ours to mend.
        let is_known = verdict.records.iter().any(|record| record.kind.is_some());
        let is_ours = is_known || !self.subject.is_found;
        if let Some(limit) = self.subject.settled.filter(|_| is_ours) {
            fix::report_unconverged(self.engine, limit, &mut verdict.findings);
        }
        *tape = document.into_tape();
        let again = |text: &str| {
            let document = Document::parse(text);
            self.engine.check_file(&document, file, extent)
        };
        // What lies behind bytes that are no text stays out of reach.
        let is_reached = text.len() == bytes.len() && is_ours;
        let limit = self.subject.limit.filter(|_| is_reached);
        let mended =
            limit.and_then(|limit| fix::apply_fixes(text, &verdict, limit, MAX_ROUNDS, again));
        Share {
            bytes,
            verdict,
            mended: mended.map(Box::new),
        }
    }

    /// Judges elements of a list, with the bracket or comma before the first of them, as an array.
    fn judge_elements<'b>(
        &self,
        bytes: &'b [u8],
        part: &Part,
        is_last: bool,
        tape: &mut Tape,
    ) -> Share<'b> {
        let mut array = bytes.to_vec();
        if let Some(first) = array.first_mut() {
            *first = b'[';
        }
        if !is_last {
            array.push(b']');
        }
        let Share {
            verdict, mended, ..
        } = self.judge_text(&array, Extent::Part(part), tape);
        Share {
            bytes,
            verdict,
            mended: mended
                .and_then(|mended| as_part(*mended, bytes, is_last))
                .map(Box::new),
        }
    }

    /// Judges elements one by one, so that what is no text costs no more than the element it is in.
    fn judge_each_element<'b>(
        &self,
        bytes: &'b [u8],
        part: &Part,
        is_last: bool,
        tape: &mut Tape,
    ) -> Vec<Share<'b>> {
        let (mut scanner, mut part, mut rest) = (Scanner::within(), part.clone(), bytes);
        let mut shares = Vec::new();
        while let Some(border) = scanner.border(rest, 1).filter(|border| !border.is_end) {
            let (element, behind) = rest.split_at(border.at);
            shares.push(self.judge_elements(element, &part, false, tape));
            part.first += border.elements;
            rest = behind;
        }
        shares.push(self.judge_elements(rest, &part, is_last, tape));
        shares
    }

    /// Judges what stands around a list, as an envelope of an empty one.
    fn judge_envelope(&self, opening: &[u8], closing: &[u8], elements: Option<usize>) -> Judged {
        let envelope = [opening, b"[]", closing].concat();
        let document = Document::parse_bytes(&envelope);
        let extent = Extent::Envelope(elements);
        let mut verdict = self
            .engine
            .check_file(&document, &self.subject.file, extent);
        // Where the list ends: what is told up to there is told of the opening.
        let middle = opening.len() as u32 + 2;
        let is_before = |span: Span| span.start < middle;
        let split = verdict
            .findings
            .partition_point(|finding| is_before(finding.span));
        let mut behind = verdict.findings.split_off(split);
        for finding in &mut verdict.findings {
            finding.labels.retain(|label| label.span.end <= middle);
            finding.fix = None;
        }
        for finding in &mut behind {
            finding.labels.retain(|label| label.span.start >= middle);
            finding.fix = None;
            finding.span.start -= middle;
            finding.span.end -= middle;
            for label in &mut finding.labels {
                label.span.start -= middle;
                label.span.end -= middle;
            }
        }
        Judged {
            opening: Some(Told {
                text: readable(&envelope[..middle as usize]).into_owned(),
                verdict,
            }),
            old: Verdict {
                findings: behind,
                ..Verdict::default()
            },
            ..Judged::default()
        }
    }

    /// Puts together what was said of the shares of a piece, behind which as many bytes as `surplus`
    /// says belong to the next one.
    fn assemble(&self, shares: Vec<Share<'_>>, surplus: usize) -> Judged {
        let mut judged = Judged {
            surplus,
            ..Judged::default()
        };
        if shares.iter().any(|share| share.mended.is_some()) {
            judged.new = Some(self.assemble_new(&shares, surplus));
        }
        let mut start = 0;
        for share in shares {
            judged.old.append(share.verdict, start);
            start += share.bytes.len() as u32;
        }
        judged
    }

    fn assemble_new(&self, shares: &[Share<'_>], surplus: usize) -> Renewed {
        let mut new = Renewed::default();
        let mut start = 0;
        for share in shares {
            let end = start + share.bytes.len() as u32;
            match &share.mended {
                Some(mended) => {
                    let mut verdict = mended.verdict.clone();
                    if let Some(limit) = self.subject.limit {
                        fix::report_unconverged(self.engine, limit, &mut verdict.findings);
                    }
                    new.fixed += mended.fixed;
                    new.patch.append(mended.patch.clone(), start);
                    new.told.add(&mended.text, verdict);
                }
                None => {
                    new.patch.push(Segment::Kept(Span::new(start, end)));
                    new.told.add(&readable(share.bytes), share.verdict.clone());
                }
            }
            start = end;
        }
        new.told.text = with_surplus(Cow::Owned(new.told.text), surplus).into_owned();
        new
    }
}

impl Told {
    /// Adds what was said of the text that comes next.
    fn add(&mut self, text: &str, verdict: Verdict) {
        self.verdict.append(verdict, self.text.len() as u32);
        self.text.push_str(text);
    }
}

/// A text that ends with what is the next piece's.
fn with_surplus(text: Cow<'_, str>, surplus: usize) -> Cow<'_, str> {
    match surplus {
        0 => text,
        _ => Cow::Owned(format!("{text}{}", ",".repeat(surplus))),
    }
}

/// What fixes made of elements that were judged as an array, in terms of the list that they are a part
/// of. `None` if they touched what is there only because it was judged so.
fn as_part(mended: FixResult, bytes: &[u8], is_last: bool) -> Option<FixResult> {
    let mut stretches = mended.patch.segments().to_vec();
    match stretches.first()? {
        Segment::Kept(span) if span.start == 0 => {}
        _ => return None,
    }
    let mut text = mended.text;
    let first = std::str::from_utf8(&bytes[..1]).ok()?;
    text.replace_range(..1, first);
    if !is_last {
        match stretches.last_mut()? {
            Segment::Kept(span) if span.end as usize == bytes.len() + 1 => span.end -= 1,
            _ => return None,
        }
        text.pop();
    }
    let mut patch = Patch::default();
    stretches
        .into_iter()
        .for_each(|stretch| patch.push(stretch));
    Some(FixResult {
        patch,
        text,
        ..mended
    })
}

/// Bytes as text of the same length: what is none becomes question marks.
fn readable(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    Cow::Owned(text)
}
