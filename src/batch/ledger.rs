//! What a run has said so far, and where in the file at hand it is.

use std::io;

use super::baseline::Baseline;
use super::expanded::Damage;
use super::judge::{Judged, Subject};
use super::pieces::{Cut, Piece};
use super::split::Split;
use super::usage::Usage;
use crate::engine::{Engine, Verdict};
use crate::finding::{Finding, Level};
use crate::line_index::{LineIndex, Position};
use crate::output::{Report, Reporter, Summary, redacted};
use crate::rules::export::relations::Relations;
use crate::settings::Settings;

/// What becomes of findings.
pub struct Telling<'a> {
    /// The lowest level of a finding that makes its record invalid.
    pub fail_level: Level,
    /// How many findings are shown; all are counted.
    pub max_findings: usize,
    /// Whether the payloads' values are replaced in reports.
    pub is_redacted: bool,
    /// The findings that are known, which are neither told nor counted.
    pub known: Option<&'a mut Baseline>,
    /// Takes every finding, so that it is known from then on.
    pub recorded: Option<&'a mut Baseline>,
    /// Where records go, the valid ones and the others.
    pub split: Split<'a>,
}

impl Default for Telling<'_> {
    /// Everything is told and nothing is kept; errors make a record invalid.
    fn default() -> Self {
        Self {
            fail_level: Level::Error,
            max_findings: usize::MAX,
            is_redacted: false,
            known: None,
            recorded: None,
            split: Split::default(),
        }
    }
}

pub(super) struct Ledger<'r, 'w, 'a> {
    pub(super) summary: Summary,
    pub(super) usage: Usage,
    engine: &'r Engine,
    telling: &'r mut Telling<'a>,
    /// What the records said that went by.
    relations: Relations,
    reporters: &'r mut [Box<dyn Reporter + 'w>],
    /// The file at hand as people named it.
    name: String,
    /// Where in it the next piece begins.
    at: Position,
    /// How many of its records went by.
    records: usize,
}

