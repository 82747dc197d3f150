//! The formats of the envelopes in which platforms send lists of records.

/// The format of an envelope: an object with an array of records and some data about it.
#[derive(Clone, Copy, Debug)]
pub struct EnvelopeFormat {
    /// The property that holds the array.
    pub list: &'static str,
    /// The property whose presence, with the array, shows an object to be this envelope.
    pub marker: &'static str,
    /// The property whose value is validated as the envelope's data; `None` for the envelope itself.
    pub header: Option<&'static str>,
    /// The definition of the kind's schema against which that value is validated.
    pub definition: &'static str,
    /// The property of the header that holds the counts; `None` for the header itself.
    pub counts_in: Option<&'static str>,
    /// The counts, by the name of their property.
    pub counts: &'static [(&'static str, CountRole)],
    /// The path of the array that names properties left out of the records.
    pub omitted: Option<[&'static str; 2]>,
    /// Whether the envelope is one that only its own kind's platform writes.
    pub is_specific: bool,
}

/// What a count of an envelope counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountRole {
    /// The records before this page.
    Offset,
    /// The most records a page may have.
    Limit,
    /// The records on all pages.
    Total,
    /// The records of this list.
    TotalCount,
}
