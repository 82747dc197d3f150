//! Qualifications in a list: where a list is required or not allowed, and duplicates.

use std::borrow::Cow;

use crate::finding::{Edit, Fix, Level};
use crate::json::{Kind, Node};
use crate::kinds::qualification::{QUALIFICATION, Qualification, QualificationType, VettingStatus};
use crate::payload::{Form, Record};
use crate::rule::{Check, DocumentRecords, Overlap, Rule, RuleReporter};
use crate::span::Span;

pub(in crate::rules) static WRONG_ROOT: Rule = Rule {
    id: "qualification/wrong-root",
    level: Level::Error,
    page: include_str!("../../../rules/qualification/wrong-root.md"),
    overlap: Overlap::VALUE,
    check: Check::Document(Some(&QUALIFICATION), &|document, _, findings| {
        let records = qualifications_in(document);
        for (list, records) in lists(&records) {
            check_list(list, records, findings);
        }
        for record in records.iter().filter(|record| record.list.is_none()) {
            check_single_object(record, findings);
        }
    }),
};

/// The records of a document that are qualifications.
fn qualifications_in<'d>(document: &DocumentRecords<'_, 'd>) -> Vec<Record<'d>> {
    let is_qualification = |record: &&Record<'_>| record.is_of(&QUALIFICATION);
    let records = document.records.iter();
    records.filter(is_qualification).copied().collect()
}

/// The lists of a document, each with the records that it holds.
fn lists<'r, 'd>(records: &'r [Record<'d>]) -> impl Iterator<Item = (Node<'d>, &'r [Record<'d>])> {
    records
        .chunk_by(|left, right| list_of(left) == list_of(right))
        .filter_map(|records| Some((list_of(records.first()?)?, records)))
}

/// The list of a record, or the envelope that a client of Partner Center puts around the list of one customer.
fn list_of<'d>(record: &Record<'d>) -> Option<Node<'d>> {
    if let Some((list, _)) = record.list {
        return Some(list);
    }
    let is_listed = |name: &&str| {
        let list = record.root.get(name);
        list.is_some_and(|list| list.elements().any(|element| element == record.node))
    };
    let is_in_envelope = record.root != record.node
        && record.root.kind() == Kind::Object
        && ["qualifications", "value"].iter().any(is_listed);
    is_in_envelope.then_some(record.root)
}

/// Reports a list that is the root of the document and holds a request.
fn check_list(list: Node<'_>, records: &[Record<'_>], findings: &mut RuleReporter<'_>) {
    if list.kind() != Kind::Array {
        return;
    }
    let is_request = |record: &&Record<'_>| Qualification::read(**record).is_request();
    let Some(request) = records.iter().find(is_request) else {
        return;
    };
    // A list in an envelope is allowed.
    if request.document.root_at(list.span()) != Some(list) {
        return;
    }
    let finding = findings.report(
        list.opening(),
        "a request must be a single object, found an array",
    );
    let qualification = Qualification::read(*request);
    let request_property = qualification.request_properties().next();
    if let Some((_, member)) = request_property.filter(|_| !request.is_form_declared) {
        finding.label(member.name.span(), "this property occurs only in requests");
    }
    match unwrap_fix(list) {
        Some(fix) => finding.fix(fix),
        None => finding.help("send each qualification in its own request"),
    };
}

/// The fix that replaces an array with its only element.
fn unwrap_fix(array: Node<'_>) -> Option<Fix> {
    let element = array.elements().next()?;
    let is_single_object = array.child_count() == 1
        && element.kind() == Kind::Object
        && !array.has_errors()
        && !element.has_errors();
    let (outer, inner) = (array.span(), element.span());
    is_single_object.then(|| {
        let edits = vec![
            Edit::remove(Span::new(outer.start, inner.start)),
            Edit::remove(Span::new(inner.end, outer.end)),
        ];
        Fix::safe("remove the array around the object", edits)
    })
}

