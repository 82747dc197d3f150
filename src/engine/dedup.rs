//! One mistake, one finding: which finding yields to which, by the [`Overlap`] that each rule declares. Decided before
//! levels are set, so that a rule that is switched off still supersedes others.

use std::collections::{HashMap, HashSet};

use crate::config::Config;
use crate::finding::{Finding, Level, Safety};
use crate::registry::Registry;
use crate::rule::{Overlap, Subject, Supersedes};
use crate::span::Span;

/// Drops overlapping findings of the records of one document.
pub(super) struct Deduplicator<'r> {
    registry: &'r Registry,
    config: &'r Config,
    /// Where syntax findings cover characters inside a string, in order.
    covered_characters: Vec<Span>,
}

impl<'r> Deduplicator<'r> {
    /// A deduplicator for a document with these syntax findings.
    pub(super) fn new(registry: &'r Registry, config: &'r Config, syntax: &[Finding]) -> Self {
        let mut deduplicator = Self {
            registry,
            config,
            covered_characters: Vec::new(),
        };
        let covers = |finding: &&Finding| {
            let overlap = deduplicator.overlap_of(finding);
            overlap.covers.contains(&Subject::Characters)
        };
        let mut spans: Vec<Span> = syntax
            .iter()
            .filter(covers)
            .map(|finding| finding.span)
            .collect();
        spans.sort_unstable();
        deduplicator.covered_characters = spans;
        deduplicator
    }

    fn overlap_of(&self, finding: &Finding) -> Overlap {
        let rule = self.registry.rule(finding.rule);
        rule.map_or(Overlap::VALUE, |rule| rule.overlap)
    }

    /// Drops the findings about a record that others at the same place replace. `schema_findings` are those of the
    /// schemas, `rule_findings` those of the rules.
    pub(super) fn drop_overlapping(
        &self,
        schema_findings: &mut Vec<Finding>,
        rule_findings: &mut Vec<Finding>,
    ) {
        if rule_findings.is_empty() {
            return;
        }
        self.yield_to_schemas(schema_findings, rule_findings);
        self.supersede(schema_findings, rule_findings);
        self.yield_to_covering(rule_findings);
        self.join_answers(schema_findings, rule_findings);
    }

    /// Turns what a platform answered into labels of the findings about the same, unless these are switched off.
    fn join_answers(&self, schema_findings: &mut [Finding], rule_findings: &mut Vec<Finding>) {
        let is_answer = |finding: &Finding| self.overlap_of(finding).subject == Subject::Answer;
        let (answers, mut others): (Vec<_>, Vec<_>) = rule_findings
            .drain(..)
            .partition(|finding| is_answer(finding));
        for answer in answers {
            // A finding about something that is missing is at the place of several such.
            let name = answer.message.split('`').nth(1).unwrap_or_default();
            let is_about_same = |finding: &&mut Finding| {
                let is_reported = self.config.level_of(finding.rule, finding.level).is_some();
                finding.span == answer.span
                    && is_reported
                    && (self.overlap_of(finding).subject != Subject::Other
                        || finding.message.contains(&format!("`{name}`")))
            };
            let mut all = schema_findings.iter_mut().chain(&mut others);
            match all.find(is_about_same) {
                Some(finding) => {
                    finding.label(answer.span, answer.message);
                    if finding.fix.is_none() && answer.fix.is_some() {
                        finding.fix = answer.fix;
                        finding.help = answer.help;
                    }
                }
                None => others.push(answer),
            }
        }
        *rule_findings = others;
    }

    /// A value that a schema rejects is not reported again by a rule, unless the schema's finding has a safe fix:
    /// then the rule has read the value as the fix will write it.
    fn yield_to_schemas(&self, schema_findings: &[Finding], rule_findings: &mut Vec<Finding>) {
        let mut is_fixable: HashMap<Span, bool> = HashMap::new();
        for finding in schema_findings {
            if self.overlap_of(finding).subject == Subject::Value {
                let is_safe = finding.fix_up_to(Safety::Safe).is_some();
                *is_fixable.entry(finding.span).or_insert(true) &= is_safe;
            }
        }
        let all = spans_of(schema_findings, |_| true);
        rule_findings.retain(|finding| match self.overlap_of(finding).subject {
            Subject::Other | Subject::Answer => true,
            Subject::Whitespace | Subject::Characters => !all.contains(&finding.span),
            Subject::Value => is_fixable.get(&finding.span) != Some(&false),
        });
    }

    /// Applies what rules declare to supersede.
    fn supersede(&self, schema_findings: &mut Vec<Finding>, rule_findings: &mut Vec<Finding>) {
        let supersedes = |finding: &Finding| self.overlap_of(finding).supersedes;
        let of_schema = spans_of(rule_findings, |finding| {
            supersedes(finding) != Supersedes::Nothing
        });
        let of_all = spans_of(rule_findings, |finding| {
            supersedes(finding) == Supersedes::Everything
        });
        schema_findings.retain(|finding| !of_schema.contains(&finding.span));
        rule_findings.retain(|finding| {
            supersedes(finding) == Supersedes::Everything || !of_all.contains(&finding.span)
        });
    }

    /// Drops findings about whitespace or characters where another finding covers them. One that is an error or has a
    /// fix always covers the whitespace of its value.
    fn yield_to_covering(&self, rule_findings: &mut Vec<Finding>) {
        let covers = |finding: &Finding, subject: Subject| {
            let overlap = self.overlap_of(finding);
            overlap.covers.contains(&subject)
        };
        let replaces_value = |finding: &Finding| {
            let subject = self.overlap_of(finding).subject;
            matches!(subject, Subject::Value | Subject::Other)
                && (finding.fix.is_some() || finding.level == Level::Error)
        };
        let whitespace = spans_of(rule_findings, |finding| {
            replaces_value(finding) || covers(finding, Subject::Whitespace)
        });
        let characters = spans_of(rule_findings, |finding| {
            covers(finding, Subject::Characters)
        });
        rule_findings.retain(|finding| match self.overlap_of(finding).subject {
            Subject::Whitespace => !whitespace.contains(&finding.span),
            Subject::Characters => {
                !characters.contains(&finding.span) && !self.has_covered_characters_in(finding.span)
            }
            Subject::Value | Subject::Other | Subject::Answer => true,
        });
    }

    fn has_covered_characters_in(&self, span: Span) -> bool {
        let spans = &self.covered_characters;
        let index = spans.partition_point(|covered| covered.start < span.start);
        spans
            .get(index)
            .is_some_and(|covered| span.contains(*covered))
    }
}

fn spans_of(findings: &[Finding], is_wanted: impl Fn(&Finding) -> bool) -> HashSet<Span> {
    findings
        .iter()
        .filter(|finding| is_wanted(finding))
        .map(|finding| finding.span)
        .collect()
}
