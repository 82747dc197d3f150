//! The offer matrix and the price sheet, in the column layout that Partner Center publishes.

#![expect(clippy::disallowed_methods, reason = "a test writes files")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use countersign::config_file::{ConfigOverrides, LoadedConfig, build_engine};
use countersign::document::Document;
use countersign::finding::Level;
use countersign::registry::Registry;

const OFFER_HEADER: &str = "ProductTitle,ProductId,SkuId,SkuTitle,ProvisioningId,ProvisioningString,MinLicenses,\
    MaxLicenses,AssetOwnershipLimit,AssetOwnershipLimitType,ProductSkuPreRequisites,ProductSkuConversion,\
    Description,AllowedCountries";
const PRICE_HEADER: &str = "ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,\
    TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,\
    EffectiveStartDate,EffectiveEndDate,Tags,ERP Price,Segment";

/// An offer matrix with quoted fields, a line break in a description and an unknown column.
fn offer_matrix() -> String {
    format!(
        "\u{FEFF}{OFFER_HEADER},Comment\r\n\
         Business,CFQ7TTC0LH18,0001,\"Microsoft 365, Basic\",x,y,1,300,,,,,\"two\nlines\",\"AT;BE;DE\",\r\n\
         Enterprise,CFQ7TTC0LFLX,0001,Microsoft 365 E3,x,y,10,,,,,,,,\r\n"
    )
}

fn price_sheet(end: &str) -> String {
    let mut text = format!("{PRICE_HEADER}\n");
    for (term, plan) in [("P1M", "Monthly"), ("P1Y", "Annual"), ("P1Y", "Monthly")] {
        writeln!(
            text,
            "Business,CFQ7TTC0LH18,0001,Basic,Microsoft,,,{term},{plan},DE,EUR,5.10,,,\
             2026-11-01T00:00:00.0000000Z,{end}T23:59:59.0000000Z,,6.00,Commercial"
        )
        .unwrap();
    }
    text
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn order(mpn: &str, quantity: u32, country: &str, billing: &str) -> String {
    format!(
        r#"{{"customerId":"1","type":"change","subscriptionId":"1002986",
            "subscriptionPeriod":{{"type":"year","duration":1}},
            "products":[{{"mpn":"{mpn}","quantity":{quantity},
                "billingPeriod":{{"type":"{billing}","duration":1}},
                "parameters":[{{"name":"effective_country","value":"{country}"}}]}}]}}"#
    )
}

/// The configuration in a folder, or the error about it.
fn load(folder: &Path, config: &str) -> Result<LoadedConfig, String> {
    let path = folder.join("countersign.toml");
    fs::write(&path, config).unwrap();
    let today = Some("2026-11-28".parse().unwrap());
    LoadedConfig::read(&path, today, &Registry::built_in()).map_err(|error| error.0)
}

/// The level, rule and message of each finding about a payload.
fn check(loaded: &mut LoadedConfig, payload: &str) -> Vec<(Level, &'static str, String)> {
    let engine = build_engine(
        &Registry::built_in(),
        Some(loaded),
        ConfigOverrides::default(),
    );
    let findings = engine.check(&Document::parse(payload)).findings.into_iter();
    findings
        .map(|finding| (finding.level, finding.rule, finding.message))
        .collect()
}

