//! What somebody decided about a run, apart from the payloads.

use crate::finding::Level;
use crate::payload::Stated;
use crate::rule::Context;

/// The decisions of one run.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Facts from outside the payloads.
    pub context: Context,
    /// What the payloads are said to be.
    pub stated: Stated,
    /// Levels that differ from the rules' own; a later entry beats an earlier one.
    pub levels: Vec<LevelOverride>,
}

/// Another level for a rule or a family.
#[derive(Clone, Debug)]
pub struct LevelOverride {
    /// A rule's id, or `family/*`.
    pub rules: String,
    /// The level; `None` silences.
    pub level: Option<Level>,
}

impl Config {
    /// How loud a finding of a rule is, `None` if it is silenced. `default` is the rule's own level.
    pub fn level_of(&self, rule: &str, default: Level) -> Option<Level> {
        let applies = |entry: &&LevelOverride| {
            let family = entry.rules.strip_suffix('*');
            entry.rules == rule || family.is_some_and(|family| rule.starts_with(family))
        };
        match self.levels.iter().rev().find(applies) {
            Some(entry) => entry.level,
            None => Some(default),
        }
    }
}
