//! Trials of completions: what a completion would insert is checked in its place, so that only completions are
//! offered that do not lead into a finding.

use super::cursor::CursorContext;
use super::document::DocumentChecker;
use crate::document::{Evidence, HttpDirection};
use crate::finding::Finding;
use crate::payload::{Form, Record};
use crate::rule::Subject;
use crate::span::Span;

/// The maximum size of a record in which completions are tried, in bytes. In a larger one all are offered.
const SIZE_LIMIT: usize = 256 << 10;

/// The rule about properties that an object may not have. It counts as a finding about the name.
const UNKNOWN_PROPERTY: &str = "schema/additional-properties";

/// A text that a completion may become once it is filled in.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) text: String,
    /// The part of the text that may have any value. Findings about that part do not count.
    pub(super) value: Option<Span>,
}

impl Sample {
    /// A text that is inserted as it is.
    pub(super) fn exact(text: impl Into<String>) -> Self {
        let (text, value) = (text.into(), None);
        Self { text, value }
    }

    /// A property whose value may be any other.
    pub(super) fn property(name: &str, value: &str) -> Self {
        let text = format!("{name}: {value}");
        let value = Span::new((text.len() - value.len()) as u32, text.len() as u32);
        Self {
            text,
            value: Some(value),
        }
    }
}

/// The part of a record that is there because of the completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Removal {
    /// None: a value is replaced.
    None,
    /// An incomplete property or element. Without it the record is what it was before.
    Part(Span),
}

/// The trial of the completions at one place of a record.
pub(super) struct Trial<'a> {
    checker: &'a DocumentChecker<'a>,
    /// The text of the record.
    text: &'a str,
    evidence: Evidence,
    /// The part of the text that a sample replaces.
    replaced: Span,
    /// Whether a comma follows each sample.
    needs_comma: bool,
    /// The JSON Pointer of the object or array that holds the replaced part.
    container: String,
    /// Whether every finding counts, because the record has none without the completion. In a record that is still
    /// incomplete only findings about the inserted text and what holds it count, because the others may be about what
    /// is typed next.
    is_strict: bool,
}

impl<'a> Trial<'a> {
    /// A trial of texts that replace a span of `source`. `None` if the record is too large.
    pub(super) fn new(
        checker: &'a DocumentChecker<'a>,
        source: &'a str,
        context: &CursorContext<'_>,
        (replaced, needs_comma): (Span, bool),
        removal: Removal,
    ) -> Option<Self> {
        let record = &context.record;
        let start = record.node.span().start;
        let end = record_end(record, source).max(replaced.end);
        let text = &source[start as usize..end as usize];
        if text.len() > SIZE_LIMIT {
            return None;
        }
        let mut trial = Self {
            checker,
            text,
            evidence: evidence_of(record),
            replaced: Span::new(replaced.start - start, replaced.end - start),
            needs_comma,
            container: context.pointer(),
            is_strict: false,
        };
        if let Removal::Part(part) = removal {
            let part = Span::new(part.start - start, part.end - start);
            trial.is_strict = trial.is_clean_without(part);
        }
        Some(trial)
    }

    /// Whether a sample does not add a finding.
    pub(super) fn admits(&self, sample: &Sample) -> bool {
        let (before, after) = self.around(self.replaced);
        let comma = if self.needs_comma { "," } else { "" };
        let text = format!("{before}{}{comma}{after}", sample.text);
        let start = before.len() as u32;
        let inserted = Span::new(start, start + sample.text.len() as u32);
        let value = sample.value.map(|value| value.shifted(start));
        let mut findings = self.check(&text);
        findings.retain(|finding| !value.is_some_and(|value| value.contains(finding.span)));
        let counts = |finding: &Finding| {
            let is_about_inserted =
                inserted.contains(finding.span) || self.is_about_container(finding);
            self.is_strict || is_about_inserted && self.is_about_value(finding)
        };
        !findings.iter().any(counts)
    }

    /// Whether every finding counts.
    pub(super) fn is_strict(&self) -> bool {
        self.is_strict
    }

    fn around(&self, span: Span) -> (&'a str, &'a str) {
        let (start, end) = (span.start as usize, span.end as usize);
        (&self.text[..start], &self.text[end..])
    }

    fn check(&self, text: &str) -> Vec<Finding> {
        self.checker.check_record(text, &self.evidence).findings
    }

    /// Whether the record has no finding without a part and the comma that belongs to it.
    fn is_clean_without(&self, part: Span) -> bool {
        let (before, after) = self.around(part);
        let (before, after) = without_comma(before, after);
        self.check(&format!("{before}{after}")).is_empty()
    }

    /// Whether a finding is about the object or array that holds the replaced part, such as a period, and not about the
    /// whole record.
    fn is_about_container(&self, finding: &Finding) -> bool {
        !self.container.is_empty() && finding.pointer == self.container
    }

    /// Whether a finding says that the value or name at its place is wrong, and not that something else is missing.
    fn is_about_value(&self, finding: &Finding) -> bool {
        let rule = self.checker.registry().rule(finding.rule);
        let is_value = rule.is_none_or(|rule| rule.overlap.subject == Subject::Value);
        (is_value || finding.rule == UNKNOWN_PROPERTY) && !finding.rule.starts_with("json/")
    }
}

/// The end of a record: that of the text if the record is not closed.
fn record_end(record: &Record<'_>, source: &str) -> u32 {
    let span = record.node.span();
    match span.of(source).ends_with('}') && span.len() > 1 {
        true => span.end,
        false => source.len() as u32,
    }
}

/// The evidence by which a record has the same form where it is checked by itself.
fn evidence_of(record: &Record<'_>) -> Evidence {
    let mut evidence = record.document.evidence().cloned().unwrap_or_default();
    evidence.direction = match record.form {
        _ if record.is_form_unknown => None,
        Form::Response if record.is_projection => None,
        Form::Response => Some(HttpDirection::Response),
        _ => Some(HttpDirection::Request),
    };
    let special = record.kind().map_or(&[][..], |kind| kind.forms().special);
    if let Some(special) = special.iter().find(|special| special.form == record.form) {
        evidence.path = special.path.map(str::to_owned).or(evidence.path);
    }
    evidence
}

/// Returns the text around a removed element or property without the comma that separated it from the others.
fn without_comma<'t>(before: &'t str, after: &'t str) -> (&'t str, &'t str) {
    let (trimmed, rest) = (before.trim_end(), after.trim_start());
    let ends_list = rest.is_empty() || rest.starts_with([',', '}', ']']);
    if let Some(without) = trimmed.strip_suffix(',').filter(|_| ends_list) {
        return (without, after);
    }
    match rest.strip_prefix(',') {
        Some(without) => (before, without),
        None => (before, after),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comma_of_a_removed_part_is_removed() {
        for (before, after, expected) in [
            ("[1, ", "]", "[1]"),
            ("[1, ", ", 2]", "[1, 2]"),
            ("[", ", 2]", "[ 2]"),
            ("[", "]", "[]"),
            ("{ \"a\": 1, ", " \"b\": 2 }", "{ \"a\": 1,  \"b\": 2 }"),
            ("{ \"a\": 1,\n  ", "", "{ \"a\": 1"),
        ] {
            let (before, after) = without_comma(before, after);
            assert_eq!(format!("{before}{after}"), expected);
        }
    }
}
