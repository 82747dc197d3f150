//! Tracks which configuration entries matched in a run, so that unused entries can be reported.

use crate::config::Config;
use crate::engine::Outcome;
use crate::finding::Finding;

/// Which entries of a configuration matched in a run, by index.
#[derive(Debug, Default)]
pub(super) struct ConfigUsage {
    used_ignores: Vec<bool>,
    used_payloads: Vec<bool>,
    /// Whether a file that matches the ignore's glob was checked.
    checked_ignores: Vec<bool>,
}

impl ConfigUsage {
    /// Records the entries that matched in a file.
    pub(super) fn record(&mut self, config: &Config, file: &str, outcome: &Outcome) {
        self.used_ignores.resize(config.ignores.len(), false);
        self.checked_ignores.resize(config.ignores.len(), false);
        self.used_payloads.resize(config.payloads.len(), false);
        for &index in &outcome.used_ignores {
            self.used_ignores[index] = true;
        }
        for (index, ignore) in config.ignores.iter().enumerate() {
            self.checked_ignores[index] |= ignore
                .files
                .as_ref()
                .is_some_and(|files| files.matches(file));
        }
        for &index in &outcome.used_payloads {
            self.used_payloads[index] = true;
        }
    }

    /// Returns the findings for entries that matched nothing. If the run did not cover the configuration
    /// file's folder, only ignores whose glob matched a checked file can be unused.
    pub(super) fn unused(mut self, config: &Config, covers_config_root: bool) -> Vec<Finding> {
        if !covers_config_root {
            self.used_payloads = vec![true; config.payloads.len()];
            self.used_ignores.resize(config.ignores.len(), false);
            self.checked_ignores.resize(config.ignores.len(), false);
            let ignores = self.used_ignores.iter_mut();
            for (is_used, is_checked) in ignores.zip(self.checked_ignores) {
                *is_used |= !is_checked;
            }
        }
        config.unused(&self.used_ignores, &self.used_payloads)
    }
}
