//! Files in other formats than JSON.

use crate::document::WideEncoding;
use crate::finding::{Edit, Fix, Level};
use crate::rule::{Check, Overlap, Rule, RuleReporter, Source};
use crate::span::Span;

pub(crate) static NOT_JSON: Rule = Rule {
    id: "payload/not-json",
    level: Level::Error,
    page: include_str!("../../../rules/payload/not-json.md"),
    overlap: Overlap::OTHER,
    check: Check::BuiltIn(Source::Parser),
};

pub(crate) static NOT_UTF8: Rule = Rule {
    id: "json/not-utf8",
    level: Level::Warning,
    page: include_str!("../../../rules/json/not-utf8.md"),
    overlap: Overlap::OTHER,
    check: Check::BuiltIn(Source::Input),
};

/// Reports the encoding of a file that was decoded. The fix changes no character of the decoded text: where it is
/// applied, the text is written as UTF-8.
pub(crate) fn report_encoding(encoding: WideEncoding, findings: &mut RuleReporter<'_>) {
    let name = encoding.name();
    let nothing = Edit::replace(Span::empty(0), "");
    findings
        .report(
            Span::empty(0),
            format!("the file is encoded as {name}; JSON must be UTF-8"),
        )
        .fix(Fix::unsafe_("save the file as UTF-8", vec![nothing]));
}
