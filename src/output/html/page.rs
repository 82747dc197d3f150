//! The values of the template.

use std::io;

use askama::Template;

use super::chart::{Chart, ChartRow, per_mille};
use super::data::Data;
use super::kept::MAX_ROWS;
use super::run::{self, RunFacts};
use super::{CONTENT_SECURITY_POLICY, Html, SCRIPT, STYLE};
use crate::finding::Level;
use crate::output::{Summary, with_thousands_separator};
use crate::payload::Kind;

/// The values of the template.
#[derive(Template)]
#[template(path = "report.html", escape = "html")]
pub(super) struct Page<'h> {
    title: String,
    program: &'static str,
    version: String,
    css: &'static str,
    js: &'static str,
    csp: &'static str,
    /// The text of the banner, if the run was interrupted.
    interruption: Option<String>,
    run: Option<RunFacts>,
    status: String,
    files: String,
    records: String,
    valid: String,
    invalid: String,
    valid_width: usize,
    invalid_width: usize,
    errors: String,
    warnings: String,
    infos: String,
    fixable: String,
    kinds: Vec<KindCount>,
    rule_chart: Chart,
    file_chart: Chart,
    left_out: String,
    redacted: bool,
    data: Data<'h>,
}

/// The number of records of a kind.
struct KindCount {
    name: &'static str,
    count: String,
}

impl<'h> Page<'h> {
    pub(super) fn new(html: &'h Html<'_>, summary: &Summary) -> io::Result<Self> {
        let records = summary.total_records();
        let invalid = summary.invalid_records;
        let invalid_width = per_mille(invalid, records, 4);
        let count_at = |level| with_thousands_separator(summary.findings_at(level));
        let program = html.registry.program();
        let run = html.run.as_ref();
        let run = run.map(|run| RunFacts::new(run, program, html.is_redacted));
        let version = run.as_ref().map(|run| run.version.clone());
        Ok(Self {
            title: summary.findings_phrase(),
            program,
            version: version.unwrap_or_else(|| env!("CARGO_PKG_VERSION").into()),
            css: STYLE,
            js: SCRIPT,
            csp: CONTENT_SECURITY_POLICY,
            interruption: summary.interruption(),
            run,
            status: run::status(summary),
            files: with_thousands_separator(summary.files),
            records: with_thousands_separator(records),
            valid: with_thousands_separator(records - invalid),
            invalid: with_thousands_separator(invalid),
            valid_width: match records {
                0 => 0,
                _ => 1000 - invalid_width,
            },
            invalid_width,
            errors: count_at(Level::Error),
            warnings: count_at(Level::Warning),
            infos: count_at(Level::Info),
            fixable: with_thousands_separator(summary.safe_fixes + summary.unsafe_fixes),
            kinds: kind_counts(summary),
            rule_chart: rule_chart(html, summary),
            file_chart: file_chart(html),
            left_out: left_out_notice(html, summary),
            redacted: html.is_redacted,
            data: Data::new(html, summary)?,
        })
    }
}

/// The kinds that have records.
fn kind_counts(summary: &Summary) -> Vec<KindCount> {
    let kinds = summary.records_by_kind().filter(|(_, count)| *count > 0);
    let kinds = kinds.map(|(kind, count)| KindCount {
        name: kind.map_or("unknown", Kind::id),
        count: with_thousands_separator(count),
    });
    kinds.collect()
}

fn rule_chart(html: &Html<'_>, summary: &Summary) -> Chart {
    let rows = summary.rules.iter().map(|(rule, stats)| ChartRow {
        label: (*rule).to_owned(),
        level: stats.level,
        count: stats.count,
        note: html.registry.rule(rule).map_or("", |rule| rule.summary()),
        left_out: stats.count - html.kept.rows_of(rule),
    });
    Chart::new(rows.collect(), (0, 0), "rule")
}

/// The chart of files. The files without a bar are only counted, because there may be very many.
fn file_chart(html: &Html<'_>) -> Chart {
    let (rows, others) = html.files.chart_rows();
    Chart {
        more_bars: Vec::new(),
        ..Chart::new(rows, others, "file")
    }
}

/// The sentence about the findings that are not in the table; empty if all are.
fn left_out_notice(html: &Html<'_>, summary: &Summary) -> String {
    let rows = html.kept.rows.len();
    match summary.total_findings() - rows {
        0 => String::new(),
        left_out => format!(
            "This report holds {} findings, at most {MAX_ROWS} for each rule. {} more {} counted only; \
             --format ndjson writes them all.",
            with_thousands_separator(rows),
            with_thousands_separator(left_out),
            if left_out == 1 { "is" } else { "are" }
        ),
    }
}
