//! Context facts as rule pages and fixtures write them: `today=2026-01-01 form=request`.

use std::sync::Arc;

use countersign::answer::{Answer, LineAnswer, Refusal};
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
            "answer" => context.answer = Some(Arc::new(answer(value))),
            "kind" => config.declared.kind = Some(Registry::built_in().kind(value).unwrap()),
            "form" => config.declared.form = Some(value.parse().unwrap()),
            // These configure the test itself.
            "bytes" | "schema" | "rounds" | "failing" | "price-sheet-ends" => {}
            _ => panic!("unknown fact {fact}"),
        }
    }
    config.context.catalogue = catalogue.map(|catalogue| Arc::new(catalogue.0.build()));
}

/// An answer that refuses one parameter of the first line: `name:value:reason`.
fn answer(text: &str) -> Answer {
    let parts: Vec<&str> = text.split(':').collect();
    let [parameter, value, reason] = parts[..] else {
        panic!("an answer has three parts")
    };
    Answer {
        lines: vec![LineAnswer {
            mpn: None,
            refusals: vec![Refusal {
                parameter: parameter.into(),
                value: Some(value.into()),
                message: Some(reason.into()),
                choices: Vec::new(),
            }],
        }],
    }
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
        let basic = [
            "CFQ7TTC0LH18",
            "0001",
            "Microsoft 365 Business Basic",
            "1",
            "300",
            "",
            "",
        ];
        let enterprise = [
            "CFQ7TTC0LFLX",
            "0001",
            "Microsoft 365 E3",
            "10",
            "10000000",
            "",
            "CA;US",
        ];
        let prerequisites = "CFQ7TTC0LH18:0001;CFQ7TTC0LFLX";
        let add_on = [
            "CFQ7TTC0LHSL",
            "0001",
            "Audio Conferencing",
            "1",
            "300",
            prerequisites,
            "",
        ];
        for (row, line) in [basic, enterprise, add_on].into_iter().zip(2..) {
            self.0.add_offer(line, &OfferColumns::from(row)).unwrap();
        }
    }

    fn add_prices(&mut self) {
        self.0.begin_file("prices.csv").unwrap();
        let basic = |term, plan, market| {
            let end = "2026-12-31T00:00:00Z";
            [
                "CFQ7TTC0LH18",
                "0001",
                "Microsoft 365 Business Basic",
                term,
                plan,
                market,
                "Commercial",
                end,
            ]
        };
        let mut school = basic("P1Y", "Monthly", "US");
        (school[0], school[2], school[6]) = ("CFQ7TTC0LGZT", "Microsoft 365 A3", "Education");
        let rows = [
            basic("P1M", "Monthly", "US"),
            basic("P1Y", "Monthly", "US"),
            basic("P1Y", "Annual", "BE"),
            school,
        ];
        for (row, line) in rows.into_iter().zip(2..) {
            self.0.add_price(line, &PriceColumns::from(row)).unwrap();
        }
    }
}
