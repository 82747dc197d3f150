//! The text of a document as its author meant it: with property names in the expected letter case, and without properties
//! that are null. Both are one finding each, and everything else is checked in the intended text. It has the length of
//! the document's own text, so that all spans remain valid.

use std::collections::HashSet;

use crate::document::Document;
use crate::finding::{Edit, Finding, Fix, Level, Safety};
use crate::json::{Kind, Node, quote};
use crate::patch::Patch;
use crate::payload::{Form, Record, without_properties};
use crate::rule::{Rule, RuleReporter};
use crate::rules::payload::property::{NULL_PROPERTY, PROPERTY_CASE};
use crate::span::Span;

/// How often the text is corrected: each time, names one level deeper can be found.
const MAX_ROUNDS: usize = 12;

/// What differs between the text of a document and the intended text.
#[derive(Default)]
struct Differences {
    /// The names in the wrong case: each one's span without its quotes, the expected name, and the level of the finding
    /// about it.
    renames: Vec<(Edit, Level)>,
    nulls: Vec<NullProperties>,
    /// The values that are null where the property is required.
    required: HashSet<Span>,
}

/// The properties of one object that are null and can be absent.
struct NullProperties {
    object: Span,
    /// The names, and the spans of the values.
    properties: Vec<(String, Span)>,
    /// The edits that remove them.
    removal: Vec<Edit>,
}

