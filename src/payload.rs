//! What a payload is: its kind and form, and the records in it. Nothing here is specific to one kind.

mod compiled_kind;
mod detect;
mod edit;
mod editor_hints;
mod encoded;
mod envelope;
mod envelope_format;
mod evidence;
mod kind;
mod marker_index;
mod markers;
mod record;
mod string;
mod suspicious_string;
mod tool_envelope;

pub(crate) use detect::omits_properties;
pub use detect::{Detector, whole_document};
pub use edit::{without_elements, without_properties};
pub use editor_hints::{
    Choice, Choices, CodeNames, EditorHints, EntryBundle, NamedEntries, NamedEntry, Template,
};
pub use encoded::EncodedPayload;
pub use envelope::{Count, Envelope};
pub use envelope_format::{CountRole, EnvelopeFormat};
pub use evidence::Evidence;
pub(crate) use evidence::member_ignore_case;
pub use kind::{Definitions, Foreign, Form, Forms, Kind, ListLabel, Shape, SpecialRequest};
pub use record::{Declared, DocumentPart, Identity, ListPart, Listing, Record, Records};
pub use string::JsonString;
pub use suspicious_string::SuspiciousString;
pub use tool_envelope::ToolEnvelope;
