//! The cursor context for completion and hover: the record around the cursor and the part of it that the
//! user is typing, in a document that may be incomplete.

use crate::document::Document;
use crate::json::{self, Kind, Member, Node};
use crate::payload::{Declared, Detector, NamedEntries, Record};
use crate::schema::SchemaView;
use crate::span::Span;

/// The position of the cursor in a record.
pub(super) struct CursorContext<'d> {
    pub(super) record: Record<'d>,
    /// The innermost object or array around the cursor.
    pub(super) container: Node<'d>,
    pub(super) target: CursorTarget<'d>,
}

/// The part of the container at the cursor. The span is what a completion replaces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum CursorTarget<'d> {
    /// The name of a property, with the property if the parser found one.
    Name(Option<Member<'d>>, Span),
    /// The value of a property.
    Value(Member<'d>, Span),
    /// An element of an array.
    Element(Span),
    /// Neither a name nor a value, for example between a value and its comma.
    None,
}

/// Returns the document at an offset, and the offset of its first byte: the whole text, or the line of JSON
/// Lines around the cursor.
pub(super) fn document_at(text: &str, cursor: u32, is_json_lines: bool) -> (&str, u32) {
    if !is_json_lines {
        return (text, 0);
    }
    let cursor = cursor as usize;
    let start = text[..cursor].rfind('\n').map_or(0, |at| at + 1);
    let end = text[cursor..]
        .find('\n')
        .map_or(text.len(), |at| cursor + at);
    (&text[start..end], start as u32)
}

/// Returns the context of a byte offset; `None` outside records.
pub(super) fn cursor_context<'d>(
    document: &'d Document<'d>,
    declared: Declared,
    detector: &Detector,
    cursor: u32,
) -> Option<CursorContext<'d>> {
    let text = document.text();
    let contains_cursor = |record: &Record<'d>| is_inside(record.node, cursor, text);
    let record = detector
        .records(document, declared, None)
        .into_iter()
        .find(contains_cursor)?;
    let mut container = record.node;
    loop {
        let step = match container.kind() {
            Kind::Object => step_into_object(container, cursor, text),
            Kind::Array => step_into_array(container, cursor, text),
            _ => Step::Target(CursorTarget::None),
        };
        match step {
            Step::Descend(inner) => container = inner,
            Step::Target(target) => {
                return Some(CursorContext {
                    record,
                    container,
                    target,
                });
            }
        }
    }
}

impl<'d> CursorContext<'d> {
    /// Returns the JSON Pointer of the container, relative to the record.
    pub(super) fn pointer(&self) -> String {
        json::pointer_to(self.record.node, self.container.span())
    }

    /// Returns what the schema of the record says about the container.
    pub(super) fn schema_view(&self) -> Option<SchemaView<'static>> {
        let schema = self.record.kind()?.definition(self.record.definition())?;
        Some(schema.view().at(&self.pointer()))
    }

    /// Returns the named entries of the record's kind, if the container is an array of them.
    pub(super) fn named_entries_in_array(&self) -> Option<&'static NamedEntries> {
        self.named_entries_at(self.pointer().rsplit('/').next()?)
    }

    /// Returns the named entries of the record's kind, if the container is one of them.
    pub(super) fn named_entries_of_element(&self) -> Option<&'static NamedEntries> {
        let pointer = self.pointer();
        let mut segments = pointer.rsplit('/');
        segments.next()?.parse::<usize>().ok()?;
        self.named_entries_at(segments.next()?)
    }

    fn named_entries_at(&self, property: &str) -> Option<&'static NamedEntries> {
        let entries = self.record.kind()?.editor_hints().named_entries?;
        (entries.property == property).then_some(entries)
    }
}

/// A step of the search for the target.
enum Step<'d> {
    /// The cursor is inside this object or array.
    Descend(Node<'d>),
    Target(CursorTarget<'d>),
}

fn step_into_object<'d>(object: Node<'d>, cursor: u32, text: &str) -> Step<'d> {
    let is_before = |property: &Member<'d>| property.name.span().start < cursor;
    let Some(property) = object.members().take_while(is_before).last() else {
        return Step::Target(CursorTarget::Name(None, token_at(text, cursor)));
    };
    let (name, value) = (property.name.span(), property.value.span());
    if cursor < name.end || cursor == name.end && !is_closed(name.of(text)) {
        return Step::Target(CursorTarget::Name(Some(property), name));
    }
    if is_inside(property.value, cursor, text) {
        return Step::Descend(property.value);
    }
    let has_colon = text[name.end as usize..cursor as usize].contains(':');
    let is_missing = value.is_empty();
    let is_past = cursor > value.end || is_missing;
    let after_value = &text[value.end.min(cursor) as usize..cursor as usize];
    Step::Target(if !has_colon {
        CursorTarget::None
    } else if is_past && after_value.contains(',') {
        CursorTarget::Name(None, token_at(text, cursor))
    } else if is_missing || cursor < value.start {
        CursorTarget::Value(property, token_at(text, cursor))
    } else if cursor <= value.end && !is_container(property.value) {
        CursorTarget::Value(property, value)
    } else {
        CursorTarget::None
    })
}

