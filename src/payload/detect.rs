//! Detection of kinds, forms and envelopes, by structure alone.

use std::collections::HashMap;

use super::compiled_kind::{CompiledKind, RecordForm};
use super::envelope::{Count, Envelope};
use super::envelope_format::EnvelopeFormat;
use super::evidence::{Clause, value_of};
use super::kind::{Foreign, Form, Kind};
use super::marker_index::MarkerIndex;
use super::markers::Markers;
use super::record::{Declared, DocumentPart, Identity, ListPart, Listing, Record, Records};
use super::tool_envelope::ToolEnvelope;
use crate::document::{Document, HttpDirection};
use crate::json::{Kind as ValueKind, Node};
use crate::names::{KnownName, NAMES};

/// Detects what the records of a document are. Compiled once from the kinds of a registry.
pub struct Detector {
    /// For each known name the marker that it is, whatever its case.
    by_name: Box<[Markers; KnownName::LIMIT]>,
    /// Markers that are no known name, by their lower-case form.
    other_names: HashMap<String, usize>,
    /// In the order in which they are tried.
    kinds: Vec<CompiledKind>,
    foreign: Vec<(&'static Foreign, Vec<Clause>)>,
    /// The properties in the evidence for foreign payloads: an object with none of them is not one.
    in_foreign: Markers,
    /// In the order in which they are tried.
    envelopes: Vec<CompiledEnvelope>,
    /// The marker of every envelope.
    in_envelopes: Markers,
    tool_envelopes: &'static [&'static ToolEnvelope],
}

/// The identity of a value, with its kind and its markers.
type Identified<'k> = (Identity, Option<&'k CompiledKind>, Markers);

struct CompiledEnvelope {
    kind: &'static Kind,
    format: &'static EnvelopeFormat,
    list: Markers,
    marker: Markers,
    omitted_in: Markers,
}

impl Detector {
    /// A detector for these kinds and foreign payloads. Foreign payloads are tried first, then the kinds, the last
    /// one first, so that a kind registered later can be a special case of an earlier one.
    ///
    /// # Panics
    ///
    /// If they look at more than 128 different properties.
    pub fn new(kinds: &[&'static Kind], foreign: &[&'static Foreign]) -> Self {
        let index = MarkerIndex::of(kinds, foreign);
        let set_of = |names: &[&'static str]| index.set_of(names);
        let compile_kind = |&kind: &&'static Kind| CompiledKind::new(kind, &index);
        let envelopes = kinds
            .iter()
            .flat_map(|&kind| kind.envelopes().iter().map(move |format| (kind, format)));
        let mut by_name = Box::new([Markers::default(); KnownName::LIMIT]);
        for (set, name) in by_name.iter_mut().zip(NAMES) {
            if let Some(marker) = index.find(name) {
                set.insert(marker);
            }
        }
        let mut in_foreign = Markers::default();
        for evidence in foreign.iter().flat_map(|foreign| foreign.evidence) {
            evidence.for_each_required_property(&mut |name| in_foreign.add(set_of(&[name])));
        }
        let mut in_envelopes = Markers::default();
        for envelope in kinds.iter().flat_map(|kind| kind.envelopes()) {
            in_envelopes.add(set_of(&[envelope.marker]));
        }
        let is_known = |name: &str| NAMES.iter().any(|known| known.eq_ignore_ascii_case(name));
        Self {
            by_name,
            kinds: kinds.iter().rev().map(compile_kind).collect(),
            foreign: foreign
                .iter()
                .map(|&foreign| (foreign, Clause::compile_any(foreign.evidence, &set_of)))
                .collect(),
            envelopes: envelopes
                .map(|(kind, format)| CompiledEnvelope {
                    kind,
                    format,
                    list: set_of(&[format.list]),
                    marker: set_of(&[format.marker]),
                    omitted_in: format
                        .omitted
                        .map_or(Markers::default(), |[holder, _]| set_of(&[holder])),
                })
                .collect(),
            in_foreign,
            in_envelopes,
            tool_envelopes: &[],
            other_names: index
                .into_names()
                .filter(|(name, _)| !is_known(name))
                .collect(),
        }
    }

    /// Makes the detector also look for payloads in these envelopes.
    pub fn with_tool_envelopes(mut self, envelopes: &'static [&'static ToolEnvelope]) -> Self {
        self.tool_envelopes = envelopes;
        self
    }

    /// The markers among the properties of an object.
    fn markers_of(&self, node: Node<'_>) -> Markers {
        let mut markers = Markers::default();
        for member in node.members() {
            // A property that is null counts as absent.
            if member.value.kind() == ValueKind::Null {
                continue;
            }
            match member.known_ignore_case() {
                Some(name) => markers.add(self.by_name[name.index()]),
                None if self.other_names.is_empty() => {}
                None => {
                    let name = member.name_text().to_ascii_lowercase();
                    if let Some(&marker) = self.other_names.get(&name) {
                        markers.insert(marker);
                    }
                }
            }
        }
        markers
    }

