//! No completion leads into a finding: at every place of valid payloads of each kind and form, every item is
//! accepted, filled in and checked.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use countersign::config::Config;
use countersign::context::Context;
use countersign::document::Document;
use countersign::engine::Engine;
use countersign::json::{Kind as ValueKind, Node};
use countersign::payload::{Kind, Record};
use countersign::registry::Registry;
use serde_json::Value;

use crate::collect_files;
use crate::completion::completions;
use crate::session::Session;
use crate::support::project;

/// The rules of the findings about a text.
fn findings_in(text: &str) -> Vec<String> {
    let config = Config {
        context: Context {
            today: "2026-01-01".parse().ok(),
            ..Context::default()
        },
        ..Config::default()
    };
    let outcome = Engine::new(config).check(&Document::parse(text));
    let findings = outcome.findings.iter();
    findings
        .map(|finding| format!("{}: {}", finding.rule, finding.message))
        .collect()
}

/// Values of the parameters of an order, each of which is valid in some order.
const PARAMETER_VALUES: [(&str, &[&str]); 20] = [
    ("agreement_date", &["07-09-2025"]),
    ("customer_company_name", &["Harrow and Finch Instruments"]),
    ("customer_email", &["desk@harrowfinch.com"]),
    ("customer_tax_id", &["91-7730244"]),
    ("effective_address", &["77 Quarry Road"]),
    ("effective_city", &["Springfield"]),
    ("effective_country", &["US"]),
    (
        "effective_phonenumber",
        &["(413) 555-0142", "+49 30 5550142"],
    ),
    (
        "effective_postal_code",
        &["01103", "K1A 0B1", "M1 1AE", "1000-001", "560001"],
    ),
    ("effective_state", &["MA", "ON", "Kerala"]),
    ("email_address_agreement", &["nora@harrowfinch.com"]),
    ("first_name_agreement", &["Nora"]),
    ("last_name_agreement", &["Finch"]),
    ("mca_acceptance", &["yes"]),
    ("microsoft_domain", &["harrowfinch.onmicrosoft.com"]),
    (
        "microsoft_tenant_id",
        &["0d7f4c11-52b6-4a7e-8f3d-96c1b20e5a44"],
    ),
    ("offer_attestation", &["true"]),
    ("partner_on_record_attestation_accepted", &["true"]),
    ("special_qualifications", &["None"]),
    ("tenant_preference", &["existing", "new"]),
];

/// The subschemas that apply to the value at a JSON Pointer below a schema, whose references lead into `root`.
fn subschemas<'s>(root: &'s Value, schema: &'s Value, pointer: &str) -> Vec<&'s Value> {
    let mut current = Vec::new();
    expand(root, schema, &mut current);
    for segment in pointer.split('/').skip(1) {
        let name = segment.replace("~1", "/").replace("~0", "~");
        let mut next = Vec::new();
        for subschema in current {
            let step = match segment.parse::<usize>() {
                Ok(_) => subschema.get("items"),
                Err(_) => subschema.get("properties").and_then(|all| all.get(&name)),
            };
            step.into_iter()
                .for_each(|step| expand(root, step, &mut next));
        }
        current = next;
    }
    current
}

fn expand<'s>(root: &'s Value, schema: &'s Value, found: &mut Vec<&'s Value>) {
    found.push(schema);
    if let Some(reference) = schema["$ref"].as_str() {
        expand(root, root.pointer(&reference[1..]).unwrap(), found);
    }
    for keyword in ["then", "else"] {
        if let Some(branch) = schema.get(keyword) {
            expand(root, branch, found);
        }
    }
}

/// What the schema gives as examples of the value at a JSON Pointer of a record, and an empty one of its type.
fn examples(kind: &Kind, definition: &str, pointer: &str) -> Vec<String> {
    let root: Value = serde_json::from_str(kind.schema_text()).unwrap();
    let mut examples = Vec::new();
    for subschema in subschemas(&root, &root["$defs"][definition], pointer) {
        let listed = ["examples", "enum"].map(|keyword| subschema[keyword].as_array());
        let listed = listed.into_iter().flatten().flatten();
        examples.extend(listed.map(Value::to_string));
        examples.extend(match subschema["type"].as_str() {
            Some("object") => Some("{}".to_owned()),
            Some("array") => Some("[]".to_owned()),
            Some("boolean") => Some("true".to_owned()),
            _ => None,
        });
    }
    examples
}

