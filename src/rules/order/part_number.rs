//! Part numbers of Microsoft's New Commerce Experience: product, colon, SKU.

use crate::finding::{Level, Safety};
use crate::rule::{Check, Rule};
use crate::simd::ByteMasks;
use crate::spelling;

pub(in crate::rules) static SHAPE: Rule = Rule {
    id: "order/mpn-shape",
    level: Level::Warning,
    page: include_str!("../../../rules/order/mpn-shape.md"),
    check: Check::Line(|line, _, findings| {
        let Some(mpn) = &line.mpn else { return };
        if mpn.is_empty() || is_part_number(mpn) {
            return;
        }
        let finding = findings.report(
            mpn.span(),
            format_args!(
                "`{}` is not product and SKU, 12 and 4 capitals or digits with a colon between them",
                &**mpn
            ),
        );
        let upper = mpn.trim().to_ascii_uppercase();
        if is_part_number(&upper) {
            finding.fix(mpn.rewrite(&upper, Safety::Safe));
        } else if let Some(mended) = mend(&upper) {
            finding.fix(mpn.rewrite(&mended, Safety::Unsafe));
        } else {
            finding.help("take the part number from the catalogue, such as CFQ7TTC0LH16:0001");
        }
    }),
};

/// `CFQ7TTC0LH16:0001`.
fn is_part_number(text: &str) -> bool {
    const COLON: u64 = 1 << 12;
    text.len() == 17
        && ByteMasks::of(text.as_bytes()).is_some_and(|text| {
            let signs = text.range_mask(b'A'..=b'Z') | text.range_mask(b'0'..=b'9');
            text.eq_mask(b':') == COLON && signs | COLON == text.len_mask()
        })
}

/// The part number in a text of other separators, with a wrapped term (`P1Y:…`) or a third part.
fn mend(text: &str) -> Option<String> {
    let parts: Vec<&str> = text
        .split([':', '-', '_', ' ', '/'])
        .filter(|part| !part.is_empty())
        .collect();
    parts
        .windows(2)
        .map(|pair| format!("{}:{}", pair[0], pair[1]))
        .find(|candidate| is_part_number(candidate))
}

pub(in crate::rules) static UNKNOWN: Rule = Rule {
    id: "order/unknown-mpn",
    level: Level::Warning,
    page: include_str!("../../../rules/order/unknown-mpn.md"),
    check: Check::Line(|line, context, findings| {
        let (Some(mpn), Some(catalogue)) = (&line.mpn, &context.catalogue) else {
            return;
        };
        if !is_part_number(mpn) || catalogue.contains(mpn.as_str()) {
            return;
        }
        let finding = findings.report(mpn.span(), format_args!("`{mpn}` is not in the catalogue"));
        let known = catalogue.iter().map(String::as_str);
        match spelling::nearest(mpn, known) {
            Some(near) => finding.fix(mpn.rewrite(near, Safety::Unsafe)),
            None => finding.help("take the part number from the catalogue"),
        };
    }),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_numbers_are_mended_from_other_separators() {
        for text in [
            "CFQ7TTC0LH16-0001",
            "CFQ7TTC0LH16:0001:CFQ7TTC0KLMN",
            "P1Y:CFQ7TTC0LH16:0001",
        ] {
            assert_eq!(mend(text).as_deref(), Some("CFQ7TTC0LH16:0001"), "{text}");
        }
        assert_eq!(mend("CFQ7TTC0LH16"), None);
    }
}