/// Reports a single object as the response to a GET, which returns a list.
fn check_single_object(record: &Record<'_>, findings: &mut RuleReporter<'_>) {
    let evidence = record.document.evidence();
    let is_asked_for_all = evidence.is_some_and(|evidence| evidence.is_get);
    let object = record.node;
    if !is_asked_for_all || record.form != Form::Response || object.kind() != Kind::Object {
        return;
    }
    let finding = findings.report(
        object.opening(),
        "the response to a GET request must be an array, found an object",
    );
    if object.has_errors() {
        finding.help("wrap the object in an array");
        return;
    }
    let edits = vec![
        Edit::insert(object.span().start, "["),
        Edit::insert(object.span().end, "]"),
    ];
    finding.fix(Fix::unsafe_("wrap the object in an array", edits));
}

pub(in crate::rules) static DUPLICATE_QUALIFICATION: Rule = Rule {
    id: "qualification/duplicate-qualification",
    level: Level::Warning,
    page: include_str!("../../../rules/qualification/duplicate-qualification.md"),
    overlap: Overlap::VALUE,
    check: Check::Document(Some(&QUALIFICATION), &|document, _, findings| {
        let records = qualifications_in(document);
        for (_, records) in lists(&records) {
            check_duplicates(records, findings);
        }
    }),
};

fn check_duplicates(records: &[Record<'_>], findings: &mut RuleReporter<'_>) {
    let mut seen: Vec<Qualification<'_>> = Vec::new();
    for (index, record) in records.iter().enumerate() {
        let qualification = Qualification::read(*record);
        let Some(qualification_type) = qualification.qualification_type else {
            continue;
        };
        let first = seen.iter().find(|first| {
            let (first_link, link) = (self_link(first.record.node), self_link(record.node));
            let is_of_other_customer = first_link.is_some() && link.is_some() && first_link != link;
            first.qualification_type == Some(qualification_type) && !is_of_other_customer
        });
        let Some(first) = first else {
            seen.push(qualification);
            continue;
        };
        let (Some(type_string), Some(first_type_string)) =
            (&qualification.type_string, &first.type_string)
        else {
            continue;
        };
        let finding = findings.report(
            type_string.span(),
            format_args!(
                "duplicate qualification `{}` in this list",
                qualification_type.name()
            ),
        );
        finding.label(first_type_string.span(), "first defined here");
        let copy = preceding_element(records, index)
            .filter(|_| is_copy(first.record.node, record.node))
            // Also removes the comma between them.
            .map(|before| Span::new(before.span().end, record.node.span().end));
        match copy {
            Some(copy) => finding.fix(Fix::unsafe_(
                "remove the duplicate",
                vec![Edit::remove(copy)],
            )),
            None => finding.help("keep the valid one and remove the other"),
        };
    }
}

/// The URL of the qualification in the service, which identifies the customer.
fn self_link(node: Node<'_>) -> Option<Cow<'_, str>> {
    node.get("links")?.get("self")?.get("uri")?.as_text()
}

/// The element of the list before one of the records, of any kind.
fn preceding_element<'d>(records: &[Record<'d>], index: usize) -> Option<Node<'d>> {
    let (list, index_in_list) = records.get(index)?.list?;
    let preceding = index_in_list.checked_sub(1)?;
    // The preceding record usually is that element; this avoids a walk over a long list for each record.
    let neighbour = records.get(index.checked_sub(1)?)?;
    match neighbour.list {
        Some((_, found)) if found == preceding => Some(neighbour.node),
        _ => list.elements().nth(preceding),
    }
}

/// Whether two objects have the same properties, in any order.
fn is_copy(left: Node<'_>, right: Node<'_>) -> bool {
    let is_same = |left: Node<'_>, right: Node<'_>| match (left.as_text(), right.as_text()) {
        (Some(left), Some(right)) => left == right,
        (None, None) => left.source() == right.source(),
        _ => false,
    };
    let has_same =
        |name: &str, value: Node<'_>| right.get(name).is_some_and(|other| is_same(value, other));
    left.child_count() == right.child_count()
        && !left.has_errors()
        && !right.has_errors()
        && left
            .members()
            .all(|member| has_same(&member.name_text(), member.value))
}

