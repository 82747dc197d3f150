//! What a payload is: its kind and form, the records in it, and lenses that read a record with the
//! domain's own words.

pub mod certificate;
mod detect;
mod guide;
mod odd_string;
pub mod order;
mod page;
pub mod parameter;
pub mod period;
pub mod qualification;
mod removal;
mod text;

use std::fmt;
use std::str::FromStr;

pub use detect::{Listing, page_of, part_of, records, unsorted};
pub use odd_string::{OddString, odd_strings};
pub use page::{Page, PageNumber};
pub use removal::{without_elements, without_members};
pub use text::Text;

use smallvec::SmallVec;

use crate::document::Document;
use crate::json::{self, Node};

/// The three kinds of payload that countersign judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PayloadKind {
    /// A certificate of the SoftwareOne Marketplace.
    Certificate,
    /// A customer's qualification in Partner Center.
    Qualification,
    /// An order in the Cloud Marketplace.
    Order,
}

impl PayloadKind {
    /// Every kind.
    pub const ALL: [PayloadKind; 3] = [
        PayloadKind::Certificate,
        PayloadKind::Qualification,
        PayloadKind::Order,
    ];

    /// The kind's word.
    pub fn as_str(self) -> &'static str {
        match self {
            PayloadKind::Certificate => "certificate",
            PayloadKind::Qualification => "qualification",
            PayloadKind::Order => "order",
        }
    }
}

impl fmt::Display for PayloadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PayloadKind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        PayloadKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or(())
    }
}

/// Which way a payload travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// To the platform.
    Request,
    /// From the platform.
    Response,
}

impl Form {
    /// Both forms.
    pub const ALL: [Form; 2] = [Form::Request, Form::Response];

    /// The form's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Form::Request => "request",
            Form::Response => "response",
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

    fn from_str(word: &str) -> Result<Self, ()> {
        Form::ALL
            .into_iter()
            .find(|form| form.as_str() == word)
            .ok_or(())
    }
}

/// What somebody said a payload is, so that it need not be guessed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// The kind, if stated.
    pub kind: Option<PayloadKind>,
    /// The form, if stated.
    pub form: Option<Form>,
}

/// One certificate, one qualification, one order, or something unknown in the place of one.
#[derive(Clone, Copy, Debug)]
pub struct Record<'d> {
    /// The document it stands in.
    pub document: &'d Document<'d>,
    /// Its value.
    pub node: Node<'d>,
    /// Its place among the records of the document, from 0.
    pub index: usize,
    /// The list that holds it, and its place there, if it stands in one.
    pub list: Option<(Node<'d>, usize)>,
    /// Of which longer list the document is a part, if it is one.
    pub part: Option<&'d Part>,
    /// What it is.
    pub identity: Identity,
    /// Which way it travels.
    pub form: Form,
    /// Whether the form was stated rather than guessed.
    pub is_form_stated: bool,
    /// Whether it could as well be of the other form: then what only one form asks is not missed.
    pub is_form_open: bool,
    /// Whether the list says that members were left out of its records: then nothing is missed.
    pub is_projection: bool,
}

/// The records of a document, most often one.
pub type Records<'d> = SmallVec<[Record<'d>; 1]>;

/// A stretch of a list that is too long to be held: a document whose value is an array of its elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The JSON Pointer of the whole list.
    pub pointer: String,
    /// The place in the whole list of the part's first element, from 0.
    pub first: usize,
    /// What holds the list.
    pub listing: Listing,
    /// The form that is stated before the list, if one is.
    pub form: Option<Form>,
    /// Whether the list's envelope says that members were left out of its records.
    pub is_projection: bool,
}

/// How much of its file a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent<'p> {
    /// All of it, or a record that stands by itself.
    Whole,
    /// A stretch of its list.
    Part(&'p Part),
    /// What stands around its list, with an empty list in its place; and how many elements the list
    /// has, where that is known.
    Envelope(Option<usize>),
}

impl<'p> Extent<'p> {
    /// Of which longer list the document is a part, if it is one.
    pub fn part(self) -> Option<&'p Part> {
        match self {
            Extent::Part(part) => Some(part),
            _ => None,
        }
    }
}

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// One of the kinds that countersign judges.
    Kind(PayloadKind),
    /// A relative from one of the platforms, by its name.
    Stranger(&'static str),
    /// Nothing known.
    Unknown,
}

impl<'d> Record<'d> {
    /// The kind, where the record is of one that countersign judges.
    pub fn kind(&self) -> Option<PayloadKind> {
        match self.identity {
            Identity::Kind(kind) => Some(kind),
            _ => None,
        }
    }

    /// The description in its kind's schema by which it is judged: a name under `$defs`.
    pub fn definition(&self) -> &'static str {
        match (self.identity, self.form) {
            (Identity::Kind(PayloadKind::Certificate), Form::Response) if self.is_projection => {
                "projection"
            }
            (Identity::Kind(PayloadKind::Certificate), Form::Response) => "record",
            (Identity::Kind(PayloadKind::Qualification), _) if self.is_form_open => "either",
            (_, form) => form.as_str(),
        }
    }

    /// The JSON Pointer of the record, from the value of the document that holds it. Takes no walk
    /// along the record's neighbours.
    pub fn pointer(&self) -> String {
        if let (Some(part), Some((_, place))) = (self.part, self.list) {
            return format!("{}/{}", part.pointer, part.first + place);
        }
        match (self.list, self.document.root_at(self.node.span())) {
            (Some((list, place)), Some(root)) => {
                format!("{}/{place}", json::pointer_to(root, list.span()))
            }
            _ => String::new(),
        }
    }

    /// What people call the record by: the platform's id, else for an order the customer's.
    pub fn key(&self) -> Option<String> {
        let names: &[&str] = match self.kind()? {
            PayloadKind::Certificate => &["id"],
            PayloadKind::Qualification => &["qualification"],
            PayloadKind::Order => &["id", "orderNumber", "customerId"],
        };
        let value = names.iter().find_map(|name| self.node.get(name))?;
        match value.as_text() {
            Some(text) => Some(text.into_owned()),
            None => value.as_number().map(|number| number.as_str().to_owned()),
        }
    }
}
