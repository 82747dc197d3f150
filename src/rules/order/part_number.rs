//! Part numbers of Microsoft's New Commerce Experience: product, colon, SKU.

use crate::finding::{Level, Safety};
use crate::kinds::order::period::Period;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::order::OrderCheck;
use crate::simd::ByteMasks;
use crate::suggest;

pub(in crate::rules) static MPN_SHAPE: Rule = Rule {
    id: "order/mpn-shape",
    level: Level::Warning,
    page: include_str!("../../../rules/order/mpn-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Line(&|line, _, findings| {
        let Some(mpn) = &line.mpn else { return };
        let is_valid = is_part_number(mpn) || mpn.is_empty() || is_part_number(without_term(mpn));
        if is_valid && !mpn.starts_with(PROMOTION_PREFIX) {
            return;
        }
        let finding = findings.report(
            mpn.span(),
            format_args!(
                "`{}` is not a valid part number; expected 12 characters, a colon and 4 \
                 characters, such as `CFQ7TTC0LH16:0001`",
                &**mpn
            ),
        );
        let upper = mpn.trim().to_ascii_uppercase();
        if upper.starts_with(PROMOTION_PREFIX) {
            finding.message = format!("`{}` is the ID of a promotion, not a part number", &**mpn);
            finding.help("use the part number of the product");
            return;
        }
        if is_part_number(&upper) {
            finding.fix(mpn.replacement_fix(&upper, Safety::Safe));
        } else if let Some(suggested) = suggest(&upper).filter(|_| !mpn.contains('_')) {
            finding.fix(mpn.replacement_fix(&suggested, Safety::Unsafe));
        } else {
            finding.help("copy the part number from the catalogue of the marketplace");
        }
    })),
};

/// The first characters of the ids of promotions.
const PROMOTION_PREFIX: &str = "39NFJQT1";

pub(in crate::rules) static MPN_PERIOD_CONFLICT: Rule = Rule {
    id: "order/mpn-period-conflict",
    level: Level::Warning,
    page: include_str!("../../../rules/order/mpn-period-conflict.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Line(&|line, _, findings| {
        let Some(mpn) = line.mpn.as_ref().filter(|mpn| mpn.len() > PART_NUMBER_LEN) else {
            return;
        };
        let number = without_term(mpn);
        if number.len() == mpn.len() {
            return;
        }
        let Some((term, plan)) = mpn[number.len() + 1..].split_once(':') else {
            return;
        };
        let term_period = differing(months_of_term(term), line.term);
        let billing_period = differing(months_of_plan(plan), line.billing);
        let (subject, period) = match (term_period, billing_period) {
            (Some(period), _) => (term, period),
            (None, Some(period)) => (plan, period),
            (None, None) => return,
        };
        let length = period.description();
        findings
            .report(
                mpn.span(),
                format_args!("`{subject}` in the part number contradicts the period of {length}"),
            )
            .label(period.member.name.span(), length.as_str())
            .help("correct the part number or the period");
    })),
};

/// The period, if it is not as many months long.
fn differing(months: Option<u64>, period: Option<Period<'_>>) -> Option<Period<'_>> {
    period.filter(|period| months.is_some_and(|months| months != period.rounded_months()))
}

fn months_of_term(term: &str) -> Option<u64> {
    match term {
        "P1M" => Some(1),
        "P1Y" => Some(12),
        "P3Y" => Some(36),
        _ => None,
    }
}

fn months_of_plan(plan: &str) -> Option<u64> {
    match plan {
        "Monthly" => Some(1),
        "Annual" => Some(12),
        "Triennial" => Some(36),
        _ => None,
    }
}

/// The length of a part number, in bytes.
const PART_NUMBER_LEN: usize = 17;

/// Whether a string is a part number, such as `CFQ7TTC0LH16:0001`.
fn is_part_number(text: &str) -> bool {
    const COLON: u64 = 1 << 12;
    text.len() == PART_NUMBER_LEN
        && ByteMasks::of(text.as_bytes()).is_some_and(|text| {
            let allowed = text.range_mask(b'A'..=b'Z') | text.range_mask(b'0'..=b'9');
            text.eq_mask(b':') == COLON && allowed | COLON == text.len_mask()
        })
}

/// The part number in front of a term and a billing plan, such as `_P1Y:Monthly`, which CloudBlue Connect adds to it. The
/// string itself if it does not end with them.
pub(super) fn without_term(text: &str) -> &str {
    const TERMS: [&str; 3] = ["P1M", "P1Y", "P3Y"];
    const PLANS: [&str; 5] = ["Monthly", "Annual", "Triennial", "None", "OneTime"];
    let Some((number, suffix)) = text.split_once('_') else {
        return text;
    };
    let is_term = suffix == "ANNUAL"
        || suffix
            .split_once(':')
            .is_some_and(|(term, plan)| TERMS.contains(&term) && PLANS.contains(&plan));
    if is_term { number } else { text }
}

/// The part number in a string with other separators, a term (`P1Y:…`) or a third part.
fn suggest(text: &str) -> Option<String> {
    let parts: Vec<&str> = text
        .split([':', '-', '_', ' ', '/'])
        .filter(|part| !part.is_empty())
        .collect();
    parts
        .windows(2)
        .map(|pair| format!("{}:{}", pair[0], pair[1]))
        .find(|candidate| is_part_number(candidate))
}

pub(in crate::rules) static UNKNOWN_MPN: Rule = Rule {
    id: "order/unknown-mpn",
    level: Level::Warning,
    page: include_str!("../../../rules/order/unknown-mpn.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::CataloguedLine(
        &|line, _, catalogue, findings| {
            let Some(mpn) = &line.mpn else {
                return;
            };
            let number = without_term(mpn);
            if !is_part_number(number)
                || catalogue.contains(mpn.as_str())
                || catalogue.contains(number)
            {
                return;
            }
            let finding = findings.report(
                mpn.span(),
                format_args!("the part number `{mpn}` is not in the catalogue"),
            );
            // Microsoft refuses what its own lists do not contain.
            if catalogue.is_official() {
                finding.level = Level::Error;
            }
            let candidates = catalogue.candidates(mpn);
            match suggest::nearest(mpn, candidates.iter().map(String::as_str)) {
                Some(near) => finding.fix(mpn.replacement_fix(near, Safety::Unsafe)),
                None => finding.help("use a part number of the catalogue, or update the catalogue"),
            };
        },
    )),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_part_numbers_with_other_separators() {
        for text in [
            "CFQ7TTC0LH16-0001",
            "CFQ7TTC0LH16:0001:CFQ7TTC0KLMN",
            "P1Y:CFQ7TTC0LH16:0001",
        ] {
            assert_eq!(
                suggest(text).as_deref(),
                Some("CFQ7TTC0LH16:0001"),
                "{text}"
            );
        }
        assert_eq!(suggest("CFQ7TTC0LH16"), None);
    }
}
