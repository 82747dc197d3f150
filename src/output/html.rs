//! The `html` format: a self-contained page with charts and a table of findings. It loads nothing from
//! the network.

mod chart;
mod data;
mod files;
mod kept;
mod page;
mod row;
mod run;

use std::io::{self, BufWriter, Write};
use std::mem;

use askama::Template;

use super::{Report, Reporter, RunInfo, Summary, escape_unprintable};
use crate::registry::Registry;
use files::FileCounts;
use kept::Kept;
use page::Page;

const STYLE: &str = include_str!("html/report.css");

/// The script is one element of the page, so that the policy needs only one hash.
const SCRIPT: &str = concat!(
    include_str!("html/csv.js"),
    include_str!("html/record.js"),
    include_str!("html/report.js")
);

/// The Content Security Policy: the page may use its own style and script only, identified by their
/// hashes.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; \
    style-src 'sha256-3Bhy3qGunvCTx/TLJgP9UiBu2IWokGvD8o35A/891ns='; \
    script-src 'sha256-tbH6cDpL0FbIjIlNvZsmcnDU2ndTtCFoq0uiMhmUiPk='; \
    base-uri 'none'; form-action 'none'";

/// Writes an HTML page at the end of the run.
pub(super) struct Html<'w> {
    out: Box<dyn Write + 'w>,
    registry: &'w Registry,
    is_redacted: bool,
    run: Option<RunInfo>,
    kept: Kept,
    files: FileCounts,
}

impl<'w> Html<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>, is_redacted: bool, registry: &'w Registry) -> Self {
        Self {
            out,
            registry,
            is_redacted,
            run: None,
            kept: Kept::default(),
            files: FileCounts::default(),
        }
    }
}

impl Reporter for Html<'_> {
    fn begin(&mut self, run: &RunInfo) {
        self.run = Some(run.clone());
    }

    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        let findings = &report.outcome.findings;
        let Some(highest) = findings.iter().map(|finding| finding.level).max() else {
            return Ok(());
        };
        let added = self.kept.add(report)?;
        let name = escape_unprintable(report.file);
        self.files.add(&name, highest, findings.len(), added > 0);
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.files.end_file();
        let mut out = BufWriter::new(mem::replace(&mut self.out, Box::new(io::sink())));
        Page::new(self, summary)?.write_into(&mut out)?;
        out.flush()
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn policy_contains_the_hashes_of_style_and_script() {
        for (text, directive, ending) in [
            (STYLE, "style-src", "</style"),
            (SCRIPT, "script-src", "</script"),
        ] {
            let hash = BASE64_STANDARD.encode(Sha256::digest(text));
            let expected = format!("{directive} 'sha256-{hash}'");
            assert!(
                CONTENT_SECURITY_POLICY.contains(&expected),
                "the policy needs {expected}"
            );
            // These would end the element, or change the bytes that the browser hashes.
            assert!(!text.contains(ending) && !text.contains('\r') && !text.contains("<!--"));
        }
    }
}
