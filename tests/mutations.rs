//! One mistake, one finding: each valid fixture with one thing changed gives exactly one finding, at
//! the changed place.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the project's files"
)]

#[path = "support/facts.rs"]
mod facts;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::finding::Finding;
use countersign::json::{Kind, Node};
use countersign::span::Span;

/// What is done to a fixture.
enum Change {
    /// The value is written so instead.
    Write(&'static str),
    /// The member is called so instead.
    Rename(&'static str),
    /// The member is taken out.
    Drop,
    /// The member or element stands twice.
    Repeat,
    /// A piece of the value's text is another.
    Swap(&'static str, &'static str),
    /// This stands in front of the value.
    Before(&'static str),
    /// This stands behind the value.
    Behind(&'static str),
}

use Change::{Before, Behind, Drop, Rename, Repeat, Swap, Write};

/// Where the finding is to point, seen from the changed value.
#[derive(Clone, Copy)]
enum Place {
    /// The value itself, or its member under whatever name.
    Here,
    /// The container that holds it.
    Around,
    /// A value that is named by its pointer from the root.
    At(&'static str),
}

use Place::{Around, At, Here};

/// A mistake: what it is done to, what is done, and what is to be found where.
struct Mutation(&'static str, Change, &'static str, Place);

/// In a path, `[x]` is the element whose `name` or `qualification` is `x`, and `*` the only element.
const ORDER_MUTATIONS: &[Mutation] = &[
    Mutation("/customerId", Drop, "schema/required", Around),
    Mutation("/customerId", Rename("custmerId"), "schema/required", Here),
    Mutation("/customerId", Rename("CustomerID"), "schema/required", Here),
    Mutation("/customerId", Write("1000417733"), "schema/type", Here),
    Mutation("/customerId", Write("\"\""), "schema/min-length", Here),
    Mutation(
        "/customerId",
        Write("\" 1000417733\""),
        "payload/surrounding-space",
        Here,
    ),
    Mutation(
        "/customerId",
        Write("\"<customer>\""),
        "payload/placeholder",
        Here,
    ),
    Mutation("/customerId", Write("null"), "schema/type", Here),
    Mutation("/customerId", Repeat, "json/duplicate-key", Here),
    Mutation("/customerId", Behind(","), "json/unexpected-token", Around),
    Mutation(
        "/customerId",
        Behind(" // the customer"),
        "json/comment",
        Around,
    ),
    Mutation(
        "/customerId",
        Before("\u{A0}"),
        "json/invisible-character",
        Around,
    ),
    Mutation(
        "/customerId",
        Write("'1000417733'"),
        "json/foreign-quotes",
        Here,
    ),
    Mutation(
        "/customerId",
        Write("C1000417733"),
        "json/unquoted-string",
        Here,
    ),
    Mutation("/type", Drop, "schema/required", Around),
    Mutation("/type", Swap("sales", "Sales"), "schema/enum", Here),
    Mutation("/type", Swap("sales", "sael"), "schema/enum", Here),
    Mutation("/type", Swap("change", "chnage"), "schema/enum", Here),
    Mutation("/type", Write("true"), "schema/type", Here),
    Mutation(
        "/poNumber",
        Rename("ponumber"),
        "order/po-number-case",
        Here,
    ),
    Mutation("/poNumber", Write("2214"), "schema/type", Here),
    Mutation(
        "/poNumber",
        Rename("poNumbr"),
        "schema/additional-properties",
        Here,
    ),
    Mutation(
        "/poNumber",
        Rename("purchaseOrder"),
        "schema/additional-properties",
        Here,
    ),
    Mutation(
        "/subscriptionPeriod",
        Rename("subscriptionPeriods"),
        "schema/additional-properties",
        Here,
    ),
    Mutation(
        "/subscriptionPeriod/type",
        Write("\"yaer\""),
        "schema/enum",
        Here,
    ),
    Mutation("/subscriptionPeriod/type", Drop, "schema/required", Around),
    Mutation(
        "/subscriptionPeriod/duration",
        Write("\"1\""),
        "schema/type",
        Here,
    ),
    Mutation(
        "/subscriptionPeriod/duration",
        Write("0"),
        "schema/minimum",
        Here,
    ),
    Mutation(
        "/subscriptionPeriod/duration",
        Write("1.5"),
        "schema/type",
        Here,
    ),
    Mutation(
        "/subscriptionPeriod/duration",
        Rename("durations"),
        "schema/required",
        Here,
    ),
    Mutation("/products/*/quantity", Write("\"2\""), "schema/type", Here),
    Mutation("/products/*/quantity", Write("2.5"), "schema/type", Here),
    Mutation(
        "/products/*/quantity",
        Write("05"),
        "json/foreign-literal",
        Here,
    ),
    Mutation("/products/*/mpn", Swap(":", "-"), "order/mpn-shape", Here),
    Mutation(
        "/products/*/mpn",
        Swap("CFQ7TTC", "cfq7ttc"),
        "order/mpn-shape",
        Here,
    ),
];

/// Mistakes on lines that sell a New Commerce product.
const SALE_MUTATIONS: &[Mutation] = &[
    Mutation(
        "/subscriptionPeriod",
        Drop,
        "order/subscription-period-missing",
        At("/products/*"),
    ),
    Mutation(
        "/subscriptionPeriod/duration",
        Write("7"),
        "order/unusual-period",
        Around,
    ),
    Mutation(
        "/products/*/quantity",
        Write("-1"),
        "schema/exclusive-minimum",
        Here,
    ),
    Mutation("/products/*/quantity", Drop, "schema/required", Around),
    Mutation(
        "/products/*/quantity",
        Rename("Quantity"),
        "schema/required",
        Here,
    ),
    Mutation("/products/*/billingPeriod", Drop, "schema/required", Around),
    Mutation("/products/*/parameters", Drop, "schema/required", Around),
    Mutation(
        "/products/*/parameters/[tenant_preference]/value",
        Swap("new", "New"),
        "order/unknown-choice",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[tenant_preference]/value",
        Swap("existing", "exisitng"),
        "order/unknown-choice",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[tenant_preference]/name",
        Write("\"tenant_preferance\""),
        "order/misnamed-parameter",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[tenant_preference]/value",
        Write("\"\""),
        "order/parameter-value-missing",
        At("/products/*/parameters/[tenant_preference]/name"),
    ),
    Mutation(
        "/products/*/parameters/[tenant_preference]",
        Drop,
        "order/tenant-parameter-missing",
        Around,
    ),
    Mutation(
        "/products/*/parameters/[microsoft_domain]/value",
        Swap(".onmicrosoft.com", ""),
        "order/domain-shape",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[microsoft_domain]/name",
        Write("\"microsoft-domain\""),
        "order/misnamed-parameter",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[mca_acceptance]/value",
        Write("\"no\""),
        "order/mca-not-accepted",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[mca_acceptance]/value",
        Write("\"YES\""),
        "order/mca-not-accepted",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[mca_acceptance]/value",
        Write("true"),
        "order/parameter-type-mismatch",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[mca_acceptance]",
        Repeat,
        "order/duplicate-parameter",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[partner_on_record_attestation_accepted]",
        Drop,
        "order/partner-attestation-missing",
        Around,
    ),
    Mutation(
        "/products/*/parameters/[partner_on_record_attestation_accepted]/structured_value/attestation_accepted",
        Write("false"),
        "order/partner-attestation-false",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[partner_on_record_attestation_accepted]/structured_value/attestation_accepted",
        Write("\"True\""),
        "order/parameter-type-mismatch",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[partner_on_record_attestation_accepted]/structured_value/attestation_accepted",
        Write("True"),
        "json/foreign-literal",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[partner_on_record_attestation_accepted]/structured_value",
        Write("true"),
        "schema/type",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[offer_attestation]",
        Drop,
        "order/offer-attestation-missing",
        Around,
    ),
    Mutation(
        "/products/*/parameters/[offer_attestation]/structured_value",
        Rename("value"),
        "order/value-misplaced",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[agreement_date]/value",
        Write("\"2024-11-05\""),
        "order/agreement-date-format",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[agreement_date]/value",
        Write("\"11/05/2024\""),
        "order/agreement-date-format",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[agreement_date]/value",
        Write("\"02-30-2024\""),
        "order/agreement-date-format",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[agreement_date]/value",
        Write("\"11-05-2031\""),
        "order/agreement-date-in-future",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[agreement_date]/name",
        Write("\"agreement date\""),
        "order/misnamed-parameter",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[first_name_agreement]",
        Drop,
        "order/agreement-incomplete",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[first_name_agreement]/value",
        Write("\"J\""),
        "order/person-name-shape",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[first_name_agreement]/value",
        Write("\" Mira\""),
        "payload/surrounding-space",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[last_name_agreement]/value",
        Write("\"Verhae\u{200B}gen\""),
        "payload/damaged-text",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[last_name_agreement]/value",
        Write("\"Verhae\u{7F}gen\""),
        "payload/damaged-text",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[last_name_agreement]/name",
        Write("\"agreement_last_name\""),
        "order/misnamed-parameter",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[email_address_agreement]/value",
        Swap("@", " at "),
        "order/email-shape",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[email_address_agreement]/value",
        Write("\"mira@example.org\""),
        "order/sample-value",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[customer_email]/value",
        Write("\"mira@microsoft.com\""),
        "order/customer-email-microsoft",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[customer_email]/value",
        Write("\"mira@fabrikam-partner.com\""),
        "order/customer-email-partner",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[customer_email]/value",
        Write("\"<mira@brassfinch.dev>\""),
        "order/email-shape",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[customer_company_name]/value",
        Write("\"LLC\""),
        "order/company-abbreviation",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[customer_company_name]/value",
        Write("\"Brassfinch  Tools\""),
        "order/company-spacing",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[customer_company_name]/value",
        Write("\"Brassfinch\\tTools\""),
        "order/company-spacing",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[customer_company_name]/value",
        Write("\"Brassfinch Ltd\""),
        "order/company-abbreviation-word",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[customer_company_name]/value",
        Write("\"777\""),
        "order/company-one-character",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[effective_country]/value",
        Swap("US", "us"),
        "order/unknown-country",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[effective_country]/value",
        Write("\"Atlantis\""),
        "order/unknown-country",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[effective_city]",
        Drop,
        "order/address-incomplete",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[effective_phonenumber]/value",
        Write("\"ask inside\""),
        "order/phone-shape",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[special_qualifications]/value",
        Write("\"SOE\""),
        "order/unknown-choice",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[special_qualifications]/name",
        Write("\"favourite_colour\""),
        "order/unknown-parameter",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[microsoft_tenant_id]/value",
        Swap("-", ""),
        "order/tenant-id-shape",
        Here,
    ),
    Mutation(
        "/products/*/parameters/[effective_country]/value",
        Swap("CA", "ca"),
        "order/unknown-country",
        Here,
    ),
];

/// Mistakes on lines that sell to a new tenant.
const NEW_TENANT_MUTATIONS: &[Mutation] = &[Mutation(
    "/products/*/parameters/[microsoft_domain]/value",
    Write("\"contoso.onmicrosoft.com\""),
    "order/sample-value",
    Here,
)];

const CERTIFICATE_MUTATIONS: &[Mutation] = &[
    Mutation("/id", Write("\"CER-1234\""), "schema/pattern", Here),
    Mutation("/status", Write("\"...\""), "payload/placeholder", Here),
    Mutation("/status", Swap("Active", "active"), "schema/enum", Here),
    Mutation("/status", Swap("Active", "Actve"), "schema/enum", Here),
    Mutation("/status", Write("7"), "schema/type", Here),
    Mutation("/program", Drop, "schema/required", Around),
    Mutation("/program/id", Write("\"PRG-12\""), "schema/pattern", Here),
    Mutation("/program/id", Drop, "schema/required", Around),
    Mutation(
        "/client",
        Rename("certificant"),
        "certificate/certificant-alias",
        Here,
    ),
    Mutation("/client", Rename("Client"), "schema/required", Here),
    Mutation(
        "/client/id",
        Write("\"ACC-3071-552\""),
        "schema/pattern",
        Here,
    ),
    Mutation(
        "/applicableTo",
        Swap("Buyer", "buyer"),
        "certificate/scope-case",
        Here,
    ),
    Mutation("/applicableTo", Write("\"Seller\""), "schema/enum", Here),
    Mutation(
        "/expirationDate",
        Write("\"04-12-2025\""),
        "certificate/expiration-format",
        Here,
    ),
    Mutation(
        "/expirationDate",
        Write("\"2025-02-30\""),
        "certificate/expiration-format",
        Here,
    ),
    Mutation("/revision", Write("\"4\""), "schema/type", Here),
    Mutation(
        "/eligibility/client",
        Write("\"true\""),
        "schema/type",
        Here,
    ),
    Mutation(
        "/audit/created/at",
        Write("\"yesterday\""),
        "schema/format",
        Here,
    ),
    Mutation(
        "/name",
        Rename("Name"),
        "schema/additional-properties",
        Here,
    ),
    Mutation("/name", Write("12"), "schema/type", Here),
];

const QUALIFICATION_MUTATIONS: &[Mutation] = &[
    Mutation(
        "/qualification",
        Swap("StateOwnedEntity", "SOE"),
        "qualification/short-name",
        Here,
    ),
    Mutation(
        "/qualification",
        Swap("StateOwnedEntity", "stateOwnedEntity"),
        "schema/enum",
        Here,
    ),
    Mutation(
        "/qualification",
        Swap("Education", "Educaton"),
        "schema/enum",
        Here,
    ),
    Mutation(
        "/*/vettingStatus",
        Swap("InReview", "In Review"),
        "qualification/vetting-status-spelling",
        Here,
    ),
    Mutation(
        "/*/vettingStatus",
        Swap("Approved", "approved"),
        "qualification/vetting-status-spelling",
        Here,
    ),
    Mutation(
        "/*/vettingStatus",
        Write("\"Rejected\""),
        "qualification/unknown-vetting-status",
        Here,
    ),
    Mutation("/*/vettingStatus", Write("1"), "schema/type", Here),
    Mutation(
        "/*/vettingReason",
        Write("\"Because\""),
        "qualification/reason-unfamiliar",
        Here,
    ),
    Mutation(
        "/*/vettingCreatedDate",
        Write("\"07/09/2020\""),
        "qualification/date-format",
        Here,
    ),
    Mutation(
        "/*/vettingCreatedDate",
        Write("\"2020-12-03T12:37:38+02:00\""),
        "qualification/date-not-utc",
        Here,
    ),
    Mutation(
        "/*/vettingCreatedDate",
        Rename("vettingCreatdDate"),
        "schema/additional-properties",
        Here,
    ),
    Mutation("/educationSegment", Write("\"K-12\""), "schema/enum", Here),
    Mutation(
        "/educationSegment",
        Rename("EducationSegment"),
        "schema/required",
        Here,
    ),
];

/// Fixture, changed place and reason, where a mutation gives another finding or none, and rightly so.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "answer-with-nulls",
        "/*/vettingReason",
        "beside Approved a reason is out of place, whatever it says",
    ),
    (
        "minimal-record",
        "/program",
        "four members are a choice of members, in which none is missing",
    ),
    (
        "request-minimal",
        "/program",
        "without a program nothing tells that it is a certificate",
    ),
    (
        "request-to-create",
        "/program",
        "without a program nothing tells that it is a certificate",
    ),
];

fn fixtures(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/valid")
        .join(kind);
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "json"))
        .collect();
    files.sort();
    files
}

/// A value with what holds it.
struct Target<'d> {
    /// From the start of the name, or of the value where it has none, to the value's end.
    whole: Span,
    name: Option<Node<'d>>,
    value: Node<'d>,
    pointer: String,
}

