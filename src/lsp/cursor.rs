//! Where in a half-typed text somebody is: in which record, and at what of it.

use crate::document::Document;
use crate::json::{self, Kind, Member, Node};
use crate::payload::{Record, Stated, records};
use crate::schema::{Outline, embedded};
use crate::span::Span;

/// The place of a cursor in a record.
pub(super) struct Place<'d> {
    pub(super) record: Record<'d>,
    /// The innermost container around the cursor.
    pub(super) container: Node<'d>,
    pub(super) slot: Slot<'d>,
}

/// What stands, or can be put, at a cursor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Slot<'d> {
    /// A member, by its name: one that is there, or what is written of it.
    Name(Option<Member<'d>>, Span),
    /// The value of a member, or what is written of it.
    Value(Member<'d>, Span),
    /// An element of a list, or what is written of it.
    Element(Span),
    /// Nothing: between a value and the comma behind it, say.
    Nothing,
}

/// The documents in a text: the whole of it, or its lines; those around the cursor, with where each
/// begins.
pub(super) fn text_around(text: &str, cursor: u32, is_by_lines: bool) -> (&str, u32) {
    if !is_by_lines {
        return (text, 0);
    }
    let cursor = cursor as usize;
    let start = text[..cursor].rfind('\n').map_or(0, |at| at + 1);
    let end = text[cursor..]
        .find('\n')
        .map_or(text.len(), |at| cursor + at);
    (&text[start..end], start as u32)
}

/// The place of byte `cursor` in a document, if it is in a record.
pub(super) fn place_in<'d>(
    document: &'d Document<'d>,
    stated: Stated,
    cursor: u32,
) -> Option<Place<'d>> {
    let is_around = |record: &Record<'d>| is_inside(record.node, cursor, document.text());
    let record = records(document, stated, None)
        .into_iter()
        .find(is_around)?;
    let mut container = record.node;
    let text = document.text();
    loop {
        let found = match container.kind() {
            Kind::Object => in_object(container, cursor, text),
            Kind::Array => in_array(container, cursor, text),
            _ => Found::Slot(Slot::Nothing),
        };
        match found {
            Found::Within(inner) => container = inner,
            Found::Slot(slot) => {
                return Some(Place {
                    record,
                    container,
                    slot,
                });
            }
        }
    }
}

impl<'d> Place<'d> {
    /// The JSON Pointer of the container, from the record.
    pub(super) fn pointer(&self) -> String {
        json::pointer_to(self.record.node, self.container.span())
    }

    /// What the record's schema says of the container.
    pub(super) fn outline(&self) -> Option<Outline<'static>> {
        let schema = embedded(self.record.kind()?, self.record.definition())?;
        Some(schema.outline().at(&self.pointer()))
    }
}

enum Found<'d> {
    Within(Node<'d>),
    Slot(Slot<'d>),
}

fn in_object<'d>(object: Node<'d>, cursor: u32, text: &str) -> Found<'d> {
    let before = |member: &Member<'d>| member.name.span().start < cursor;
    let Some(member) = object.members().take_while(before).last() else {
        return Found::Slot(Slot::Name(None, word_at(text, cursor)));
    };
    let (name, value) = (member.name.span(), member.value.span());
    if cursor < name.end || cursor == name.end && !is_closed(name.of(text)) {
        return Found::Slot(Slot::Name(Some(member), name));
    }
    if is_inside(member.value, cursor, text) {
        return Found::Within(member.value);
    }
    let has_colon = text[name.end as usize..cursor as usize].contains(':');
    let is_unwritten = value.is_empty();
    let is_past = cursor > value.end || is_unwritten;
    let behind = &text[value.end.min(cursor) as usize..cursor as usize];
    Found::Slot(if !has_colon {
        Slot::Nothing
    } else if is_past && behind.contains(',') {
        Slot::Name(None, word_at(text, cursor))
    } else if is_unwritten || cursor < value.start {
        Slot::Value(member, word_at(text, cursor))
    } else if cursor <= value.end && !is_container(member.value) {
        Slot::Value(member, value)
    } else {
        Slot::Nothing
    })
}

