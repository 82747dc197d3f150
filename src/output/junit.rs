//! The `junit` format: JUnit XML with one test suite per file. A suite has one test case for the file itself
//! and one for each record.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as JunitReport, TestCase, TestCaseStatus, TestSuite};

use super::{Report, Reporter, Summary, escape_unprintable};
use crate::finding::{Finding, Level};

/// The maximum number of records without a finding that get a test case of their own.
const MAX_CLEAN_CASES: usize = 10_000;

/// Writes JUnit XML at the end of the run.
pub(super) struct Junit<'w> {
    out: Box<dyn Write + 'w>,
    suites: Vec<Suite>,
    /// The number of test cases without a finding so far.
    clean: usize,
}

/// The test cases of a file.
struct Suite {
    file: String,
    cases: Vec<Case>,
}

/// The findings of a record, or of a file outside its records.
#[derive(Default)]
struct Case {
    name: String,
    lines: Vec<String>,
    is_failed: bool,
    errors: usize,
}

impl<'w> Junit<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self {
            out,
            suites: Vec::new(),
            clean: 0,
        }
    }
}

impl Case {
    /// Adds a finding as one line.
    fn add(&mut self, report: &Report<'_>, finding: &Finding) {
        let position = report.lines.position(finding.span.start);
        let help = finding.help.as_deref().unwrap_or_default();
        let separator = if help.is_empty() { "" } else { "; " };
        self.lines.push(format!(
            "{}:{}:{}: {}[{}] {}{separator}{}",
            escape_unprintable(report.file),
            position.line,
            position.column,
            finding.level,
            finding.rule,
            escape_unprintable(&finding.message),
            escape_unprintable(help)
        ));
        self.is_failed |= finding.level == Level::Error;
        self.errors += usize::from(finding.level == Level::Error);
    }

    /// Converts the case to one that failed if it has an error, and passed otherwise.
    fn into_test_case(self) -> TestCase {
        let text = self.lines.join("\n");
        if !self.is_failed {
            let mut case = TestCase::new(self.name, TestCaseStatus::success());
            if !text.is_empty() {
                case.set_system_out(text);
            }
            return case;
        }
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        let plural = if self.errors == 1 { "" } else { "s" };
        status.set_message(format!("{} error{plural}", self.errors));
        status.set_description(text);
        TestCase::new(self.name, status)
    }
}

impl Reporter for Junit<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        let file = escape_unprintable(report.file).into_owned();
        if self.suites.last().is_none_or(|suite| suite.file != file) {
            let case = Case {
                name: file.clone(),
                ..Case::default()
            };
            self.suites.push(Suite {
                file,
                cases: vec![case],
            });
        }
        let mut records: Vec<Option<Case>> = report.outcome.records.iter().map(|_| None).collect();
        let Some(suite) = self.suites.last_mut() else {
            return Ok(());
        };
        let name_of = |index: usize| {
            let number = report.first_record + index + 1;
            match &report.outcome.records[index].key {
                Some(key) => format!("record {number} ({})", escape_unprintable(key)),
                None => format!("record {number}"),
            }
        };
        for finding in report.findings() {
            let case = match report.outcome.record_at(finding.span) {
                Some(index) => records[index].get_or_insert_with(|| Case {
                    name: name_of(index),
                    ..Case::default()
                }),
                None => &mut suite.cases[0],
            };
            case.add(report, finding);
        }
        for (index, case) in records.into_iter().enumerate() {
            let is_clean = case.is_none();
            if is_clean && self.clean >= MAX_CLEAN_CASES {
                continue;
            }
            self.clean += usize::from(is_clean);
            suite.cases.push(case.unwrap_or_else(|| Case {
                name: name_of(index),
                ..Case::default()
            }));
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let mut suites = JunitReport::new("countersign");
        for Suite { file, cases } in std::mem::take(&mut self.suites) {
            let mut suite = TestSuite::new(file.clone());
            for case in cases {
                let mut test = case.into_test_case();
                test.set_classname(file.clone());
                suite.add_test_case(test);
            }
            suites.add_test_suite(suite);
        }
        if let Some(interruption) = summary.interruption() {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(interruption);
            let mut suite = TestSuite::new("countersign");
            suite.add_test_case(TestCase::new("run", status));
            suites.add_test_suite(suite);
        }
        suites.serialize(&mut self.out).map_err(io::Error::other)?;
        self.out.flush()
    }
}
