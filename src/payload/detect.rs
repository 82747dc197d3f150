//! Telling kinds and forms apart, by structure alone.

use super::page::{Page, PageNumber};
use super::{Extent, Form, Identity, Part, PayloadKind, Record, Records, Stated};
use crate::document::{Document, HttpDirection};
use crate::json::{Kind, Node};
use crate::names::NAMES;

/// The member names that tell one kind from another, each with its bit in [`Signs`]. Names are
/// compared without case, so that a payload in other letters is recognised and then told so.
const SIGNS: [&str; 41] = [
    "customerId",
    "type",
    "products",
    "subscriptionPeriod",
    "poNumber",
    "subscriptionId",
    "orderNumber",
    "id",
    "status",
    "statusCode",
    "creationDate",
    "provisioningDate",
    "details",
    "total",
    "qualification",
    "vettingStatus",
    "vettingReason",
    "vettingCreatedDate",
    "vettingCreateDate",
    "educationSegment",
    "website",
    "validationCode",
    "certificate",
    "program",
    "client",
    "certificant",
    "buyer",
    "licensee",
    "applicableTo",
    "eligibility",
    "href",
    "audit",
    "settings",
    "lineItems",
    "activationParameters",
    "agreement",
    "data",
    "items",
    "$meta",
    "pagination",
    "totalCount",
];

/// Which of [`SIGNS`] an object has, a bit each.
#[derive(Clone, Copy)]
struct Signs(u64);

/// The bits of some signs; a name that is none does not compile.
const fn bits_of(names: &[&str]) -> u64 {
    let mut bits = 0;
    let mut place = 0;
    while place < names.len() {
        bits |= 1 << position_of(names[place].as_bytes());
        place += 1;
    }
    bits
}

const fn position_of(name: &[u8]) -> usize {
    let mut place = 0;
    while place < SIGNS.len() {
        if SIGNS[place].as_bytes().eq_ignore_ascii_case(name) {
            return place;
        }
        place += 1;
    }
    panic!("the name is no sign")
}

/// For each known name its bit among the signs, or none.
static SIGN_OF_NAME: [u64; NAMES.len()] = {
    let mut table = [0; NAMES.len()];
    let mut place = 0;
    while place < NAMES.len() {
        let mut sign = 0;
        while sign < SIGNS.len() {
            if NAMES[place].eq_ignore_ascii_case(SIGNS[sign]) {
                table[place] = 1 << sign;
            }
            sign += 1;
        }
        place += 1;
    }
    table
};

const ORDER: u64 = bits_of(&[
    "customerId",
    "type",
    "products",
    "subscriptionPeriod",
    "poNumber",
    "subscriptionId",
    "orderNumber",
]);
const ORDER_RESPONSE: u64 = bits_of(&[
    "id",
    "orderNumber",
    "status",
    "statusCode",
    "creationDate",
    "provisioningDate",
    "details",
    "total",
]);
const QUALIFICATION: u64 = bits_of(&["qualification", "vettingStatus"]);
const QUALIFICATION_REQUEST: u64 = bits_of(&["educationSegment", "website", "validationCode"]);
const VETTING: u64 = bits_of(&[
    "vettingStatus",
    "vettingReason",
    "vettingCreatedDate",
    "vettingCreateDate",
]);
const PARTY: u64 = bits_of(&[
    "client",
    "buyer",
    "licensee",
    "applicableTo",
    "eligibility",
    "status",
]);
const CERTIFICATE_RESPONSE: u64 = bits_of(&["id", "href", "status", "audit"]);
const CERTIFICATE: u64 = bits_of(&["certificate"]);
const CERTIFICANT: u64 = bits_of(&["certificant"]);
const PROGRAM: u64 = bits_of(&["program"]);
const STATUS: u64 = bits_of(&["status"]);
const ID: u64 = bits_of(&["id"]);
const HREF: u64 = bits_of(&["href"]);
const SETTINGS: u64 = bits_of(&["settings"]);
const ELIGIBILITY: u64 = bits_of(&["eligibility"]);
const AGREEMENT: u64 = bits_of(&["agreement"]);
const LINE_ITEMS: u64 = bits_of(&["lineItems"]);
const ACTIVATION_PARAMETERS: u64 = bits_of(&["activationParameters"]);
const PRODUCTS: u64 = bits_of(&["products"]);
const DATA: u64 = bits_of(&["data"]);
const ITEMS: u64 = bits_of(&["items"]);
const META: u64 = bits_of(&["$meta"]);
const PAGINATION: u64 = bits_of(&["pagination"]);
const TOTAL_COUNT: u64 = bits_of(&["totalCount"]);

