//! Rules on payloads of any kind.

pub(crate) mod archive;
pub(crate) mod crash;
pub(crate) mod fix;
pub(super) mod kind;
pub(super) mod secret;
pub(super) mod text;