fn in_array<'d>(array: Node<'d>, cursor: u32, text: &str) -> Found<'d> {
    let before = |element: &Node<'d>| element.span().start < cursor;
    let Some(element) = array.elements().take_while(before).last() else {
        return Found::Slot(Slot::Element(word_at(text, cursor)));
    };
    if is_inside(element, cursor, text) {
        return Found::Within(element);
    }
    let span = element.span();
    let behind = &text[span.end.min(cursor) as usize..cursor as usize];
    Found::Slot(if behind.contains(',') {
        Slot::Element(word_at(text, cursor))
    } else if cursor <= span.end && !is_container(element) {
        Slot::Element(span)
    } else {
        Slot::Nothing
    })
}

fn is_container(node: Node<'_>) -> bool {
    matches!(node.kind(), Kind::Object | Kind::Array)
}

/// Whether a cursor is between the brackets of a container, of which the last may be missing.
fn is_inside(node: Node<'_>, cursor: u32, text: &str) -> bool {
    let span = node.span();
    let closing = match node.kind() {
        Kind::Object => '}',
        Kind::Array => ']',
        _ => return false,
    };
    let is_open = !span.of(text).ends_with(closing) || span.len() < 2;
    // What was left open ends with its last value; the blanks behind are in it too.
    let end = match is_open {
        true => text.len() as u32 + 1,
        false => span.end,
    };
    span.start < cursor && cursor < end
}

/// Whether a name or a string as it is written has its closing quote.
fn is_closed(written: &str) -> bool {
    written.len() > 1 && written.ends_with(['"', '\'', '\u{201d}'])
}

/// The letters around a cursor where no value was read.
fn word_at(text: &str, cursor: u32) -> Span {
    let at = cursor as usize;
    let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$' | '"');
    let before = text[..at].trim_end_matches(is_of_word).len();
    let behind = text[at..].len() - text[at..].trim_start_matches(is_of_word).len();
    Span::new(before as u32, (at + behind) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::PayloadKind;

    /// The slot at the bar of a text, in words.
    fn slot_at(text: &str) -> String {
        let cursor = text.find('|').expect("a bar") as u32;
        let text = text.replace('|', "");
        let document = Document::parse(&text);
        let stated = Stated {
            kind: Some(PayloadKind::Order),
            form: None,
        };
        let Some(place) = place_in(&document, stated, cursor) else {
            return "nowhere".into();
        };
        let pointer = place.pointer();
        match place.slot {
            Slot::Name(_, span) => format!("name {pointer} {:?}", span.of(&text)),
            Slot::Value(member, span) => {
                format!(
                    "value {pointer} {} {:?}",
                    member.name_text(),
                    span.of(&text)
                )
            }
            Slot::Element(span) => format!("element {pointer} {:?}", span.of(&text)),
            Slot::Nothing => "nothing".into(),
        }
    }

    #[test]
    fn half_typed_texts_have_places() {
        for (text, slot) in [
            ("{|}", r#"name  """#),
            ("{ \"na|", r#"name  "\"na""#),
            ("{ \"a\": 1, na| }", r#"name  "na""#),
            ("{ \"a\": 1,\n  \"|\n}", r#"name  "\"""#),
            ("{ \"a\": 1, | }", r#"name  """#),
            ("{ \"a\"|: 1 }", "nothing"),
            ("{ \"a|\": 1 }", r#"name  "\"a\"""#),
            ("{ \"a\": | }", r#"value  a """#),
            ("{ \"a\": |, \"b\": 2 }", r#"value  a """#),
            ("{ \"a\": tr| }", r#"value  a "tr""#),
            ("{ \"a\": \"x|\n}", r#"value  a "\"x""#),
            ("{ \"a\": 1 | }", "nothing"),
            ("{ \"p\": [|] }", r#"element /p """#),
            ("{ \"p\": [{}, |] }", r#"element /p """#),
            ("{ \"p\": [{} |] }", "nothing"),
            (
                "{ \"p\": [{ \"name\": \"cust| } ] }",
                r#"value /p/0 name "\"cust""#,
            ),
            (
                "{ \"p\": [{ \"name\": \"x\", \"value\": \"|\" } ] }",
                r#"value /p/0 value "\"\"""#,
            ),
            ("{ \"p\": [", "nowhere"),
            ("{ \"p\": [ |", r#"element /p """#),
            ("{ \"p\": { \"q\": 1 }, | }", r#"name  """#),
            ("| {}", "nowhere"),
        ] {
            let text = if text.contains('|') {
                text.to_owned()
            } else {
                format!("|{text}")
            };
            assert_eq!(slot_at(&text), slot, "{text}");
        }
    }
}
