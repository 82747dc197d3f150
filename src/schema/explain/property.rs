//! Findings for properties that are missing or unknown. A misspelled name is both, and one finding.

use std::collections::{HashMap, HashSet};

use crate::finding::{Edit, Finding, Fix, Level, Safety};
use crate::json::{Member, Node};
use crate::suggest;

/// Collects missing and unknown properties, so that a misspelled one can be reported once.
#[derive(Default)]
pub(super) struct PropertyViolations<'s, 'd> {
    missing: Vec<Missing<'s, 'd>>,
    unknown: Vec<Unknown<'s, 'd>>,
    /// The indices in `unknown`, by the index of the object.
    unknown_by_object: HashMap<u32, Vec<usize>>,
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

/// The properties of one object that a schema does not describe.
struct Unknown<'s, 'd> {
    object: Node<'d>,
    members: Vec<Member<'d>>,
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
        let names: HashSet<&str> = names.iter().map(String::as_str).collect();
        let is_unknown = |member: &Member<'d>| names.contains(&*member.name_text());
        let members: Vec<Member<'d>> = object.members().filter(is_unknown).collect();
        let group = self.unknown_by_object.entry(object.index());
        group.or_default().push(self.unknown.len());
        self.unknown.push(Unknown {
            object,
            members,
            known,
            rule,
        });
    }

    /// Adds the findings.
    pub(super) fn report(mut self, findings: &mut Vec<Finding>) {
        let mut renamed_to = HashSet::new();
        for missing in std::mem::take(&mut self.missing) {
            match self.take_misspelled(&missing) {
                Some(member) => {
                    findings.push(misspelled_property(&missing, member));
                    renamed_to.insert((missing.object.index(), missing.name));
                }
                // The property may be in a part that could not be parsed.
                None if missing.object.has_errors() => {}
                None => findings.push(missing_property(&missing)),
            }
        }
        for unknown in &self.unknown {
            let is_renamed_to =
                |name: &str| renamed_to.contains(&(unknown.object.index(), name.to_owned()));
            unknown_properties(unknown, is_renamed_to, findings);
        }
    }

    /// Returns the property whose name is a misspelling of the missing one: an unknown one, which is removed
    /// from the unknown ones, or where the schema allows any property, one whose name no payload uses.
    fn take_misspelled(&mut self, missing: &Missing<'s, 'd>) -> Option<Member<'d>> {
        let is_misspelled =
            |member: &Member<'d>| suggest::is_near(&member.name_text(), &missing.name);
        let is_unknown = |member: &Member<'d>| {
            member.known().is_none() && !missing.known.contains(&&*member.name_text())
        };
        let groups = self.unknown_by_object.get(&missing.object.index());
        for &group in groups.into_iter().flatten() {
            let members = &mut self.unknown[group].members;
            if let Some(index) = members.iter().position(is_misspelled) {
                return Some(members.remove(index));
            }
        }
        let mut members = missing.object.members();
        members.find(|member| is_unknown(member) && is_misspelled(member))
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

/// Adds a finding for each property of an object that a schema does not describe. `is_renamed_to` says whether another
/// property gets a name.
fn unknown_properties(
    unknown: &Unknown<'_, '_>,
    is_renamed_to: impl Fn(&str) -> bool,
    findings: &mut Vec<Finding>,
) {
    let is_free = |name: &&str| unknown.object.get(name).is_none() && !is_renamed_to(name);
    let free: Vec<&str> = unknown.known.iter().copied().filter(is_free).collect();
    let nearest = |member: &Member<'_>| {
        let written = member.name.as_text().unwrap_or_default();
        suggest::nearest(&written, free.iter().copied())
    };
    let meant: Vec<Option<&str>> = unknown.members.iter().map(nearest).collect();
    let mut contenders: HashMap<&str, u32> = HashMap::new();
    for name in meant.iter().flatten() {
        *contenders.entry(*name).or_default() += 1;
    }
    for (member, meant) in unknown.members.iter().zip(meant) {
        let written = member.name.as_text().unwrap_or_default();
        let message = format!("unknown property `{written}`");
        let span = member.name.span();
        let mut finding = Finding::new(unknown.rule, Level::Warning, span, message);
        match meant {
            Some(name) if contenders[name] == 1 => finding.fix(rename(*member, name)),
            // Renaming all would give several properties of one name.
            Some(name) => finding.help(format!(
                "rename one of the properties with similar names to `{name}`"
            )),
            None => finding.help("correct the name, or remove the property"),
        };
        findings.push(finding);
    }
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
