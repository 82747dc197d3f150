//! Links that an e-mail or chat program added to an address.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::finding::{Fix, Level};
use crate::rule::{Check, Overlap, Rule, Supersedes};

pub(in crate::rules) static AUTOLINK: Rule = Rule {
    id: "payload/autolink",
    level: Level::Error,
    page: include_str!("../../../rules/payload/autolink.md"),
    overlap: Overlap::OTHER.superseding(Supersedes::Everything),
    check: Check::String(&|string, _, _, findings| {
        let text = &string.string;
        let Some(plain) = without_links(text).filter(|_| !string.is_name()) else {
            return;
        };
        findings
            .report(
                text.span(),
                format_args!("`{text}` contains a link that an e-mail or chat program added"),
            )
            .fix(Fix::unsafe_(
                format!("replace with {}", crate::json::quote(&plain)),
                vec![text.replacement_edit(&plain)],
            ));
    }),
};

/// A link as e-mail programs and Markdown write it: `[text](mailto:address)`, `<mailto:address>`, `<https://…>`.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    let target = r"(?:mailto:|https?://)[^<>()|\s]+";
    let pattern = format!(
        r"\[([^\[\]]+)\]\({target}\)|<{target}\|([^<>|]+)>|<mailto:([^<>\s]+)>|<({target})>"
    );
    Regex::new(&pattern).unwrap_or_else(|error| panic!("{error}"))
});

/// The text without its links; `None` if it has none.
fn without_links(text: &str) -> Option<String> {
    // Most strings have neither bracket.
    memchr::memchr2(b'<', b'[', text.as_bytes())?;
    let plain = LINK.replace_all(text, |link: &Captures<'_>| {
        let start = link.get(0).map_or(0, |whole| whole.start());
        let shown = link.get(1).or(link.get(2));
        let address = link.get(3).or(link.get(4));
        match (shown, address) {
            (Some(shown), _) => shown.as_str().to_owned(),
            // Usually the address precedes its link, so that only the link is removed.
            (_, Some(address)) if start == 0 => address.as_str().to_owned(),
            _ => String::new(),
        }
    });
    (plain != text).then(|| plain.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_links_and_keeps_their_text() {
        for (text, expected) in [
            (
                "ann@kestrel.example<mailto:ann@kestrel.example>",
                Some("ann@kestrel.example"),
            ),
            ("<mailto:ann@kestrel.example>", Some("ann@kestrel.example")),
            (
                "[ann@kestrel.example](mailto:ann@kestrel.example)",
                Some("ann@kestrel.example"),
            ),
            (
                "kestrel.example<http://kestrel.example/>",
                Some("kestrel.example"),
            ),
            (
                "<https://www.kestrel.example|kestrel.example>",
                Some("kestrel.example"),
            ),
            (
                "<https://kestrel.example/a>",
                Some("https://kestrel.example/a"),
            ),
            ("https://kestrel.example/a", None),
            ("ann@kestrel.example", None),
            ("<ann@kestrel.example>", None),
        ] {
            assert_eq!(without_links(text).as_deref(), expected, "{text}");
        }
    }
}
