//! The `gitlab` format: a GitLab code quality report.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use super::escaped_json;
use super::{Fingerprint, Report, Reporter, Summary, fingerprint};
use crate::finding::{Finding, Level};

/// Writes a GitLab code quality report.
pub(super) struct Gitlab<'w> {
    out: Box<dyn Write + 'w>,
    has_issues: bool,
    /// The number of issues with each fingerprint. GitLab shows only one issue per fingerprint, so that
    /// repeated ones get a suffix.
    issue_counts: HashMap<Fingerprint, usize>,
}

impl<'w> Gitlab<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self {
            out,
            has_issues: false,
            issue_counts: HashMap::new(),
        }
    }
}

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
    end: u64,
}

impl Gitlab<'_> {
    fn write_issue(&mut self, issue: &Issue<'_>) -> io::Result<()> {
        let has_issues = std::mem::replace(&mut self.has_issues, true);
        self.out
            .write_all(if has_issues { b",\n" } else { b"[\n" })?;
        escaped_json::to_writer(&mut self.out, issue)?;
        Ok(())
    }

    fn issue<'a>(&mut self, report: &Report<'a>, finding: &'a Finding) -> Issue<'a> {
        let fingerprint = fingerprint(report, finding);
        let count = self.issue_counts.entry(fingerprint).or_insert(0);
        *count += 1;
        let line = |offset: u32| report.lines.position(offset).line;
        Issue {
            description: match &finding.help {
                Some(help) => format!("{}; {help}", finding.message),
                None => finding.message.clone(),
            },
            check_name: finding.rule,
            fingerprint: match count {
                1 => fingerprint.to_string(),
                count => format!("{fingerprint}-{count}"),
            },
            severity: match finding.level {
                Level::Error => "critical",
                Level::Warning => "minor",
                Level::Info => "info",
            },
            location: Location {
                path: report.file.trim_start_matches("./"),
                lines: Lines {
                    begin: line(finding.span.start),
                    end: line(finding.span.end),
                },
            },
        }
    }
}

impl Reporter for Gitlab<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        for finding in report.findings() {
            let issue = self.issue(report, finding);
            self.write_issue(&issue)?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if let Some(description) = summary.interruption() {
            let (path, line) = summary.last_place();
            let issue = Issue {
                description,
                check_name: "interrupted",
                fingerprint: "countersign-interrupted".into(),
                severity: "blocker",
                location: Location {
                    path: &path,
                    lines: Lines {
                        begin: line,
                        end: line,
                    },
                },
            };
            self.write_issue(&issue)?;
        }
        self.out
            .write_all(if self.has_issues { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }
}