/// The findings about the intended text of a document, and about what differs from it, unsorted and without pointers.
/// `None` if nothing does, according to `findings`, those about the document's own text. `collect` returns the findings
/// about a document.
pub(super) fn check(
    document: &Document<'_>,
    records: &[Record<'_>],
    findings: &[Finding],
    mut collect: impl FnMut(&Document<'_>) -> Vec<Finding>,
) -> Option<Vec<Finding>> {
    let mut differences = Differences::default();
    if !differences.add_from(document, findings) {
        return None;
    }
    let text = document.text();
    let evidence = document.evidence().cloned().unwrap_or_default();
    let is_syntax = |finding: &Finding| finding.rule.starts_with("json/");
    let mut last = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let intended = differences.apply(text);
        let document = Document::parse(&intended).with_evidence(&evidence);
        last = collect(&document);
        if !differences.keep_required(&last) && !differences.add_from(&document, &last) {
            break;
        }
    }
    let syntax = findings.iter().filter(|finding| is_syntax(finding));
    let mut all: Vec<Finding> = syntax.cloned().collect();
    last.retain(|finding| !is_syntax(finding));
    let mut about_differences = Vec::new();
    for record in records {
        let has_names_in_any_case = record
            .kind()
            .is_some_and(|kind| kind.has_names_in_any_case());
        let is_in_record = |span: Span| !has_names_in_any_case && record.node.span().contains(span);
        differences.report_renames(text, is_in_record, &mut about_differences);
        differences.report_nulls(record, &last, &mut about_differences);
    }
    let is_around = |span: Span| {
        !records
            .iter()
            .any(|record| record.node.span().contains(span))
    };
    differences.report_renames(text, is_around, &mut about_differences);
    all.append(&mut last);
    all.append(&mut about_differences);
    Some(all)
}

impl Differences {
    /// Adds the differences that findings of schemas mention. Returns whether there are new ones.
    fn add_from(&mut self, document: &Document<'_>, findings: &[Finding]) -> bool {
        let text = document.text();
        let renames = self.renames.len();
        let mut nulls = HashSet::new();
        for finding in findings
            .iter()
            .filter(|finding| finding.rule.starts_with("schema/"))
        {
            let is_null = finding.rule == "schema/type" && finding.span.of(text) == "null";
            if is_null && !self.required.contains(&finding.span) {
                nulls.insert(finding.span);
            }
            if let Some(rename) = case_rename(text, finding) {
                self.renames.push((rename.clone(), finding.level));
            }
        }
        if !nulls.is_empty() {
            document
                .roots()
                .for_each(|root| self.add_nulls(root, &nulls));
        }
        self.renames.len() > renames || !nulls.is_empty()
    }

    /// Adds the properties in a value whose values are at `nulls`.
    fn add_nulls(&mut self, node: Node<'_>, nulls: &HashSet<Span>) {
        node.elements()
            .for_each(|element| self.add_nulls(element, nulls));
        if node.kind() != Kind::Object {
            return;
        }
        node.members()
            .for_each(|member| self.add_nulls(member.value, nulls));
        let is_null = |span: Span| nulls.contains(&span);
        let found = node.members().filter(|member| is_null(member.value.span()));
        let properties: Vec<_> = found
            .map(|member| (member.name_text().into_owned(), member.value.span()))
            .collect();
        if !properties.is_empty() {
            self.nulls.push(NullProperties {
                object: node.opening(),
                properties,
                removal: without_properties(node, |member| is_null(member.value.span())),
            });
        }
    }

    /// Puts nulls back whose properties are required, as the findings about the text without them say. Returns whether
    /// there are any.
    fn keep_required(&mut self, findings: &[Finding]) -> bool {
        let count = self.required.len();
        for group in &self.nulls {
            let missing = findings.iter().filter(|finding| {
                finding.rule == "schema/required" && finding.span == group.object
            });
            for finding in missing {
                let is_it = |(name, _): &&(String, Span)| is_about_missing(finding, name);
                self.required
                    .extend(group.properties.iter().filter(is_it).map(|(_, span)| span));
            }
        }
        let has_more = self.required.len() > count;
        if has_more {
            self.nulls.clear();
        }
        has_more
    }

    fn apply(&self, text: &str) -> String {
        let mut edits: Vec<Edit> = self.renames.iter().map(|(edit, _)| edit.clone()).collect();
        let removals = self.nulls.iter().flat_map(|group| &group.removal);
        let removed: Vec<Span> = removals.map(|edit| edit.span).collect();
        edits.retain(|edit| !removed.iter().any(|span| span.contains(edit.span)));
        let removed = without_overlaps(removed);
        edits.extend(
            removed
                .iter()
                .map(|span| Edit::replace(*span, " ".repeat(span.len() as usize))),
        );
        edits.sort_by_key(|edit| edit.span);
        let mut patch = Patch::unchanged(text.len() as u32);
        patch.apply(&edits);
        patch.text(text)
    }

    /// Reports the names in the wrong case for whose spans `is_reported` holds.
    fn report_renames(
        &self,
        text: &str,
        is_reported: impl Fn(Span) -> bool,
        findings: &mut Vec<Finding>,
    ) {
        let reported: Vec<&(Edit, Level)> = self
            .renames
            .iter()
            .filter(|(edit, _)| is_reported(edit.span))
            .collect();
        let level = reported.iter().map(|(_, level)| *level).max();
        let mut edits: Vec<Edit> = reported.iter().map(|(edit, _)| edit.clone()).collect();
        edits.sort_by_key(|edit| edit.span);
        let (Some(first), Some(level)) = (edits.first(), level) else {
            return;
        };
        let (place, written, expected) = (first.span, first.span.of(text), first.text.as_str());
        let (message, title) = match edits.len() {
            1 => (
                format!(
                    "the property name `{written}` is in the wrong letter case, expected \
                     `{expected}`"
                ),
                format!("rename to {}", quote(expected)),
            ),
            count => (
                format!(
                    "{count} property names are in the wrong letter case, such as `{written}` instead of `{expected}`"
                ),
                format!("rename {count} properties"),
            ),
        };
        report(&PROPERTY_CASE, (place, message), (title, edits), findings).level = level;
    }

    /// Reports the null properties of a request. Platforms write null for a value that they do not have.
    fn report_nulls(&self, record: &Record<'_>, others: &[Finding], findings: &mut Vec<Finding>) {
        if record.kind().is_none() || record.form == Form::Response && !record.is_form_unknown {
            return;
        }
        let span = record.node.span();
        let groups = || {
            self.nulls
                .iter()
                .filter(|group| span.contains(group.object))
        };
        let is_reported =
            |(name, _): &&(String, Span)| others.iter().any(|other| is_about_missing(other, name));
        let mut properties: Vec<&(String, Span)> =
            groups().flat_map(|group| &group.properties).collect();
        properties.sort_by_key(|(_, span)| *span);
        let Some((name, place)) = properties.iter().copied().find(|one| !is_reported(one)) else {
            return;
        };
        let (message, title) = match properties.len() {
            1 => (
                format!("`{name}` is `null`; omit optional properties that have no value"),
                format!("remove `{name}`"),
            ),
            count => (
                format!(
                    "{count} properties are `null`, such as `{name}`; omit optional properties \
                     that have no value"
                ),
                format!("remove {count} properties"),
            ),
        };
        let removals = groups().flat_map(|group| &group.removal);
        let spans = without_overlaps(removals.map(|edit| edit.span).collect());
        let edits = spans.into_iter().map(Edit::remove).collect();
        report(&NULL_PROPERTY, (*place, message), (title, edits), findings);
    }
}

/// The spans in order, each without what an earlier one covers.
fn without_overlaps(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut end = 0;
    spans.retain_mut(|span| {
        span.start = span.start.max(end);
        end = end.max(span.end);
        span.start < span.end
    });
    spans
}

/// The rename in the fix of a finding, if it only changes the letter case of a name.
fn case_rename<'f>(text: &str, finding: &'f Finding) -> Option<&'f Edit> {
    let [edit] = &finding.fix.as_ref()?.edits[..] else {
        return None;
    };
    let written = edit.span.of(text);
    let after = text[edit.span.end as usize..].trim_start_matches(['"', '\'']);
    let after = after.trim_start();
    // In a text that ends early, the name may be the last token.
    let is_last_name = after.is_empty()
        && matches!(
            finding.rule,
            "schema/additional-properties" | "schema/required"
        );
    let is_name = after.starts_with([':', '=']) || is_last_name;
    (is_name && written != edit.text && written.eq_ignore_ascii_case(&edit.text)).then_some(edit)
}

/// Whether a finding says that the property of this name is missing.
fn is_about_missing(finding: &Finding, name: &str) -> bool {
    finding.message.contains(&format!("`{name}` is missing"))
}

fn report<'f>(
    rule: &'static Rule,
    (place, message): (Span, String),
    (title, edits): (String, Vec<Edit>),
    findings: &'f mut Vec<Finding>,
) -> &'f mut Finding {
    RuleReporter::new(rule, findings).report(place, message);
    let index = findings.len() - 1;
    findings[index].fix(Fix {
        title,
        safety: Safety::Safe,
        edits,
    })
}
