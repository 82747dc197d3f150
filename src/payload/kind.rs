//! What one kind of payload is, as a value: its schema, how it is detected, the envelopes around its records,
//! what names a record, and what an editor offers.

use std::fmt;
use std::str::FromStr;

use super::editor_hints::EditorHints;
use super::envelope_format::EnvelopeFormat;
use super::evidence::Evidence;
use crate::json::Node;
use crate::schema::{EmbeddedSchema, Schema};

/// The direction in which a payload travels, and the purpose of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// To the platform.
    Request,
    /// From the platform.
    Response,
    /// To the platform, which answers with prices.
    Estimate,
    /// To the platform, which only validates it.
    Validation,
    /// To the marketplace rather than to the vendor, where the two take different payloads.
    Marketplace,
}

impl Form {
    /// Every form.
    pub const ALL: [Form; 5] = [
        Form::Request,
        Form::Response,
        Form::Estimate,
        Form::Validation,
        Form::Marketplace,
    ];

    /// The form's name, such as `request`.
    pub fn as_str(self) -> &'static str {
        match self {
            Form::Request => "request",
            Form::Response => "response",
            Form::Estimate => "estimate",
            Form::Validation => "validation",
            Form::Marketplace => "marketplace",
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Form {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Form::ALL
            .into_iter()
            .find(|form| form.as_str() == name)
            .ok_or(())
    }
}

/// A kind of payload. One static value describes it completely; a [`Registry`](crate::registry::Registry)
/// makes it known to the engine, the outputs, the command line and the editor.
///
/// ```
/// use countersign::payload::{Evidence, Kind};
///
/// static TICKET: Kind = Kind::new("ticket", "tickets", r#"{"$defs": {"request": {"type": "object"}}}"#)
///     .with_evidence(&[Evidence::Properties { at_least: 2, of: &["ticketId", "queue"] }])
///     .with_key(&["ticketId"]);
/// assert_eq!(TICKET.id(), "ticket");
/// ```
pub struct Kind {
    id: &'static str,
    plural: &'static str,
    schema: EmbeddedSchema,
    definitions: Definitions,
    evidence: &'static [Evidence],
    forms: Forms,
    envelopes: &'static [EnvelopeFormat],
    key: &'static [&'static str],
    list_labels: &'static [ListLabel],
    has_names_in_any_case: bool,
    editor: EditorHints,
}

/// What reports call the elements of a list.
#[derive(Clone, Copy, Debug)]
pub struct ListLabel {
    /// The property that holds the list.
    pub list: &'static str,
    /// What an element is called, such as `line`.
    pub label: &'static str,
    /// The property of an element that names it; its number from 1 otherwise.
    pub name: Option<&'static str>,
}

/// The names under `$defs` of a kind's schema against which its records are validated.
#[derive(Clone, Copy, Debug)]
pub struct Definitions {
    /// For requests.
    pub request: &'static str,
    /// For responses.
    pub response: &'static str,
    /// For records whose form is unknown; `None` if the guessed form applies.
    pub unknown_form: Option<&'static str>,
    /// For responses from which properties were left out; `None` if there is no difference.
    pub projection: Option<&'static str>,
}

impl Definitions {
    /// Definitions named `request` and `response`.
    pub const DEFAULT: Definitions = Definitions {
        request: "request",
        response: "response",
        unknown_form: None,
        projection: None,
    };

    /// One definition for both forms.
    pub const fn single(name: &'static str) -> Definitions {
        Definitions {
            request: name,
            response: name,
            unknown_form: None,
            projection: None,
        }
    }
}

/// How the form of a record is derived from its properties and its surroundings. The first that applies, in the
/// order of the fields, decides.
#[derive(Clone, Copy, Debug)]
pub struct Forms {
    /// Properties that make a record a response even where a request was declared.
    pub always_response: &'static [&'static str],
    /// Properties that only a request has.
    pub request: &'static [&'static str],
    /// Properties that only a response has.
    pub response: &'static [&'static str],
    /// Whether every array or envelope makes its records responses. One of the kind's own envelopes always does.
    pub list_is_response: bool,
    /// Whether the form is unknown where nothing above applies; else it is a request.
    pub may_be_unknown: bool,
    /// Properties of which a complete response lacks at most one, each with its alternative names. A response that
    /// lacks more is a projection, unless its form is declared. Without any, every response is complete.
    pub complete: &'static [&'static [&'static str]],
    /// Requests with a form of their own.
    pub special: &'static [SpecialRequest],
}

/// A request with another purpose than the others of its kind, such as an estimate.
#[derive(Clone, Copy, Debug)]
pub struct SpecialRequest {
    /// Its form.
    pub form: Form,
    /// The name under `$defs` of the definition that it is validated against.
    pub definition: &'static str,
    /// The end of the path that it is sent to, if other requests have another one.
    pub path: Option<&'static str>,
    /// A property that only it has.
    pub property: Option<&'static str>,
    /// How it is recognised where no form is stated.
    pub shape: Option<Shape>,
}

/// The shape of a value.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// A property that it lacks.
    pub without: &'static str,
    /// Whether a value without that property has the shape.
    pub matches: fn(Node<'_>) -> bool,
}

