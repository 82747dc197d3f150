//! A kind of payload as detection uses it, and the form of its records.

use super::evidence::Clause;
use super::kind::{Form, Kind, SpecialRequest};
use super::marker_index::MarkerIndex;
use super::markers::Markers;
use super::record::Listing;
use crate::document::Evidence as TransferEvidence;
use crate::json::Node;

/// A kind of payload with its properties as markers.
pub(super) struct CompiledKind {
    pub(super) kind: &'static Kind,
    pub(super) evidence: Vec<Clause>,
    /// The properties in the evidence: an object with none of them is not of the kind.
    pub(super) in_evidence: Markers,
    always_response: Markers,
    request: Markers,
    response: Markers,
    complete: Vec<Markers>,
    special: Vec<CompiledSpecial>,
    /// The properties of which a request that is not special has none, and all, where no form is stated.
    in_special: Markers,
    in_ordinary: Markers,
}

struct CompiledSpecial {
    special: &'static SpecialRequest,
    property: Markers,
    without: Markers,
}

impl CompiledKind {
    pub(super) fn new(kind: &'static Kind, index: &MarkerIndex) -> Self {
        let set_of = |names: &[&'static str]| index.set_of(names);
        let forms = kind.forms();
        let mut in_evidence = Markers::default();
        for one in kind.evidence() {
            one.for_each_required_property(&mut |name| in_evidence.add(set_of(&[name])));
        }
        let special: Vec<CompiledSpecial> = forms
            .special
            .iter()
            .map(|special| CompiledSpecial {
                special,
                property: set_of(special.property.as_slice()),
                without: special
                    .shape
                    .map_or(Markers::default(), |shape| set_of(&[shape.without])),
            })
            .collect();
        Self {
            kind,
            in_evidence,
            evidence: Clause::compile_any(kind.evidence(), &set_of),
            always_response: set_of(forms.always_response),
            request: set_of(forms.request),
            response: set_of(forms.response),
            complete: forms.complete.iter().map(|names| set_of(names)).collect(),
            in_special: union(special.iter().map(|special| special.property)),
            in_ordinary: union(special.iter().map(|special| special.without)),
            special,
        }
    }

    /// The form of a request: that of a special one, if it is one. A form that no special request has is an ordinary
    /// request.
    fn form_of_request(
        &self,
        (stated, path): (Option<Form>, Option<&str>),
        node: Node<'_>,
        markers: Markers,
    ) -> Form {
        let is_ordinary = stated.is_none()
            && path.is_none()
            && !markers.intersects(self.in_special)
            && markers.contains(self.in_ordinary);
        if is_ordinary {
            return Form::Request;
        }
        let is_it = |compiled: &&CompiledSpecial| {
            let special = compiled.special;
            stated == Some(special.form)
                || path
                    .zip(special.path)
                    .is_some_and(|(path, end)| path.ends_with(end))
                || markers.intersects(compiled.property)
                || stated.is_none()
                    && !markers.intersects(compiled.without)
                    && special.shape.is_some_and(|shape| (shape.matches)(node))
        };
        let special = self.special.iter().find(is_it);
        special.map_or(Form::Request, |compiled| compiled.special.form)
    }

    /// Whether a record with these markers, if it is a response, lacks more than one property of a complete one.
    pub(super) fn is_incomplete(&self, markers: Markers) -> bool {
        let mut absent = self
            .complete
            .iter()
            .filter(|names| !markers.intersects(**names));
        absent.next().is_some() && absent.next().is_some()
    }
}

fn union(sets: impl Iterator<Item = Markers>) -> Markers {
    let mut all = Markers::default();
    sets.for_each(|set| all.add(set));
    all
}

/// The form of a record.
pub(super) struct RecordForm {
    pub(super) form: Form,
    /// Whether the record could as well be of the other form.
    pub(super) is_unknown: bool,
    /// Whether it is not declared a response and lacks more than one property of a complete one.
    pub(super) is_incomplete: bool,
}

impl RecordForm {
    /// The form of a value of some kind. `stated` is the form that was declared, or that the text around the value
    /// states.
    pub(super) fn of(
        kind: Option<&CompiledKind>,
        (node, markers): (Node<'_>, Markers),
        (stated, listing): (Option<Form>, Listing),
        evidence: Option<&TransferEvidence>,
    ) -> Self {
        let derived = DerivedForm::of(kind, markers, listing);
        let general = match stated {
            Some(form) if !derived.is_certain => form,
            _ => derived.form,
        };
        let form = match kind.filter(|_| general != Form::Response) {
            Some(kind) => {
                let path = evidence.and_then(|evidence| evidence.path.as_deref());
                kind.form_of_request((stated, path), node, markers)
            }
            None => general,
        };
        Self {
            form,
            is_unknown: stated.is_none() && derived.is_unknown,
            is_incomplete: stated != Some(Form::Response)
                && kind.is_some_and(|kind| kind.is_incomplete(markers)),
        }
    }
}

/// The form that a record's properties and surroundings show.
struct DerivedForm {
    form: Form,
    /// Whether the record could as well be of the other form.
    is_unknown: bool,
    /// Whether it holds even where another form was declared: a body with a status, for instance, is validated as what
    /// the platform writes, whatever its direction.
    is_certain: bool,
}

impl DerivedForm {
    fn of(kind: Option<&CompiledKind>, markers: Markers, listing: Listing) -> Self {
        let mut derived = Self {
            form: Form::Response,
            is_unknown: false,
            is_certain: false,
        };
        let Some(compiled) = kind else {
            return derived;
        };
        let forms = compiled.kind.forms();
        let is_listed = match listing {
            Listing::Envelope(kind) if kind == compiled.kind => true,
            Listing::Single => false,
            Listing::List | Listing::Envelope(_) => forms.list_is_response,
        };
        if markers.intersects(compiled.always_response) {
            derived.is_certain = true;
        } else if markers.intersects(compiled.request) {
            derived.form = Form::Request;
        } else if !is_listed && !markers.intersects(compiled.response) {
            derived.form = Form::Request;
            derived.is_unknown = forms.may_be_unknown;
        }
        derived
    }
}