impl Signs {
    fn of(node: Node<'_>) -> Self {
        let mut bits = 0;
        for member in node.members() {
            bits |= member
                .known_ignore_case()
                .map_or(0, |name| SIGN_OF_NAME[name.index()]);
        }
        Self(bits)
    }

    fn has(self, any_of: u64) -> bool {
        self.0 & any_of != 0
    }

    fn count(self, of: u64) -> u32 {
        (self.0 & of).count_ones()
    }
}

/// The records of a document, in order. Where the document is a part of a longer list, the list is
/// what speaks for them.
pub fn records<'d>(
    document: &'d Document<'d>,
    stated: Stated,
    part: Option<&'d Part>,
) -> Records<'d> {
    let told = part.and_then(|part| part.form);
    let form = stated.form.or(told).or_else(|| form_in_head(document));
    let mut records = Records::new();
    for root in document.roots() {
        let signs = Signs::of(root);
        let (items, listing) = items_of(root, signs);
        let (listing, is_projection) = match part {
            Some(part) => (part.listing, part.is_projection),
            None => (
                listing,
                items.is_some() && signs.has(META) && omits_members(root),
            ),
        };
        let mut push = |node: Node<'d>, signs, list| {
            let identity = match stated.kind {
                Some(kind) => Identity::Kind(kind),
                None => recognise(node, signs),
            };
            let (guessed, is_open) = form_of(identity, signs, listing);
            records.push(Record {
                document,
                node,
                index: records.len(),
                list,
                part,
                identity,
                form: match identity {
                    // A body that says the status, such as one that terminates, is judged as what
                    // the platform writes, whichever way it travels.
                    Identity::Kind(PayloadKind::Certificate) if signs.has(STATUS) => Form::Response,
                    _ => form.unwrap_or(guessed),
                },
                is_form_stated: form.is_some(),
                is_form_open: form.is_none() && is_open,
                is_projection,
            });
        };
        match items {
            Some(list) => list
                .elements()
                .enumerate()
                .for_each(|(place, item)| push(item, Signs::of(item), Some((list, place)))),
            None => push(root, signs, None),
        }
    }
    records
}

/// The form that the head of a document states, such as an HTTP request's.
fn form_in_head(document: &Document<'_>) -> Option<Form> {
    let direction = document.preamble()?.direction?;
    Some(match direction {
        HttpDirection::Request => Form::Request,
        HttpDirection::Response => Form::Response,
    })
}

/// What an envelope says of the list in it, if `root` is one.
pub fn page_of<'d>(root: Node<'d>, extent: Extent<'_>) -> Option<Page<'d>> {
    let signs = Signs::of(root);
    let list = items_of(root, signs).0.filter(|list| *list != root)?;
    let (node, kind, definition) = if signs.has(DATA) && signs.has(META) {
        let meta = value_of(root, "$meta")?;
        (meta, PayloadKind::Certificate, "listMeta")
    } else if signs.has(DATA) && signs.has(PAGINATION) {
        let pagination = value_of(root, "pagination")?;
        (pagination, PayloadKind::Order, "pagination")
    } else {
        (root, PayloadKind::Qualification, "envelope")
    };
    let holder = match kind {
        PayloadKind::Certificate => value_of(node, "pagination"),
        _ => Some(node),
    };
    let members = holder.into_iter().flat_map(|holder| holder.members());
    let numbers = members.filter_map(|member| {
        let role = PageNumber::named(&member.name_text())?;
        let belongs = (role == PageNumber::TotalCount) == (kind == PayloadKind::Qualification);
        belongs.then_some((role, member.value))
    });
    Some(Page {
        node,
        kind,
        definition,
        numbers: numbers.collect(),
        length: match extent {
            Extent::Envelope(length) => length,
            _ => Some(list.child_count()).filter(|_| !list.has_errors()),
        },
    })
}

