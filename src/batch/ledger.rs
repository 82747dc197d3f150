//! What a run has said so far, and where in the file at hand it is.

use std::io;

use super::expanded::Damage;
use super::judge::{Judged, Subject};
use super::pieces::Piece;
use super::settings::{Settings, Usage};
use crate::engine::{Engine, Verdict};
use crate::finding::Finding;
use crate::output::{Report, Reporter, Summary};
use crate::rules::export::relations::Relations;
use crate::span::{LineIndex, Position};

pub(super) struct Ledger<'r, 'w> {
    pub(super) summary: Summary,
    pub(super) usage: Usage,
    engine: &'r Engine,
    /// What the records said that went by.
    relations: Relations,
    reporters: &'r mut [Box<dyn Reporter + 'w>],
    max_findings: usize,
    /// The file at hand as people named it.
    name: String,
    /// Where in it the next piece begins.
    at: Position,
    /// How many of its records went by.
    records: usize,
}

impl<'r, 'w> Ledger<'r, 'w> {
    pub(super) fn new(
        engine: &'r Engine,
        max_findings: usize,
        reporters: &'r mut [Box<dyn Reporter + 'w>],
    ) -> Self {
        Self {
            summary: Summary::default(),
            usage: Usage::default(),
            engine,
            relations: Relations::default(),
            reporters,
            max_findings,
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
    }

    /// Reports the next piece of the file, as the fixes made it.
    pub(super) fn report(
        &mut self,
        mut judged: Judged,
        piece: &Piece,
        subject: &Subject,
    ) -> io::Result<()> {
        if let Some(opening) = &judged.opening {
            let lines = LineIndex::new(&opening.text);
            self.report_at(&lines, &opening.verdict, self.records)?;
        }
        let surplus = judged.surplus;
        let (text, verdict) = judged.told(piece);
        self.engine
            .relate(&mut self.relations, verdict, &text, &subject.file);
        self.usage
            .note(self.engine.config(), &subject.file, verdict);
        let lines = LineIndex::starting_at(self.at, &text);
        self.report_at(&lines, verdict, self.records)?;
        self.records += verdict.records.len();
        self.at = self.at.behind(&text[..text.len() - surplus]);
        Ok(())
    }

    /// Reports that the file is broken behind what went by.
    pub(super) fn report_damage(&mut self, damage: &Damage, subject: &Subject) -> io::Result<()> {
        let config = self.engine.config();
        let mut findings = vec![damage.finding()];
        config.apply_levels(&mut findings);
        let verdict = Verdict {
            findings,
            ..Verdict::default()
        };
        self.usage.note(config, &subject.file, &verdict);
        self.report_at(&LineIndex::starting_at(self.at, ""), &verdict, self.records)
    }

    /// Counts the next piece of the file, as it was before any fix, without a word.
    pub(super) fn count(&mut self, judged: &mut Judged, piece: &Piece, subject: &Subject) {
        let text = String::from_utf8_lossy(&piece.bytes);
        self.engine
            .relate(&mut self.relations, &mut judged.old, &text, &subject.file);
        let opening = judged.opening.iter().map(|opening| &opening.verdict);
        for verdict in opening.chain([&judged.old]) {
            self.usage
                .note(self.engine.config(), &subject.file, verdict);
            self.summary.add(verdict, usize::MAX);
        }
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
        let verdict = Verdict {
            findings,
            ..Verdict::default()
        };
        self.begin(&settings.name);
        self.summary.files += 1;
        self.report_at(&LineIndex::new(&settings.text), &verdict, 0)
    }

    fn report_at(
        &mut self,
        lines: &LineIndex<'_>,
        verdict: &Verdict,
        first_record: usize,
    ) -> io::Result<()> {
        let said = self.summary.total() - self.summary.hidden;
        let report = Report {
            file: &self.name,
            lines,
            verdict,
            first_record,
            shown: self.max_findings.saturating_sub(said),
        };
        for reporter in self.reporters.iter_mut() {
            reporter.report(&report)?;
        }
        self.summary.add(verdict, report.shown);
        Ok(())
    }

    /// Ends the reports.
    pub(super) fn finish(&mut self) -> io::Result<Summary> {
        for reporter in self.reporters.iter_mut() {
            reporter.finish(&self.summary)?;
        }
        Ok(std::mem::take(&mut self.summary))
    }
}
