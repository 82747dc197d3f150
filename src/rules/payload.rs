//! Rules on payloads of any kind.

pub(crate) mod archive;
pub(super) mod autolink;
pub(crate) mod fix;
pub(crate) mod format;
pub(crate) mod kind;
pub(crate) mod panic;
pub(super) mod placeholder;
pub(crate) mod property;
pub(super) mod secret;
pub(super) mod text;
