//! The numbers of the properties that detection looks at.

use std::collections::HashMap;

use super::kind::{Foreign, Kind};
use super::markers::Markers;

/// Numbers the properties that evidence, forms and envelopes look at.
#[derive(Default)]
pub(super) struct MarkerIndex(HashMap<String, usize>);

impl MarkerIndex {
    /// The properties that these kinds and foreign payloads look at.
    pub(super) fn of(kinds: &[&'static Kind], foreign: &[&'static Foreign]) -> Self {
        let mut index = MarkerIndex::default();
        let evidence = kinds.iter().flat_map(|kind| kind.evidence());
        for one in evidence.chain(foreign.iter().flat_map(|foreign| foreign.evidence)) {
            one.for_each_property(&mut |name| index.add(name));
        }
        for kind in kinds {
            let forms = kind.forms();
            let of_forms = [forms.always_response, forms.request, forms.response];
            of_forms
                .iter()
                .chain(forms.complete)
                .for_each(|names| names.iter().for_each(|name| index.add(name)));
            for special in forms.special {
                let without = special.shape.map(|shape| shape.without);
                let names = [special.property, without].into_iter().flatten();
                names.for_each(|name| index.add(name));
            }
            for envelope in kind.envelopes() {
                let omitted = envelope.omitted.map(|[holder, _]| holder);
                [Some(envelope.list), Some(envelope.marker), omitted]
                    .into_iter()
                    .flatten()
                    .for_each(|name| index.add(name));
            }
        }
        index
    }

    fn add(&mut self, name: &str) {
        let next = self.0.len();
        self.0.entry(name.to_ascii_lowercase()).or_insert(next);
        assert!(
            self.0.len() <= Markers::LIMIT,
            "the kinds of a registry look at more than {} different properties",
            Markers::LIMIT
        );
    }

    pub(super) fn set_of(&self, names: &[&'static str]) -> Markers {
        let mut set = Markers::default();
        for name in names {
            set.insert(self.0[&name.to_ascii_lowercase()]);
        }
        set
    }

    /// The number of a property, without regard to case.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.0.get(&name.to_ascii_lowercase()).copied()
    }

    /// The properties in lower case, each with its number.
    pub(super) fn into_names(self) -> impl Iterator<Item = (String, usize)> {
        self.0.into_iter()
    }
}
