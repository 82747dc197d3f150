//! What could be put at a place of a half-typed text: members and values that the schema knows, and
//! the parameters of an order.

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, InsertTextFormat,
    MarkupContent, Position, TextEdit,
};

use super::client::ClientCapabilities;
use super::cursor::{Place, Slot, place_in, text_around};
use super::document::{DocumentChecker, DocumentKind};
use super::position::PositionMapper;
use super::snippet::{self, escaped, without_places};
use crate::document::Document;
use crate::json::{Kind, Member, Node, quote};
use crate::payload::PayloadKind;
use crate::payload::parameter::Parameter;
use crate::schema::Outline;
use crate::span::Span;

/// A text to be completed.
pub(super) struct Completer<'a> {
    pub(super) subject: &'a DocumentChecker<'a>,
    pub(super) client: &'a ClientCapabilities,
    pub(super) places: &'a PositionMapper<'a>,
    pub(super) text: &'a str,
}

/// One thing that could be put.
struct Candidate {
    label: String,
    kind: CompletionItemKind,
    words: Option<String>,
    /// What is put, with places to fill in written as `$1` and `${1:words}`.
    snippet: String,
}

/// Where it would be put.
struct ReplaceRange {
    span: Span,
    /// Whether a comma has to be put behind.
    lacks_comma: bool,
}

impl Completer<'_> {
    /// What could be put at a place.
    pub(super) fn complete(&self, position: Position) -> Vec<CompletionItem> {
        let cursor = self.places.byte(position);
        let is_by_lines = self.subject.holds == DocumentKind::Lines;
        let (part, start) = text_around(self.text, cursor, is_by_lines);
        let document = Document::parse(part);
        let place = match self.subject.holds {
            DocumentKind::Settings => None,
            _ => place_in(&document, self.subject.stated(), cursor - start),
        };
        let Some(place) = place else {
            return self.begin(cursor, part);
        };
        let (span, proposals) = match place.slot {
            Slot::Name(None, span) if is_nothing_yet(&place) => (span, members_of_beginnings()),
            Slot::Name(member, span) => (span, names(&place, member, part)),
            Slot::Value(member, span) => (span, values(&place, member)),
            Slot::Element(span) => (span, elements(&place)),
            Slot::Nothing => return Vec::new(),
        };
        let has_value =
            matches!(place.slot, Slot::Name(Some(member), _) if has_colon(member, part));
        let lacks_comma = !has_value && is_followed(place.container, &part[span.end as usize..]);
        let span = self.tail_aside(span, cursor - start, part);
        let span = on_line_of(cursor - start, span, part);
        let opening = ReplaceRange {
            span: span.shifted(start),
            lacks_comma,
        };
        self.items(proposals, &opening)
    }

    /// What an empty text, or a line of one, could become.
    fn begin(&self, cursor: u32, part: &str) -> Vec<CompletionItem> {
        if self.subject.holds == DocumentKind::Settings || !part.trim().is_empty() {
            return Vec::new();
        }
        let opening = ReplaceRange {
            span: Span::empty(cursor),
            lacks_comma: false,
        };
        let mut whole = members_of_beginnings();
        for proposal in &mut whole {
            proposal.snippet = format!("{{{}}}", proposal.snippet);
        }
        self.items(whole, &opening)
    }

    /// The part of what is written that is to be replaced: a string that was never closed goes on to
    /// the end of its line, and what stands behind the cursor there is not meant.
    fn tail_aside(&self, span: Span, cursor: u32, part: &str) -> Span {
        let written = span.of(part);
        let is_open = written.starts_with('"') && (written.len() == 1 || !written.ends_with('"'));
        match is_open && cursor > span.start {
            true => Span::new(span.start, cursor),
            false => span,
        }
    }

    /// Proposals in their order, as the protocol has them.
    fn items(&self, proposals: Vec<Candidate>, opening: &ReplaceRange) -> Vec<CompletionItem> {
        let numbered = proposals.into_iter().enumerate();
        numbered
            .map(|(rank, proposal)| self.item(proposal, rank, opening))
            .collect()
    }

    fn item(&self, proposal: Candidate, rank: usize, opening: &ReplaceRange) -> CompletionItem {
        let comma = if opening.lacks_comma { "," } else { "" };
        let text = match self.client.takes_snippets {
            true => format!("{}{comma}", proposal.snippet),
            false => format!("{}{comma}", without_places(&proposal.snippet)),
        };
        let format = match self.client.takes_snippets {
            true => InsertTextFormat::SNIPPET,
            false => InsertTextFormat::PLAIN_TEXT,
        };
        let written = opening.span.of(self.text);
        // Clients compare what is written with this, so it begins as that does.
        let filter = match written.starts_with('"') {
            true => quote(&proposal.label),
            false => proposal.label.clone(),
        };
        CompletionItem {
            label: proposal.label,
            kind: Some(proposal.kind),
            documentation: proposal.words.map(|value| {
                match self.client.words_of_completion.clone() {
                    Some(kind) => Documentation::MarkupContent(MarkupContent { kind, value }),
                    None => Documentation::String(value),
                }
            }),
            sort_text: Some(format!("{rank:03}")),
            filter_text: Some(filter),
            insert_text_format: Some(format),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(
                self.places.range(opening.span),
                text,
            ))),
            ..CompletionItem::default()
        }
    }
}

