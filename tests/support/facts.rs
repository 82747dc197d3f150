//! Context facts as rule pages and fixtures write them: `today=2026-01-01 form=request`.

use countersign::config::Config;
use countersign::registry::Registry;

/// Applies the facts to a configuration. Panics on a fact that no test suite defines.
pub(crate) fn apply(facts: &str, config: &mut Config) {
    for fact in facts.split_whitespace() {
        let (name, value) = fact.split_once('=').unwrap_or((fact, ""));
        let context = &mut config.context;
        match name {
            "today" => context.today = Some(value.parse().unwrap()),
            "operation" => context.operation = Some(value.parse().unwrap()),
            "partner-domain" => context.partner_domains.push(value.into()),
            "sales-model" => context.sales_model = Some(value.parse().unwrap()),
            "marketplace-region" => context.marketplace_region = Some(value.parse().unwrap()),
            "attested-product" => context.attested_products.push(value.into()),
            "catalogue" => {
                context
                    .catalogue
                    .get_or_insert_default()
                    .insert(value.into());
            }
            "kind" => config.declared.kind = Some(Registry::built_in().kind(value).unwrap()),
            "form" => config.declared.form = Some(value.parse().unwrap()),
            // These configure the test itself.
            "bytes" | "schema" | "rounds" | "failing" => {}
            _ => panic!("unknown fact {fact}"),
        }
    }
}
