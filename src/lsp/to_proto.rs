//! Findings as the protocol has them.

use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, NumberOrString, Range, Uri,
};

use super::client::ClientCapabilities;
use super::position::PositionMapper;
use crate::engine::Verdict;
use crate::finding::{Finding, Level, Safety};
use crate::output::page_at;

/// Who says it.
const SOURCE: &str = "countersign";

/// What makes diagnostics of the findings of one text.
pub(super) struct DiagnosticConverter<'a> {
    pub(super) client: &'a ClientCapabilities,
    pub(super) uri: &'a Uri,
    pub(super) places: &'a PositionMapper<'a>,
    /// Where the rules' pages can be read.
    pub(super) rule_pages: Option<&'a str>,
}

impl DiagnosticConverter<'_> {
    /// The diagnostics of a verdict: of more findings than `limit` the loudest, and a note on the rest.
    pub(super) fn diagnostics(&self, verdict: &Verdict, limit: usize) -> Vec<Diagnostic> {
        let mut shown: Vec<&Finding> = verdict.findings.iter().collect();
        let left_out = shown.len().saturating_sub(limit);
        if left_out > 0 {
            shown.sort_by_key(|finding| std::cmp::Reverse(finding.level));
            shown.truncate(limit);
            shown.sort_by_key(|finding| finding.span);
        }
        let note = (left_out > 0).then(|| Diagnostic {
            range: Range::default(),
            severity: Some(DiagnosticSeverity::INFORMATION),
            source: Some(SOURCE.into()),
            message: format!(
                "{left_out} of {} findings are not shown here; `countersign check` shows them all",
                verdict.findings.len()
            ),
            ..Diagnostic::default()
        });
        let told = shown.into_iter().map(|finding| self.diagnostic(finding));
        note.into_iter().chain(told).collect()
    }

    /// A finding as a diagnostic.
    pub(super) fn diagnostic(&self, finding: &Finding) -> Diagnostic {
        let message = match &finding.help {
            Some(help) => format!("{}\nhelp: {help}", finding.message),
            None => finding.message.clone(),
        };
        Diagnostic {
            range: self.places.range(finding.span),
            severity: Some(match finding.level {
                Level::Error => DiagnosticSeverity::ERROR,
                Level::Warning => DiagnosticSeverity::WARNING,
                Level::Info => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(finding.rule.into())),
            code_description: self.page_of(finding.rule),
            source: Some(SOURCE.into()),
            message,
            related_information: self.related(finding),
            tags: (self.client.takes_tags && is_unnecessary(finding))
                .then(|| vec![DiagnosticTag::UNNECESSARY]),
            data: None,
        }
    }

    fn page_of(&self, rule: &str) -> Option<CodeDescription> {
        let pages = self.rule_pages.filter(|_| self.client.takes_links)?;
        let href = page_at(pages, rule).parse().ok()?;
        Some(CodeDescription { href })
    }

    fn related(&self, finding: &Finding) -> Option<Vec<DiagnosticRelatedInformation>> {
        let labels = finding.labels.iter();
        let related: Vec<_> = labels
            .map(|label| DiagnosticRelatedInformation {
                location: Location::new(self.uri.clone(), self.places.range(label.span)),
                message: label.message.clone(),
            })
            .collect();
        (self.client.takes_related && !related.is_empty()).then_some(related)
    }
}

/// Whether the text that a finding is about can be taken away, and nothing is lost.
fn is_unnecessary(finding: &Finding) -> bool {
    finding.fix_up_to(Safety::Safe).is_some_and(|fix| {
        let takes_away = |edit: &crate::finding::Edit| edit.text.is_empty();
        fix.edits.iter().all(takes_away)
            && fix
                .edits
                .iter()
                .any(|edit| edit.span.contains(finding.span))
    })
}