/// The part of a span on the line of a cursor in it: no client takes more.
fn on_line_of(cursor: u32, span: Span, text: &str) -> Span {
    let is_break = |c: char| c == '\n' || c == '\r';
    let (before, behind) = text.split_at(cursor as usize);
    let start = before.rfind(is_break).map_or(0, |at| at as u32 + 1);
    let end = behind
        .find(is_break)
        .map_or(text.len(), |at| cursor as usize + at);
    Span::new(span.start.max(start), span.end.min(end as u32))
}

/// Whether a place is in an object of which nothing is known, since nothing is in it.
fn is_nothing_yet(place: &Place<'_>) -> bool {
    let record = &place.record;
    record.kind().is_none() && place.container == record.node && record.node.child_count() == 0
}

fn members_of_beginnings() -> Vec<Candidate> {
    let proposal = |(name, snippet): (&str, String)| Candidate {
        label: name.to_owned(),
        kind: CompletionItemKind::SNIPPET,
        words: Some("A payload to be filled in.".into()),
        snippet,
    };
    snippet::beginnings().map(proposal).into()
}

/// Members that the object does not have yet, those that have to be there first.
fn names(place: &Place<'_>, written: Option<Member<'_>>, text: &str) -> Vec<Candidate> {
    let Some(outline) = place.outline() else {
        return Vec::new();
    };
    let is_there = |name: &str| {
        let member = place.container.member(name);
        member.is_some_and(|member| Some(member) != written)
    };
    let mut slots = outline.members();
    slots.retain(|slot| !is_there(slot.name));
    slots.sort_by_key(|slot| !slot.is_required);
    let has_value = written.is_some_and(|member| has_colon(member, text));
    let propose = |slot: &crate::schema::Slot<'_>| Candidate {
        label: slot.name.to_owned(),
        kind: CompletionItemKind::PROPERTY,
        words: slot.value.description().map(str::to_owned),
        snippet: match has_value {
            true => escaped(&quote(slot.name)),
            false => format!("{}: {}", escaped(&quote(slot.name)), blank_of(&slot.value)),
        },
    };
    slots.iter().map(propose).collect()
}

/// Whether a member has its colon, so that a value is there or will come.
fn has_colon(member: Member<'_>, text: &str) -> bool {
    text[member.name.span().end as usize..]
        .trim_start()
        .starts_with(':')
}

/// A value to be filled in.
fn blank_of(value: &Outline<'_>) -> String {
    match (&value.choices()[..], value.kind()) {
        ([only], _) => escaped(&only.to_string()),
        (_, Some("string")) => "\"$1\"".into(),
        (_, Some("object")) => "{ $1 }".into(),
        (_, Some("array")) => "[$1]".into(),
        _ => "$1".into(),
    }
}

/// Values of a member that are few.
fn values(place: &Place<'_>, member: Member<'_>) -> Vec<Candidate> {
    let name = member.name_text();
    if is_order_parameter(place) {
        let parameter = place.container.get("name").and_then(|name| name.as_text());
        match &*name {
            "name" => return parameter_names(place),
            "value" => {
                let named = parameter.and_then(|name| Parameter::named(&name));
                let choices = named.map_or(&[][..], Parameter::choices);
                return choices
                    .iter()
                    .map(|choice| value_of(quote(choice), None))
                    .collect();
            }
            _ => {}
        }
    }
    let Some(outline) = place.outline() else {
        return Vec::new();
    };
    let value = outline.member(&name);
    let choices = value.choices().into_iter();
    choices
        .map(|choice| value_of(choice.to_string(), value.description()))
        .collect()
}

