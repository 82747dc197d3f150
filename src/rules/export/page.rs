//! The numbers of an envelope beside its list.

use crate::finding::Level;
use crate::json::Number;
use crate::payload::PageNumber;
use crate::rule::{Check, Rule};

pub(in crate::rules) static MISMATCH: Rule = Rule {
    id: "export/page-mismatch",
    level: Level::Warning,
    page: include_str!("../../../rules/export/page-mismatch.md"),
    check: Check::Page(|page, findings| {
        for (role, node) in &page.numbers {
            let Some(number) = node.as_number().filter(Number::is_integer) else {
                continue;
            };
            let written = number.as_str();
            if number.compare(&Number::new("0")).is_lt() {
                findings
                    .report(
                        node.span(),
                        format_args!("`{written}` records are less than none"),
                    )
                    .help("give a number of records, 0 or more");
                return;
            }
            let Some(length) = page.length else { continue };
            let records = if length == 1 { "record" } else { "records" };
            let beside = number.compare(&Number::new(&length.to_string()));
            let message = match role {
                PageNumber::Limit if beside.is_lt() => {
                    format!("the list holds {length} {records}, more than its limit of `{written}`")
                }
                PageNumber::Total if beside.is_lt() => {
                    format!("the list holds {length} {records}, more than the `{written}` in all")
                }
                PageNumber::TotalCount if beside.is_ne() => {
                    format!("the list holds {length} {records}, not `{written}`")
                }
                _ => continue,
            };
            findings
                .report(node.span(), message)
                .help("take the page from the platform again, or correct the number");
            return;
        }
    }),
};
