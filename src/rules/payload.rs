//! Rules on payloads of any kind.

pub(super) mod kind;
pub(super) mod secret;
pub(super) mod text;
