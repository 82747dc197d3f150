//! Whether a qualification is a request or a response, and for which customer the request is.

use crate::finding::Level;
use crate::kinds::qualification::{QUALIFICATION, QualificationType};
use crate::rule::{Check, Overlap, Rule};
use crate::rules::format::is_guid;
use crate::rules::qualification::QualificationCheck;
use crate::span::Span;

pub(in crate::rules) static AMBIGUOUS_FORM: Rule = Rule {
    id: "qualification/ambiguous-form",
    level: Level::Warning,
    page: include_str!("../../../rules/qualification/ambiguous-form.md"),
    overlap: Overlap::OTHER,
    check: Check::View(&QualificationCheck::Qualification(
        &|qualification, _, findings| {
            let requested = match qualification.qualification_type {
                Some(QualificationType::Education) => "educationSegment",
                Some(QualificationType::GovernmentCommunityCloud) => "validationCode",
                _ => return,
            };
            let is_complete = qualification.request_properties().next().is_some()
                || qualification.may_have_property(requested)
                || qualification.may_have_property("vettingStatus");
            let Some(name) = &qualification.type_string else {
                return;
            };
            if qualification.record.is_form_unknown && !is_complete {
                findings
                    .report(
                        name.span(),
                        format_args!(
                            "`{name}` needs `{requested}` in a request or `vettingStatus` in a \
                             response, found neither"
                        ),
                    )
                    .help(format!(
                        "add `{requested}` to a request or `vettingStatus` to a response, or \
                         state the form with `--form`"
                    ));
            }
        },
    )),
};

pub(in crate::rules) static CUSTOMER_ID_SHAPE: Rule = Rule {
    id: "qualification/customer-id-shape",
    level: Level::Warning,
    page: include_str!("../../../rules/qualification/customer-id-shape.md"),
    overlap: Overlap::VALUE,
    check: Check::Document(Some(&QUALIFICATION), &|document, _, findings| {
        let Some(record) = document
            .records
            .first()
            .filter(|record| record.is_of(&QUALIFICATION))
        else {
            return;
        };
        let Some(wrapping) = record.document.wrapping() else {
            return;
        };
        let text = wrapping.before.of(record.document.text());
        let Some((at, id)) = customer_id(text) else {
            return;
        };
        if !is_guid(id) && !is_template(id) {
            let start = wrapping.before.start + at as u32;
            findings
                .report(
                    Span::new(start, start + id.len() as u32),
                    format_args!("the customer ID `{id}` is not a GUID"),
                )
                .help("use the GUID of the customer's tenant");
        }
    }),
};

/// The segment before `qualifications` in the path of a request, and its offset in the text.
fn customer_id(text: &str) -> Option<(usize, &str)> {
    let end = text.find("/qualifications")?;
    let is_delimiter = |c: char| c == '/' || c.is_whitespace() || "'\"`".contains(c);
    let id = text[..end].rsplit(is_delimiter).next()?;
    (!id.is_empty() && id != "customers").then_some((end - id.len(), id))
}

/// Whether a segment of a path is to be replaced by a value, such as `{customer_id}`.
fn is_template(segment: &str) -> bool {
    segment.contains(['{', '}', '$', '<', '%', ':', '[', '@', '='])
        || !segment.contains(|c: char| c.is_ascii_digit() || c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_customer_id_of_a_request() {
        for (text, id) in [
            (
                "POST /v1/customers/1000420011/qualifications",
                Some("1000420011"),
            ),
            (
                "GET https://x.y/v1/customers/{id}/qualifications HTTP/1.1",
                Some("{id}"),
            ),
            ("POST {customer_id}/qualifications", Some("{customer_id}")),
            // No-break spaces, as copied from a page.
            ("GET /v1/customers/4c\u{a0}38/qualifications", Some("38")),
            ("GET\u{a0}4c38/qualifications", Some("4c38")),
            ("GET /v1/customers/qualifications", None),
            ("GET /qualifications", None),
            ("GET /v1/customers", None),
        ] {
            assert_eq!(customer_id(text).map(|(_, id)| id), id, "{text}");
        }
        for id in ["{id}", "$customerId", "<id>", "%ID%", ":id", "customer-id"] {
            assert!(is_template(id), "{id}");
        }
        for id in ["1000420011", "brassfinch.onmicrosoft.com"] {
            assert!(!is_template(id), "{id}");
        }
    }
}