/// The text with a valid value for each placeholder of the parameters in it. The `index`th value is used where there
/// are several.
fn fill_parameters(text: &str, index: usize) -> String {
    let mut text = text.to_owned();
    for (name, values) in PARAMETER_VALUES {
        let value = values.get(index).unwrap_or(&values[0]);
        let quoted = format!("\"name\": \"{name}\", ");
        let Some(at) = text.find(&quoted) else {
            continue;
        };
        let rest = &text[at..];
        let end = rest.find('}').map_or(text.len(), |end| at + end);
        let Some(placeholder) = text[at..end].find('$') else {
            continue;
        };
        let start = at + placeholder;
        let digits = text[start + 1..]
            .find(|c: char| !c.is_ascii_digit())
            .unwrap();
        text.replace_range(start..start + 1 + digits, value);
    }
    text
}

/// A place of a payload where something is completed.
struct Place {
    /// The text with a `|` where the cursor is.
    text: String,
    /// What the place has in common with that of other payloads.
    id: String,
    /// How an accepted item is filled in.
    fill: Fill,
}

enum Fill {
    /// A property of the object at this JSON Pointer.
    Property(String),
    /// An entry of an array.
    Element,
    /// The name of an entry, which also gets a value.
    EntryName,
    /// A value by itself.
    Value,
}

/// The places of a record.
fn places(record: &Record<'_>, text: &str) -> Vec<Place> {
    let mut places = Vec::new();
    // With another property, a record of unknown form is a request or a response.
    let form = match record.is_form_unknown {
        true => "request",
        false => record.definition(),
    };
    let head = format!("{} {form}", record.kind().unwrap().id());
    collect_places(record.node, text, &head, "", &mut places);
    places
}

fn collect_places(node: Node<'_>, text: &str, head: &str, pointer: &str, places: &mut Vec<Place>) {
    let id = |what: &str| {
        let path = pointer
            .split('/')
            .map(|segment| match segment.parse::<usize>() {
                Ok(_) => "*",
                Err(_) => segment,
            });
        format!("{head} {what} {}", path.collect::<Vec<_>>().join("/"))
    };
    let end = node.span().end as usize - 1;
    let mut insert = |what: &str, inserted: &str, fill| {
        let before = text[..end].trim_end();
        let separator = if node.child_count() > 0 { ", " } else { " " };
        places.push(Place {
            text: format!("{before}{separator}{inserted} {}", &text[end..]),
            id: id(what),
            fill,
        });
    };
    match node.kind() {
        ValueKind::Object => {
            insert("property", "|", Fill::Property(pointer.to_owned()));
            insert("property", "\"|\"", Fill::Property(pointer.to_owned()));
            for member in node.members() {
                let inner = format!("{pointer}/{}", member.name_text());
                collect_places(member.value, text, head, &inner, places);
            }
        }
        ValueKind::Array => {
            insert("element", "|", Fill::Element);
            if pointer.ends_with("/parameters") && node.child_count() > 0 {
                insert("name", "{ \"name\": \"|\" }", Fill::EntryName);
                insert(
                    "name",
                    "{ \"name\": \"|\", \"value\": \"\" }",
                    Fill::EntryName,
                );
            }
            // The elements of a list have the same places.
            let elements = node.elements().enumerate();
            let names_entries = pointer.ends_with("/parameters");
            for (index, element) in elements.filter(|(index, _)| names_entries || *index == 0) {
                collect_places(element, text, head, &format!("{pointer}/{index}"), places);
            }
        }
        _ => {
            let span = node.span();
            let quote = if node.kind() == ValueKind::String {
                "\""
            } else {
                ""
            };
            let (start, end) = (span.start as usize, span.end as usize);
            places.push(Place {
                text: format!("{}{quote}|{quote}{}", &text[..start], &text[end..]),
                id: format!("{} {}", id("value"), parameter_before(&text[..start])),
                fill: Fill::Value,
            });
        }
    }
}

