//! Syntax findings of one rule beyond a number become one finding, so that a damaged text does not produce a report many
//! times its size.

use std::collections::BTreeMap;

use super::messages;
use crate::finding::{Edit, Finding, Fix, Safety};
use crate::json::SyntaxError;

/// The maximum number of findings of each rule that are reported by themselves.
pub(super) const MAX_FINDINGS: usize = 100;

/// The findings for syntax errors. Of each rule, those after the first [`MAX_FINDINGS`] are folded into one, whose fix
/// corrects all of them.
pub(super) fn findings(text: &str, errors: &[SyntaxError]) -> Vec<Finding> {
    let finding = |error: &SyntaxError| messages::finding(text, error);
    if errors.len() <= MAX_FINDINGS {
        return errors.iter().map(finding).collect();
    }
    let mut in_order: Vec<&SyntaxError> = errors.iter().collect();
    in_order.sort_by_key(|error| error.span);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut folded: BTreeMap<&str, Folded> = BTreeMap::new();
    let mut findings = Vec::new();
    for finding in in_order.into_iter().map(finding) {
        let count = counts.entry(finding.rule).or_default();
        *count += 1;
        if *count <= MAX_FINDINGS {
            findings.push(finding);
        } else {
            let folded = folded.entry(finding.rule);
            folded
                .or_insert_with(|| Folded::new(&finding))
                .add(&finding);
        }
    }
    findings.extend(folded.into_values().map(Folded::into_finding));
    findings
}

/// Findings of one rule that become one.
struct Folded {
    first: Finding,
    count: usize,
    safe: Vec<Edit>,
    unsafe_: Vec<Edit>,
}

impl Folded {
    /// None yet, of which this will be the first.
    fn new(first: &Finding) -> Self {
        Self {
            first: first.clone(),
            count: 0,
            safe: Vec::new(),
            unsafe_: Vec::new(),
        }
    }

    fn add(&mut self, finding: &Finding) {
        self.count += 1;
        self.first.level = self.first.level.max(finding.level);
        if let Some(fix) = &finding.fix {
            let edits = match fix.safety {
                Safety::Safe => &mut self.safe,
                Safety::Unsafe => &mut self.unsafe_,
            };
            edits.extend_from_slice(&fix.edits);
        }
    }

    /// One finding at the place of the first. Its fix is safe where one of them has a safe fix; the others remain for
    /// another round.
    fn into_finding(self) -> Finding {
        let Self {
            first,
            count,
            safe,
            unsafe_,
        } = self;
        let (safety, edits) = match safe.is_empty() {
            true => (Safety::Unsafe, unsafe_),
            false => (Safety::Safe, safe),
        };
        let edits = without_overlaps(edits);
        let fix = (!edits.is_empty()).then(|| Fix {
            title: format!("correct {count} places"),
            safety,
            edits,
        });
        Finding {
            message: match count {
                1 => first.message,
                _ => format!(
                    "{}, and {} more places with this problem",
                    first.message,
                    count - 1
                ),
            },
            fix,
            ..first
        }
    }
}

/// The edits in order, without those that overlap an earlier one.
fn without_overlaps(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| edit.span);
    let mut end = 0;
    edits.retain(|edit| {
        let is_apart = edit.span.start >= end;
        end = end.max(edit.span.end);
        is_apart
    });
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn findings_of_one_rule_are_folded_after_a_hundred() {
        for count in [99, 100, 101, 102, 5000] {
            let text = format!("[{}1]", "1,//c\n".repeat(count));
            let findings = Document::parse(&text).syntax_findings();
            assert_eq!(findings.len(), count.min(MAX_FINDINGS + 1), "{count}");
            let last = findings.last().expect("a finding");
            let more = count.checked_sub(MAX_FINDINGS + 1).filter(|more| *more > 0);
            assert_eq!(
                last.message.contains("more places"),
                more.is_some(),
                "{count}: {}",
                last.message
            );
            if let Some(more) = more {
                assert!(last.message.contains(&format!(" and {more} more")));
                let fix = last.fix.as_ref().expect("a fix");
                assert_eq!(fix.edits.len(), more + 1);
            }
        }
    }
}