fn step_into_array<'d>(array: Node<'d>, cursor: u32, text: &str) -> Step<'d> {
    let is_before = |element: &Node<'d>| element.span().start < cursor;
    let Some(element) = array.elements().take_while(is_before).last() else {
        return Step::Target(CursorTarget::Element(token_at(text, cursor)));
    };
    if is_inside(element, cursor, text) {
        return Step::Descend(element);
    }
    let span = element.span();
    let after_element = &text[span.end.min(cursor) as usize..cursor as usize];
    Step::Target(if after_element.contains(',') {
        CursorTarget::Element(token_at(text, cursor))
    } else if cursor <= span.end && !is_container(element) {
        CursorTarget::Element(span)
    } else {
        CursorTarget::None
    })
}

fn is_container(node: Node<'_>) -> bool {
    matches!(node.kind(), Kind::Object | Kind::Array)
}

/// Whether the cursor is between the brackets of an object or array. The closing one may be missing.
fn is_inside(node: Node<'_>, cursor: u32, text: &str) -> bool {
    let span = node.span();
    let closing = match node.kind() {
        Kind::Object => '}',
        Kind::Array => ']',
        _ => return false,
    };
    let is_unclosed = !span.of(text).ends_with(closing) || span.len() < 2;
    // The span of an unclosed container ends with its last value, but the whitespace after that value is
    // inside the container too.
    let end = match is_unclosed {
        true => text.len() as u32 + 1,
        false => span.end,
    };
    span.start < cursor && cursor < end
}

/// Whether the source of a name or string ends with a closing quote.
fn is_closed(source: &str) -> bool {
    source.len() > 1 && source.ends_with(['"', '\'', '\u{201d}'])
}

/// Returns the span of the characters around the cursor that can be part of a name or scalar; empty if
/// there are none.
fn token_at(text: &str, cursor: u32) -> Span {
    let (before, after) = text.split_at(cursor as usize);
    let is_token = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$' | '"');
    let start = before.trim_end_matches(is_token).len();
    let len_after = after.len() - after.trim_start_matches(is_token).len();
    Span::new(start as u32, cursor + len_after as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::order::ORDER;
    use crate::registry::Registry;

    /// Describes the target at the `|` of a text.
    fn target_at(text: &str) -> String {
        let cursor = text.find('|').expect("a cursor") as u32;
        let text = text.replace('|', "");
        let document = Document::parse(&text);
        let registry = Registry::built_in();
        let declared = Declared {
            kind: Some(&ORDER),
            form: None,
        };
        let Some(context) = cursor_context(&document, declared, registry.detector(), cursor) else {
            return "outside".into();
        };
        let pointer = context.pointer();
        match context.target {
            CursorTarget::Name(_, span) => format!("name {pointer} {:?}", span.of(&text)),
            CursorTarget::Value(property, span) => {
                let name = property.name_text();
                format!("value {pointer} {name} {:?}", span.of(&text))
            }
            CursorTarget::Element(span) => format!("element {pointer} {:?}", span.of(&text)),
            CursorTarget::None => "none".into(),
        }
    }

    #[test]
    fn finds_the_target_in_incomplete_documents() {
        for (text, target) in [
            ("{|}", r#"name  """#),
            ("{ \"na|", r#"name  "\"na""#),
            ("{ \"a\": 1, na| }", r#"name  "na""#),
            ("{ \"a\": 1,\n  \"|\n}", r#"name  "\"""#),
            ("{ \"a\": 1, | }", r#"name  """#),
            ("{ \"a\"|: 1 }", "none"),
            ("{ \"a|\": 1 }", r#"name  "\"a\"""#),
            ("{ \"a\": | }", r#"value  a """#),
            ("{ \"a\": |, \"b\": 2 }", r#"value  a """#),
            ("{ \"a\": tr| }", r#"value  a "tr""#),
            ("{ \"a\": \"x|\n}", r#"value  a "\"x""#),
            ("{ \"a\": 1 | }", "none"),
            ("{ \"p\": [|] }", r#"element /p """#),
            ("{ \"p\": [{}, |] }", r#"element /p """#),
            ("{ \"p\": [{} |] }", "none"),
            (
                "{ \"p\": [{ \"name\": \"cust| } ] }",
                r#"value /p/0 name "\"cust""#,
            ),
            (
                "{ \"p\": [{ \"name\": \"x\", \"value\": \"|\" } ] }",
                r#"value /p/0 value "\"\"""#,
            ),
            ("{ \"p\": [", "outside"),
            ("{ \"p\": [ |", r#"element /p """#),
            ("{ \"p\": { \"q\": 1 }, | }", r#"name  """#),
            ("| {}", "outside"),
        ] {
            let text = if text.contains('|') {
                text.to_owned()
            } else {
                format!("|{text}")
            };
            assert_eq!(target_at(&text), target, "{text}");
        }
    }
}
