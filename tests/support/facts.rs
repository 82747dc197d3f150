//! Context facts as rule pages and fixtures write them: `today=2026-01-01 form=request`.

use std::sync::Arc;

use countersign::catalogue::{CatalogueBuilder, OfferColumns, PriceColumns};
use countersign::config::Config;
use countersign::registry::Registry;

/// Applies the facts to a configuration. Panics on a fact that no test suite defines.
pub(crate) fn apply(facts: &str, config: &mut Config) {
    let mut catalogue: Option<TestCatalogue> = None;
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
            "catalogue" | "offer-matrix" | "price-sheet" => {
                catalogue.get_or_insert_default().add(name, value)
            }
            "kind" => config.declared.kind = Some(Registry::built_in().kind(value).unwrap()),
            "form" => config.declared.form = Some(value.parse().unwrap()),
            // These configure the test itself.
            "bytes" | "schema" | "rounds" | "failing" | "price-sheet-ends" => {}
            _ => panic!("unknown fact {fact}"),
        }
    }
    config.context.catalogue = catalogue.map(|catalogue| Arc::new(catalogue.0.build()));
}

/// A catalogue of a few rows.
#[derive(Default)]
struct TestCatalogue(CatalogueBuilder);

impl TestCatalogue {
    fn add(&mut self, fact: &str, value: &str) {
        match fact {
            "catalogue" => self.0.add_part_numbers(value),
            "offer-matrix" => self.add_offers(),
            _ => self.add_prices(),
        }
    }

    fn add_offers(&mut self) {
        self.0.begin_file("offers.csv").unwrap();
        for (line, row) in [
            [
                "CFQ7TTC0LH18",
                "0001",
                "Microsoft 365 Business Basic",
                "1",
                "300",
                "",
                "",
            ],
            [
                "CFQ7TTC0LFLX",
                "0001",
                "Microsoft 365 E3",
                "10",
                "10000000",
                "",
                "CA;US",
            ],
            [
                "CFQ7TTC0LHSL",
                "0001",
                "Audio Conferencing",
                "1",
                "300",
                "CFQ7TTC0LH18:0001;CFQ7TTC0LFLX",
                "",
            ],
        ]
        .into_iter()
        .enumerate()
        {
            let [
                product_id,
                sku_id,
                sku_title,
                min_licenses,
                max_licenses,
                prerequisites,
                allowed_countries,
            ] = row;
            let row = OfferColumns {
                product_id,
                sku_id,
                sku_title,
                min_licenses,
                max_licenses,
                prerequisites,
                allowed_countries,
            };
            self.0.add_offer(line as u32 + 2, &row).unwrap();
        }
    }

    fn add_prices(&mut self) {
        self.0.begin_file("prices.csv").unwrap();
        for (line, row) in [
            [
                "CFQ7TTC0LH18",
                "Microsoft 365 Business Basic",
                "P1M",
                "Monthly",
                "US",
                "Commercial",
            ],
            [
                "CFQ7TTC0LH18",
                "Microsoft 365 Business Basic",
                "P1Y",
                "Monthly",
                "US",
                "Commercial",
            ],
            [
                "CFQ7TTC0LH18",
                "Microsoft 365 Business Basic",
                "P1Y",
                "Annual",
                "BE",
                "Commercial",
            ],
            [
                "CFQ7TTC0LGZT",
                "Microsoft 365 A3",
                "P1Y",
                "Monthly",
                "US",
                "Education",
            ],
        ]
        .into_iter()
        .enumerate()
        {
            let [
                product_id,
                sku_title,
                term_duration,
                billing_plan,
                market,
                segment,
            ] = row;
            let row = PriceColumns {
                product_id,
                sku_id: "0001",
                sku_title,
                term_duration,
                billing_plan,
                market,
                segment,
                effective_end_date: "2026-12-31T00:00:00Z",
            };
            self.0.add_price(line as u32 + 2, &row).unwrap();
        }
    }
}
