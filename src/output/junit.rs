//! For test reports: JUnit's XML, a case for each record, and one for each file.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Suites, TestCase, TestCaseStatus, TestSuite};

use super::{Report, Reporter, Summary, printable};
use crate::finding::{Finding, Level};

/// How many cases without a finding are listed: beyond, only what was found has one.
const SILENT_CASES: usize = 10_000;

pub(super) struct Junit<'w> {
    out: Box<dyn Write + 'w>,
    suites: Vec<Suite>,
    silent: usize,
}

/// The cases of a file.
struct Suite {
    file: String,
    cases: Vec<Case>,
}

/// What was found in a record, or in a file outside its records.
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
            silent: 0,
        }
    }
}

impl Case {
    fn add(&mut self, report: &Report<'_>, finding: &Finding) {
        let place = report.lines.position(finding.span.start);
        let help = finding.help.as_deref().unwrap_or_default();
        let separator = if help.is_empty() { "" } else { "; " };
        self.lines.push(format!(
            "{}:{}:{}: {}[{}] {}{separator}{}",
            printable(report.file),
            place.line,
            place.column,
            finding.level,
            finding.rule,
            printable(&finding.message),
            printable(help)
        ));
        self.is_failed |= finding.level == Level::Error;
        self.errors += usize::from(finding.level == Level::Error);
    }

    fn into_test(self) -> TestCase {
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
        let file = printable(report.file).into_owned();
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
        let mut records: Vec<Option<Case>> = report.verdict.records.iter().map(|_| None).collect();
        let Some(suite) = self.suites.last_mut() else {
            return Ok(());
        };
        let name_of = |place: usize| {
            let number = report.first_record + place + 1;
            match &report.verdict.records[place].key {
                Some(key) => format!("record {number} ({})", printable(key)),
                None => format!("record {number}"),
            }
        };
        for finding in report.findings() {
            let case = match report.verdict.record_at(finding.span) {
                Some(place) => records[place].get_or_insert_with(|| Case {
                    name: name_of(place),
                    ..Case::default()
                }),
                None => &mut suite.cases[0],
            };
            case.add(report, finding);
        }
        for (place, case) in records.into_iter().enumerate() {
            let is_silent = case.is_none();
            if is_silent && self.silent >= SILENT_CASES {
                continue;
            }
            self.silent += usize::from(is_silent);
            suite.cases.push(case.unwrap_or_else(|| Case {
                name: name_of(place),
                ..Case::default()
            }));
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        let mut suites = Suites::new("countersign");
        for Suite { file, cases } in std::mem::take(&mut self.suites) {
            let mut suite = TestSuite::new(file.clone());
            for case in cases {
                let mut test = case.into_test();
                test.set_classname(file.clone());
                suite.add_test_case(test);
            }
            suites.add_test_suite(suite);
        }
        suites.serialize(&mut self.out).map_err(io::Error::other)?;
        self.out.flush()
    }
}