/// What an envelope says of the records in its list. `envelope` is the document with an empty list in
/// the list's place, or what stands before the list and an empty one; `pointer` leads to the list.
pub fn part_of(envelope: &Document<'_>, pointer: &str) -> Part {
    let root = envelope.roots().next();
    let signs = root.map(Signs::of);
    let listing = root.zip(signs).map(|(root, signs)| items_of(root, signs));
    Part {
        pointer: pointer.to_owned(),
        first: 0,
        listing: match listing {
            Some((Some(_), listing)) => listing,
            // What shows it to be an envelope may stand behind the list.
            _ => Listing::List,
        },
        form: form_in_head(envelope),
        is_projection: signs.is_some_and(|signs| signs.has(META))
            && root.is_some_and(omits_members),
    }
}

/// Each whole value of a document as one record of no kind, whatever it holds.
pub fn unsorted<'d>(document: &'d Document<'d>) -> Records<'d> {
    let record = |(index, node)| Record {
        document,
        node,
        index,
        list: None,
        part: None,
        identity: Identity::Unknown,
        form: Form::Response,
        is_form_stated: false,
        is_form_open: false,
        is_projection: false,
    };
    document.roots().enumerate().map(record).collect()
}

/// How records came together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Alone.
    Single,
    /// In an array, or an envelope that either direction could have.
    List,
    /// In the platform's envelope with `$meta`.
    Page,
    /// In the orders API's envelope, which only the platform writes.
    OrderPage,
}

/// The list whose elements are the records, where `root` is a list or an envelope.
fn items_of(root: Node<'_>, signs: Signs) -> (Option<Node<'_>>, Listing) {
    if root.kind() == Kind::Array {
        return (Some(root), Listing::List);
    }
    let list = |name: &str| value_of(root, name).filter(|list| list.kind() == Kind::Array);
    let (items, listing) = if signs.has(DATA) && signs.has(META) {
        (list("data"), Listing::Page)
    } else if signs.has(DATA) && signs.has(PAGINATION) {
        (list("data"), Listing::OrderPage)
    } else if signs.has(ITEMS) && signs.has(TOTAL_COUNT) {
        (list("items"), Listing::List)
    } else {
        (None, Listing::Single)
    };
    match items {
        Some(_) => (items, listing),
        None => (None, Listing::Single),
    }
}

/// Whether the `$meta` of an envelope, or of a record, says that members were left out.
pub(super) fn omits_members(node: Node<'_>) -> bool {
    let omitted = value_of(node, "$meta").and_then(|meta| value_of(meta, "omitted"));
    omitted.is_some_and(|omitted| omitted.child_count() > 0)
}

fn recognise(node: Node<'_>, signs: Signs) -> Identity {
    if node.kind() != Kind::Object {
        return Identity::Unknown;
    }
    if let Some(stranger) = stranger(node, signs) {
        return Identity::Stranger(stranger);
    }
    if signs.count(ORDER) >= 2 {
        Identity::Kind(PayloadKind::Order)
    } else if signs.has(QUALIFICATION) {
        Identity::Kind(PayloadKind::Qualification)
    } else if signs.has(CERTIFICANT)
        || signs.has(PROGRAM) && signs.has(PARTY)
        || signs.has(ID) && id_begins(node, "CER")
        || signs.has(HREF)
            && text_of(node, "href").is_some_and(|href| href.contains("/certificates/"))
    {
        Identity::Kind(PayloadKind::Certificate)
    } else {
        Identity::Unknown
    }
}