    /// The records of a document, in order. Where the document is a part of a longer list, that list's envelope
    /// counts.
    pub fn records<'d>(
        &self,
        document: &'d Document<'d>,
        declared: Declared,
        part: Option<&'d ListPart>,
    ) -> Records<'d> {
        let stated = form_of(document, declared, part);
        let mut records = Records::new();
        for root in document.roots() {
            let markers = self.markers_of(root);
            let (items, listing) = self.list_in(root, markers);
            let omits_properties = items.is_some() && self.omits_properties(root, markers);
            let (listing, is_projection) = part.map_or((listing, omits_properties), |part| {
                (part.listing, part.is_projection)
            });
            let mut push = |node: Node<'d>, list, listing, (identity, kind, markers)| {
                let record_form = RecordForm::of(
                    kind,
                    (node, markers),
                    (stated, listing),
                    document.evidence(),
                );
                records.push(Record {
                    document,
                    node,
                    root,
                    index: records.len(),
                    list,
                    part,
                    identity,
                    form: record_form.form,
                    is_form_declared: stated.is_some(),
                    is_form_unknown: record_form.is_unknown,
                    is_projection: is_projection || record_form.is_incomplete,
                });
            };
            let mut push_payloads = |node: Node<'d>, markers, list: Option<(Node<'d>, usize)>| {
                let identified = self.identify_as(declared, node, markers);
                match identified.0 {
                    Identity::Unknown => {
                        for (payload, identified) in self.unwrap(document, node, markers) {
                            match payload == node {
                                true => push(payload, list, listing, identified),
                                false => push(payload, None, Listing::List, identified),
                            }
                        }
                    }
                    _ => push(node, list, listing, identified),
                }
            };
            match items {
                Some(list) => list.elements().enumerate().for_each(|(index, item)| {
                    push_payloads(item, self.markers_of(item), Some((list, index)))
                }),
                None => push_payloads(root, markers, None),
            }
        }
        records
    }

    /// Returns the declared kind of a value, or else identifies the value.
    fn identify_as(&self, declared: Declared, node: Node<'_>, markers: Markers) -> Identified<'_> {
        let (identity, kind) = match declared.kind {
            Some(kind) => (Identity::Kind(kind), self.compiled(kind)),
            None => self.identify(node, markers),
        };
        (identity, kind, markers)
    }

    /// The payloads in an unknown value, if it is a tool's envelope that contains a known one; otherwise the value
    /// itself.
    #[cold]
    fn unwrap<'d>(
        &self,
        document: &'d Document<'d>,
        node: Node<'d>,
        markers: Markers,
    ) -> Vec<(Node<'d>, Identified<'_>)> {
        for envelope in self.tool_envelopes {
            let identified = |node: Node<'d>| {
                let markers = self.markers_of(node);
                (node, self.identify_as(Declared::default(), node, markers))
            };
            let payloads = envelope.payloads(node).into_iter().map(identified);
            let payloads: Vec<_> = payloads.collect();
            if payloads.iter().any(|(_, (_, kind, _))| kind.is_some()) {
                return payloads;
            }
        }
        let has_encoded = self.encoded_payloads(document, node).next().is_some();
        let identity = match has_encoded {
            true => Identity::Encoded,
            false => Identity::Unknown,
        };
        vec![(node, (identity, None, markers))]
    }

    /// The envelope at `root`, if it is one. `part` is how much of its file the document is.
    pub fn envelope_of<'d>(&self, root: Node<'d>, part: DocumentPart<'_>) -> Option<Envelope<'d>> {
        if root.kind() == ValueKind::Array {
            return None;
        }
        let envelope = self.envelope_with(self.markers_of(root))?;
        let format = envelope.format;
        let list = list_of(root, format)?;
        let node = match format.header {
            Some(header) => value_of(root, header)?,
            None => root,
        };
        let holder = match format.counts_in {
            Some(name) => value_of(node, name),
            None => Some(node),
        };
        let members = holder.into_iter().flat_map(|holder| holder.members());
        let counts = members.filter_map(|member| {
            let name = member.name_text();
            let mut known = format.counts.iter();
            let (_, role) = known.find(|(known, _)| name.eq_ignore_ascii_case(known))?;
            Some(Count {
                role: *role,
                node: member.value,
            })
        });
        Some(Envelope {
            node,
            kind: envelope.kind,
            definition: format.definition,
            counts: counts.collect(),
            length: match part {
                DocumentPart::Envelope(length) => length,
                _ => Some(list.child_count()).filter(|_| !list.has_errors()),
            },
        })
    }

    /// Whether a property of this name, without regard to case, holds the records of some envelope.
    pub fn is_list_property(&self, name: &str) -> bool {
        self.envelopes
            .iter()
            .any(|envelope| envelope.format.list.eq_ignore_ascii_case(name))
    }

    /// What an envelope says about the records in its list. `envelope` is the document with an empty array in the
    /// list's place, or what precedes the list and an empty array; `pointer` leads to the list.
    pub fn list_part(&self, envelope: &Document<'_>, pointer: &str) -> ListPart {
        let root = envelope.roots().next();
        let root = root.map(|root| (root, self.markers_of(root)));
        ListPart {
            pointer: pointer.to_owned(),
            first: 0,
            listing: match root.map(|(root, markers)| self.list_in(root, markers)) {
                Some((Some(_), listing)) => listing,
                // The property that shows it to be an envelope may follow the list.
                _ => Listing::List,
            },
            form: form_in_evidence(envelope),
            is_projection: root.is_some_and(|(root, markers)| self.omits_properties(root, markers)),
        }
    }

    fn envelope_with(&self, markers: Markers) -> Option<&CompiledEnvelope> {
        if !markers.intersects(self.in_envelopes) {
            return None;
        }
        self.envelopes.iter().find(|envelope| {
            markers.intersects(envelope.list) && markers.intersects(envelope.marker)
        })
    }

    /// The array whose elements are the records, where `root` is an array or an envelope.
    fn list_in<'d>(&self, root: Node<'d>, markers: Markers) -> (Option<Node<'d>>, Listing) {
        if root.kind() == ValueKind::Array {
            return (Some(root), Listing::List);
        }
        let found = self.envelope_with(markers).and_then(|envelope| {
            let list = list_of(root, envelope.format)?;
            let listing = match envelope.format.is_specific {
                true => Listing::Envelope(envelope.kind),
                false => Listing::List,
            };
            Some((Some(list), listing))
        });
        found.unwrap_or((None, Listing::Single))
    }

    /// Whether an envelope says that properties were left out of its records.
    fn omits_properties(&self, root: Node<'_>, markers: Markers) -> bool {
        self.envelopes.iter().any(|envelope| {
            markers.intersects(envelope.omitted_in)
                && envelope
                    .format
                    .omitted
                    .is_some_and(|path| omits_properties(root, path))
        })
    }

    fn identify(&self, node: Node<'_>, markers: Markers) -> (Identity, Option<&CompiledKind>) {
        if node.kind() != ValueKind::Object {
            let identity = self.foreign_string(node).map(Identity::Foreign);
            return (identity.unwrap_or(Identity::Unknown), None);
        }
        let holds = |evidence: &[Clause]| evidence.iter().any(|one| one.holds(node, markers));
        if markers.intersects(self.in_foreign)
            && let Some((foreign, _)) = self.foreign.iter().find(|(_, evidence)| holds(evidence))
        {
            return (Identity::Foreign(foreign), None);
        }
        let is_it =
            |kind: &&CompiledKind| markers.intersects(kind.in_evidence) && holds(&kind.evidence);
        match self.kinds.iter().find(is_it) {
            Some(known) => (Identity::Kind(known.kind), Some(known)),
            None => (Identity::Unknown, None),
        }
    }

    /// The foreign payload that a string is by itself.
    fn foreign_string(&self, node: Node<'_>) -> Option<&'static Foreign> {
        let text = node.as_text()?;
        let is_it = |known: &str| known.eq_ignore_ascii_case(text.trim());
        let mut foreign = self.foreign.iter().map(|(foreign, _)| *foreign);
        foreign.find(|foreign| foreign.strings.iter().any(|known| is_it(known)))
    }

    fn compiled(&self, kind: &Kind) -> Option<&CompiledKind> {
        self.kinds.iter().find(|compiled| compiled.kind == kind)
    }
}

