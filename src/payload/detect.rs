//! Telling kinds and forms apart, by structure alone.

use super::{Form, Identity, PayloadKind, Record, Stated};
use crate::document::Document;
use crate::json::{Direction, Kind, Node};

/// The member names that tell one kind from another, each with its bit in [`Signs`]. Names are
/// compared without case, so that a payload in other letters is recognised and then told so.
const SIGNS: [&str; 36] = [
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
        if is_same(SIGNS[place].as_bytes(), name) {
            return place;
        }
        place += 1;
    }
    panic!("the name is no sign")
}

const fn is_same(left: &[u8], right: &[u8]) -> bool {
    let mut place = 0;
    while place < left.len() && place < right.len() && left[place] == right[place] {
        place += 1;
    }
    place == left.len() && place == right.len()
}

/// The signs of each length: most names of a payload are told from them by length alone.
const BY_LENGTH: [u64; 24] = {
    let mut table = [0; 24];
    let mut place = 0;
    while place < SIGNS.len() {
        table[SIGNS[place].len()] |= 1 << place;
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
const ID: u64 = bits_of(&["id"]);
const HREF: u64 = bits_of(&["href"]);
const SETTINGS: u64 = bits_of(&["settings"]);
const ELIGIBILITY: u64 = bits_of(&["eligibility"]);
const AGREEMENT: u64 = bits_of(&["agreement"]);
const LINE_ITEMS: u64 = bits_of(&["lineItems"]);
const ACTIVATION_PARAMETERS: u64 = bits_of(&["activationParameters"]);
const PRODUCTS: u64 = bits_of(&["products"]);

impl Signs {
    fn of(node: Node<'_>) -> Self {
        let mut bits = 0;
        for member in node.members() {
            let name = member.name_bytes();
            let mut candidates = BY_LENGTH.get(name.len()).copied().unwrap_or(0);
            while candidates != 0 {
                let place = candidates.trailing_zeros();
                if SIGNS[place as usize].as_bytes().eq_ignore_ascii_case(&name) {
                    bits |= 1 << place;
                }
                candidates &= candidates - 1;
            }
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

/// The records of a document, in order.
pub fn records<'d>(document: &'d Document<'d>, stated: Stated) -> Vec<Record<'d>> {
    let direction =
        document
            .head()
            .and_then(|head| head.direction)
            .map(|direction| match direction {
                Direction::Request => Form::Request,
                Direction::Response => Form::Response,
            });
    let form = stated.form.or(direction);
    let mut records = Vec::with_capacity(1);
    for root in document.roots() {
        let (items, listing) = items_of(root);
        let mut push = |node: Node<'d>, list| {
            let (identity, guessed) = identify(node, stated.kind, listing);
            records.push(Record {
                document,
                node,
                index: records.len(),
                list,
                identity,
                form: form.unwrap_or(guessed),
                is_form_stated: form.is_some(),
            });
        };
        match items {
            Some(list) => list
                .elements()
                .enumerate()
                .for_each(|(place, item)| push(item, Some((list, place)))),
            None => push(root, None),
        }
    }
    records
}

/// Each whole value of a document as one record of no kind, whatever it holds.
pub fn unsorted<'d>(document: &'d Document<'d>) -> Vec<Record<'d>> {
    let record = |(index, node)| Record {
        document,
        node,
        index,
        list: None,
        identity: Identity::Unknown,
        form: Form::Response,
        is_form_stated: false,
    };
    document.roots().enumerate().map(record).collect()
}

/// How records came together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listing {
    /// Alone.
    Single,
    /// In an array, or an envelope that either direction could have.
    List,
    /// In the orders API's envelope, which only the platform writes.
    OrderPage,
}

/// The list whose elements are the records, where `root` is a list or an envelope.
fn items_of(root: Node<'_>) -> (Option<Node<'_>>, Listing) {
    if root.kind() == Kind::Array {
        return (Some(root), Listing::List);
    }
    let (mut data, mut items) = (None, None);
    let (mut has_meta, mut has_pagination, mut has_count) = (false, false, false);
    for member in root.members() {
        let name = member.name_bytes();
        let list = (member.value.kind() == Kind::Array).then_some(member.value);
        match name.len() {
            4 if name.eq_ignore_ascii_case(b"data") => data = list,
            5 if name.eq_ignore_ascii_case(b"items") => items = list,
            5 if name.eq_ignore_ascii_case(b"$meta") => has_meta = true,
            10 if name.eq_ignore_ascii_case(b"pagination") => has_pagination = true,
            10 if name.eq_ignore_ascii_case(b"totalCount") => has_count = true,
            _ => {}
        }
    }
    if data.is_some() && has_meta {
        (data, Listing::List)
    } else if data.is_some() && has_pagination {
        (data, Listing::OrderPage)
    } else if items.is_some() && has_count {
        (items, Listing::List)
    } else {
        (None, Listing::Single)
    }
}

fn identify(node: Node<'_>, stated: Option<PayloadKind>, listing: Listing) -> (Identity, Form) {
    if node.kind() != Kind::Object {
        return (
            stated.map_or(Identity::Unknown, Identity::Kind),
            Form::Response,
        );
    }
    let signs = Signs::of(node);
    let identity = match stated {
        Some(kind) => Identity::Kind(kind),
        None => recognise(node, signs),
    };
    let form = match identity {
        Identity::Kind(kind) => form_of(kind, signs, listing),
        _ => Form::Response,
    };
    (identity, form)
}

fn recognise(node: Node<'_>, signs: Signs) -> Identity {
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

fn form_of(kind: PayloadKind, signs: Signs, listing: Listing) -> Form {
    let is_response = match kind {
        PayloadKind::Order => listing == Listing::OrderPage || signs.has(ORDER_RESPONSE),
        PayloadKind::Certificate => signs.has(CERTIFICATE_RESPONSE),
        PayloadKind::Qualification => {
            let is_listed = listing != Listing::Single;
            !signs.has(QUALIFICATION_REQUEST) && (is_listed || signs.has(VETTING))
        }
    };
    if is_response {
        Form::Response
    } else {
        Form::Request
    }
}

fn text_of<'d>(node: Node<'d>, name: &str) -> Option<std::borrow::Cow<'d, str>> {
    let member = node.members().find(|member| {
        member
            .name
            .as_text()
            .is_some_and(|written| written.eq_ignore_ascii_case(name))
    })?;
    member.value.as_text()
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
        records(&document, Stated::default())
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
