//! The candidates for a completion, each with samples of what it may become, for the trial.

use lsp_types::CompletionItemKind;

use super::cursor::{CursorContext, CursorTarget};
use super::schema_examples::SchemaExamples;
use super::snippet::{self, escape};
use super::trial::{Removal, Sample, Trial};
use crate::json::{Kind, Member, Node, quote, resolve};
use crate::payload::{Choice, NamedEntries, NamedEntry};
use crate::registry::Registry;
use crate::schema::{PropertyView, SchemaView};
use crate::span::Span;

/// A possible completion.
pub(super) struct Candidate {
    pub(super) label: String,
    /// What clients match the typed text against: the label, and the name of a code.
    pub(super) filter: String,
    pub(super) kind: CompletionItemKind,
    /// The name of a code, or what else the completion inserts.
    pub(super) detail: Option<String>,
    pub(super) documentation: Option<String>,
    /// What is inserted: the first that the trial admits.
    pub(super) variants: Vec<Variant>,
}

/// A text that a candidate may insert.
pub(super) struct Variant {
    /// The text, in the snippet syntax.
    pub(super) snippet: String,
    /// What the text may become. It is admitted if one of them is, or if there are none.
    samples: Vec<Sample>,
    /// What it inserts besides what the label says.
    detail: Option<String>,
}

impl Candidate {
    fn new(
        label: impl Into<String>,
        kind: CompletionItemKind,
        documentation: Option<&str>,
        variants: Vec<Variant>,
    ) -> Self {
        let label = label.into();
        Self {
            filter: label.clone(),
            label,
            kind,
            detail: None,
            documentation: documentation.map(str::to_owned),
            variants,
        }
    }

    /// Returns the snippet of the first variant that a trial admits, and sets its detail.
    pub(super) fn admitted_snippet(&mut self, trial: Option<&Trial<'_>>) -> Option<String> {
        let is_admitted = |variant: &Variant| {
            let samples = &variant.samples;
            trial.is_none_or(|trial| {
                samples.is_empty() || samples.iter().any(|sample| trial.admits(sample))
            })
        };
        let admitted = self.variants.drain(..).find(is_admitted)?;
        self.detail = admitted.detail.or(self.detail.take());
        Some(admitted.snippet)
    }
}

impl Variant {
    fn new(snippet: String, samples: Vec<Sample>) -> Self {
        Self {
            snippet,
            samples,
            detail: None,
        }
    }
}

/// Returns the templates of every kind.
pub(super) fn templates(registry: &Registry) -> Vec<Candidate> {
    let templates = snippet::templates(registry).into_iter();
    templates
        .map(|(label, snippet)| {
            let documentation = Some("A payload with placeholders for its values.");
            let variant = Variant::new(snippet, Vec::new());
            Candidate::new(
                label,
                CompletionItemKind::SNIPPET,
                documentation,
                vec![variant],
            )
        })
        .collect()
}

/// Whether a property that has a value is renamed, or one whose value is typed next.
pub(super) fn is_renamed(context: &CursorContext<'_>, source: &str) -> bool {
    let CursorTarget::Name(Some(property), _) = context.target else {
        return false;
    };
    source[property.name.span().end as usize..]
        .trim_start()
        .starts_with(':')
}

/// Returns the properties of the schema that the object does not have yet, required ones first. `current` is
/// the property that the user is typing.
pub(super) fn properties(
    context: &CursorContext<'_>,
    current: Option<Member<'_>>,
    is_renamed: bool,
) -> Vec<Candidate> {
    let Some(schema) = context.schema_view() else {
        return Vec::new();
    };
    let is_present = |name: &str| {
        let property = context.container.member(name);
        property.is_some_and(|property| Some(property) != current)
    };
    let kind = context.record.kind();
    let not_offered = kind.map_or(&[][..], |kind| kind.editor_hints().not_offered);
    let mut properties = schema.properties();
    properties
        .retain(|property| !is_present(property.name) && !not_offered.contains(&property.name));
    properties.sort_by_key(|property| !property.is_required);
    let examples = SchemaExamples::of(context);
    let entry = entry_at(context);
    let candidate = |property: &PropertyView<'_>| {
        let name = quote(property.name);
        let variant = match is_renamed {
            true => Variant::new(escape(&name), vec![Sample::exact(name)]),
            false => Variant::new(
                format!("{}: {}", escape(&name), value_snippet(&property.value)),
                match entry.map(|entry| snippet::values_of(entry, property.name)) {
                    Some(values) if !values.is_empty() => samples_of(&name, &values),
                    _ => {
                        property_samples(&name, &property.value, examples.values_of(property.name))
                    }
                },
            ),
        };
        let documentation = property.value.description();
        let kind = CompletionItemKind::PROPERTY;
        Candidate::new(property.name, kind, documentation, vec![variant])
    };
    properties.iter().map(candidate).collect()
}

