//! Rules on certificates, one file for each thing they look at.

pub(super) mod audit;
pub(super) mod expiration;
pub(super) mod holder;
pub(super) mod href;
pub(super) mod operation;
pub(super) mod parameter;
mod platform_id;
pub(super) mod scope;