fn list_of<'d>(root: Node<'d>, format: &EnvelopeFormat) -> Option<Node<'d>> {
    value_of(root, format.list).filter(|list| list.kind() == ValueKind::Array)
}

/// The form that is declared for a document, for the longer list that it is a part of, or by the text around it.
fn form_of(document: &Document<'_>, declared: Declared, part: Option<&ListPart>) -> Option<Form> {
    let of_part = part.and_then(|part| part.form);
    let form = declared.form.or(of_part);
    form.or_else(|| form_in_evidence(document))
}

/// The form that the text around a payload declares, such as the start line of an HTTP request.
fn form_in_evidence(document: &Document<'_>) -> Option<Form> {
    let direction = document.evidence()?.direction?;
    Some(match direction {
        HttpDirection::Request => Form::Request,
        HttpDirection::Response => Form::Response,
    })
}

/// Whether the array at this path, in an envelope or a record, names properties that were left out.
pub(crate) fn omits_properties(node: Node<'_>, [holder, list]: [&str; 2]) -> bool {
    let omitted = value_of(node, holder).and_then(|holder| value_of(holder, list));
    omitted.is_some_and(|omitted| omitted.child_count() > 0)
}

/// Each root value of a document as one record of unknown kind, whatever it holds.
pub fn whole_document<'d>(document: &'d Document<'d>) -> Records<'d> {
    let record = |(index, node)| Record {
        document,
        node,
        root: node,
        index,
        list: None,
        part: None,
        identity: Identity::Unknown,
        form: Form::Response,
        is_form_declared: false,
        is_form_unknown: false,
        is_projection: false,
    };
    document.roots().enumerate().map(record).collect()
}
