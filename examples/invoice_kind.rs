//! A company's own kind of payload, with its schema, detection, envelope and rules, in a binary of its own that has
//! everything that `countersign` has.
//!
//! ```text
//! cargo run --example invoice_kind -- check invoices.ndjson
//! ```

use std::process::ExitCode;

use countersign::cli;
use countersign::finding::{Edit, Fix, Level};
use countersign::json::{self, Node};
use countersign::payload::{
    CountRole, Definitions, EditorHints, EnvelopeFormat, Evidence, Forms, Kind, Record, Template,
};
use countersign::registry::Registry;
use countersign::rule::{Check, Rule};

const SCHEMA: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$defs": {
    "invoice": {
      "type": "object",
      "properties": {
        "invoiceNumber": { "type": "string", "description": "The number under which the invoice is booked." },
        "issued": { "type": "string", "format": "date", "description": "The date of the invoice." },
        "due": { "type": "string", "format": "date", "description": "The date by which it is paid." },
        "currency": { "type": "string", "description": "The currency, as three capital letters." },
        "lines": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": { "text": { "type": "string" }, "amount": { "type": "integer" } },
            "required": ["text", "amount"]
          }
        },
        "total": { "type": "integer", "description": "The sum of the lines, in cents." }
      },
      "required": ["invoiceNumber", "lines", "total"]
    },
    "page": { "type": "object", "properties": { "count": { "type": "integer", "minimum": 0 } } }
  }
}"#;

static INVOICE: Kind = Kind::new("invoice", "invoices", SCHEMA)
    .with_definitions(Definitions::single("invoice"))
    .with_evidence(&[Evidence::Properties {
        at_least: 2,
        of: &["invoiceNumber", "issued", "due", "total"],
    }])
    .with_forms(Forms::REQUEST)
    .with_envelopes(&[EnvelopeFormat {
        list: "invoices",
        marker: "count",
        header: None,
        definition: "page",
        counts_in: None,
        counts: &[("count", CountRole::TotalCount)],
        omitted: None,
        is_specific: true,
    }])
    .with_key(&["invoiceNumber"])
    .with_editor_hints(EditorHints {
        templates: &[Template {
            label: "invoice",
            snippet: "\n  \"invoiceNumber\": \"$1\",\n  \"lines\": [],\n  \"total\": ${2:0}\n",
            bundle: None,
        }],
        ..EditorHints::NONE
    });

fn string_at<'d>(record: &Record<'d>, property: &str) -> Option<(Node<'d>, String)> {
    let node = record.node.get(property)?;
    Some((node, node.as_text()?.into_owned()))
}

fn total_mismatch() -> Rule {
    let check = Check::record_of(&INVOICE, |record, _, findings| {
        let amount = |line: Node<'_>| line.get("amount")?.source().parse::<i64>().ok();
        let lines = record
            .node
            .get("lines")
            .into_iter()
            .flat_map(|lines| lines.elements());
        let sum: Option<i64> = lines.map(amount).sum();
        let total = record.node.get("total");
        let Some((total, sum)) = total.zip(sum) else {
            return;
        };
        if total.source().parse().is_ok_and(|total: i64| total != sum) {
            let message = format!(
                "`total` is {}, but the lines add up to {sum}",
                total.source()
            );
            findings
                .report(total.span(), message)
                .help("correct the total or the lines");
        }
    });
    let page = "# acme/invoice-total-mismatch\n\nThe total is not the sum of the lines.\n";
    Rule::new("acme/invoice-total-mismatch", Level::Error, page, check)
}

fn due_before_issue() -> Rule {
    let check = Check::record_of(&INVOICE, |record, _, findings| {
        let (Some((_, issued)), Some((node, due))) =
            (string_at(record, "issued"), string_at(record, "due"))
        else {
            return;
        };
        // ISO dates sort as text.
        if due < issued {
            let message = format!("`due` is {due}, before the invoice is issued on {issued}");
            findings
                .report(node.span(), message)
                .help("set a later due date");
        }
    });
    let page = "# acme/invoice-due-before-issue\n\nThe invoice is due before it is issued.\n";
    Rule::new("acme/invoice-due-before-issue", Level::Error, page, check)
}

fn currency_case() -> Rule {
    let check = Check::record_of(&INVOICE, |record, _, findings| {
        let Some((node, currency)) = string_at(record, "currency") else {
            return;
        };
        let upper = currency.to_uppercase();
        if upper != currency {
            let edits = vec![Edit::replace(node.span(), json::quote(&upper))];
            let message = format!("the currency `{currency}` is not in capital letters");
            findings
                .report(node.span(), message)
                .fix(Fix::safe(format!("write `{upper}`"), edits));
        }
    });
    let page = "# acme/invoice-currency-case\n\nThe currency is not in capital letters.\n";
    Rule::new("acme/invoice-currency-case", Level::Warning, page, check)
}

fn main() -> ExitCode {
    let builder = Registry::builder().program("invoice_kind").kind(&INVOICE);
    let rules = [total_mismatch(), due_before_issue(), currency_case()];
    cli::main_with(
        rules
            .into_iter()
            .fold(builder, |builder, rule| builder.rule(rule))
            .build(),
    )
}