fn find<'d>(root: Node<'d>, path: &str) -> Option<Target<'d>> {
    let mut target = Target {
        whole: root.span(),
        name: None,
        value: root,
        pointer: String::new(),
    };
    for segment in path.split('/').skip(1) {
        let here = target.value;
        let (name, value, step) = match here.kind() {
            Kind::Object => {
                let member = here.member(segment)?;
                (Some(member.name), member.value, segment.to_owned())
            }
            Kind::Array => {
                let wanted = segment.trim_matches(['[', ']']);
                let is_wanted = |element: &Node<'d>| {
                    wanted == "*" && here.child_count() == 1
                        || element.get("name").is_some_and(|name| name.is_text(wanted))
                };
                let place = here.elements().position(|element| is_wanted(&element))?;
                (None, here.elements().nth(place)?, place.to_string())
            }
            _ => return None,
        };
        let start = name.unwrap_or(value).span().start;
        target = Target {
            whole: Span::new(start, value.span().end),
            name,
            value,
            pointer: format!("{}/{step}", target.pointer),
        };
    }
    Some(target)
}

/// The text with the mistake in it, and the place at which it is to be found.
fn mutated(text: &str, mutation: &Mutation) -> Option<(String, String)> {
    let Mutation(path, change, _, place) = mutation;
    let document = Document::parse(text);
    let root = document.roots().next()?;
    let target = find(root, path)?;
    let mut result = text.to_owned();
    let mut put = |span: Span, new: &str| {
        result.replace_range(span.start as usize..span.end as usize, new);
    };
    let mut pointer = target.pointer.clone();
    let source = target.whole.of(text);
    match change {
        Write(new) => put(target.value.span(), new),
        Rename(new) => {
            put(target.name?.content_span(), new);
            pointer = format!("{}/{new}", around(&pointer));
        }
        Swap(old, new) => {
            let written = target.value.source();
            if !written.contains(old) {
                return None;
            }
            put(target.value.span(), &written.replacen(old, new, 1));
        }
        Before(new) => put(Span::empty(target.whole.start), new),
        Behind(new) => {
            // A comment would swallow what follows it on its line.
            let is_last_on_line = text[target.whole.end as usize..]
                .trim_start_matches(',')
                .starts_with(['\r', '\n']);
            if !is_last_on_line {
                return None;
            }
            let after =
                target.whole.end + u32::from(text.as_bytes()[target.whole.end as usize] == b',');
            put(Span::empty(after), new);
        }
        Repeat => {
            put(Span::empty(target.whole.end), &format!(", {source}"));
            // Of a list the element that follows is the copy.
            if target.name.is_none() {
                let (list, index) = pointer.rsplit_once('/')?;
                pointer = format!("{list}/{}/name", index.parse::<usize>().ok()? + 1);
            }
        }
        Drop => {
            let before = &text[..target.whole.start as usize];
            let behind = &text[target.whole.end as usize..];
            let is_first = before.trim_end().ends_with(['{', '[']);
            if is_first {
                let blanks = behind.len() - behind.trim_start_matches([',', ' ', '\r', '\n']).len();
                put(
                    Span::new(target.whole.start, target.whole.end + blanks as u32),
                    "",
                );
            } else {
                let comma = before.rfind(',')?;
                put(Span::new(comma as u32, target.whole.end), "");
            }
        }
    }
    let expected = match place {
        Here => pointer,
        Around => around(&pointer).to_owned(),
        At(path) => find(root, path)?.pointer,
    };
    Some((result, expected))
}

