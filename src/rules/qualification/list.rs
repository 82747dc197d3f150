//! Qualifications in a list: where one belongs, and where one does not; and the same one twice.

use std::borrow::Cow;

use crate::finding::{Edit, Fix, Level};
use crate::json::{Kind, Node};
use crate::payload::qualification::Qualification;
use crate::payload::{Form, Record};
use crate::rule::{Check, Findings, Rule};
use crate::span::Span;

pub(in crate::rules) static WRONG_ROOT: Rule = Rule {
    id: "qualification/wrong-root",
    level: Level::Error,
    page: include_str!("../../../rules/qualification/wrong-root.md"),
    check: Check::Qualifications(|records, _, findings| {
        for (list, inside) in lists(records) {
            judge_list(list, inside, findings);
        }
        for record in records.iter().filter(|record| record.list.is_none()) {
            judge_lone(record, findings);
        }
    }),
};

/// The lists of a document that hold records, each with those that it holds.
fn lists<'r, 'd>(records: &'r [Record<'d>]) -> impl Iterator<Item = (Node<'d>, &'r [Record<'d>])> {
    records
        .chunk_by(|left, right| list_of(left) == list_of(right))
        .filter_map(|inside| Some((list_of(inside.first()?)?, inside)))
}

fn list_of<'d>(record: &Record<'d>) -> Option<Node<'d>> {
    record.list.map(|(list, _)| list)
}

/// Reports a list that is the whole payload and holds a request.
fn judge_list(list: Node<'_>, inside: &[Record<'_>], findings: &mut Findings<'_>) {
    let is_request = |record: &&Record<'_>| Qualification::read(**record).is_request();
    let Some(request) = inside.iter().find(is_request) else {
        return;
    };
    // In an envelope the list is where it belongs.
    if request.document.root_at(list.span()) != Some(list) {
        return;
    }
    let finding = findings.report(
        list.opening(),
        "a request is one object, and this is an array",
    );
    let qualification = Qualification::read(*request);
    let sign = qualification.request_members().next();
    if let Some((_, member)) = sign.filter(|_| !request.is_form_stated) {
        finding.label(member.name.span(), "only a request has this");
    }
    match unwrapped(list) {
        Some(fix) => finding.fix(fix),
        None => finding.help("send each qualification as a request of its own"),
    };
}

/// The fix that leaves an array's only element.
fn unwrapped(array: Node<'_>) -> Option<Fix> {
    let element = array.elements().next()?;
    let is_sound = array.child_count() == 1
        && element.kind() == Kind::Object
        && !array.has_errors()
        && !element.has_errors();
    let (outer, inner) = (array.span(), element.span());
    is_sound.then(|| {
        let edits = vec![
            Edit::remove(Span::new(outer.start, inner.start)),
            Edit::remove(Span::new(inner.end, outer.end)),
        ];
        Fix::safe("take the array around it away", edits)
    })
}

/// Reports an object that stands alone where a GET has asked for all there are.
fn judge_lone(record: &Record<'_>, findings: &mut Findings<'_>) {
    let is_asked_for_all = record.document.preamble().is_some_and(|head| head.is_get);
    let object = record.node;
    if !is_asked_for_all || record.form != Form::Response || object.kind() != Kind::Object {
        return;
    }
    let finding = findings.report(
        object.opening(),
        "the answer to GET is an array, and this is an object",
    );
    if object.has_errors() {
        finding.help("put the object into an array");
        return;
    }
    let edits = vec![
        Edit::insert(object.span().start, "["),
        Edit::insert(object.span().end, "]"),
    ];
    finding.fix(Fix::unsafe_("put an array around it", edits));
}

pub(in crate::rules) static DUPLICATE: Rule = Rule {
    id: "qualification/duplicate-qualification",
    level: Level::Warning,
    page: include_str!("../../../rules/qualification/duplicate-qualification.md"),
    check: Check::Qualifications(|records, _, findings| {
        for (_, inside) in lists(records) {
            judge_repeats(inside, findings);
        }
    }),
};

fn judge_repeats(inside: &[Record<'_>], findings: &mut Findings<'_>) {
    let mut firsts: Vec<Qualification<'_>> = Vec::new();
    for (place, record) in inside.iter().enumerate() {
        let qualification = Qualification::read(*record);
        let Some(standing) = qualification.standing else {
            continue;
        };
        let known = firsts.iter().find(|first| {
            let (first_address, address) = (address(first.record.node), address(record.node));
            let is_others =
                first_address.is_some() && address.is_some() && first_address != address;
            first.standing == Some(standing) && !is_others
        });
        let Some(first) = known else {
            firsts.push(qualification);
            continue;
        };
        let (Some(word), Some(first_word)) = (&qualification.word, &first.word) else {
            continue;
        };
        let finding = findings.report(
            word.span(),
            format_args!("`{}` stands twice in this list", standing.name()),
        );
        finding.label(first_word.span(), "first here");
        let copy = element_before(inside, place)
            .filter(|_| is_copy(first.record.node, record.node))
            // The comma between them goes too.
            .map(|before| Span::new(before.span().end, record.node.span().end));
        match copy {
            Some(copy) => finding.fix(Fix::unsafe_("remove the copy", vec![Edit::remove(copy)])),
            None => finding.help("keep the one that counts"),
        };
    }
}

/// Where the service keeps the qualification, which names the customer.
fn address(node: Node<'_>) -> Option<Cow<'_, str>> {
    node.get("links")?.get("self")?.get("uri")?.as_text()
}

/// The element of the list before one of the records inside, of whatever kind it is.
fn element_before<'d>(inside: &[Record<'d>], place: usize) -> Option<Node<'d>> {
    let (list, own) = inside.get(place)?.list?;
    let wanted = own.checked_sub(1)?;
    // Mostly the neighbour is it, and a long list is not walked for each of its elements.
    let neighbour = inside.get(place.checked_sub(1)?)?;
    match neighbour.list {
        Some((_, found)) if found == wanted => Some(neighbour.node),
        _ => list.elements().nth(wanted),
    }
}

/// Whether two objects have the same members, in any order.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn mended(text: &str) -> Option<String> {
        let document = Document::parse(text);
        let fix = unwrapped(document.roots().next()?)?;
        let mut text = text.to_owned();
        for edit in fix.edits.iter().rev() {
            text.replace_range(edit.span.start as usize..edit.span.end as usize, "");
        }
        Some(text)
    }

    #[test]
    fn an_array_is_taken_away_around_a_single_object() {
        for (text, left) in [
            ("[{}]", Some("{}")),
            ("[\n  {\"a\": 1}\n]\n", Some("{\"a\": 1}\n")),
            ("[{},]", Some("{}")),
            ("[{}, {}]", None),
            ("[1]", None),
            ("[]", None),
            ("[{\"a\": 1", None),
        ] {
            assert_eq!(mended(text).as_deref(), left, "{text}");
        }
    }

    #[test]
    fn copies_have_the_same_members_in_any_order() {
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
