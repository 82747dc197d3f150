//! Facts from outside the payload that a check depends on: the date, the operation, the partner's domains.

use std::collections::BTreeSet;
use std::str::FromStr;

use jiff::civil::Date;

/// Facts from outside the payload. A rule that needs one that is not set reports nothing.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The date of the check.
    pub today: Option<Date>,
    /// What certificates are about to be used for.
    pub operation: Option<Operation>,
    /// The partner's own mail domains, in lower case.
    pub partner_domains: Vec<String>,
    /// The part numbers that can be ordered.
    pub catalogue: Option<BTreeSet<String>>,
    /// The part numbers that are sold only with the offer attestation.
    pub attested_products: Vec<String>,
}

/// What a certificate is about to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// It is created.
    Create,
    /// It is enrolled again.
    ReEnroll,
}

impl Operation {
    /// Both operations.
    pub const ALL: [Operation; 2] = [Operation::Create, Operation::ReEnroll];

    /// The operation's name: `create` or `re-enroll`.
    pub fn as_str(self) -> &'static str {
        match self {
            Operation::Create => "create",
            Operation::ReEnroll => "re-enroll",
        }
    }
}

impl FromStr for Operation {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Operation::ALL
            .into_iter()
            .find(|operation| operation.as_str() == name)
            .ok_or(())
    }
}