/// The name of a platform's object that looks like a kind of ours and is none.
fn stranger(node: Node<'_>, signs: Signs) -> Option<&'static str> {
    if signs.has(CERTIFICATE) {
        return Some("an enrollment");
    }
    if signs.has(ID) {
        let named = [
            ("ENR-", "an enrollment"),
            ("PRG-", "a program"),
            ("ORD-", "an order of the SoftwareOne Marketplace"),
            ("AGR-", "an agreement of the SoftwareOne Marketplace"),
            ("SUB-", "a subscription of the SoftwareOne Marketplace"),
        ];
        if let Some((_, name)) = named.iter().find(|(prefix, _)| id_begins(node, prefix)) {
            return Some(name);
        }
    }
    if signs.has(SETTINGS) && signs.has(ELIGIBILITY) && !signs.has(PROGRAM) {
        return Some("a program");
    }
    if signs.has(AGREEMENT) && node.members().any(|member| member.name.is_text("lines")) {
        return Some("an order of the SoftwareOne Marketplace");
    }
    if signs.has(LINE_ITEMS) {
        return Some("a Partner Center cart or order");
    }
    if signs.has(ACTIVATION_PARAMETERS) && !signs.has(PRODUCTS) {
        return Some("a bare list of connector parameters");
    }
    None
}

/// The form that a record's signs speak for, and whether it could as well be of the other.
fn form_of(identity: Identity, signs: Signs, listing: Listing) -> (Form, bool) {
    let is_response = match identity {
        Identity::Kind(PayloadKind::Order) => {
            listing == Listing::OrderPage || signs.has(ORDER_RESPONSE)
        }
        Identity::Kind(PayloadKind::Certificate) => {
            listing == Listing::Page || signs.has(CERTIFICATE_RESPONSE)
        }
        Identity::Kind(PayloadKind::Qualification) => {
            let is_asking = signs.has(QUALIFICATION_REQUEST);
            let is_answering = listing != Listing::Single || signs.has(VETTING);
            if !is_asking && !is_answering {
                return (Form::Request, true);
            }
            !is_asking
        }
        Identity::Stranger(_) | Identity::Unknown => true,
    };
    let form = if is_response {
        Form::Response
    } else {
        Form::Request
    };
    (form, false)
}

/// The value of the member of this name, in whatever case.
fn value_of<'d>(node: Node<'d>, name: &str) -> Option<Node<'d>> {
    let mut members = node.members();
    let member = members.find(|member| member.name_text().eq_ignore_ascii_case(name))?;
    Some(member.value)
}

fn text_of<'d>(node: Node<'d>, name: &str) -> Option<std::borrow::Cow<'d, str>> {
    value_of(node, name)?.as_text()
}

fn id_begins(node: Node<'_>, prefix: &str) -> bool {
    text_of(node, "id").is_some_and(|id| {
        id.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let document = Document::parse(text);
        records(&document, Stated::default(), None)
            .iter()
            .map(|record| match record.identity {
                Identity::Kind(kind) => format!("{kind} {}", record.form),
                Identity::Stranger(name) => name.to_owned(),
                Identity::Unknown => "unknown".to_owned(),
            })
            .collect()
    }

    #[test]
    fn kinds_and_forms_are_told_by_structure() {
        for (text, expected) in [
            (r#"{"customerId":"1","type":"sales"}"#, "order request"),
            (r#"{"CustomerId":"1","Products":[]}"#, "order request"),
            (
                r#"{"customerId":"1","type":"sales","status":"completed"}"#,
                "order response",
            ),
            (
                r#"{"data":[{"customerId":"1","type":"sales"}],"pagination":{}}"#,
                "order response",
            ),
            (r#"{"qualification":"Education"}"#, "qualification request"),
            (
                r#"[{"qualification":"Education"}]"#,
                "qualification response",
            ),
            (
                r#"{"qualification":"Education","vettingStatus":"Approved"}"#,
                "qualification response",
            ),
            (
                "POST /qualifications\n[{\"qualification\":\"Education\"}]",
                "qualification request",
            ),
            (
                r#"{"totalCount":1,"items":[{"qualification":"Education"}]}"#,
                "qualification response",
            ),
            (
                r#"{"id":"CER-1234-5678-9012","status":"Active"}"#,
                "certificate response",
            ),
            (
                r#"{"program":{"id":"PRG-1"},"client":{"id":"ACC-1"}}"#,
                "certificate request",
            ),
            (
                r#"{"href":"/v1/program/certificates/x"}"#,
                "certificate response",
            ),
            (
                r#"{"id":"ENR-1234-1234","certificate":{},"program":{},"status":"New"}"#,
                "an enrollment",
            ),
            (
                r#"{"id":"ORD-1","agreement":{},"lines":[]}"#,
                "an order of the SoftwareOne Marketplace",
            ),
            (r#"{"lineItems":[]}"#, "a Partner Center cart or order"),
            (r#"{"name":"x","version":"1.0.0"}"#, "unknown"),
            ("12", "unknown"),
        ] {
            assert_eq!(told(text), [expected], "{text}");
        }
        assert!(told("[]").is_empty());
        assert!(told(r#"{"$meta":{},"data":[]}"#).is_empty());
    }
}