/// Returns the snippet of a new value: its only choice, or a placeholder in the brackets of its type.
fn value_snippet(value: &SchemaView<'_>) -> String {
    match (&value.allowed_values()[..], value.json_type()) {
        ([only], _) => escape(&only.to_string()),
        (_, Some("string")) => "\"$1\"".into(),
        (_, Some("object")) => "{ $1 }".into(),
        (_, Some("array")) => "[$1]".into(),
        _ => "$1".into(),
    }
}

/// Returns a property with each value that the schema allows or gives as an example, or else with a value of its type,
/// which is an example of any value.
fn property_samples(name: &str, value: &SchemaView<'_>, examples: Vec<String>) -> Vec<Sample> {
    let allowed = value.allowed_values().into_iter().map(ToString::to_string);
    let values: Vec<String> = allowed.chain(examples).collect();
    if values.is_empty() {
        let any_value = match value.json_type() {
            Some("object") => "{}",
            Some("integer" | "number") => "1",
            _ => "\"x\"",
        };
        return vec![Sample::property(name, any_value)];
    }
    samples_of(name, &values)
}

/// Returns a property with each of several values.
fn samples_of(name: &str, values: &[String]) -> Vec<Sample> {
    let values = values.iter();
    values
        .map(|value| Sample::exact(format!("{name}: {value}")))
        .collect()
}

/// Returns what is known of the named entry that the container is.
pub(super) fn entry_at(context: &CursorContext<'_>) -> Option<&'static NamedEntry> {
    let entries = context.named_entries_of_element()?;
    let name = context.container.get(entries.name)?.as_text()?;
    entries.entry(&name)
}

/// Returns the values that a property may have, if the schema or the parameter enumerates them.
pub(super) fn values(context: &CursorContext<'_>, property: Member<'_>) -> Vec<Candidate> {
    let name = property.name_text();
    if let Some(entries) = context.named_entries_of_element()
        && name == entries.value
    {
        return entry_values(context, entries);
    }
    let Some(schema) = context.schema_view() else {
        return Vec::new();
    };
    choices(&schema.property(&name))
}

fn choices(value: &SchemaView<'_>) -> Vec<Candidate> {
    let choices = value.allowed_values().into_iter();
    choices
        .map(|choice| {
            let json = choice.to_string();
            let variant = Variant::new(escape(&json), vec![Sample::exact(&*json)]);
            let label = json.trim_matches('"');
            let kind = CompletionItemKind::ENUM_MEMBER;
            Candidate::new(label, kind, value.description(), vec![variant])
        })
        .collect()
}

/// Returns the text of the entry of this name in the array, if it is a string.
fn value_in(entries: &NamedEntries, array: Option<Node<'_>>, name: &str) -> Option<String> {
    let mut elements = array?.elements();
    let entry = elements.find(|entry| {
        let own_name = entry.get(entries.name).and_then(|own| own.as_text());
        own_name.is_some_and(|own| own == name)
    })?;
    Some(entry.get(entries.value)?.as_text()?.into_owned())
}

/// Returns the array that holds the entry in which the cursor is.
fn array_of_entry<'d>(context: &CursorContext<'d>) -> Option<Node<'d>> {
    let pointer = context.pointer();
    let (array, _) = pointer.rsplit_once('/')?;
    resolve(context.record.node, array)
}

fn entry_values(context: &CursorContext<'_>, entries: &NamedEntries) -> Vec<Candidate> {
    let array = array_of_entry(context);
    let list = entry_at(context).map(|entry| {
        let value_of = |other: &str| value_in(entries, array, other);
        entry.choices.list(value_of)
    });
    let candidate = |choice: Choice| {
        let json = quote(choice.value);
        let variant = Variant::new(escape(&json), vec![Sample::exact(json)]);
        let kind = CompletionItemKind::ENUM_MEMBER;
        let mut candidate = Candidate::new(choice.value, kind, None, vec![variant]);
        if let Some(name) = choice.name {
            candidate.filter = format!("{} {name}", choice.value);
            candidate.detail = Some(name.to_owned());
        }
        candidate
    };
    list.into_iter().flatten().map(candidate).collect()
}

/// Returns the entries that an array does not contain outside `current`, in their order.
fn missing_entries<'e>(
    entries: &'e NamedEntries,
    array: Option<Node<'_>>,
    current: Option<Node<'_>>,
) -> Vec<&'e NamedEntry> {
    let others = array.into_iter().flat_map(|array| array.elements());
    let others = others.filter(|other| Some(*other) != current);
    let names = others.filter_map(|other| Some(other.get(entries.name)?.as_text()?.into_owned()));
    let present: Vec<String> = names.collect();
    let is_missing = |entry: &&NamedEntry| !present.iter().any(|name| name == entry.name);
    entries.entries.iter().filter(is_missing).collect()
}