impl Forms {
    /// Every record is a request unless it is in an envelope of its kind.
    pub const REQUEST: Forms = Forms {
        always_response: &[],
        request: &[],
        response: &[],
        list_is_response: false,
        may_be_unknown: false,
        complete: &[],
        special: &[],
    };
}

impl Kind {
    /// A kind with this id (as in `--kind`), the plural of it for summaries, and the text of a JSON Schema document
    /// with a definition for each form under `$defs`.
    pub const fn new(id: &'static str, plural: &'static str, schema: &'static str) -> Self {
        Self {
            id,
            plural,
            schema: EmbeddedSchema::new(schema),
            definitions: Definitions::DEFAULT,
            evidence: &[],
            forms: Forms::REQUEST,
            envelopes: &[],
            key: &["id"],
            list_labels: &[],
            has_names_in_any_case: false,
            editor: EditorHints::NONE,
        }
    }

    /// Sets the definitions of the schema against which records are validated.
    pub const fn with_definitions(mut self, definitions: Definitions) -> Self {
        self.definitions = definitions;
        self
    }

    /// Sets what shows a record to be of this kind: any one suffices. Without evidence the kind has to be declared.
    pub const fn with_evidence(mut self, evidence: &'static [Evidence]) -> Self {
        self.evidence = evidence;
        self
    }

    /// Sets how the form of a record is derived.
    pub const fn with_forms(mut self, forms: Forms) -> Self {
        self.forms = forms;
        self
    }

    /// Sets the envelopes in which the kind's platform sends lists of records.
    pub const fn with_envelopes(mut self, envelopes: &'static [EnvelopeFormat]) -> Self {
        self.envelopes = envelopes;
        self
    }

    /// Sets the properties that name a record in reports; the first that a record has is used.
    pub const fn with_key(mut self, key: &'static [&'static str]) -> Self {
        self.key = key;
        self
    }

    /// Sets what reports call the elements of lists.
    pub const fn with_list_labels(mut self, labels: &'static [ListLabel]) -> Self {
        self.list_labels = labels;
        self
    }

    /// Makes the names of properties valid in any letter case, as in platforms that ignore it.
    pub const fn with_names_in_any_case(mut self) -> Self {
        self.has_names_in_any_case = true;
        self
    }

    /// Whether the names of properties are valid in any letter case.
    pub const fn has_names_in_any_case(&self) -> bool {
        self.has_names_in_any_case
    }

    /// What reports call the elements of lists.
    pub fn list_labels(&self) -> &'static [ListLabel] {
        self.list_labels
    }

    /// Sets what an editor offers.
    pub const fn with_editor_hints(mut self, editor: EditorHints) -> Self {
        self.editor = editor;
        self
    }

    /// The id, such as `order`.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// The plural of the id, such as `orders`.
    pub const fn plural(&self) -> &'static str {
        self.plural
    }

    /// The text of the JSON Schema document.
    pub const fn schema_text(&self) -> &'static str {
        self.schema.text()
    }

    /// The compiled definition of this name under `$defs`; `None` if the schema has none of it.
    pub fn definition(&self, name: &str) -> Option<&Schema> {
        self.schema.definition(name)
    }

    /// Compiles every definition that records and envelopes are validated against, for callers to whom the first
    /// finding must not take longer than the next.
    pub fn compile_definitions(&self) {
        self.schema.compile_all();
    }

    /// The names of the definitions against which records are validated.
    pub const fn definitions(&self) -> Definitions {
        self.definitions
    }

    /// What shows a record to be of this kind.
    pub const fn evidence(&self) -> &'static [Evidence] {
        self.evidence
    }

    /// How the form of a record is derived.
    pub const fn forms(&self) -> Forms {
        self.forms
    }

    /// The envelopes of the kind's platform.
    pub const fn envelopes(&self) -> &'static [EnvelopeFormat] {
        self.envelopes
    }

    /// The properties that name a record.
    pub const fn key(&self) -> &'static [&'static str] {
        self.key
    }

    /// What an editor offers.
    pub const fn editor_hints(&self) -> &EditorHints {
        &self.editor
    }
}

/// Each kind is one static, so it is equal to itself only.
impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Kind {}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kind({})", self.id)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// A payload that countersign recognises and has no rules for. Equal if the titles are.
#[derive(Clone, Copy, Debug)]
pub struct Foreign {
    /// What it is, with its article, such as `a program`.
    pub title: &'static str,
    /// What shows a record to be one: any suffices.
    pub evidence: &'static [Evidence],
    /// The strings that are one by themselves, without regard to case.
    pub strings: &'static [&'static str],
    /// What to use instead, if there is something.
    pub replacement: Option<&'static str>,
}

impl PartialEq for Foreign {
    fn eq(&self, other: &Self) -> bool {
        self.title == other.title
    }
}

impl Eq for Foreign {}

impl Foreign {
    /// A payload with this title, shown by this evidence.
    pub const fn new(title: &'static str, evidence: &'static [Evidence]) -> Self {
        Self {
            title,
            evidence,
            strings: &[],
            replacement: None,
        }
    }
}