/// The name of the parameter whose value follows a text; empty if it ends otherwise.
fn parameter_before(text: &str) -> &str {
    let name = text.trim_end().strip_suffix(r#", "value":"#);
    let name = name.and_then(|text| text.strip_suffix('"'));
    name.map_or("", |text| &text[text.rfind('"').unwrap() + 1..])
}

/// The text with other values of the parameters that depend on the country.
fn with_values_of_another_country(text: &str, index: usize) -> String {
    let mut text = text.to_owned();
    for name in [
        "effective_phonenumber",
        "effective_postal_code",
        "effective_state",
    ] {
        let (_, values) = PARAMETER_VALUES
            .iter()
            .find(|(known, _)| *known == name)
            .unwrap();
        let head = format!("\"{name}\", \"value\": \"");
        if let Some(at) = text.find(&head) {
            let start = at + head.len();
            let end = start + text[start..].find('"').unwrap();
            text.replace_range(start..end, values.get(index).unwrap_or(&values[0]));
        }
    }
    text
}

/// The texts that an accepted item may become.
fn filled(accepted: &str, label: &str, place: &Place, record: &Record<'_>) -> Vec<String> {
    // The only character of property names that a snippet escapes.
    let accepted = &accepted.replace("\\$", "$");
    match &place.fill {
        Fill::Value => {
            let others = (0..5).map(|index| with_values_of_another_country(accepted, index));
            std::iter::once(accepted.clone()).chain(others).collect()
        }
        Fill::Element => [0, 1, 2, 3, 4]
            .map(|index| fill_parameters(accepted, index))
            .into(),
        Fill::EntryName => {
            let is_attestation = label.contains("attestation");
            let value = if is_attestation {
                "\"structured_value\": { \"attestation_accepted\": $1 }"
            } else {
                "\"value\": \"$1\""
            };
            let name = format!("\"name\": \"{label}\"");
            let with_value = format!("{name}, {value}");
            let text = accepted
                .replace(&format!("{name}, \"value\": \"\""), &with_value)
                .replace(&format!("{name} }}"), &format!("{with_value} }}"));
            [0, 1, 2, 3, 4]
                .map(|index| fill_parameters(&text, index))
                .into()
        }
        Fill::Property(pointer) => {
            let pointer = format!("{pointer}/{label}");
            let examples = examples(record.kind().unwrap(), record.definition(), &pointer);
            let placeholder = ["\"$1\"", "{ $1 }", "[$1]", "$1"]
                .into_iter()
                .find(|placeholder| accepted.contains(placeholder));
            match placeholder {
                None => vec![accepted.clone()],
                Some(placeholder) => examples
                    .iter()
                    .map(|example| accepted.replacen(placeholder, example, 1))
                    .collect(),
            }
        }
    }
}

/// The valid payloads of the project as JSON texts.
fn valid_payloads() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    collect_files(Path::new(&project("fixtures/valid")), &mut files);
    files.sort();
    let texts = files.into_iter().map(|file| {
        let text = fs::read_to_string(&file).unwrap();
        // A client counts a byte order mark as a character.
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        (file, text)
    });
    texts.collect()
}

/// The fewest findings that a text has, of several.
fn fewest_findings(texts: &[String]) -> Vec<String> {
    let mut fewest: Option<Vec<String>> = None;
    for text in texts {
        let findings = findings_in(text);
        if fewest
            .as_ref()
            .is_none_or(|fewest| findings.len() < fewest.len())
        {
            fewest = Some(findings);
        }
        if fewest.as_ref().is_some_and(Vec::is_empty) {
            break;
        }
    }
    fewest.unwrap_or_default()
}

/// The values that were offered, each with the fewest findings to which it led.
#[derive(Default)]
struct Values {
    /// By place and value.
    findings: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    visits: BTreeMap<String, usize>,
}

impl Values {
    /// Whether a place was seen in several payloads and each of its values was valid in one of them.
    fn are_settled_at(&self, place: &str) -> bool {
        let are_valid = |values: &BTreeMap<String, Vec<String>>| values.values().all(Vec::is_empty);
        self.visits.get(place).is_some_and(|visits| *visits > 2)
            && self.findings.get(place).is_none_or(are_valid)
    }

    fn is_valid_at(&self, place: &str, value: &str) -> bool {
        let known = self
            .findings
            .get(place)
            .and_then(|values| values.get(value));
        known.is_some_and(Vec::is_empty)
    }

    fn add(&mut self, place: &str, value: String, findings: Vec<String>) {
        let values = self.findings.entry(place.to_owned()).or_default();
        let best = values.entry(value).or_insert_with(|| findings.clone());
        if findings.len() < best.len() {
            *best = findings;
        }
    }
}