#[test]
fn orders_are_checked_against_all_files_of_the_catalogue() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("sheets")).unwrap();
    fs::write(root.join("offers.csv"), offer_matrix()).unwrap();
    fs::write(
        root.join("sheets/2026-11.csv.gz"),
        gzip(&price_sheet("2026-11-30")),
    )
    .unwrap();
    fs::write(root.join("own.txt"), "ACR-CYB-STD-250\n").unwrap();
    let config = "catalogue = [\"offers.csv\", \"sheets/*.csv.gz\", \"own.txt\"]\n";
    let mut loaded = load(root, config).unwrap();
    assert_eq!(loaded.findings, []);
    for (payload, expected) in [
        (order("CFQ7TTC0LH18:0001", 300, "DE", "month"), None),
        (
            order("CFQ7TTC0LH18:0001", 299, "FR", "month"),
            Some((
                "order/offer-country",
                "the product Microsoft 365, Basic (offers.csv:2) is not sold in `FR`",
            )),
        ),
        (
            order("CFQ7TTC0LFLX:0001", 9, "FR", "month"),
            Some((
                "order/offer-quantity",
                "`quantity` must be at least 10 for Microsoft 365 E3 (offers.csv:4), found `9`",
            )),
        ),
        (
            order("CFQ7TTC0LFLY:0001", 9, "FR", "month"),
            Some((
                "order/unknown-mpn",
                "the part number `CFQ7TTC0LFLY:0001` is not in the catalogue",
            )),
        ),
    ] {
        let found = check(&mut loaded, &payload);
        let found: Vec<(Level, &str, &str)> = found
            .iter()
            .map(|(level, rule, message)| (*level, *rule, message.as_str()))
            .collect();
        let expected = expected.map(|(rule, message)| (Level::Error, rule, message));
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{payload}");
    }
}

#[test]
fn tab_separated_files_are_read_too() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = price_sheet("2026-11-30").replace(',', "\t");
    fs::write(folder.path().join("prices.tsv"), sheet).unwrap();
    let mut loaded = load(folder.path(), "catalogue = \"prices.tsv\"\n").unwrap();
    let with_term = |unit: &str, duration: u32| {
        order("CFQ7TTC0LH18:0001", 3, "DE", "year").replacen(
            "\"year\",\"duration\":1",
            &format!("\"{unit}\",\"duration\":{duration}"),
            1,
        )
    };
    let mut rules = |payload: &str| -> Vec<&str> {
        check(&mut loaded, payload)
            .iter()
            .map(|(_, rule, _)| *rule)
            .collect()
    };
    assert_eq!(rules(&with_term("year", 1)), [""; 0]);
    assert_eq!(rules(&with_term("year", 3)), ["order/offer-period"]);
    // A billing period that is longer than the term is only reported as that.
    assert_eq!(
        rules(&with_term("month", 1)),
        ["order/billing-exceeds-term"]
    );
}

#[test]
fn a_price_sheet_that_has_ended_is_reported_in_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("prices.csv"), price_sheet("2026-10-31")).unwrap();
    let loaded = load(folder.path(), "# ours\ncatalogue = \"prices.csv\"\n").unwrap();
    let [finding] = &loaded.findings[..] else {
        panic!("{:?}", loaded.findings)
    };
    assert_eq!(
        (finding.rule, finding.level),
        ("config/stale-price-sheet", Level::Warning)
    );
    assert_eq!(finding.span.of(&loaded.text), "\"prices.csv\"");
    assert!(
        finding.message.ends_with("the last one on 2026-10-31"),
        "{}",
        finding.message
    );
    let silent = "catalogue = \"prices.csv\"\n[rules]\n\"config/*\" = \"off\"\n";
    assert_eq!(load(folder.path(), silent).unwrap().findings, []);
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("no-sku.csv", &offer_matrix().replace("SkuId", "Sku"));
    write(
        "no-plan.csv",
        &price_sheet("2026-11-30").replace("BillingPlan", "Plan"),
    );
    write("ten.csv", &offer_matrix().replace(",10,", ",ten,"));
    for (path, expected) in [
        ("missing.csv", "missing.csv: no such file or folder"),
        ("sheets/*.csv", "sheets/*.csv: no such file or folder"),
        ("*.tsv", "*.tsv: no file matches"),
        (
            "no-sku.csv",
            "no-sku.csv: the column `SkuId` is missing; an offer matrix has the columns ProductId, SkuId",
        ),
        (
            "no-plan.csv",
            "no-plan.csv: the column `BillingPlan` is missing; a price sheet has the columns",
        ),
        (
            "ten.csv",
            "ten.csv: line 4: `MinLicenses` and `MaxLicenses` must be numbers",
        ),
    ] {
        let error = load(folder.path(), &format!("catalogue = \"{path}\"\n"))
            .err()
            .unwrap();
        assert!(error.contains(expected), "{error}");
        assert!(error.contains("countersign.toml:1:13"), "{error}");
    }
}
