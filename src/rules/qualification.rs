//! Rules on qualifications, one file for each thing they look at.

pub(super) mod date;
pub(super) mod list;
pub(super) mod member;
pub(super) mod name;
pub(super) mod reason;
pub(super) mod vetting;
