//! One record of a document: its value, what it is, and where it comes from.

use smallvec::SmallVec;

use super::kind::{Foreign, Form, Kind};
use super::suspicious_string::SuspiciousString;
use crate::document::Document;
use crate::json::{self, Node};

/// What the user declared a payload to be, so that it need not be detected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// The kind, if declared.
    pub kind: Option<&'static Kind>,
    /// The form, if declared.
    pub form: Option<Form>,
}

/// One record of a document: a payload of some kind, or a value of unknown kind in its place.
#[derive(Clone, Copy, Debug)]
pub struct Record<'d> {
    /// The document that holds it.
    pub document: &'d Document<'d>,
    /// Its value.
    pub node: Node<'d>,
    /// The value of the document that it is in: itself, or its envelope.
    pub root: Node<'d>,
    /// Its index among the records of the document.
    pub index: usize,
    /// The array that holds it and its index there, if it is an element of one.
    pub list: Option<(Node<'d>, usize)>,
    /// The longer list of which the document is a part, if it is one.
    pub part: Option<&'d ListPart>,
    /// What it is.
    pub identity: Identity,
    /// Its direction.
    pub form: Form,
    /// Whether the form was declared rather than derived.
    pub is_form_declared: bool,
    /// Whether it could as well be of the other form; then nothing that only one form requires is missing.
    pub is_form_unknown: bool,
    /// Whether properties were left out of it, as its list says or as it lacks several of a complete record; then
    /// nothing is missing.
    pub is_projection: bool,
}

/// The records of a document, most often one.
pub type Records<'d> = SmallVec<[Record<'d>; 1]>;

/// A part of a list that is too long to be held in memory: a document whose value is an array of its elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPart {
    /// The JSON Pointer of the whole list.
    pub pointer: String,
    /// The index in the whole list of the part's first element.
    pub first: usize,
    /// What holds the list.
    pub listing: Listing,
    /// The form declared before the list, if any.
    pub form: Option<Form>,
    /// Whether the list's envelope says that properties were left out of its records.
    pub is_projection: bool,
}

impl ListPart {
    /// The pointer, from the root of the file, of the value that has this pointer in the part.
    pub(crate) fn pointer_in_list(&self, pointer: &str) -> String {
        let segments = pointer.strip_prefix('/').unwrap_or_default();
        let (element, inner) = segments.split_at(segments.find('/').unwrap_or(segments.len()));
        match element.parse::<usize>() {
            Ok(element) => format!("{}/{}{inner}", self.pointer, self.first + element),
            Err(_) => format!("{}{pointer}", self.pointer),
        }
    }
}

/// What holds a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Nothing.
    Single,
    /// An array, or an envelope that either direction could have.
    List,
    /// An envelope that only the platform of this kind writes.
    Envelope(&'static Kind),
}

/// How much of its file a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentPart<'p> {
    /// All of it, or a record by itself.
    Whole,
    /// A part of its list.
    ListPart(&'p ListPart),
    /// What is around its list, with an empty array in the list's place, and the length of the list, where that is
    /// known.
    Envelope(Option<usize>),
}

impl<'p> DocumentPart<'p> {
    /// The longer list of which the document is a part, if it is one.
    pub fn list_part(self) -> Option<&'p ListPart> {
        match self {
            DocumentPart::ListPart(part) => Some(part),
            _ => None,
        }
    }
}

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// A payload of a kind that is checked.
    Kind(&'static Kind),
    /// A payload that is recognised and not checked.
    Foreign(&'static Foreign),
    /// An unknown envelope with a payload that is encoded in one of its strings.
    Encoded,
    /// Nothing known.
    Unknown,
}

impl<'d> Record<'d> {
    /// The kind, if it is one that is checked.
    pub fn kind(&self) -> Option<&'static Kind> {
        match self.identity {
            Identity::Kind(kind) => Some(kind),
            _ => None,
        }
    }

    /// Whether the record is of this kind.
    pub fn is_of(&self, kind: &Kind) -> bool {
        self.kind().is_some_and(|own| own == kind)
    }

    /// The name under `$defs` of the definition in its kind's schema against which it is validated.
    pub fn definition(&self) -> &'static str {
        let Some(kind) = self.kind() else {
            return self.form.as_str();
        };
        let definitions = kind.definitions();
        match (self.form, definitions.unknown_form, definitions.projection) {
            (_, Some(unknown_form), _) if self.is_form_unknown => unknown_form,
            (Form::Response, _, Some(projection)) if self.is_projection => projection,
            (Form::Response, ..) => definitions.response,
            (Form::Request, ..) => definitions.request,
            (form, ..) => {
                let mut special = kind.forms().special.iter();
                let special = special.find(|special| special.form == form);
                special.map_or(definitions.request, |special| special.definition)
            }
        }
    }

    /// The JSON Pointer of the record from the root of its document. Does not walk along the elements of its list.
    pub fn pointer(&self) -> String {
        // Most records of a part of a list are its own elements.
        if let (Some(part), Some((list, index))) = (self.part, self.list)
            && list == self.root
        {
            return format!("{}/{}", part.pointer, part.first + index);
        }
        let pointer = match self.list {
            Some((list, index)) => {
                format!("{}/{index}", json::pointer_to(self.root, list.span()))
            }
            None if self.root != self.node => json::pointer_to(self.root, self.node.span()),
            None => String::new(),
        };
        match self.part {
            Some(part) => part.pointer_in_list(&pointer),
            None => pointer,
        }
    }

    /// The value that names the record in reports, by the properties that its kind declares.
    pub fn key(&self) -> Option<String> {
        let names = self.kind()?.key();
        let value = names.iter().find_map(|name| self.node.get(name))?;
        match value.as_text() {
            Some(text) => Some(text.into_owned()),
            None => value.as_number().map(|number| number.as_str().to_owned()),
        }
    }

    /// The strings and names of the record that hold anything but printable ASCII between non-spaces, or look like
    /// a credential or a placeholder: few in most payloads.
    pub fn suspicious_strings(&self) -> impl Iterator<Item = SuspiciousString<'d>> + use<'d> {
        SuspiciousString::all_in(self.document, self.node)
    }
}
