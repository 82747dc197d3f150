//! The configuration of a run, from flags and from the text of a `countersign.toml`. The file is found and loaded by
//! `config_file`.

mod pattern;
#[cfg(feature = "config")]
mod reader;
#[cfg(feature = "config")]
mod toml;

use std::str::FromStr;

use jiff::civil::Date;

pub use pattern::{Pattern, PatternError};
#[cfg(feature = "config")]
pub use reader::{read, schema_text};

use crate::context::Context;
use crate::finding::{Edit, Finding, Fix, Level};
use crate::payload::{Declared, Form, Kind};
use crate::rule::RuleReporter;
use crate::rules::config::UNUSED_ENTRY;
use crate::span::Span;

/// The configuration of one run.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Facts from outside the payloads.
    pub context: Context,
    /// What the payloads are declared to be, whatever their files.
    pub declared: Declared,
    /// Levels that differ from the rules' own; a later entry overrides an earlier one.
    pub levels: Vec<LevelOverride>,
    /// Findings that are not reported.
    pub ignores: Vec<Ignore>,
    /// What certain files are declared to be; a later entry overrides an earlier one.
    pub payloads: Vec<PayloadOverride>,
    /// The only rules whose findings are reported, by id or as `family/*`; all rules if it is empty. Findings that say
    /// that a payload could not be checked are reported all the same.
    pub selected: Vec<String>,
    /// The URL of the folder that holds the rules' pages by family, for links in reports.
    pub rule_pages: Option<String>,
    /// Patterns of files and folders that are not checked, in the syntax of `.gitignore`, from the configuration's
    /// folder.
    pub exclude: Vec<String>,
    /// The lowest level of a finding that fails a run.
    pub fail_on: Option<FailOn>,
    /// The reports of a run, each as `FORMAT` or `FORMAT=FILE` with the path from the configuration's folder.
    pub formats: Vec<String>,
}

/// Which findings fail a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// Those of this level or a higher one.
    Level(Level),
    /// None.
    Never,
}

impl FailOn {
    /// The lowest level that fails a run. `None` if no level does.
    pub fn level(self) -> Option<Level> {
        match self {
            FailOn::Level(level) => Some(level),
            FailOn::Never => None,
        }
    }
}

impl FromStr for FailOn {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        match name {
            "never" => Ok(FailOn::Never),
            name => name.parse().map(FailOn::Level),
        }
    }
}

/// Another level for a rule or a family.
#[derive(Clone, Debug)]
pub struct LevelOverride {
    /// A rule's id, or `family/*`.
    pub rules: String,
    /// The level.
    pub level: LevelSetting,
}

/// What a [`LevelOverride`] makes of the level of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelSetting {
    /// The finding is not reported.
    Off,
    /// The finding keeps the level that its rule gave it, whatever earlier overrides say.
    Own,
    /// This level.
    To(Level),
}

impl From<Option<Level>> for LevelSetting {
    /// A level, or off.
    fn from(level: Option<Level>) -> Self {
        level.map_or(LevelSetting::Off, LevelSetting::To)
    }
}

/// Known findings that are not reported. Each condition that is set narrows down which.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// A rule's id, or `family/*`.
    pub rule: String,
    /// The files to which it applies.
    pub files: Option<Pattern>,
    /// The key of the record to which it applies.
    pub record: Option<String>,
    /// The JSON Pointer, from the root of the document, of the value to which it applies, including everything in it.
    pub pointer: Option<String>,
    /// Why these findings are accepted.
    pub reason: String,
    /// The last day on which it applies.
    pub until: Option<Date>,
    /// Its header or first key in the configuration file.
    pub span: Span,
    /// Its lines in the file, if it has lines of its own.
    pub lines: Option<Span>,
}

/// What the files that match one glob are declared to be.
#[derive(Clone, Debug)]
pub struct PayloadOverride {
    /// The files.
    pub files: Pattern,
    /// The kind of their payloads, if declared.
    pub kind: Option<&'static Kind>,
    /// The form of their payloads, if declared.
    pub form: Option<Form>,
    /// The path, from the configuration's folder, of a schema that is validated in addition to their kind's.
    pub schema: Option<String>,
    /// The path, from the configuration's folder, of what the marketplace answered to the validation of their order.
    pub answer: Option<String>,
    /// Its header or first key in the configuration file.
    pub span: Span,
    /// Its lines in the file, if it has lines of its own.
    pub lines: Option<Span>,
}

/// The configuration of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileConfig<'c> {
    /// What its payloads are declared to be.
    pub declared: Declared,
    /// The path of its additional schema.
    pub schema: Option<&'c str>,
    /// The path of what the marketplace answered to the validation of its order.
    pub answer: Option<&'c str>,
    /// The indices in [`Config::payloads`] of the entries that match the file.
    pub entries: Vec<usize>,
}

/// A parsed configuration file. An invalid entry is reported and has no effect; the others apply.
#[derive(Clone, Debug, Default)]
pub struct ParsedConfig {
    /// The configuration, without the catalogue, which is a file of its own.
    pub config: Config,
    /// The paths and globs of the catalogue from the configuration's folder, and the span of each in the file.
    pub catalogue: Vec<(String, Span)>,
    /// The path of each schema from the configuration's folder, and its first span in the file.
    pub schemas: Vec<(String, Span)>,
    /// The URI and the path of each document that schemas can refer to, and its span in the file.
    pub schema_refs: Vec<(String, String, Span)>,
    /// The path of each answer of the marketplace from the configuration's folder, and its first span in the file.
    pub answers: Vec<(String, Span)>,
    /// The findings about the file, sorted by span.
    pub findings: Vec<Finding>,
}

