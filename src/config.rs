//! What somebody decided about a run, apart from the payloads: on the command line, or in a
//! `countersign.toml`.

mod pattern;
mod reader;
mod toml;

use std::collections::BTreeSet;

use jiff::civil::Date;

pub use pattern::{Pattern, PatternError};
pub use reader::read;

use crate::finding::{Edit, Finding, Fix, Level};
use crate::payload::{Form, PayloadKind, Stated};
use crate::rule::{Context, Findings};
use crate::rules::config::UNUSED_ENTRY;
use crate::span::Span;

/// The decisions of one run.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Facts from outside the payloads.
    pub context: Context,
    /// What the payloads are said to be, whatever their files.
    pub stated: Stated,
    /// Levels that differ from the rules' own; a later entry beats an earlier one.
    pub levels: Vec<LevelOverride>,
    /// Findings that shall not be reported.
    pub ignores: Vec<Ignore>,
    /// What certain files are said to be; a later entry beats an earlier one.
    pub payloads: Vec<PayloadPattern>,
    /// Where the rules' pages can be read: the address of the folder that holds their families.
    pub rule_pages: Option<String>,
}

/// Another level for a rule or a family.
#[derive(Clone, Debug)]
pub struct LevelOverride {
    /// A rule's id, or `family/*`.
    pub rules: String,
    /// The level; `None` silences.
    pub level: Option<Level>,
}

/// Findings that are known and shall not be reported. Each place that is given narrows down which.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// A rule's id, or `family/*`.
    pub rule: String,
    /// The files concerned.
    pub files: Option<Pattern>,
    /// The key of the record concerned.
    pub record: Option<String>,
    /// The JSON Pointer of the value concerned, from the root of the document; what stands in that
    /// value is concerned too.
    pub pointer: Option<String>,
    /// Why these findings are put up with.
    pub reason: String,
    /// The last day on which the ignore holds.
    pub until: Option<Date>,
    /// Its header or first key in the configuration file.
    pub span: Span,
    /// Its lines in the file, if it has lines of its own.
    pub lines: Option<Span>,
}

/// What the files of one glob are said to be.
#[derive(Clone, Debug)]
pub struct PayloadPattern {
    /// The files.
    pub files: Pattern,
    /// The kind of their payloads, if stated.
    pub kind: Option<PayloadKind>,
    /// The form of their payloads, if stated.
    pub form: Option<Form>,
    /// The path, from the configuration's folder, of a schema that they must fit besides their
    /// kind's.
    pub schema: Option<String>,
    /// Its header or first key in the configuration file.
    pub span: Span,
    /// Its lines in the file, if it has lines of its own.
    pub lines: Option<Span>,
}

/// What the configuration says of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told<'c> {
    /// What its payloads are.
    pub stated: Stated,
    /// The path of its further schema.
    pub schema: Option<&'c str>,
    /// The entries that speak of the file, as places in [`Config::payloads`].
    pub entries: Vec<usize>,
}

/// A configuration file that was read. What is wrong in it is a finding and has no effect; the rest
/// has.
#[derive(Clone, Debug, Default)]
pub struct ConfigFile {
    /// The decisions in it. Its catalogue is not among them: that is a file of its own.
    pub config: Config,
    /// The path of the catalogue from the configuration's folder, and where it stands.
    pub catalogue: Option<(String, Span)>,
    /// The path of each schema from the configuration's folder, and where it stands first.
    pub schemas: Vec<(String, Span)>,
    /// What is wrong with the file, in order of place.
    pub findings: Vec<Finding>,
}

impl Config {
    /// How loud a finding of a rule is, `None` if it is silenced. `default` is the rule's own level.
    pub fn level_of(&self, rule: &str, default: Level) -> Option<Level> {
        let applies = |entry: &&LevelOverride| names(&entry.rules, rule);
        match self.levels.iter().rev().find(applies) {
            Some(entry) => entry.level,
            None => Some(default),
        }
    }

    /// Sets the levels of findings and takes the silenced ones away.
    pub fn apply_levels(&self, findings: &mut Vec<Finding>) {
        findings.retain_mut(|finding| match self.level_of(finding.rule, finding.level) {
            Some(level) => {
                finding.level = level;
                true
            }
            None => false,
        });
    }

    /// What is said of a file, given by its path from the configuration's folder with its parts
    /// joined by `/`.
    pub fn told_of(&self, file: &str) -> Told<'_> {
        let mut told = Told::default();
        for (place, entry) in self.payloads.iter().enumerate() {
            // What comes in on standard input is no file.
            if !file.is_empty() && entry.files.matches(file) {
                told.stated.kind = entry.kind.or(told.stated.kind);
                told.stated.form = entry.form.or(told.stated.form);
                told.schema = entry.schema.as_deref().or(told.schema);
                told.entries.push(place);
            }
        }
        told.stated.kind = self.stated.kind.or(told.stated.kind);
        told.stated.form = self.stated.form.or(told.stated.form);
        told
    }

    /// The findings for entries of the configuration file that matched nothing: those whose place in
    /// [`Config::ignores`] and [`Config::payloads`] is not marked as used.
    pub fn unused(&self, used_ignores: &[bool], used_payloads: &[bool]) -> Vec<Finding> {
        let is_unused = |used: &[bool], place: usize| used.get(place) != Some(&true);
        let mut findings = Vec::new();
        let mut reporter = Findings::new(&UNUSED_ENTRY, &mut findings);
        for (place, entry) in self.ignores.iter().enumerate() {
            if is_unused(used_ignores, place) {
                let message = format!("the ignore of `{}` matched nothing in this run", entry.rule);
                report_unused(&mut reporter, entry.span, entry.lines, message);
            }
        }
        for (place, entry) in self.payloads.iter().enumerate() {
            if is_unused(used_payloads, place) {
                let message = format!("no file of this run matches `{}`", entry.files.as_str());
                report_unused(&mut reporter, entry.span, entry.lines, message);
            }
        }
        self.apply_levels(&mut findings);
        findings.sort_by_key(|finding| finding.span);
        findings
    }
}