#[test]
fn no_completion_adds_a_finding_to_a_valid_payload() {
    let mut session = Session::start_default();
    let registry = Registry::built_in();
    let (mut tried, mut forms) = (BTreeMap::<String, usize>::new(), BTreeSet::new());
    // A value may be right only after others are changed too, so each has to be valid in some payload.
    let mut values = Values::default();
    for (file, text) in valid_payloads() {
        let document = Document::parse(&text);
        let records = registry
            .detector()
            .records(&document, Default::default(), None);
        assert_eq!(findings_in(&text), [""; 0], "{}", file.display());
        // No one types what a platform answers to a validation.
        let is_typed = |record: &&Record<'_>| {
            let kind = record.kind();
            kind.is_some_and(|kind| kind.id() != "validation-result")
        };
        let Some(record) = records.first().filter(is_typed) else {
            continue;
        };
        forms.insert((record.kind().unwrap().id(), record.definition()));
        for place in places(record, &text) {
            let is_value = matches!(place.fill, Fill::Value);
            if is_value && values.are_settled_at(&place.id) {
                continue;
            }
            *values.visits.entry(place.id.clone()).or_default() += 1;
            for (label, accepted) in completions(&mut session, &place.text) {
                *tried.entry(place.id.clone()).or_default() += 1;
                if is_value && values.is_valid_at(&place.id, &label) {
                    continue;
                }
                let findings = fewest_findings(&filled(&accepted, &label, &place, record));
                if is_value {
                    values.add(&place.id, label, findings);
                } else {
                    let file = file.display();
                    assert!(
                        findings.is_empty(),
                        "{file}: {}: `{label}` leads into {findings:#?}\n{accepted}",
                        place.id
                    );
                }
            }
        }
    }
    for (place, values) in &values.findings {
        for (value, findings) in values {
            assert!(
                findings.is_empty(),
                "{place}: `{value}` leads into {findings:#?}"
            );
        }
    }
    let places = tried.len();
    assert!(
        forms.len() >= 7 && places > 60,
        "{forms:?}, {places} places"
    );
    session.shut_down();
}

/// The text without a property or element, and with the cursor in its place.
fn without(text: &str, start: u32, end: u32) -> String {
    let (before, after) = (&text[..start as usize], &text[end as usize..]);
    format!("{before}|{after}")
}

/// A property or parameter that is missing from a payload.
struct MissingPart {
    name: String,
    /// The text with the cursor where the part was.
    text: String,
    /// The JSON Pointer of the property; `None` for a parameter.
    pointer: Option<String>,
}

/// The last property of each object, so that nothing separates it from others, unless it is `null`, and every
/// parameter.
fn missing_parts(node: Node<'_>, text: &str, pointer: &str, parts: &mut Vec<MissingPart>) {
    if let Some(last) = node.members().last()
        && node.child_count() > 1
        && last.value.kind() != ValueKind::Null
    {
        let name = last.name_text().into_owned();
        parts.push(MissingPart {
            text: without(text, last.name.span().start, last.value.span().end),
            pointer: Some(format!("{pointer}/{name}")),
            name,
        });
    }
    for member in node.members() {
        if member.name_text() == "parameters" {
            for entry in member.value.elements() {
                let name = entry.get("name").and_then(|name| name.as_text());
                parts.extend(name.map(|name| MissingPart {
                    name: name.into_owned(),
                    text: without(text, entry.span().start, entry.span().end),
                    pointer: None,
                }));
            }
        }
        let inner = format!("{pointer}/{}", member.name_text());
        missing_parts(member.value, text, &inner, parts);
    }
    for (index, element) in node.elements().enumerate() {
        missing_parts(element, text, &format!("{pointer}/{index}"), parts);
    }
}

#[test]
fn what_a_valid_payload_needs_is_offered_where_it_is_missing() {
    let mut session = Session::start_default();
    let mut names = BTreeSet::new();
    for file in [
        "order/new-tenant-full",
        "order/existing-tenant-with-agreement",
        "order/change-quantity",
        "order/response-completed",
        "certificate/request-to-create",
        "certificate/full-record",
        "qualification/request-education-school",
        "qualification/answer-to-post-in-review",
    ] {
        let path = project(&format!("fixtures/valid/{file}.json"));
        let text = fs::read_to_string(path).unwrap();
        let document = Document::parse(&text);
        let registry = Registry::built_in();
        let detector = registry.detector();
        let record = detector.records(&document, Default::default(), None)[0];
        let kind = record.kind().unwrap();
        let root: Value = serde_json::from_str(kind.schema_text()).unwrap();
        let definition = &root["$defs"][record.definition()];
        let mut parts = Vec::new();
        missing_parts(record.node, &text, "", &mut parts);
        parts.retain(|part| {
            let is_known = |pointer: &String| !subschemas(&root, definition, pointer).is_empty();
            part.pointer.as_ref().is_none_or(is_known)
        });
        for MissingPart { name, text, .. } in parts {
            let offered = completions(&mut session, &text);
            assert!(
                offered.iter().any(|(label, _)| *label == name),
                "{file}: `{name}` is not offered in\n{text}\nbut {offered:?}"
            );
            names.insert(name);
        }
    }
    assert!(names.len() > 25, "{names:?}");
    session.shut_down();
}

