//! The data of the page, which its script reads.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::io;

use serde::Serialize;

use super::Html;
use super::kept::{Kept, MAX_RECORDS, MAX_ROWS, script_json};
use crate::finding::Level;
use crate::output::Summary;

/// The data as JSON, for the content of a `script` element. It is written in parts, because it is most of the page.
pub(super) struct Data<'h> {
    /// The properties besides the findings and the texts of their records.
    facts: String,
    kept: &'h Kept,
}

/// The counts of the whole run, and what is left out of the page.
#[derive(Serialize)]
struct Facts<'h> {
    /// The page of each rule in the table, as Markdown.
    pages: BTreeMap<&'h str, &'h str>,
    /// Each rule with findings.
    rules: BTreeMap<&'h str, RuleFacts>,
    /// The number of findings of each level.
    levels: BTreeMap<&'static str, usize>,
    /// The number of findings of each file in the table.
    files: BTreeMap<&'h str, usize>,
    limits: Limits,
}

#[derive(Serialize)]
struct RuleFacts {
    level: &'static str,
    /// The number of its findings.
    count: usize,
    /// The number of its findings in the table.
    shown: usize,
}

/// What the page holds of each rule at most.
#[derive(Serialize)]
struct Limits {
    rows: usize,
    records: usize,
}

impl<'h> Data<'h> {
    pub(super) fn new(html: &'h Html<'_>, summary: &Summary) -> io::Result<Self> {
        let kept = &html.kept;
        let page = |id: &&'static str| Some((*id, html.registry.rule(id)?.page));
        let levels = Level::ALL.map(|level| (level.as_str(), summary.findings_at(level)));
        let rules = summary.rules.iter().map(|(rule, stats)| {
            let facts = RuleFacts {
                level: stats.level.as_str(),
                count: stats.count,
                shown: kept.rows_of(rule),
            };
            (*rule, facts)
        });
        let facts = script_json(&Facts {
            pages: kept.rules.keys().filter_map(page).collect(),
            rules: rules.collect(),
            levels: levels.into(),
            files: html.files.in_table(),
            limits: Limits {
                rows: MAX_ROWS,
                records: MAX_RECORDS,
            },
        })?;
        Ok(Self { facts, kept })
    }
}

impl Display for Data<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let facts = self.facts.strip_suffix('}').unwrap_or_default();
        write!(f, "{facts},\"records\":[")?;
        write_elements(&self.kept.records, f)?;
        f.write_str("],\"findings\":[")?;
        write_elements(&self.kept.rows, f)?;
        f.write_str("]}")
    }
}

/// Writes elements of an array, each on its own line so that the source of the page can be read.
fn write_elements(elements: &[String], f: &mut Formatter<'_>) -> fmt::Result {
    for (index, element) in elements.iter().enumerate() {
        f.write_str(if index == 0 { "\n" } else { ",\n" })?;
        f.write_str(element)?;
    }
    Ok(())
}
