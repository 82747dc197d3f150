//! Conversion of findings to diagnostics of the protocol.

use std::cmp::Reverse;

use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, NumberOrString, Range, Uri,
};

use super::capabilities::ClientCapabilities;
use super::position::PositionMapper;
use crate::engine::Outcome;
use crate::finding::{Edit, Finding, Level, Safety};
use crate::output::rule_page_url;

/// The `source` of all diagnostics.
const SOURCE: &str = "countersign";

/// Converts the findings of one document.
pub(super) struct DiagnosticConverter<'a> {
    pub(super) client: &'a ClientCapabilities,
    pub(super) uri: &'a Uri,
    pub(super) mapper: &'a PositionMapper<'a>,
    /// The base URL of the rule pages.
    pub(super) rule_pages: Option<&'a str>,
}

impl DiagnosticConverter<'_> {
    /// Converts the findings of an outcome. If there are more than `limit`, only the most severe ones are
    /// converted, and a first diagnostic gives the number of the others.
    pub(super) fn diagnostics(&self, outcome: &Outcome, limit: usize) -> Vec<Diagnostic> {
        let mut findings: Vec<&Finding> = outcome.findings.iter().collect();
        let hidden = findings.len().saturating_sub(limit);
        if hidden > 0 {
            findings.sort_by_key(|finding| Reverse(finding.level));
            findings.truncate(limit);
            findings.sort_by_key(|finding| finding.span);
        }
        let summary = (hidden > 0).then(|| Diagnostic {
            range: Range::default(),
            severity: Some(DiagnosticSeverity::INFORMATION),
            source: Some(SOURCE.into()),
            message: format!(
                "{hidden} of {} findings are not shown here; `countersign check` shows them all",
                outcome.findings.len()
            ),
            ..Diagnostic::default()
        });
        let diagnostics = findings.into_iter().map(|finding| self.diagnostic(finding));
        summary.into_iter().chain(diagnostics).collect()
    }

    /// Converts a finding.
    pub(super) fn diagnostic(&self, finding: &Finding) -> Diagnostic {
        let message = match &finding.help {
            Some(help) => format!("{}\nhelp: {help}", finding.message),
            None => finding.message.clone(),
        };
        Diagnostic {
            range: self.mapper.range(finding.span),
            severity: Some(match finding.level {
                Level::Error => DiagnosticSeverity::ERROR,
                Level::Warning => DiagnosticSeverity::WARNING,
                Level::Info => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(finding.rule.into())),
            code_description: self.code_description(finding.rule),
            source: Some(SOURCE.into()),
            message,
            related_information: self.related_information(finding),
            tags: (self.client.diagnostic_tags && is_unnecessary(finding))
                .then(|| vec![DiagnosticTag::UNNECESSARY]),
            data: None,
        }
    }

    fn code_description(&self, rule: &str) -> Option<CodeDescription> {
        let pages = self.rule_pages.filter(|_| self.client.code_description)?;
        let href = rule_page_url(pages, rule).parse().ok()?;
        Some(CodeDescription { href })
    }

    fn related_information(&self, finding: &Finding) -> Option<Vec<DiagnosticRelatedInformation>> {
        let labels = finding.labels.iter();
        let related: Vec<_> = labels
            .map(|label| DiagnosticRelatedInformation {
                location: Location::new(self.uri.clone(), self.mapper.range(label.span)),
                message: label.message.clone(),
            })
            .collect();
        (self.client.related_information && !related.is_empty()).then_some(related)
    }
}

/// Whether the safe fix of a finding only deletes, and deletes all of the finding's span.
fn is_unnecessary(finding: &Finding) -> bool {
    let is_deletion = |edit: &Edit| edit.text.is_empty();
    let covers_finding = |edit: &Edit| edit.span.contains(finding.span);
    finding.fix_up_to(Safety::Safe).is_some_and(|fix| {
        fix.edits.iter().all(is_deletion) && fix.edits.iter().any(covers_finding)
    })
}
