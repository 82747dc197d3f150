//! Findings for properties that are missing or unknown. A misspelled name is both, and one finding.

use crate::finding::{Edit, Finding, Fix, Level, Safety};
use crate::json::{Member, Node};
use crate::suggest;

/// Collects missing and unknown properties, so that a misspelled one can be reported once.
#[derive(Default)]
pub(super) struct PropertyViolations<'s, 'd> {
    missing: Vec<Missing<'s, 'd>>,
    unknown: Vec<Unknown<'s, 'd>>,
}

/// A required property that is missing.
pub(super) struct Missing<'s, 'd> {
    pub(super) object: Node<'d>,
    pub(super) name: String,
    /// The names that the schema describes.
    pub(super) known: Vec<&'s str>,
    /// The conditions under which the property is required: `when …`.
    pub(super) condition_clause: Option<String>,
    pub(super) example: Option<String>,
}

impl Missing<'_, '_> {
    fn message(&self) -> String {
        match &self.condition_clause {
            Some(clause) => format!("`{}` is missing (required {clause})", self.name),
            None => format!("`{}` is missing", self.name),
        }
    }
}

struct Unknown<'s, 'd> {
    object: Node<'d>,
    member: Member<'d>,
    /// The names that the schema describes.
    known: Vec<&'s str>,
    rule: &'static str,
}

impl<'s, 'd> PropertyViolations<'s, 'd> {
    /// Adds a required property that is missing.
    pub(super) fn add_missing(&mut self, missing: Missing<'s, 'd>) {
        self.missing.push(missing);
    }

    /// Adds the properties of these names, which the schema does not describe.
    pub(super) fn add_unknown(
        &mut self,
        object: Node<'d>,
        names: &[String],
        known: Vec<&'s str>,
        rule: &'static str,
    ) {
        for name in names {
            if let Some(member) = object.member(name) {
                self.unknown.push(Unknown {
                    object,
                    member,
                    known: known.clone(),
                    rule,
                });
            }
        }
    }

    /// Adds the findings.
    pub(super) fn report(mut self, findings: &mut Vec<Finding>) {
        for missing in std::mem::take(&mut self.missing) {
            match self.take_misspelled(&missing) {
                Some(member) => findings.push(misspelled_property(&missing, member)),
                // The property may be in a part that could not be parsed.
                None if missing.object.has_errors() => {}
                None => findings.push(missing_property(&missing)),
            }
        }
        findings.extend(self.unknown.iter().map(unknown_property));
    }

    /// Returns the property whose name is a misspelling of the missing one: an unknown one, which is removed
    /// from the unknown ones, or where the schema allows any property, one whose name no payload uses.
    fn take_misspelled(&mut self, missing: &Missing<'s, 'd>) -> Option<Member<'d>> {
        let is_misspelled =
            |member: &Member<'d>| suggest::is_near(&member.name_text(), &missing.name);
        let is_unknown = |member: &Member<'d>| {
            member.known().is_none() && !missing.known.contains(&&*member.name_text())
        };
        let index = self
            .unknown
            .iter()
            .position(|unknown| unknown.object == missing.object && is_misspelled(&unknown.member));
        match index {
            Some(index) => Some(self.unknown.remove(index).member),
            None => missing
                .object
                .members()
                .find(|member| is_unknown(member) && is_misspelled(member)),
        }
    }
}

fn misspelled_property(missing: &Missing<'_, '_>, member: Member<'_>) -> Finding {
    let written = member.name.as_text().unwrap_or_default();
    let message = format!("{}; `{written}` has a similar name", missing.message());
    let mut finding = Finding::new("schema/required", Level::Error, member.name.span(), message);
    finding.fix(rename(member, &missing.name));
    finding
}

fn missing_property(missing: &Missing<'_, '_>) -> Finding {
    let mut finding = Finding::new(
        "schema/required",
        Level::Error,
        missing.object.opening(),
        missing.message(),
    );
    finding.help(match &missing.example {
        Some(example) => format!("add `{}` with a value such as `{example}`", missing.name),
        None => format!("add `{}`", missing.name),
    });
    finding
}

fn unknown_property(unknown: &Unknown<'_, '_>) -> Finding {
    let written = unknown.member.name.as_text().unwrap_or_default();
    let message = format!("unknown property `{written}`");
    let mut finding = Finding::new(
        unknown.rule,
        Level::Warning,
        unknown.member.name.span(),
        message,
    );
    let free = unknown
        .known
        .iter()
        .copied()
        .filter(|name| unknown.object.get(name).is_none());
    match suggest::nearest(&written, free) {
        Some(name) => {
            finding.fix(rename(unknown.member, name));
        }
        None => {
            finding.help("correct the name, or remove the property");
        }
    }
    finding
}

fn rename(member: Member<'_>, name: &str) -> Fix {
    let written = member.name.as_text().unwrap_or_default();
    Fix {
        title: format!("rename to `{name}`"),
        safety: Safety::when(written.trim().eq_ignore_ascii_case(name)),
        edits: vec![Edit::replace(
            member.name.content_span(),
            crate::json::escape(name),
        )],
    }
}
