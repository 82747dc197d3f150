//! One mistake, one finding: which finding gives way to which. Settled before levels are, so that a
//! silenced rule still absorbs.

use crate::finding::Finding;

/// The finding that takes everything else on its value.
const PLACEHOLDER: &str = "payload/placeholder";

/// Takes from what was found in a record whatever another finding says already. `refused` is what the
/// schema has against it, `judged` what the rules have, `syntax` what is wrong with the text as JSON.
pub(super) fn absorb(syntax: &[Finding], refused: &mut Vec<Finding>, judged: &mut Vec<Finding>) {
    if judged.is_empty() {
        return;
    }
    // A value that the schema refuses is not judged again by a rule; what is missing may be told at a
    // value, and is not about it.
    let is_refused = |finding: &Finding| {
        let mut on_value = refused
            .iter()
            .filter(|refusal| refusal.span == finding.span && judges_value(refusal));
        match finding.rule {
            PLACEHOLDER => false,
            // These say what is meant by the word that the schema does not know.
            "qualification/short-name" => false,
            // What the schema's own fix trims need not be told again.
            "payload/surrounding-space" => on_value.any(|refusal| refusal.fix.is_some()),
            rule if rule.starts_with("payload/") => false,
            rule => !rule.ends_with("-missing") && on_value.next().is_some(),
        }
    };
    judged.retain(|finding| !is_refused(finding));
    let stands_in = spans_of(judged, |finding| finding.rule == PLACEHOLDER);
    let short_names = spans_of(judged, |finding| finding.rule == "qualification/short-name");
    refused.retain(|finding| {
        !(stands_in.contains(&finding.span) || short_names.contains(&finding.span))
    });
    judged.retain(|finding| finding.rule == PLACEHOLDER || !stands_in.contains(&finding.span));
    let mended = spans_of(judged, |finding| {
        finding.rule != "payload/surrounding-space" && finding.fix.is_some()
            || finding.rule.starts_with("order/company-")
    });
    let respaced = spans_of(judged, |finding| finding.rule == "order/company-spacing");
    let has_illegal_escape = |finding: &Finding| {
        syntax
            .iter()
            .any(|fault| fault.rule == "json/illegal-escape" && finding.span.contains(fault.span))
    };
    judged.retain(|finding| match finding.rule {
        "payload/surrounding-space" => !mended.contains(&finding.span),
        "payload/damaged-text" => !respaced.contains(&finding.span) && !has_illegal_escape(finding),
        _ => true,
    });
}

fn spans_of(findings: &[Finding], is_wanted: impl Fn(&Finding) -> bool) -> Vec<crate::span::Span> {
    findings
        .iter()
        .filter(|finding| is_wanted(finding))
        .map(|finding| finding.span)
        .collect()
}

/// Whether a schema's finding is about the value that it points at, not about a member.
fn judges_value(finding: &Finding) -> bool {
    !matches!(
        finding.rule,
        "schema/required" | "schema/additional-properties"
    )
}