pub(in crate::rules) static CONTRADICTORY_COMBINATION: Rule = Rule {
    id: "qualification/contradictory-combination",
    level: Level::Warning,
    page: include_str!("../../../rules/qualification/contradictory-combination.md"),
    overlap: Overlap::VALUE,
    check: Check::Document(Some(&QUALIFICATION), &|document, _, findings| {
        let records = qualifications_in(document);
        for (_, records) in lists(&records) {
            check_combination(records, findings);
        }
    }),
};

/// Reports the first qualification of a list that excludes an earlier one of the same customer.
fn check_combination(records: &[Record<'_>], findings: &mut RuleReporter<'_>) {
    let is_held = |qualification: &Qualification<'_>| {
        qualification.known_status != Some(VettingStatus::Denied)
    };
    let mut held: Vec<Qualification<'_>> = Vec::new();
    let qualifications = records.iter().map(|record| Qualification::read(*record));
    for qualification in qualifications.filter(is_held) {
        let excluded = held.iter().find(|earlier| {
            exclude_each_other(earlier, &qualification)
                && self_link(earlier.record.node).is_none_or(|link| {
                    self_link(qualification.record.node).is_none_or(|other| link == other)
                })
        });
        if let Some(earlier) = excluded
            && let (Some(string), Some(earlier)) =
                (&qualification.type_string, &earlier.type_string)
        {
            findings
                .report(
                    string.span(),
                    format_args!(
                        "the qualifications `{earlier}` and `{string}` exclude each other"
                    ),
                )
                .label(earlier.span(), "the other qualification")
                .help("remove the qualification that does not apply");
            return;
        }
        held.push(qualification);
    }
}

fn exclude_each_other(left: &Qualification<'_>, right: &Qualification<'_>) -> bool {
    use QualificationType::{Education, GovernmentCommunityCloud, None as NoQualification};
    let (Some(left), Some(right)) = (left.qualification_type, right.qualification_type) else {
        return false;
    };
    match (left, right) {
        (NoQualification, other) | (other, NoQualification) => other != NoQualification,
        (Education, GovernmentCommunityCloud) | (GovernmentCommunityCloud, Education) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn unwrapped(text: &str) -> Option<String> {
        let document = Document::parse(text);
        let fix = unwrap_fix(document.roots().next()?)?;
        let mut text = text.to_owned();
        for edit in fix.edits.iter().rev() {
            text.replace_range(edit.span.start as usize..edit.span.end as usize, "");
        }
        Some(text)
    }

    #[test]
    fn unwraps_an_array_of_one_object() {
        for (text, expected) in [
            ("[{}]", Some("{}")),
            ("[\n  {\"a\": 1}\n]\n", Some("{\"a\": 1}\n")),
            ("[{},]", Some("{}")),
            ("[{}, {}]", None),
            ("[1]", None),
            ("[]", None),
            ("[{\"a\": 1", None),
        ] {
            assert_eq!(unwrapped(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn compares_objects_regardless_of_property_order() {
        for (left, right, is_same) in [
            (
                r#"{"a":"x","b":"y"}"#,
                r#"{ "b": "y", "a": "\u0078" }"#,
                true,
            ),
            (r#"{"a":"x","l":{"u":1}}"#, r#"{"a":"x","l":{"u":1}}"#, true),
            (r#"{"a":"x"}"#, r#"{"a":"y"}"#, false),
            (r#"{"a":"1"}"#, r#"{"a":1}"#, false),
            (r#"{"a":"x"}"#, r#"{"a":"x","b":"y"}"#, false),
        ] {
            let (left_document, right_document) = (Document::parse(left), Document::parse(right));
            let roots = (left_document.roots().next(), right_document.roots().next());
            let (Some(a), Some(b)) = roots else {
                panic!("{left} and {right} have values");
            };
            assert_eq!(is_copy(a, b), is_same, "{left} and {right}");
        }
    }
}
