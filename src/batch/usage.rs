//! What a run made use of in the configuration, so that what it made no use of can be told.

use crate::config::Config;
use crate::engine::Verdict;
use crate::finding::Finding;

/// Which entries of a configuration a run made use of.
#[derive(Debug, Default)]
pub(super) struct Usage {
    ignores: Vec<bool>,
    payloads: Vec<bool>,
    /// Whether a file of each ignore's glob was checked.
    is_judged: Vec<bool>,
}

impl Usage {
    /// Notes what a file's verdict made use of.
    pub(super) fn note(&mut self, config: &Config, file: &str, verdict: &Verdict) {
        self.ignores.resize(config.ignores.len(), false);
        self.is_judged.resize(config.ignores.len(), false);
        self.payloads.resize(config.payloads.len(), false);
        for &place in &verdict.used_ignores {
            self.ignores[place] = true;
        }
        for (place, ignore) in config.ignores.iter().enumerate() {
            self.is_judged[place] |= ignore
                .files
                .as_ref()
                .is_some_and(|files| files.matches(file));
        }
        for &place in &verdict.used_payloads {
            self.payloads[place] = true;
        }
    }

    /// The findings for entries that matched nothing. Unless everything was checked, only those
    /// ignores are judged of whose files some were.
    pub(super) fn unused(mut self, config: &Config, is_whole: bool) -> Vec<Finding> {
        if !is_whole {
            self.payloads = vec![true; config.payloads.len()];
            self.ignores.resize(config.ignores.len(), false);
            self.is_judged.resize(config.ignores.len(), false);
            for (is_used, is_judged) in self.ignores.iter_mut().zip(self.is_judged) {
                *is_used |= !is_judged;
            }
        }
        config.unused(&self.ignores, &self.payloads)
    }
}