fn value_of(written: String, words: Option<&str>) -> Candidate {
    Candidate {
        label: written.trim_matches('"').to_owned(),
        kind: CompletionItemKind::ENUM_MEMBER,
        words: words.map(str::to_owned),
        snippet: escaped(&written),
    }
}

/// Whether the object at a place is an entry in the parameters of an order's line.
fn is_order_parameter(place: &Place<'_>) -> bool {
    let pointer = place.pointer();
    let mut segments = pointer.rsplit('/');
    let is_element = segments
        .next()
        .is_some_and(|last| last.parse::<usize>().is_ok());
    is_element && is_parameters(place, segments.next())
}

fn is_parameters(place: &Place<'_>, name: Option<&str>) -> bool {
    place.record.kind() == Some(PayloadKind::Order) && name == Some("parameters")
}

/// The parameters that a list does not have yet, those that a new tenant needs first.
fn missing_parameters(list: Option<Node<'_>>, entry: Option<Node<'_>>) -> Vec<Parameter> {
    let others = list.into_iter().flat_map(|list| list.elements());
    let others = others.filter(|other| Some(*other) != entry);
    let names = others.filter_map(|other| Some(other.get("name")?.as_text()?.into_owned()));
    let there: Vec<String> = names.collect();
    let mut all = Parameter::FOR_NEW_TENANT.to_vec();
    let rest = Parameter::ALL.iter().filter(|known| !all.contains(known));
    let rest: Vec<Parameter> = rest.copied().collect();
    all.extend(rest);
    all.retain(|parameter| !there.iter().any(|name| name == parameter.name()));
    all
}

fn parameter_names(place: &Place<'_>) -> Vec<Candidate> {
    let pointer = place.pointer();
    let list = pointer.rsplit_once('/').map_or("", |(list, _)| list);
    let list = crate::json::resolve(place.record.node, list);
    let missing = missing_parameters(list, Some(place.container));
    let propose = |parameter: Parameter| Candidate {
        label: parameter.name().to_owned(),
        kind: CompletionItemKind::ENUM_MEMBER,
        words: Some(parameter.summary().to_owned()),
        snippet: escaped(&quote(parameter.name())),
    };
    missing.into_iter().map(propose).collect()
}

/// What a list could hold: whole parameters, or an element of the kind that the schema says.
fn elements(place: &Place<'_>) -> Vec<Candidate> {
    if is_parameters(place, place.pointer().rsplit('/').next()) {
        let missing = missing_parameters(Some(place.container), None);
        let mut proposals: Vec<Candidate> = missing.iter().map(|it| whole_parameter(*it)).collect();
        if place.container.child_count() == 0 {
            let label = "all that a new tenant needs";
            proposals.insert(
                0,
                Candidate {
                    label: label.into(),
                    kind: CompletionItemKind::SNIPPET,
                    words: Some("The parameters of a line that makes a new tenant.".into()),
                    snippet: snippet::all_for_new_tenant(&mut 1),
                },
            );
        }
        return proposals;
    }
    let Some(outline) = place.outline() else {
        return Vec::new();
    };
    let element = outline.element();
    let choices = element.choices().into_iter();
    choices
        .map(|choice| value_of(choice.to_string(), element.description()))
        .collect()
}

fn whole_parameter(parameter: Parameter) -> Candidate {
    Candidate {
        label: parameter.name().to_owned(),
        kind: CompletionItemKind::STRUCT,
        words: Some(parameter.summary().to_owned()),
        snippet: snippet::entry(parameter, &mut 1),
    }
}

/// Whether something of the same container follows, so that a comma has to stand between.
fn is_followed(container: Node<'_>, behind: &str) -> bool {
    let next = behind.trim_start().chars().next();
    next.is_some_and(|next| match container.kind() {
        // What begins with a bracket is no member: the object has not been closed yet.
        Kind::Object => !matches!(next, ',' | ':' | '{' | '}' | '[' | ']'),
        _ => !matches!(next, ',' | ':' | '}' | ']'),
    })
}