/// Valid values for the placeholders of templates, by what is before the placeholder.
const TEMPLATE_VALUES: [(&str, &str); 21] = [
    ("\"domain\": \"", "harrowfinch"),
    ("\"email\": \"", "dana.mercer@harrowfinch.edu"),
    ("\"companyName\": \"", "Harrow Finch Institute"),
    ("\"city\": \"", "Rochester"),
    ("\"state\": \"", "NY"),
    ("\"addressLine1\": \"", "240 Commerce Street"),
    ("\"postalCode\": \"", "14604"),
    ("\"firstName\": \"", "Dana"),
    ("\"lastName\": \"", "Mercer"),
    ("\"name\": \"", "Harrow Finch Institute"),
    ("\"streetAddress\": \"", "240 Commerce Street"),
    (
        "\"lastName\": \"Mercer\",\n      \"phoneNumber\": \"",
        "(585) 555-0142",
    ),
    ("\"phoneNumber\": \"", "1#585#5550142#"),
    ("\"customerId\": \"", "1000428811"),
    ("\"mpn\": \"", "CFQ7TTC0LCHC:0002"),
    ("\"quantity\": ", "7"),
    ("\"subscriptionId\": \"", "1003301"),
    ("\"website\": \"", "https://www.harrowfinch.edu"),
    ("\"validationCode\": \"", "0382916"),
    ("\"program\": { \"id\": \"", "PRG-4402-1187"),
    ("\"client\": { \"id\": \"", "ACC-2208-7731"),
];

/// A template with its defaults, and with a valid value for each other placeholder.
fn fill_template(text: &str) -> String {
    let mut text = fill_parameters(text, 0);
    while let Some(start) = text.find("${") {
        let end = start + text[start..].find('}').unwrap();
        let default = text[start..end].split(':').nth(1).unwrap().to_owned();
        text.replace_range(start..=end, &default);
    }
    while let Some(start) = text.find('$') {
        let before = &text[..start];
        let known = TEMPLATE_VALUES.iter();
        let (_, value) = known
            .clone()
            .find(|(head, _)| before.ends_with(head))
            .unwrap_or_else(|| panic!("no value for the placeholder at the end of {before}"));
        let digits = text[start + 1..].find(|c: char| !c.is_ascii_digit());
        text.replace_range(start..start + 1 + digits.unwrap(), value);
    }
    text
}

#[test]
fn templates_have_no_findings_once_they_are_filled_in() {
    let mut session = Session::start_default();
    let templates = completions(&mut session, "|");
    assert!(templates.len() > 5, "{templates:?}");
    for (label, text) in &templates {
        let text = fill_template(text);
        assert_eq!(findings_in(&text), [""; 0], "{label}: {text}");
    }
    let (_, new_tenant) = &templates[0];
    assert_eq!(templates[0].0, "order for a new tenant");
    for parameter in ["offer_attestation", "tenant_preference"] {
        assert!(new_tenant.contains(&format!("\"name\": \"{parameter}\"")));
    }
    session.shut_down();
}

#[test]
fn what_only_the_platform_sets_is_not_offered_in_a_request() {
    let mut session = Session::start_default();
    for (text, unwanted) in [
        (
            "{ \"customerId\": \"1\", \"type\": \"change\", | }",
            &["id", "status", "creationDate", "total", "ponumber"][..],
        ),
        (
            "{ \"customerId\": \"1\", \"type\": \"change\", \"products\": [{ \"mpn\": \"a\", | }] }",
            &["activationParameters"],
        ),
        (
            "{ \"customerId\": \"1\", \"type\": \"sales\", \"products\": [{ \"parameters\": [{ \"name\": \"|\" }] }] }",
            &[
                "subscription_id",
                "initial_password",
                "agreement_acceptance",
            ],
        ),
        (
            "{ \"qualification\": \"|\", \"educationSegment\": \"K12\" }",
            &["None", "Nonprofit"],
        ),
        (
            "{ \"qualification\": \"Education\", \"educationSegment\": \"K12\", | }",
            &[
                "vettingStatus",
                "vettingReason",
                "vettingCreatedDate",
                "links",
            ],
        ),
        (
            "{ \"program\": { \"id\": \"PRG-4402-1187\" }, \"applicableTo\": \"|\" }",
            &["buyer", "licensee"],
        ),
    ] {
        let offered = completions(&mut session, text);
        assert!(!offered.is_empty(), "{text}");
        for (label, _) in offered {
            assert!(!unwanted.contains(&&*label), "{label} in {text}");
        }
    }
    session.shut_down();
}
