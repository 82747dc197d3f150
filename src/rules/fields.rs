//! Checks of single values that payloads of several kinds contain, such as company names and e-mail addresses. The rules
//! of each kind call them with the strings of its view, so that a value is checked alike wherever it is written.

pub(super) mod address;
pub(super) mod company_name;
pub(super) mod country;
pub(super) mod domain;
pub(super) mod email;
pub(super) mod person_name;
pub(super) mod phone;
pub(super) mod registration;
pub(super) mod sample;