impl Config {
    /// The level of a rule's findings, `None` if it is switched off. `default` is the rule's own level.
    pub fn level_of(&self, rule: &str, default: Level) -> Option<Level> {
        let applies = |entry: &&LevelOverride| names(&entry.rules, rule);
        let is_selected = self.selected.is_empty()
            || self.selected.iter().any(|selected| names(selected, rule))
            || is_always_selected(rule);
        if !is_selected {
            return None;
        }
        match self.levels.iter().rev().find(applies) {
            Some(entry) => match entry.level {
                LevelSetting::Off => None,
                LevelSetting::Own => Some(default),
                LevelSetting::To(level) => Some(level),
            },
            None => Some(default),
        }
    }

    /// Sets the levels of findings and drops those of rules that are switched off.
    pub fn apply_levels(&self, findings: &mut Vec<Finding>) {
        findings.retain_mut(|finding| match self.level_of(finding.rule, finding.level) {
            Some(level) => {
                finding.level = level;
                true
            }
            None => false,
        });
    }

    /// The configuration of a file, given by its path from the configuration's folder with its parts joined by `/`.
    pub fn for_file(&self, file: &str) -> FileConfig<'_> {
        let mut found = FileConfig::default();
        for (index, entry) in self.payloads.iter().enumerate() {
            // Standard input has no path.
            if !file.is_empty() && entry.files.matches(file) {
                found.declared.kind = entry.kind.or(found.declared.kind);
                found.declared.form = entry.form.or(found.declared.form);
                found.schema = entry.schema.as_deref().or(found.schema);
                found.answer = entry.answer.as_deref().or(found.answer);
                found.entries.push(index);
            }
        }
        found.declared.kind = self.declared.kind.or(found.declared.kind);
        found.declared.form = self.declared.form.or(found.declared.form);
        found
    }

    /// The findings for entries of the configuration file that matched nothing: those whose index in
    /// [`Config::ignores`] and [`Config::payloads`] is not marked as used.
    pub fn unused(&self, used_ignores: &[bool], used_payloads: &[bool]) -> Vec<Finding> {
        let is_unused = |used: &[bool], index: usize| used.get(index) != Some(&true);
        let mut findings = Vec::new();
        let mut reporter = RuleReporter::new(&UNUSED_ENTRY, &mut findings);
        for (index, entry) in self.ignores.iter().enumerate() {
            if is_unused(used_ignores, index) {
                let message = format!("the ignore of `{}` matched nothing in this run", entry.rule);
                report_unused(&mut reporter, entry.span, entry.lines, message);
            }
        }
        for (index, entry) in self.payloads.iter().enumerate() {
            if is_unused(used_payloads, index) {
                let message = format!("no file of this run matches `{}`", entry.files.as_str());
                report_unused(&mut reporter, entry.span, entry.lines, message);
            }
        }
        self.apply_levels(&mut findings);
        findings.sort_by_key(|finding| finding.span);
        findings
    }
}

fn report_unused(
    reporter: &mut RuleReporter<'_>,
    span: Span,
    lines: Option<Span>,
    message: String,
) {
    let finding = reporter.report(span, message);
    finding.help("correct the conditions of the entry, or remove the entry");
    if let Some(lines) = lines {
        finding.fix(Fix::unsafe_("remove the entry", vec![Edit::remove(lines)]));
    }
}

impl Ignore {
    /// Whether it applies to a finding. `file` is the path from the configuration's folder with its parts joined by
    /// `/`, `record_key` the key of the record that contains the finding, if one does.
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
                .is_none_or(|pointer| is_within_pointer(&finding.pointer, pointer))
    }
}

/// Whether a rule reports that a payload could not be checked. A run without such findings would pass although it
/// checked nothing.
fn is_always_selected(rule: &str) -> bool {
    const RULES: [&str; 4] = [
        "payload/broken-compression",
        "payload/failed-rule",
        "payload/not-json",
        "payload/unknown-kind",
    ];
    rule.starts_with("json/") || RULES.contains(&rule)
}

/// Whether a rule's id, or `family/*`, names a rule.
fn names(written: &str, rule: &str) -> bool {
    let family = written
        .strip_suffix('*')
        .filter(|family| family.ends_with('/'));
    written == rule || family.is_some_and(|family| rule.starts_with(family))
}

/// Whether a JSON Pointer leads to the value at another, or into it.
fn is_within_pointer(pointer: &str, value: &str) -> bool {
    pointer
        .strip_prefix(value)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::order::ORDER;
    use crate::kinds::qualification::QUALIFICATION;

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
    fn an_ignore_applies_where_all_its_conditions_hold() {
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
    fn the_last_matching_entry_counts_and_a_flag_overrides_it() {
        let entry = |files: &str, kind, form| PayloadOverride {
            files: pattern(files),
            kind,
            form,
            schema: None,
            answer: None,
            span: Span::default(),
            lines: None,
        };
        let mut config = Config {
            payloads: vec![
                entry("**", Some(&ORDER), Some(Form::Request)),
                entry("q/*", Some(&QUALIFICATION), None),
            ],
            ..Config::default()
        };
        let found = config.for_file("q/1.json");
        assert_eq!(found.declared.kind, Some(&QUALIFICATION));
        assert_eq!(found.declared.form, Some(Form::Request));
        assert_eq!(found.entries, [0, 1]);
        assert_eq!(config.for_file("1.json").entries, [0]);
        config.declared.form = Some(Form::Response);
        assert_eq!(
            config.for_file("q/1.json").declared.form,
            Some(Form::Response)
        );
    }
}
