//! For GitLab: a code quality report.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Fingerprint, Report, Reporter, Summary, fingerprint};
use crate::finding::{Finding, Level};

pub(super) struct Gitlab<'w> {
    out: Box<dyn Write + 'w>,
    is_begun: bool,
    /// How often each fingerprint was given: the platform shows one finding for each.
    given: HashMap<Fingerprint, usize>,
}

impl<'w> Gitlab<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self {
            out,
            is_begun: false,
            given: HashMap::new(),
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
    fn issue<'a>(&mut self, report: &Report<'a>, finding: &'a Finding) -> Issue<'a> {
        let known = fingerprint(report, finding);
        let times = self.given.entry(known).or_insert(0);
        *times += 1;
        let line = |offset: u32| report.lines.position(offset).line;
        Issue {
            description: match &finding.help {
                Some(help) => format!("{}; {help}", finding.message),
                None => finding.message.clone(),
            },
            check_name: finding.rule,
            fingerprint: match times {
                1 => known.to_string(),
                times => format!("{known}-{times}"),
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
            let is_begun = std::mem::replace(&mut self.is_begun, true);
            self.out.write_all(if is_begun { b",\n" } else { b"[\n" })?;
            let issue = self.issue(report, finding);
            serde_json::to_writer(&mut self.out, &issue)?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out
            .write_all(if self.is_begun { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }
}