fn around(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(around, _)| around)
}

fn findings(text: &str) -> Vec<Finding> {
    let mut config = Config::default();
    facts::apply(
        "today=2026-01-01 partner-domain=fabrikam-partner.com",
        &mut config,
    );
    Engine::new(config).check(&Document::parse(text)).findings
}

fn run(kind: &str, is_judged: fn(&str) -> bool, mutations: &[Mutation]) {
    let mut wrong = Vec::new();
    let mut applied = BTreeSet::new();
    for path in fixtures(kind) {
        let text = fs::read_to_string(&path).unwrap();
        if !is_judged(&text) {
            continue;
        }
        let fixture = path.file_stem().unwrap().to_string_lossy().into_owned();
        for (number, mutation) in mutations.iter().enumerate() {
            let Some((mistaken, pointer)) = mutated(&text, mutation) else {
                continue;
            };
            let is_exception =
                |(name, path, _): &(&str, &str, &str)| fixture == *name && mutation.0 == *path;
            if mistaken == text || EXCEPTIONS.iter().any(is_exception) {
                continue;
            }
            applied.insert(number);
            let found = findings(&mistaken);
            let is_right = match &found[..] {
                [only] => {
                    only.rule == mutation.2
                        // What is missing may be told at another of its kind.
                        && (only.pointer == pointer || only.rule.ends_with("-incomplete"))
                }
                _ => false,
            };
            if !is_right {
                let found: Vec<String> = found
                    .iter()
                    .map(|finding| format!("{} {}", finding.rule, finding.pointer))
                    .collect();
                wrong.push(format!(
                    "{fixture}: {} for {} at {pointer}: {found:?}",
                    mutation.2, mutation.0
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    let unused: Vec<&str> = (0..mutations.len())
        .filter(|number| !applied.contains(number))
        .map(|number| mutations[number].2)
        .collect();
    assert_eq!(unused, [""; 0], "mutations that fit no {kind}");
}

#[test]
fn a_mistake_in_an_order_gives_one_finding() {
    run("order", |_| true, ORDER_MUTATIONS);
}

/// Whether an order sells New Commerce products, and speaks of them in the orders API's own names.
fn is_sale(text: &str) -> bool {
    text.contains("\"sales\"")
        && text.contains("CFQ7TTC")
        && !text.contains("microsoft_order_type")
        && !text.contains("\"status\"")
}

#[test]
fn a_mistake_on_a_line_that_sells_gives_one_finding() {
    run("order", is_sale, SALE_MUTATIONS);
}

#[test]
fn a_mistake_about_a_new_tenant_gives_one_finding() {
    run(
        "order",
        |text| is_sale(text) && text.contains("\"new\""),
        NEW_TENANT_MUTATIONS,
    );
}

#[test]
fn a_mistake_in_a_certificate_gives_one_finding() {
    run("certificate", |_| true, CERTIFICATE_MUTATIONS);
}

#[test]
fn a_mistake_in_a_qualification_gives_one_finding() {
    run("qualification", |_| true, QUALIFICATION_MUTATIONS);
}

/// Whatever is cut, doubled or swapped in a fixture, every finding lies on character borders inside the
/// text, and every fix can be made.
#[test]
fn any_damage_is_judged_without_harm() {
    // A generator of Park and Miller: the same damage in every run.
    let mut state: u64 = 20_261_121;
    let mut below = |limit: usize| {
        state = state * 48_271 % 0x7FFF_FFFF;
        state as usize % limit.max(1)
    };
    let files: Vec<PathBuf> = ["order", "certificate", "qualification"]
        .iter()
        .flat_map(|kind| fixtures(kind))
        .collect();
    for path in &files {
        let text = fs::read_to_string(path).unwrap();
        let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for _ in 0..60 {
            let mut damaged = text.clone();
            let mut places = [borders[below(borders.len())], borders[below(borders.len())]];
            places.sort_unstable();
            let [from, to] = [places[0], places[1].min(places[0] + 40)];
            let to = (from..=to)
                .rev()
                .find(|at| text.is_char_boundary(*at))
                .unwrap();
            let piece = text[from..to].to_owned();
            let signs = [
                "{", "}", "[", "]", ",", ":", "\"", "'", "\\", "\u{A0}", "é", "\0", "//", "-",
            ];
            match below(3) {
                0 => damaged.replace_range(from..to, ""),
                1 => damaged.insert_str(borders[below(borders.len())], &piece),
                _ => damaged.insert_str(from, signs[below(signs.len())]),
            }
            for finding in findings(&damaged) {
                let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
                let spans = edits.map(|edit| edit.span).chain([finding.span]);
                for span in spans.chain(finding.labels.iter().map(|label| label.span)) {
                    assert!(
                        damaged
                            .get(span.start as usize..span.end as usize)
                            .is_some(),
                        "{} at {span:?} in\n{damaged}",
                        finding.rule
                    );
                }
            }
        }
    }
}
