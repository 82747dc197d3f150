//! Parameter lists in the words of the connector behind the marketplace.

use crate::finding::{Edit, Fix, Level};
use crate::json::Member;
use crate::names::{KnownName, known};
use crate::payload::order::Line;
use crate::rule::{Check, Rule};

const ACTIVATION_PARAMETERS: KnownName = known("activationParameters");
const KEY: KnownName = known("key");
const PARAMETERS: KnownName = known("parameters");

pub(in crate::rules) static DIALECT: Rule = Rule {
    id: "order/connector-dialect",
    level: Level::Error,
    page: include_str!("../../../rules/order/connector-dialect.md"),
    check: Check::Line(|line, _, findings| {
        if !line.has_connector_words {
            return;
        }
        let find = |name: KnownName| {
            line.node
                .members()
                .find(|member| member.known() == Some(name))
        };
        let keys: Vec<Member<'_>> = keys_for_names(line).collect();
        let Some(list) = find(ACTIVATION_PARAMETERS) else {
            if let Some(first) = keys.first() {
                findings
                    .report(
                        first.name.span(),
                        "the connector says `key`, the orders API `name`",
                    )
                    .fix(Fix::unsafe_("rename it to name", renamed(&keys)));
            }
            return;
        };
        let finding = findings.report(
            list.name.span(),
            "the connector says `activationParameters`, the orders API `parameters`",
        );
        match find(PARAMETERS) {
            Some(right) => {
                finding
                    .label(right.name.span(), "the right list is here")
                    .help("keep one of the two lists");
            }
            None => {
                let mut edits = vec![Edit::replace(list.name.content_span(), "parameters")];
                edits.extend(renamed(&keys));
                finding.fix(Fix::unsafe_("rename it to parameters", edits));
            }
        }
    }),
};

/// The `key` members of entries without a `name`.
fn keys_for_names<'d>(line: &Line<'d>) -> impl Iterator<Item = Member<'d>> {
    line.entries.iter().filter_map(|entry| {
        let mut members = entry.node.members();
        members.find(|member| entry.is_keyed() && member.known() == Some(KEY))
    })
}

fn renamed(keys: &[Member<'_>]) -> Vec<Edit> {
    let rename = |key: &Member<'_>| Edit::replace(key.name.content_span(), "name");
    keys.iter().map(rename).collect()
}
