//! Members that are missing, unknown, or both at once: a misspelt name is one finding, not two.

use crate::finding::{Edit, Finding, Fix, Level, Safety};
use crate::json::{Member, Node};
use crate::suggest;

/// Collects what is missing and what is unknown, to be told together.
#[derive(Default)]
pub(super) struct Members<'s, 'd> {
    missing: Vec<Missing<'d>>,
    unknown: Vec<Unknown<'s, 'd>>,
}

struct Missing<'d> {
    object: Node<'d>,
    name: String,
    because: Option<String>,
    example: Option<String>,
}

struct Unknown<'s, 'd> {
    object: Node<'d>,
    member: Member<'d>,
    /// The names that the schema knows there.
    known: Vec<&'s str>,
    rule: &'static str,
}

impl<'s, 'd> Members<'s, 'd> {
    pub(super) fn missing(
        &mut self,
        object: Node<'d>,
        name: &str,
        because: Option<String>,
        example: Option<String>,
    ) {
        self.missing.push(Missing {
            object,
            name: name.to_owned(),
            because,
            example,
        });
    }

    pub(super) fn unknown(
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

    pub(super) fn report(mut self, findings: &mut Vec<Finding>) {
        for missing in std::mem::take(&mut self.missing) {
            match self.take_misspelt(&missing) {
                Some(member) => findings.push(misspelt(&missing, member)),
                // Nothing may be called missing where something could not be read.
                None if missing.object.has_errors() => {}
                None => findings.push(absent(&missing)),
            }
        }
        findings.extend(self.unknown.iter().map(unknown));
    }

    /// The member that was meant to be the missing one: an unknown one, or where any may stand one of
    /// a name that no payload uses.
    fn take_misspelt(&mut self, missing: &Missing<'d>) -> Option<Member<'d>> {
        let is_meant = |member: &Member<'d>| suggest::is_near(&member.name_text(), &missing.name);
        let place = self
            .unknown
            .iter()
            .position(|unknown| unknown.object == missing.object && is_meant(&unknown.member));
        match place {
            Some(place) => Some(self.unknown.remove(place).member),
            None => missing
                .object
                .members()
                .find(|member| member.known().is_none() && is_meant(member)),
        }
    }
}

fn misspelt(missing: &Missing<'_>, member: Member<'_>) -> Finding {
    let written = member.name.as_text().unwrap_or_default();
    let because = missing.because.as_deref().unwrap_or_default();
    let message = format!(
        "`{}` is missing{because}; `{written}` looks like it",
        missing.name
    );
    let mut finding = Finding::new("schema/required", Level::Error, member.name.span(), message);
    finding.fix(rename(member, &missing.name));
    finding
}

fn absent(missing: &Missing<'_>) -> Finding {
    let because = missing.because.as_deref().unwrap_or_default();
    let message = format!("`{}` is missing{because}", missing.name);
    let mut finding = Finding::new(
        "schema/required",
        Level::Error,
        missing.object.opening(),
        message,
    );
    finding.help(match &missing.example {
        Some(example) => format!("add `{}`, such as {example}", missing.name),
        None => format!("add `{}`", missing.name),
    });
    finding
}

fn unknown(unknown: &Unknown<'_, '_>) -> Finding {
    let written = unknown.member.name.as_text().unwrap_or_default();
    let message = format!("the member `{written}` is not known here");
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
            finding.help("take it out, or correct its name");
        }
    }
    finding
}

fn rename(member: Member<'_>, name: &str) -> Fix {
    let written = member.name.as_text().unwrap_or_default();
    Fix {
        title: format!("rename it to {name}"),
        safety: Safety::when(written.trim().eq_ignore_ascii_case(name)),
        edits: vec![Edit::replace(
            member.name.content_span(),
            crate::json::escape(name),
        )],
    }
}
