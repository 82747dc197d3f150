//! Reporters: render the findings of a run in one of several formats.

#[cfg(feature = "reports")]
mod checkstyle;
#[cfg(feature = "reports")]
mod concise;
mod escape;
mod escaped_json;
mod fingerprint;
#[cfg(feature = "reports")]
mod format;
#[cfg(feature = "reports")]
mod frame;
#[cfg(feature = "reports")]
mod github;
#[cfg(feature = "reports")]
mod gitlab;
#[cfg(feature = "reports")]
mod html;
mod json;
#[cfg(feature = "reports")]
mod junit;
#[cfg(feature = "reports")]
mod limited;
#[cfg(feature = "reports")]
mod line_view;
#[cfg(feature = "reports")]
mod markdown;
mod ndjson;
#[cfg(feature = "reports")]
mod pretty;
#[cfg(feature = "reports")]
mod rdjson;
mod redact;
mod report;
mod reporter;
mod run_info;
#[cfg(feature = "reports")]
mod sarif;
#[cfg(feature = "reports")]
mod source_window;
mod summary;
mod uri;

pub use escape::{escape_unprintable, with_thousands_separator};
pub use fingerprint::{Fingerprint, fingerprint};
#[cfg(feature = "reports")]
pub use format::Format;
pub use json::{FINDINGS_SCHEMA, Json, write_finding_json};
pub use ndjson::Ndjson;
#[cfg(feature = "batch")]
pub(crate) use redact::mask_pointer;
pub use redact::redact;
pub use report::{Report, rule_page_url};
pub use reporter::{RenderOptions, Reporter};
pub use run_info::RunInfo;
pub use summary::{Location, RuleStats, Summary};
pub use uri::file_uri;
