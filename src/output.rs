//! Reporters: render the findings of a run in one of several formats.

mod checkstyle;
mod concise;
mod escape;
mod fingerprint;
mod format;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
mod markdown;
mod ndjson;
mod pretty;
mod rdjson;
mod redact;
mod reporter;
mod sarif;
mod source_window;
mod summary;
mod uri;

pub use escape::{escape_unprintable, with_thousands_separator};
pub use fingerprint::{Fingerprint, fingerprint};
pub use format::Format;
pub use redact::redact;
pub use reporter::{RenderOptions, Report, Reporter, rule_page_url};
pub use summary::{Location, RuleStats, Summary};
pub use uri::file_uri;