fn report_unused(reporter: &mut Findings<'_>, at: Span, lines: Option<Span>, message: String) {
    let finding = reporter.report(at, message);
    finding.help("correct what it is aimed at, or take it out");
    if let Some(lines) = lines {
        finding.fix(Fix::unsafe_("take it out", vec![Edit::remove(lines)]));
    }
}

impl Ignore {
    /// Whether a finding shall not be reported. `file` is the path from the configuration's folder
    /// with its parts joined by `/`, `record_key` what people call the record that the finding
    /// stands in, if it stands in one.
    pub fn covers(&self, finding: &Finding, file: &str, record_key: Option<&str>) -> bool {
        names(&self.rule, finding.rule)
            && self.files.as_ref().is_none_or(|files| files.matches(file))
            && self
                .record
                .as_deref()
                .is_none_or(|record| record_key == Some(record))
            && self
                .pointer
                .as_deref()
                .is_none_or(|pointer| lies_at(&finding.pointer, pointer))
    }
}

/// Whether a rule's id, or `family/*`, names a rule.
fn names(written: &str, rule: &str) -> bool {
    let family = written
        .strip_suffix('*')
        .filter(|family| family.ends_with('/'));
    written == rule || family.is_some_and(|family| rule.starts_with(family))
}

/// Whether one JSON Pointer leads to the value at another, or into it.
fn lies_at(pointer: &str, value: &str) -> bool {
    pointer
        .strip_prefix(value)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The part numbers in the text of a catalogue: one a line; a `#` and what follows it is a comment.
pub fn part_numbers(text: &str) -> BTreeSet<String> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    text.lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .filter(|number| !number.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(text).expect("a glob")
    }

    /// An ignore of one rule everywhere, with a change.
    fn ignore(change: impl FnOnce(&mut Ignore)) -> Ignore {
        let mut ignore = Ignore {
            rule: "order/sample-value".into(),
            files: None,
            record: None,
            pointer: None,
            reason: "orders of the training tenant".into(),
            until: None,
            span: Span::default(),
            lines: None,
        };
        change(&mut ignore);
        ignore
    }

    #[test]
    fn an_ignore_covers_where_all_that_it_says_fits() {
        let mut finding = Finding::new("order/sample-value", Level::Warning, Span::empty(0), "x");
        finding.pointer = "/products/1/mpn".into();
        let by_rule = |rule: &str| ignore(|ignore| ignore.rule = rule.into());
        let by_files = |files| ignore(|ignore| ignore.files = Some(pattern(files)));
        let by_record = |key: &str| ignore(|ignore| ignore.record = Some(key.into()));
        let by_pointer = |pointer: &str| ignore(|ignore| ignore.pointer = Some(pointer.into()));
        for (ignore, covers) in [
            (by_rule("order/sample-value"), true),
            (by_rule("order/*"), true),
            (by_rule("order/sample"), false),
            (by_rule("order"), false),
            (by_rule("*"), false),
            (by_files("training/**"), true),
            (by_files("live/**"), false),
            (by_record("2000417730"), true),
            (by_record("2000417731"), false),
            (by_pointer("/products/1/mpn"), true),
            (by_pointer("/products/1"), true),
            (by_pointer(""), true),
            (by_pointer("/products/1/m"), false),
            (by_pointer("/products/1/mpn/0"), false),
        ] {
            let key = Some("2000417730");
            let is_covered = ignore.covers(&finding, "training/1.json", key);
            assert_eq!(is_covered, covers, "{ignore:?}");
        }
        assert!(!by_record("2000417730").covers(&finding, "training/1.json", None));
    }

    #[test]
    fn the_last_entry_that_speaks_of_a_file_counts_and_a_flag_beats_it() {
        let entry = |files: &str, kind, form| PayloadPattern {
            files: pattern(files),
            kind,
            form,
            schema: None,
            span: Span::default(),
            lines: None,
        };
        let mut config = Config {
            payloads: vec![
                entry("**", Some(PayloadKind::Order), Some(Form::Request)),
                entry("q/*", Some(PayloadKind::Qualification), None),
            ],
            ..Config::default()
        };
        let told = config.told_of("q/1.json");
        assert_eq!(told.stated.kind, Some(PayloadKind::Qualification));
        assert_eq!(told.stated.form, Some(Form::Request));
        assert_eq!(told.entries, [0, 1]);
        assert_eq!(config.told_of("1.json").entries, [0]);
        config.stated.form = Some(Form::Response);
        assert_eq!(config.told_of("q/1.json").stated.form, Some(Form::Response));
    }

    #[test]
    fn a_catalogue_is_read_without_blank_lines_and_comments() {
        let text = "\u{FEFF}# ours\r\nCFQ7TTC0LF8Q:0001\r\n\r\n  CFQ7TTC0LH16:0001  # popular\n";
        let numbers: Vec<String> = part_numbers(text).into_iter().collect();
        assert_eq!(numbers, ["CFQ7TTC0LF8Q:0001", "CFQ7TTC0LH16:0001"]);
    }
}
