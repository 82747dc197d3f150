//! The enumerations of a certificate.

/// The state of a certificate in its life cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Assigned while the platform creates the certificate.
    New,
    /// Waiting for the vendor.
    Pending,
    /// In force.
    Active,
    /// Being re-enrolled.
    Updating,
    /// The expiration date has passed.
    Expired,
    /// Ended permanently.
    Terminated,
    /// Removed by the platform.
    Deleted,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 7] = [
        Status::New,
        Status::Pending,
        Status::Active,
        Status::Updating,
        Status::Expired,
        Status::Terminated,
        Status::Deleted,
    ];

    /// The value of `status`.
    pub fn name(self) -> &'static str {
        match self {
            Status::New => "New",
            Status::Pending => "Pending",
            Status::Active => "Active",
            Status::Updating => "Updating",
            Status::Expired => "Expired",
            Status::Terminated => "Terminated",
            Status::Deleted => "Deleted",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Status> {
        let is_named = |status: &Status| name.trim().eq_ignore_ascii_case(status.name());
        Status::ALL.into_iter().find(is_named)
    }
}

/// What a certificate applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A buyer.
    Buyer,
    /// A licensee.
    Licensee,
}

impl Scope {
    /// The value of `applicableTo`.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Buyer => "Buyer",
            Scope::Licensee => "Licensee",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Scope> {
        let is_named = |scope: &Scope| name.trim().eq_ignore_ascii_case(scope.name());
        [Scope::Buyer, Scope::Licensee].into_iter().find(is_named)
    }
}

/// The side that fills in a list of parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The client or partner.
    Ordering,
    /// The vendor.
    Fulfillment,
}

impl Phase {
    /// The name of the property that holds the phase's list.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Ordering => "ordering",
            Phase::Fulfillment => "fulfillment",
        }
    }
}
