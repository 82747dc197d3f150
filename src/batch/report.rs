//! The report of a run: passes the outcomes to the reporters with their position in the file, applies the
//! baseline, and accumulates the summary.

use std::io;

use super::baseline::Baseline;
use super::check_chunk::FileContext;
use super::chunk_result::ChunkResult;
use super::chunks::{Chunk, ChunkKind};
use super::config_usage::ConfigUsage;
use super::decompress::DecompressError;
use super::partition::RecordPartition;
use super::text_reader::encoding_finding;
use crate::config_file::LoadedConfig;
use crate::engine::{Engine, Outcome};
use crate::finding::{Finding, Level};
use crate::line_index::{LineIndex, Position};
use crate::output::{Report, Reporter, Summary, mask_pointer, redact};
use crate::rules::export::cross_record::CrossRecordState;

/// The number of bytes of a file without records that are kept to be shown.
const MAX_EMPTY_TEXT: usize = 1024;

/// What happens to the findings and records of a run.
pub struct ReportOptions<'a> {
    /// The lowest level of a finding that makes its record invalid.
    pub fail_level: Level,
    /// The maximum number of findings that are shown. All findings are counted.
    pub max_findings: usize,
    /// Whether the values of payloads are masked in reports.
    pub is_redacted: bool,
    /// Accepted findings, which are neither reported nor counted.
    pub baseline: Option<&'a mut Baseline>,
    /// Receives every finding, as a baseline for later runs.
    pub new_baseline: Option<&'a mut Baseline>,
    /// The outputs for valid and invalid records.
    pub partition: RecordPartition<'a>,
    /// The number of records for which memory is allocated at once. More records take more time.
    pub expected_records: usize,
}

impl Default for ReportOptions<'_> {
    /// Reports every finding, and writes neither baselines nor records. Errors make a record invalid.
    fn default() -> Self {
        Self {
            fail_level: Level::Error,
            max_findings: usize::MAX,
            is_redacted: false,
            baseline: None,
            new_baseline: None,
            partition: RecordPartition::default(),
            expected_records: usize::MAX,
        }
    }
}

/// The report of a run. Receives the chunks of each file in order.
pub(super) struct RunReport<'r, 'w, 'a> {
    pub(super) summary: Summary,
    pub(super) usage: ConfigUsage,
    engine: &'r Engine,
    options: &'r mut ReportOptions<'a>,
    /// The claims of earlier records, to which later ones are compared.
    relations: CrossRecordState,
    reporters: &'r mut [Box<dyn Reporter + 'w>],
    /// The current file's name as reports show it.
    name: String,
    /// The position in the current file at which the next chunk starts.
    position: Position,
    /// The number of records in earlier chunks of the current file.
    records: usize,
    /// The text of the current file, as long as it holds no record and nothing to report.
    empty_text: Option<String>,
    /// Whether a payload was recognised in the current file, or it is reported without one.
    is_recognised: bool,
    /// The chunks of the current file that are held back until a payload is recognised in it.
    held: Vec<(Chunk, ChunkResult, Detail)>,
    /// The number of bytes in `held`.
    held_bytes: usize,
    /// Whether the encoding of the current file was reported.
    is_encoding_reported: bool,
}

/// What is reported on a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Its findings, as it is after fixes.
    Reported,
    /// Only the number of findings, as it is before fixes.
    Counted,
}

/// The maximum number of bytes that are held back until a payload is recognised in a file.
const MAX_HELD_BYTES: usize = 4 << 20;

