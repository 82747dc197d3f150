//! The `ndjson` format: one JSON object per finding and line, described by `schemas/findings.schema.json`.

use std::io::{self, Write};

use serde_json::json;

use super::escaped_json;
use super::json::FindingRow;
use super::{Report, Reporter, Summary};

/// Writes one JSON object per line.
pub struct Ndjson<'w> {
    out: Box<dyn Write + 'w>,
}

impl<'w> Ndjson<'w> {
    /// A reporter that writes to `out`.
    pub fn new(out: Box<dyn Write + 'w>) -> Self {
        Self { out }
    }
}

impl Reporter for Ndjson<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        for finding in report.findings() {
            escaped_json::to_writer(&mut self.out, &FindingRow::new(report, finding))?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if let Some(message) = summary.interruption() {
            let row = json!({ "complete": false, "message": message });
            writeln!(self.out, "{row}")?;
        }
        self.out.flush()
    }
}