/// The name of an entry that is completed.
pub(super) struct EntryName<'d> {
    entries: &'static NamedEntries,
    entry: Node<'d>,
    array: Option<Node<'d>>,
    /// Whether the entry has a value.
    has_value: bool,
    /// The entry, if it has nothing but its name. Then samples replace all of it.
    pub(super) whole: Option<Span>,
    pub(super) removal: Removal,
}

impl<'d> EntryName<'d> {
    /// Returns the name at the cursor; `None` if the property is not the name of an entry.
    pub(super) fn at(
        context: &CursorContext<'d>,
        property: Member<'_>,
        source: &str,
    ) -> Option<Self> {
        let entries = context.named_entries_of_element()?;
        if property.name_text() != entries.name {
            return None;
        }
        let (entry, array) = (context.container, array_of_entry(context));
        let is_empty = |value: Node<'_>| value.kind() == Kind::Null || value.is_empty_text();
        let has_value = entry
            .members()
            .any(|member| member.name_text() != entries.name && !is_empty(member.value));
        let is_closed = !entry.has_errors() && entry.span().of(source).ends_with('}');
        let whole = (!has_value && is_closed).then(|| entry.span());
        let is_only = array.is_none_or(|array| array.child_count() < 2);
        Some(Self {
            entries,
            entry,
            array,
            has_value,
            whole,
            // The first entry of a list cannot make the list complete by itself.
            removal: match whole.filter(|_| !is_only) {
                Some(whole) => Removal::Part(whole),
                None => Removal::None,
            },
        })
    }

    /// Returns the names that the entry may have. Where not every finding counts, the entries that belong together
    /// are expected to be typed next.
    pub(super) fn candidates(&self, is_strict: bool) -> Vec<Candidate> {
        let missing = missing_entries(self.entries, self.array, Some(self.entry));
        let candidate = |entry: &&NamedEntry| {
            let name = quote(entry.name);
            let others = match is_strict {
                true => Vec::new(),
                false => needed_with(entry, &missing),
            };
            let samples = match (self.has_value, self.whole) {
                (true, _) => vec![Sample::exact(&*name)],
                (false, Some(_)) => snippet::entry_samples(entry, &others),
                (false, None) => snippet::entry_samples_without_braces(entry),
            };
            let variant = Variant::new(escape(&name), samples);
            let kind = CompletionItemKind::ENUM_MEMBER;
            Candidate::new(entry.name, kind, Some(entry.summary), vec![variant])
        };
        missing.iter().map(candidate).collect()
    }
}

/// Returns the missing entries without which an entry is incomplete.
fn needed_with<'e>(entry: &NamedEntry, missing: &[&'e NamedEntry]) -> Vec<&'e NamedEntry> {
    let is_needed = |other: &&&NamedEntry| {
        other.name != entry.name && entry.together_with.contains(&other.name)
    };
    missing.iter().filter(is_needed).copied().collect()
}

/// Returns the elements that an array may contain: named entries, or the values that the schema enumerates.
pub(super) fn elements(context: &CursorContext<'_>) -> Vec<Candidate> {
    if let Some(entries) = context.named_entries_in_array() {
        return entry_elements(entries, context.container);
    }
    let Some(schema) = context.schema_view() else {
        return Vec::new();
    };
    choices(&schema.element())
}

fn entry_elements(entries: &NamedEntries, array: Node<'_>) -> Vec<Candidate> {
    let missing = missing_entries(entries, Some(array), None);
    let bundles = entries.bundles.iter().filter(|_| array.child_count() == 0);
    let bundles = bundles.map(|bundle| {
        let sample = snippet::bundle_sample(bundle, entries);
        let variant = Variant::new(snippet::bundle(bundle, entries, &mut 1), vec![sample]);
        let kind = CompletionItemKind::SNIPPET;
        Candidate::new(bundle.label, kind, Some(bundle.description), vec![variant])
    });
    let single = missing.iter().map(|entry| {
        let others = needed_with(entry, &missing);
        let mut variants = vec![entry_variant(entry, &[])];
        if !others.is_empty() {
            variants.push(entry_variant(entry, &others));
        }
        let kind = CompletionItemKind::STRUCT;
        Candidate::new(entry.name, kind, Some(entry.summary), variants)
    });
    bundles.chain(single).collect()
}

/// Returns the variant that inserts an entry together with others.
fn entry_variant(entry: &NamedEntry, others: &[&NamedEntry]) -> Variant {
    let mut next = 1;
    let mut snippet = snippet::entry(entry, None, &mut next);
    for other in others {
        snippet += ", ";
        snippet += &snippet::entry(other, None, &mut next);
    }
    let names: Vec<&str> = others.iter().map(|other| other.name).collect();
    Variant {
        snippet,
        samples: snippet::entry_samples(entry, others),
        detail: (!names.is_empty()).then(|| format!("with {}", names.join(", "))),
    }
}
