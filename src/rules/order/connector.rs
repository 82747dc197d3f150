//! Parameter lists in the format of the connector that the marketplace uses.

use crate::finding::{Edit, Fix, Level};
use crate::json::Member;
use crate::kinds::order::Line;
use crate::names::{KnownName, known};
use crate::rule::{Check, Overlap, Rule};
use crate::rules::order::OrderCheck;

const ACTIVATION_PARAMETERS: KnownName = known("activationParameters");
const KEY: KnownName = known("key");
const PARAMETERS: KnownName = known("parameters");

pub(in crate::rules) static CONNECTOR_DIALECT: Rule = Rule {
    id: "order/connector-dialect",
    level: Level::Error,
    page: include_str!("../../../rules/order/connector-dialect.md"),
    overlap: Overlap::VALUE,
    check: Check::View(&OrderCheck::Line(&|line, _, findings| {
        if !line.uses_connector_properties {
            return;
        }
        let find = |name: KnownName| {
            line.node
                .members()
                .find(|member| member.known() == Some(name))
        };
        let keys: Vec<Member<'_>> = key_properties(line).collect();
        let Some(list) = find(ACTIVATION_PARAMETERS) else {
            if let Some(first) = keys.first() {
                findings
                    .report(
                        first.name.span(),
                        "`key` is a property name of the connector; the orders API expects `name`",
                    )
                    .fix(Fix::unsafe_("rename to `name`", rename_to_name(&keys)));
            }
            return;
        };
        let finding = findings.report(
            list.name.span(),
            "`activationParameters` is a property name of the connector; the orders API expects \
             `parameters`",
        );
        match find(PARAMETERS) {
            Some(right) => {
                finding
                    .label(right.name.span(), "`parameters` is also present")
                    .help("keep one of the two lists");
            }
            None => {
                let mut edits = vec![Edit::replace(list.name.content_span(), "parameters")];
                edits.extend(rename_to_name(&keys));
                finding.fix(Fix::unsafe_("rename to `parameters`", edits));
            }
        }
    })),
};

/// The `key` properties of entries without a `name`.
fn key_properties<'d>(line: &Line<'d>) -> impl Iterator<Item = Member<'d>> {
    line.entries.iter().filter_map(|entry| {
        let mut members = entry.node.members();
        members.find(|member| entry.is_named_by_key() && member.known() == Some(KEY))
    })
}

fn rename_to_name(keys: &[Member<'_>]) -> Vec<Edit> {
    let rename = |key: &Member<'_>| Edit::replace(key.name.content_span(), "name");
    keys.iter().map(rename).collect()
}