impl<'r, 'w, 'a> Ledger<'r, 'w, 'a> {
    pub(super) fn new(
        engine: &'r Engine,
        telling: &'r mut Telling<'a>,
        reporters: &'r mut [Box<dyn Reporter + 'w>],
    ) -> Self {
        Self {
            summary: Summary::default(),
            usage: Usage::default(),
            engine,
            telling,
            relations: Relations::default(),
            reporters,
            name: String::new(),
            at: Position::START,
            records: 0,
        }
    }

    /// Begins with a file.
    pub(super) fn begin(&mut self, name: &str) {
        name.clone_into(&mut self.name);
        self.at = Position::START;
        self.records = 0;
        self.relations.begin(name);
        if let Some(known) = &mut self.telling.known {
            known.begin(name);
        }
    }

    /// Reports the next piece of the file, as the fixes made it.
    pub(super) fn report(
        &mut self,
        mut judged: Judged,
        piece: &Piece,
        subject: &Subject,
    ) -> io::Result<()> {
        if let Some(opening) = &mut judged.opening {
            let lines = LineIndex::new(&opening.text);
            self.report_at(&lines, &mut opening.verdict)?;
        }
        let is_renewed = judged.new.is_some();
        let (text, end, verdict) = judged.told(piece);
        self.engine
            .relate(&mut self.relations, verdict, &text, &subject.file);
        self.usage
            .note(self.engine.config(), &subject.file, verdict);
        let bytes = if is_renewed {
            text.as_bytes()
        } else {
            &piece.bytes
        };
        let (split, fail_level) = (&mut self.telling.split, self.telling.fail_level);
        split.write(&bytes[..end], &piece.cut, verdict, fail_level)?;
        let lines = LineIndex::starting_at(self.at, &text);
        self.report_at(&lines, verdict)?;
        self.summary.bytes += end as u64;
        self.records += verdict.records.len();
        self.at = match piece.cut {
            Cut::Skipped(len) => Position {
                offset: self.at.offset + len,
                line: self.at.line + 1,
                line_start: self.at.offset + len,
                ..Position::START
            },
            _ => self.at.after(&text[..end]),
        };
        Ok(())
    }

    /// Reports that the file is broken behind what went by.
    pub(super) fn report_damage(&mut self, damage: &Damage, subject: &Subject) -> io::Result<()> {
        let config = self.engine.config();
        let mut findings = vec![damage.finding()];
        config.apply_levels(&mut findings);
        let mut verdict = Verdict {
            findings,
            ..Verdict::default()
        };
        self.usage.note(config, &subject.file, &verdict);
        self.report_at(&LineIndex::starting_at(self.at, ""), &mut verdict)
    }

    /// Counts the next piece of the file, as it was before any fix, without a word.
    pub(super) fn count(&mut self, judged: &mut Judged, piece: &Piece, subject: &Subject) {
        if let Some(opening) = &judged.opening {
            let lines = LineIndex::new(&opening.text);
            self.add(&lines, &opening.verdict);
        }
        judged.new = None;
        let (text, end, verdict) = judged.told(piece);
        self.engine
            .relate(&mut self.relations, verdict, &text, &subject.file);
        self.usage
            .note(self.engine.config(), &subject.file, verdict);
        self.add(&LineIndex::starting_at(self.at, &text), verdict);
        self.summary.bytes += end as u64;
        self.at = self.at.after(&text[..end]);
    }

    fn add(&mut self, lines: &LineIndex<'_>, verdict: &Verdict) {
        let report = Report {
            file: &self.name,
            lines,
            verdict,
            first_record: 0,
            shown: usize::MAX,
            rule_pages: None,
        };
        self.summary.add(&report, self.telling.fail_level);
    }

    /// Reports what is wrong with the configuration file, if something is.
    pub(super) fn report_settings(
        &mut self,
        settings: &Settings,
        findings: Vec<Finding>,
    ) -> io::Result<()> {
        if findings.is_empty() {
            return Ok(());
        }
        let mut verdict = Verdict {
            findings,
            ..Verdict::default()
        };
        self.begin(&settings.name);
        self.summary.files += 1;
        // What somebody set is no payload.
        let is_redacted = std::mem::take(&mut self.telling.is_redacted);
        let told = self.report_at(&LineIndex::new(&settings.text), &mut verdict);
        self.telling.is_redacted = is_redacted;
        told
    }

    fn report_at(&mut self, lines: &LineIndex<'_>, verdict: &mut Verdict) -> io::Result<()> {
        self.note_known(lines, verdict);
        let said = self.summary.total() - self.summary.hidden;
        let mut report = Report {
            file: &self.name,
            lines,
            verdict,
            first_record: self.records,
            shown: self.telling.max_findings.saturating_sub(said),
            rule_pages: self.engine.config().rule_pages.as_deref(),
        };
        self.summary.add(&report, self.telling.fail_level);
        let masked;
        let masked_lines;
        if self.telling.is_redacted && !report.verdict.findings.is_empty() {
            masked = redacted(lines.text(), report.verdict);
            masked_lines = LineIndex::starting_at(lines.origin(), &masked.0);
            (report.lines, report.verdict) = (&masked_lines, &masked.1);
        }
        for reporter in self.reporters.iter_mut() {
            reporter.report(&report)?;
        }
        Ok(())
    }

    /// Takes away what the baseline knows, and notes what the next one shall know.
    fn note_known(&mut self, lines: &LineIndex<'_>, verdict: &mut Verdict) {
        let telling = &mut *self.telling;
        let is_asked = telling.known.is_some() || telling.recorded.is_some();
        if verdict.findings.is_empty() || !is_asked {
            return;
        }
        let report = Report {
            file: &self.name,
            lines,
            verdict,
            first_record: self.records,
            shown: usize::MAX,
            rule_pages: None,
        };
        let is_new = |finding: &Finding| {
            if let Some(recorded) = &mut telling.recorded {
                recorded.add(&report, finding);
            }
            let known = telling.known.as_mut();
            !known.is_some_and(|known| known.knows(&report, finding))
        };
        let findings = report.verdict.findings.iter();
        let mut are_new = findings.map(is_new).collect::<Vec<_>>().into_iter();
        let before = verdict.findings.len();
        verdict
            .findings
            .retain(|_| are_new.next().unwrap_or_default());
        self.summary.known += before - verdict.findings.len();
    }

    /// Ends the reports.
    pub(super) fn finish(&mut self) -> io::Result<Summary> {
        if let Some(known) = &self.telling.known {
            self.summary.gone = known.gone().count();
        }
        for reporter in self.reporters.iter_mut() {
            reporter.finish(&self.summary)?;
        }
        Ok(std::mem::take(&mut self.summary))
    }
}
