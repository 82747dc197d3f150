//! The only place where report formats look up rules.

use crate::rule::Rule;
use crate::rules::{self, RULES};

/// Every rule, in the order of [`index_of`].
pub(super) fn all() -> &'static [&'static Rule] {
    RULES
}

/// The index of a rule in [`all`].
pub(super) fn index_of(id: &str) -> Option<usize> {
    RULES.iter().position(|rule| rule.id == id)
}

/// The Markdown page of a rule.
pub(super) fn page(id: &str) -> Option<&'static str> {
    Some(rules::find(id)?.page)
}

/// The one-sentence summary of a rule; empty for an unknown rule.
pub(super) fn summary(id: &str) -> &'static str {
    rules::find(id).map_or("", |rule| rule.summary())
}