impl<'r, 'w, 'a> RunReport<'r, 'w, 'a> {
    pub(super) fn new(
        engine: &'r Engine,
        options: &'r mut ReportOptions<'a>,
        reporters: &'r mut [Box<dyn Reporter + 'w>],
    ) -> Self {
        Self {
            summary: Summary::of_kinds(engine.registry().kinds()),
            usage: ConfigUsage::default(),
            engine,
            relations: CrossRecordState::with_capacity(options.expected_records),
            options,
            reporters,
            name: String::new(),
            position: Position::START,
            records: 0,
            empty_text: None,
            is_recognised: false,
            held: Vec::new(),
            held_bytes: 0,
            is_encoding_reported: false,
        }
    }

    /// Starts a file.
    pub(super) fn begin_file(&mut self, name: &str) {
        name.clone_into(&mut self.name);
        self.position = Position::START;
        self.records = 0;
        self.empty_text = Some(String::new());
        self.is_recognised = false;
        self.held.clear();
        self.held_bytes = 0;
        self.is_encoding_reported = false;
        self.relations.begin(name);
        if let Some(baseline) = &mut self.options.baseline {
            baseline.begin_file(name);
        }
    }

    /// Adds the next chunk of the file. The chunks of a file that was found in a folder are held back until a payload
    /// is recognised in it, because it may belong to another program.
    pub(super) fn add_chunk(
        &mut self,
        result: ChunkResult,
        chunk: Chunk,
        file: &FileContext,
        detail: Detail,
    ) -> io::Result<()> {
        if !self.is_recognised {
            if !file.is_reported_unrecognised && !result.has_payload() {
                self.hold(chunk, result, detail);
                return Ok(());
            }
            self.is_recognised = true;
            self.held_bytes = 0;
            for (chunk, result, detail) in std::mem::take(&mut self.held) {
                self.process_chunk(result, &chunk, file, detail)?;
            }
        }
        self.process_chunk(result, &chunk, file, detail)
    }

    /// Holds a chunk back. If the chunks are too large, they are dropped.
    fn hold(&mut self, chunk: Chunk, result: ChunkResult, detail: Detail) {
        self.held_bytes += chunk.bytes.len();
        self.held.push((chunk, result, detail));
        if self.held_bytes <= MAX_HELD_BYTES {
            return;
        }
        self.held_bytes = 0;
        for (chunk, mut result, _) in std::mem::take(&mut self.held) {
            let (text, end, _) = result.reported_text(&chunk);
            self.position = self.position.after(&text[..end]);
            self.summary.bytes += end as u64;
        }
    }

    fn process_chunk(
        &mut self,
        result: ChunkResult,
        chunk: &Chunk,
        file: &FileContext,
        detail: Detail,
    ) -> io::Result<()> {
        self.report_encoding(file, result.has_payload(), detail)?;
        match detail {
            Detail::Reported => self.report_chunk(result, chunk, file),
            Detail::Counted => {
                self.count_chunk(result, chunk, file);
                Ok(())
            }
        }
    }

    /// Reports, or only counts, that the file is not encoded as UTF-8.
    fn report_encoding(
        &mut self,
        file: &FileContext,
        has_payload: bool,
        detail: Detail,
    ) -> io::Result<()> {
        let Some(encoding) = file.encoding.filter(|_| !self.is_encoding_reported) else {
            return Ok(());
        };
        self.is_encoding_reported = true;
        let mut findings = vec![encoding_finding(encoding, has_payload)];
        self.engine.config().apply_levels(&mut findings);
        let mut outcome = Outcome {
            findings,
            ..Outcome::default()
        };
        self.relate_and_record_usage(&mut outcome, "", file);
        let lines = LineIndex::new("");
        match detail {
            Detail::Reported => self.report_outcome(&lines, &mut outcome),
            Detail::Counted => {
                self.count_outcome(&lines, &outcome);
                Ok(())
            }
        }
    }

    /// Reports the next chunk of the file, after its fixes.
    fn report_chunk(
        &mut self,
        mut result: ChunkResult,
        chunk: &Chunk,
        file: &FileContext,
    ) -> io::Result<()> {
        if let Some(opening) = &mut result.opening {
            let lines = LineIndex::new(&opening.text);
            self.report_outcome(&lines, &mut opening.outcome)?;
        }
        let is_fixed = result.after_fixes.is_some();
        let (text, end, outcome) = result.reported_text(chunk);
        self.relate_and_record_usage(outcome, &text, file);
        self.keep_empty_text(&text, chunk, outcome);
        let bytes = if is_fixed {
            text.as_bytes()
        } else {
            &chunk.bytes
        };
        let lines = LineIndex::starting_at(self.position, &text);
        let report = Report {
            file: &self.name,
            lines: &lines,
            outcome,
            first_record: self.records,
            shown: usize::MAX,
            rule_pages: self.engine.config().rule_pages.as_deref(),
        };
        let (partition, fail_level) = (&mut self.options.partition, self.options.fail_level);
        partition.write(&bytes[..end], &chunk.kind, &report, fail_level)?;
        self.report_outcome(&lines, outcome)?;
        self.summary.bytes += end as u64;
        self.records += outcome.records.len();
        self.position = match chunk.kind {
            ChunkKind::OversizedLine(len) => Position {
                offset: self.position.offset + len,
                line: self.position.line + 1,
                line_start: self.position.offset + len,
                ..Position::START
            },
            _ => self.position.after(&text[..end]),
        };
        Ok(())
    }

    /// Counts the next chunk of the file, as it is before fixes, without reporting it.
    fn count_chunk(&mut self, mut result: ChunkResult, chunk: &Chunk, file: &FileContext) {
        if let Some(opening) = &result.opening {
            let lines = LineIndex::new(&opening.text);
            self.count_outcome(&lines, &opening.outcome);
        }
        result.after_fixes = None;
        let (text, end, outcome) = result.reported_text(chunk);
        self.relate_and_record_usage(outcome, &text, file);
        self.keep_empty_text(&text, chunk, outcome);
        self.count_outcome(&LineIndex::starting_at(self.position, &text), outcome);
        self.summary.bytes += end as u64;
        self.position = self.position.after(&text[..end]);
    }

    /// Keeps the text of a file that has been empty so far.
    fn keep_empty_text(&mut self, text: &str, chunk: &Chunk, outcome: &Outcome) {
        let Some(empty_text) = &mut self.empty_text else {
            return;
        };
        let is_envelope = text.trim_start().starts_with('{')
            || matches!(chunk.kind, ChunkKind::Opening | ChunkKind::Closing { .. });
        let holds_something = is_envelope
            || !outcome.records.is_empty()
            || !outcome.findings.is_empty()
            || !outcome.used_ignores.is_empty();
        if holds_something {
            self.empty_text = None;
        } else if empty_text.len() < MAX_EMPTY_TEXT {
            empty_text.push_str(text);
        }
    }

    /// Ends a file. Reports, or only counts, that it contains no payload although it has to. Returns whether a payload
    /// was recognised in it, or there was nothing in which one could be.
    pub(super) fn end_file(&mut self, file: &FileContext, is_reported: bool) -> io::Result<bool> {
        self.report_missing_payload(file, is_reported)?;
        let is_empty = |(_, result, _): &(Chunk, ChunkResult, Detail)| {
            let outcome = &result.before_fixes;
            outcome.records.is_empty() && outcome.findings.is_empty()
        };
        let is_unrecognised = !self.is_recognised
            && !file.is_reported_unrecognised
            && !self.held.iter().all(is_empty);
        if is_unrecognised {
            self.summary.unrecognised += 1;
            let (config, path) = (self.engine.config(), &file.relative_path);
            self.usage.record(config, path, &Outcome::default());
        }
        self.held.clear();
        Ok(!is_unrecognised)
    }

    fn report_missing_payload(&mut self, file: &FileContext, is_reported: bool) -> io::Result<()> {
        let Some(text) = self.empty_text.take().filter(|_| file.requires_payload) else {
            return Ok(());
        };
        let path = &file.relative_path;
        // A customer without qualifications has an empty list of them, so only a stated kind forbids an empty array.
        let states_kind = self.engine.config().for_file(path).declared.kind.is_some();
        let is_list = !text.trim().is_empty() && !states_kind;
        if is_list || self.engine.validates_against_own_schema(path) {
            return Ok(());
        }
        let mut outcome = self.engine.report_missing_payload(path, &text);
        self.usage.record(self.engine.config(), path, &outcome);
        let lines = LineIndex::new(&text);
        if is_reported {
            self.report_outcome(&lines, &mut outcome)
        } else {
            self.count_outcome(&lines, &outcome);
            Ok(())
        }
    }

    /// Reports that the file could not be decompressed after the chunks so far.
    pub(super) fn add_decompress_error(
        &mut self,
        error: &DecompressError,
        file: &FileContext,
    ) -> io::Result<()> {
        self.empty_text = None;
        let config = self.engine.config();
        let mut findings = vec![error.finding()];
        config.apply_levels(&mut findings);
        let mut outcome = Outcome {
            findings,
            ..Outcome::default()
        };
        self.usage.record(config, &file.relative_path, &outcome);
        self.report_outcome(&LineIndex::starting_at(self.position, ""), &mut outcome)
    }

    /// Reports findings for the configuration file. Does nothing if there are none.
    pub(super) fn add_config_findings(
        &mut self,
        config_file: &LoadedConfig,
        findings: Vec<Finding>,
    ) -> io::Result<()> {
        if findings.is_empty() {
            return Ok(());
        }
        let mut outcome = Outcome {
            findings,
            ..Outcome::default()
        };
        // Only the editor applies fixes to the configuration.
        for finding in &mut outcome.findings {
            finding.fix = None;
        }
        self.begin_file(&config_file.name);
        self.summary.files += 1;
        // The configuration is not a payload, so its values are not masked.
        let is_redacted = std::mem::take(&mut self.options.is_redacted);
        let reported = self.report_outcome(&LineIndex::new(&config_file.text), &mut outcome);
        self.options.is_redacted = is_redacted;
        reported
    }

    /// Adds the findings that result from earlier records, and records which configuration entries matched.
    fn relate_and_record_usage(&mut self, outcome: &mut Outcome, text: &str, file: &FileContext) {
        let path = &file.relative_path;
        self.engine
            .check_cross_record(&mut self.relations, outcome, text, path);
        self.usage.record(self.engine.config(), path, outcome);
    }

    fn count_outcome(&mut self, lines: &LineIndex<'_>, outcome: &Outcome) {
        let report = Report {
            file: &self.name,
            lines,
            outcome,
            first_record: 0,
            shown: usize::MAX,
            rule_pages: None,
        };
        self.summary.add(&report, self.options.fail_level);
    }

    fn report_outcome(&mut self, lines: &LineIndex<'_>, outcome: &mut Outcome) -> io::Result<()> {
        self.filter_baseline(lines, outcome);
        let shown_so_far = self.summary.total_findings() - self.summary.hidden;
        let mut report = Report {
            file: &self.name,
            lines,
            outcome,
            first_record: self.records,
            shown: self.options.max_findings.saturating_sub(shown_so_far),
            rule_pages: self.engine.config().rule_pages.as_deref(),
        };
        self.summary.add(&report, self.options.fail_level);
        let masked;
        let masked_lines;
        if self.options.is_redacted && !report.outcome.findings.is_empty() {
            masked = redact(lines.text(), report.outcome, self.engine.registry());
            masked_lines = LineIndex::starting_at(lines.origin(), &masked.0);
            (report.lines, report.outcome) = (&masked_lines, &masked.1);
        }
        let shown = report.shown;
        for reporter in self.reporters.iter_mut() {
            report.shown = match reporter.selects_findings() {
                true => usize::MAX,
                false => shown,
            };
            reporter.report(&report)?;
        }
        Ok(())
    }

    /// Adds all findings to the new baseline, and removes those that are in the current baseline.
    fn filter_baseline(&mut self, lines: &LineIndex<'_>, outcome: &mut Outcome) {
        let (options, registry) = (&mut *self.options, self.engine.registry());
        let has_baseline = options.baseline.is_some() || options.new_baseline.is_some();
        if outcome.findings.is_empty() || !has_baseline {
            return;
        }
        let report = Report {
            file: &self.name,
            lines,
            outcome,
            first_record: self.records,
            shown: usize::MAX,
            rule_pages: None,
        };
        let is_new = |finding: &Finding| {
            if let Some(new_baseline) = &mut options.new_baseline {
                // The fingerprint is that of the finding itself, so that later runs match it either way.
                let pointer = match options.is_redacted {
                    true => mask_pointer(&finding.pointer, registry),
                    false => finding.pointer.clone(),
                };
                new_baseline.add(&report, finding, &pointer);
            }
            let baseline = options.baseline.as_mut();
            !baseline.is_some_and(|baseline| baseline.match_finding(&report, finding))
        };
        let findings = report.outcome.findings.iter();
        let mut are_new = findings.map(is_new).collect::<Vec<_>>().into_iter();
        let before = outcome.findings.len();
        outcome
            .findings
            .retain(|_| are_new.next().unwrap_or_default());
        self.summary.baseline_matched += before - outcome.findings.len();
    }

    /// Finishes the reports and returns the summary.
    pub(super) fn finish(&mut self) -> io::Result<Summary> {
        if let Some(baseline) = &self.options.baseline {
            self.summary.baseline_resolved = baseline.resolved().count();
        }
        for reporter in self.reporters.iter_mut() {
            reporter.finish(&self.summary)?;
        }
        Ok(std::mem::take(&mut self.summary))
    }
}
