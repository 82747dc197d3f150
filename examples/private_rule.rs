//! A company's own rule in a binary of its own, which has everything that `countersign` has and checks one thing more:
//! the purchase order number of a request must name one of the company's cost centers.
//!
//! ```text
//! cargo run --example private_rule -- check order.json
//! ```

use std::process::ExitCode;

use countersign::cli;
use countersign::finding::{Edit, Fix, Level};
use countersign::json;
use countersign::kinds::order::ORDER;
use countersign::payload::Form;
use countersign::registry::Registry;
use countersign::rule::{Check, Rule};

const PAGE: &str = r#"# acme/cost-center

The purchase order number does not begin with a cost center.

## Why it matters

Accounting assigns each order to the cost center that its number begins with, and returns the others.

## How to fix

Begin `poNumber` with the cost center and a hyphen.

## Examples

### Flagged

```json
{ "customerId": "1000417733", "type": "sales", "poNumber": "4711" }
```

### Accepted

```json
{ "customerId": "1000417733", "type": "sales", "poNumber": "CC12-4711" }
```

## Sources

The purchasing guide of the company.
"#;

/// The rule, which owns the list of cost centers.
fn cost_center_rule(cost_centers: Vec<String>) -> Rule {
    let check = Check::record_of(&ORDER, move |record, _, findings| {
        let number = record
            .node
            .get("poNumber")
            .filter(|_| record.form == Form::Request);
        let Some((number, text)) = number.and_then(|node| Some((node, node.as_text()?))) else {
            return;
        };
        let begins_with = |text: &str, center: &String| {
            let rest = text.strip_prefix(center.as_str());
            rest.is_some_and(|rest| rest.starts_with('-'))
        };
        if cost_centers.iter().any(|center| begins_with(&text, center)) {
            return;
        }
        let message =
            format!("the purchase order number `{text}` does not begin with a cost center");
        let finding = findings.report(number.span(), message);
        let upper = text.to_uppercase();
        if cost_centers
            .iter()
            .any(|center| begins_with(&upper, center))
        {
            let edits = vec![Edit::replace(number.span(), json::quote(&upper))];
            finding.fix(Fix::safe(format!("write `{upper}`"), edits));
        } else {
            finding.help(format!("begin it with one of {}", cost_centers.join(", ")));
        }
    });
    Rule::new("acme/cost-center", Level::Warning, PAGE, check)
}

fn main() -> ExitCode {
    let cost_centers = ["CC12", "CC13"].map(str::to_owned).to_vec();
    let registry = Registry::builder()
        .program("private_rule")
        .rule(cost_center_rule(cost_centers))
        .build();
    cli::main_with(registry)
}
