//! A quick yes: the plain part of a schema, compiled from the same text into comparisons of names,
//! types and words. Most payloads of an export are right, and for those it takes a fifth of the time.
//! It never says no: what it does not accept, for a fault or for a keyword that it does not know, the
//! validator judges.

use serde_json::{Map, Value};

use crate::json::{Kind, Member, Node, Number};
use crate::names::{Name, NameTag, is_same};

/// The place of a member that a shape does not know.
const NOWHERE: u8 = u8::MAX;

/// Keywords that say nothing about a payload.
const ANNOTATIONS: [&str; 7] = [
    "$schema",
    "$id",
    "$comment",
    "title",
    "description",
    "examples",
    "default",
];

/// The shapes of one schema; a shape refers to others by their place.
pub(super) struct Quick {
    shapes: Vec<Shape>,
    root: Option<u16>,
}

/// What a schema object asks, all of it.
struct Shape {
    /// A bit for each [`Kind`] that may stand here.
    kinds: u8,
    /// Whether a number must be whole.
    is_whole: bool,
    /// For each name that payloads use, what is asked of that member. None without members.
    members: Option<Box<[Asked; Name::COUNT]>>,
    /// The same for names that payloads do not use otherwise.
    rare: Vec<(String, Asked)>,
    /// How many members are known.
    count: usize,
    /// Whether only known members may stand here.
    is_closed: bool,
    /// What is asked beside that of an object.
    terms: Terms,
    items: Option<u16>,
    min_items: usize,
    is_filled: bool,
    words: Vec<String>,
    more_than: Option<u64>,
    at_least: Option<u64>,
    prefixes: Vec<Prefix>,
}

/// What is asked of an object whose members have been seen.
#[derive(Default)]
struct Terms {
    /// The members that must be there, a bit each by their places.
    required: u64,
    condition: Option<Condition>,
}

enum Condition {
    /// Only which members there are is looked at, and asked: a bit each.
    Presence {
        when: u64,
        then: u64,
        otherwise: u64,
    },
    /// Anything else.
    Branches(Box<Branches>),
}

struct Branches {
    when: Branch,
    then: Option<Branch>,
    otherwise: Option<Branch>,
}

/// What a part of a condition asks of the object.
struct Branch {
    members: Vec<BranchMember>,
    terms: Terms,
}

impl Branch {
    /// The members that must be there, where nothing else is asked.
    fn as_presence(&self) -> Option<u64> {
        let is_plain = self.members.is_empty() && self.terms.condition.is_none();
        is_plain.then_some(self.terms.required)
    }
}

impl Branches {
    fn as_presence(&self) -> Option<Condition> {
        let asked = |branch: &Option<Branch>| match branch {
            Some(branch) => branch.as_presence(),
            None => Some(0),
        };
        Some(Condition::Presence {
            when: self.when.as_presence()?,
            then: asked(&self.then)?,
            otherwise: asked(&self.otherwise)?,
        })
    }
}

struct BranchMember {
    name: String,
    tag: NameTag,
    asked: Asked,
}

/// What is asked of a member.
#[derive(Clone, Copy)]
struct Asked {
    /// The member's place among those that its shape knows; [`NOWHERE`] for any other.
    place: u8,
    /// A bit for each [`Kind`] that may stand here.
    kinds: u8,
    /// Whether a string may not be empty.
    is_filled: bool,
    /// The shape that the value must have; [`NO_SHAPE`] if its kind alone tells.
    shape: u16,
}

const NO_SHAPE: u16 = u16::MAX;

impl Asked {
    const NOTHING: Asked = Asked {
        place: NOWHERE,
        kinds: ALL_KINDS,
        is_filled: false,
        shape: NO_SHAPE,
    };

    /// What cannot be told quickly, and so fits nothing.
    const UNCLEAR: Asked = Asked {
        place: NOWHERE,
        kinds: 0,
        is_filled: false,
        shape: NO_SHAPE,
    };
}

/// A bit for each [`Kind`].
const ALL_KINDS: u8 = 0x7F;

/// The start of a text, each character in the letters that may stand there.
type Prefix = Vec<Vec<u8>>;

impl Quick {
    /// The quick part of a schema without references.
    pub(super) fn compile(schema: &Value) -> Self {
        let mut quick = Quick {
            shapes: Vec::new(),
            root: None,
        };
        quick.root = quick.shape(schema).map(|(root, _)| root);
        quick
    }

    /// Whether the value is right for certain.
    pub(super) fn accepts(&self, node: Node<'_>) -> bool {
        self.root.is_some_and(|root| self.fits(root, node))
    }

    fn fits(&self, place: u16, node: Node<'_>) -> bool {
        let shape = &self.shapes[usize::from(place)];
        let kind = node.kind();
        if shape.kinds & node.kind_bit() == 0 || !shape.words.is_empty() && kind != Kind::String {
            return false;
        }
        match kind {
            Kind::Object => self.fits_object(shape, node),
            Kind::Array => self.fits_array(shape, node),
            Kind::String => shape.fits_text(node),
            Kind::Number => shape.fits_number(node),
            Kind::Null | Kind::False | Kind::True => true,
        }
    }

    fn fits_array(&self, shape: &Shape, node: Node<'_>) -> bool {
        if node.child_count() < shape.min_items {
            return false;
        }
        let Some(items) = shape.items else {
            return true;
        };
        let element_shape = &self.shapes[usize::from(items)];
        if element_shape.asks_object() {
            // The many entries of a list, without a call for each.
            node.elements().all(|element| {
                element.kind() == Kind::Object && self.fits_members(element_shape, element)
            })
        } else {
            node.elements().all(|element| self.fits(items, element))
        }
    }

    #[inline(never)]
    fn fits_object(&self, shape: &Shape, node: Node<'_>) -> bool {
        self.fits_members(shape, node)
    }

    #[inline(always)]
    fn fits_members(&self, shape: &Shape, node: Node<'_>) -> bool {
        let mut seen = 0;
        for member in node.members() {
            let asked = shape.asked_of(&member);
            if asked.place != NOWHERE {
                seen |= 1 << asked.place;
                if !self.fits_asked(asked, member.value) {
                    return false;
                }
            } else if shape.is_closed {
                return false;
            }
        }
        self.keeps(&shape.terms, node, seen)
    }

    #[inline(always)]
    fn fits_asked(&self, asked: Asked, value: Node<'_>) -> bool {
        asked.kinds & value.kind_bit() != 0
            && !(asked.is_filled && value.is_empty_text())
            && (asked.shape == NO_SHAPE || self.fits(asked.shape, value))
    }

    /// Whether an object keeps these terms of which it has the members `seen`.
    #[inline(always)]
    fn keeps(&self, terms: &Terms, node: Node<'_>, seen: u64) -> bool {
        let has = |wanted: u64| seen & wanted == wanted;
        has(terms.required)
            && match &terms.condition {
                None => true,
                Some(Condition::Presence {
                    when,
                    then,
                    otherwise,
                }) => has(if has(*when) { *then } else { *otherwise }),
                Some(Condition::Branches(branches)) => self.keeps_to(branches, node, seen),
            }
    }

    fn keeps_to(&self, branches: &Branches, node: Node<'_>, seen: u64) -> bool {
        let branch = if self.agrees(&branches.when, node, seen) {
            &branches.then
        } else {
            &branches.otherwise
        };
        branch
            .as_ref()
            .is_none_or(|branch| self.agrees(branch, node, seen))
    }

    fn agrees(&self, branch: &Branch, node: Node<'_>, seen: u64) -> bool {
        let fits = |wanted: &BranchMember| {
            seen & 1 << wanted.asked.place == 0
                || node
                    .member_by(wanted.tag, &wanted.name)
                    .is_none_or(|member| self.fits_asked(wanted.asked, member.value))
        };
        self.keeps(&branch.terms, node, seen) && branch.members.iter().all(fits)
    }

    /// Compiles one schema, and tells whether it is known whole: then a no is as certain as a yes.
    fn shape(&mut self, schema: &Value) -> Option<(u16, bool)> {
        let keywords = match schema {
            Value::Object(keywords) => keywords,
            Value::Bool(true) => {
                return Some((self.keep(Shape::default())?, true));
            }
            _ => return None,
        };
        let mut shape = Shape::default();
        let mut is_exact = true;
        for (keyword, value) in keywords {
            match keyword.as_str() {
                "type" => shape.set_types(value)?,
                "properties" => is_exact &= self.add_members(&mut shape, value.as_object()?),
                "additionalProperties" if *value == Value::Bool(false) => shape.is_closed = true,
                "items" => {
                    let (items, is_known) = self.shape(value)?;
                    shape.items = Some(items);
                    is_exact &= is_known;
                }
                "minItems" => shape.min_items = value.as_u64()?.try_into().ok()?,
                "minLength" if *value == 1 => shape.is_filled = true,
                "enum" => {
                    let words: Option<Vec<&str>> =
                        value.as_array()?.iter().map(Value::as_str).collect();
                    shape.words = words?.into_iter().map(str::to_owned).collect();
                }
                "const" => shape.words = vec![value.as_str()?.to_owned()],
                "exclusiveMinimum" => shape.more_than = Some(value.as_u64()?),
                "minimum" => shape.at_least = Some(value.as_u64()?),
                "pattern" => shape.prefixes = prefixes_of(value.as_str()?)?,
                // These are read once the members are known.
                "required" | "if" | "then" | "else" => {}
                annotation if ANNOTATIONS.contains(&annotation) => {}
                _ => return None,
            }
        }
        let (terms, is_known) = self.terms(keywords, &mut shape)?;
        if terms.condition.is_some() && !shape.asks_object() {
            return None;
        }
        shape.terms = terms;
        // A bit a member: more of them than a word has are left to the validator.
        if shape.count > 64 {
            return None;
        }
        Some((self.keep(shape)?, is_exact && is_known))
    }

    /// Keeps a shape and gives its place.
    fn keep(&mut self, shape: Shape) -> Option<u16> {
        let place = self.shapes.len().try_into().ok();
        self.shapes.push(shape);
        place.filter(|place| *place != NO_SHAPE)
    }

    fn add_members(&mut self, shape: &mut Shape, properties: &Map<String, Value>) -> bool {
        let mut is_exact = true;
        for (name, schema) in properties {
            let (asked, is_known) = self.asked(schema);
            is_exact &= is_known;
            shape.add_member(name, asked);
        }
        is_exact
    }

    /// What a schema asks of a member, and whether that is known whole.
    fn asked(&mut self, schema: &Value) -> (Asked, bool) {
        match self.shape(schema) {
            Some((place, is_known)) => {
                let shape = &self.shapes[usize::from(place)];
                (shape.asked(schema, place), is_known)
            }
            None => (Asked::UNCLEAR, false),
        }
    }

    /// What some keywords ask of an object whose members have their places in `shape`, and whether
    /// that is known whole.
    fn terms(&mut self, keywords: &Map<String, Value>, shape: &mut Shape) -> Option<(Terms, bool)> {
        let required = match keywords.get("required") {
            Some(names) => shape.bits_of(names)?,
            None => 0,
        };
        let mut terms = Terms {
            required,
            condition: None,
        };
        let Some(when) = keywords.get("if") else {
            return Some((terms, true));
        };
        let (when, true) = self.branch(when, shape)? else {
            return None;
        };
        let mut branch = |name: &str| match keywords.get(name) {
            Some(branch) => self
                .branch(branch, shape)
                .map(|(branch, is_known)| (Some(branch), is_known)),
            None => Some((None, true)),
        };
        let (then, then_known) = branch("then")?;
        let (otherwise, otherwise_known) = branch("else")?;
        let branches = Branches {
            when,
            then,
            otherwise,
        };
        let presence = branches.as_presence();
        terms.condition = Some(presence.unwrap_or_else(|| Condition::Branches(Box::new(branches))));
        Some((terms, then_known && otherwise_known))
    }

    fn branch(&mut self, schema: &Value, shape: &mut Shape) -> Option<(Branch, bool)> {
        let keywords = schema.as_object()?;
        let mut members = Vec::new();
        let mut is_exact = true;
        for (keyword, value) in keywords {
            match keyword.as_str() {
                "type" if value == "object" => {}
                "properties" => {
                    for (name, schema) in value.as_object()? {
                        let (asked, is_known) = self.asked(schema);
                        is_exact &= is_known;
                        let place = shape.place_for(name);
                        members.push(BranchMember {
                            name: name.clone(),
                            tag: NameTag::of(name),
                            asked: Asked { place, ..asked },
                        });
                    }
                }
                "required" | "if" | "then" | "else" => {}
                annotation if ANNOTATIONS.contains(&annotation) => {}
                _ => return None,
            }
        }
        let (terms, is_known) = self.terms(keywords, shape)?;
        Some((Branch { members, terms }, is_exact && is_known))
    }
}

impl Default for Shape {
    /// What anything has.
    fn default() -> Self {
        Self {
            kinds: ALL_KINDS,
            is_whole: false,
            members: None,
            rare: Vec::new(),
            count: 0,
            is_closed: false,
            terms: Terms::default(),
            items: None,
            min_items: 0,
            is_filled: false,
            words: Vec::new(),
            more_than: None,
            at_least: None,
            prefixes: Vec::new(),
        }
    }
}

impl Shape {
    /// Whether nothing but an object may stand here.
    fn asks_object(&self) -> bool {
        self.kinds == 1 << Kind::Object as u8 && self.words.is_empty()
    }

    /// What this shape, of that place and source, asks: whole, where kinds alone tell it.
    fn asked(&self, schema: &Value, place: u16) -> Asked {
        let is_plain = |keyword: &String| {
            matches!(keyword.as_str(), "type" | "minLength")
                || ANNOTATIONS.contains(&keyword.as_str())
        };
        let is_told_by_kind = match schema {
            Value::Object(keywords) => keywords.keys().all(is_plain) && !self.is_whole,
            _ => true,
        };
        Asked {
            place: NOWHERE,
            kinds: self.kinds,
            is_filled: self.is_filled,
            shape: if is_told_by_kind { NO_SHAPE } else { place },
        }
    }

    /// What is asked of a member; without a place, if it is no known one.
    #[inline(always)]
    fn asked_of(&self, member: &Member<'_>) -> Asked {
        match (member.known(), &self.members) {
            (Some(name), Some(members)) => members[name.index()],
            (Some(_), None) => Asked::NOTHING,
            (None, _) => self.asked_of_rare(member),
        }
    }

    #[cold]
    fn asked_of_rare(&self, member: &Member<'_>) -> Asked {
        let mut rare = self.rare.iter();
        let known = rare.find(|(known, _)| member.name.is_text(known));
        known.map_or(Asked::NOTHING, |(_, asked)| *asked)
    }

    fn set_types(&mut self, types: &Value) -> Option<()> {
        let names: Vec<&str> = match types {
            Value::String(name) => vec![name],
            Value::Array(names) => names.iter().map(Value::as_str).collect::<Option<_>>()?,
            _ => return None,
        };
        self.kinds = 0;
        for name in &names {
            self.kinds |= match *name {
                "null" => 1 << Kind::Null as u8,
                "boolean" => 1 << Kind::False as u8 | 1 << Kind::True as u8,
                "number" | "integer" => 1 << Kind::Number as u8,
                "string" => 1 << Kind::String as u8,
                "array" => 1 << Kind::Array as u8,
                "object" => 1 << Kind::Object as u8,
                _ => return None,
            };
        }
        self.is_whole = names.contains(&"integer") && !names.contains(&"number");
        Some(())
    }

    /// Adds a member and gives its place.
    fn add_member(&mut self, name: &str, asked: Asked) -> u8 {
        // More members than there are bits are refused in the end.
        let place = self.count.min(usize::from(NOWHERE) - 1) as u8;
        self.count += 1;
        let asked = Asked { place, ..asked };
        let members = self
            .members
            .get_or_insert_with(|| Box::new([Asked::NOTHING; Name::COUNT]));
        match NameTag::of(name).name() {
            Some(name) => members[name.index()] = asked,
            None => self.rare.push((name.to_owned(), asked)),
        }
        place
    }

    /// The place of a member, which it gets here if it has none. One that the schema does not describe
    /// may be anything, unless the object is closed: then it could not stand at all.
    fn place_for(&mut self, name: &str) -> u8 {
        let known = match NameTag::of(name).name() {
            Some(name) => self.members.as_ref().map(|members| members[name.index()]),
            None => {
                let mut rare = self.rare.iter();
                rare.find(|(known, _)| known == name).map(|rare| rare.1)
            }
        };
        match known.filter(|asked| asked.place != NOWHERE) {
            Some(asked) => asked.place,
            None if self.is_closed => self.add_member(name, Asked::UNCLEAR),
            None => self.add_member(name, Asked::NOTHING),
        }
    }

    /// The bits of some member names.
    fn bits_of(&mut self, names: &Value) -> Option<u64> {
        let mut bits = 0;
        for name in names.as_array()? {
            let place = self.place_for(name.as_str()?);
            bits |= 1u64.checked_shl(place.into())?;
        }
        Some(bits)
    }

    fn fits_text(&self, node: Node<'_>) -> bool {
        let is_filled = !self.is_filled || !node.content_span().is_empty();
        let is_word = self.words.is_empty() || self.has_word(node);
        let begins = |prefix: &Prefix, text: &str| {
            text.len() >= prefix.len()
                && prefix
                    .iter()
                    .zip(text.bytes())
                    .all(|(letters, byte)| letters.contains(&byte))
        };
        let matches = self.prefixes.is_empty()
            || node
                .as_text()
                .is_some_and(|text| self.prefixes.iter().any(|prefix| begins(prefix, &text)));
        is_filled && is_word && matches
    }

    fn has_word(&self, node: Node<'_>) -> bool {
        match node.as_plain_text() {
            Some(text) => self
                .words
                .iter()
                .any(|word| is_same(text.as_bytes(), word.as_bytes())),
            None => self.words.iter().any(|word| node.is_text(word)),
        }
    }

    fn fits_number(&self, node: Node<'_>) -> bool {
        let Some(number) = node.as_number() else {
            return false;
        };
        let is_above = |limit: u64, is_open: bool| match number.as_u64() {
            Some(value) => value > limit || !is_open && value == limit,
            // Negative, of many digits or with a fraction.
            None => {
                let limit = limit.to_string();
                let order = number.compare(&Number::new(&limit));
                order.is_gt() || !is_open && order.is_eq()
            }
        };
        (!self.is_whole || number.is_integer())
            && self.more_than.is_none_or(|limit| is_above(limit, true))
            && self.at_least.is_none_or(|limit| is_above(limit, false))
    }
}

/// The alternatives of a pattern such as `^[Aa]B1|^C`: fixed starts in letters and digits.
fn prefixes_of(pattern: &str) -> Option<Vec<Prefix>> {
    pattern.split('|').map(prefix_of).collect()
}

fn prefix_of(alternative: &str) -> Option<Prefix> {
    let mut rest = alternative.strip_prefix('^')?;
    let mut prefix = Prefix::new();
    while let Some(first) = rest.chars().next() {
        let (letters, len) = match rest.strip_prefix('[') {
            Some(class) => {
                let end = class.find(']')?;
                (&class[..end], end + 2)
            }
            None => (&rest[..first.len_utf8()], first.len_utf8()),
        };
        if letters.is_empty() || !letters.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        prefix.push(letters.bytes().collect());
        rest = &rest[len..];
    }
    Some(prefix)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::json::{Tape, parse};
    use crate::payload::{Form, PayloadKind};

    /// Whether the quick look and the validator accept a payload.
    fn verdicts(schema: &crate::schema::Schema, text: &str) -> (bool, bool) {
        let (parsed, _) = parse(text, Tape::default());
        let root = parsed.roots().next().expect("a value");
        (
            schema.quick.accepts(root),
            schema.validator().is_valid(root),
        )
    }

    fn order(form: Form) -> &'static crate::schema::Schema {
        crate::schema::embedded(PayloadKind::Order, form.as_str()).expect("orders have a schema")
    }

    fn line() -> Value {
        json!({
            "mpn": "CFQ7TTC0LCHC:0002", "quantity": 2, "billingPeriod": { "type": "month", "duration": 1 },
            "parameters": [{ "name": "mca_acceptance", "value": "yes" }, { "name": "x", "structured_value": {} }]
        })
    }

    fn sale() -> Value {
        json!({ "customerId": "1", "type": "sales", "products": [line()] })
    }

    #[test]
    fn a_usual_order_is_accepted_at_once() {
        assert_eq!(
            verdicts(order(Form::Request), &sale().to_string()),
            (true, true)
        );
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop::sample::select(vec![
            json!(null),
            json!(true),
            json!(0),
            json!(1),
            json!(-1),
            json!(1.5),
            json!(2.0),
            json!(""),
            json!("sales"),
            json!("SALES"),
            json!("change"),
            json!("month"),
            json!("dG7gmGF1"),
            json!("CFQ7"),
            json!("2024-01-01"),
            json!([]),
            json!({}),
            json!("completed"),
        ]);
        leaf.prop_recursive(3, 16, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec((any_name(), inner), 0..4)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    fn any_name() -> impl Strategy<Value = String> {
        prop::sample::select(vec![
            "customerId",
            "type",
            "products",
            "mpn",
            "id",
            "quantity",
            "billingPeriod",
            "parameters",
            "name",
            "key",
            "value",
            "structured_value",
            "duration",
            "status",
            "startDate",
            "subscriptionPeriod",
            "activationParameters",
            "unknown",
            "poNumber",
            "creditCheck",
        ])
        .prop_map(str::to_owned)
    }

    /// An order with a few members put, replaced or taken away at random places.
    fn any_order() -> impl Strategy<Value = Value> {
        let places = [
            "",
            "/products/0",
            "/products/0/billingPeriod",
            "/products/0/parameters/0",
        ];
        let change = (
            prop::sample::select(places.to_vec()),
            any_name(),
            prop::option::of(any_value()),
        );
        prop::collection::vec(change, 0..4).prop_map(|changes| {
            let mut order = sale();
            for (place, name, value) in changes {
                let Some(Value::Object(members)) = order.pointer_mut(place) else {
                    continue;
                };
                match value {
                    Some(value) => members.insert(name, value),
                    None => members.remove(&name),
                };
            }
            order
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

        #[test]
        fn what_is_accepted_at_once_is_right(order_value in any_order(), is_request in any::<bool>()) {
            let form = if is_request { Form::Request } else { Form::Response };
            let (quick, whole) = verdicts(order(form), &order_value.to_string());
            prop_assert!(!quick || whole, "{order_value}");
            // Formats are the only keywords of the order schema that the quick look leaves alone.
            let has_date = order_value.to_string().contains("Date\"");
            prop_assert!(quick || !whole || has_date, "{order_value}");
        }

        #[test]
        fn conditions_and_bounds_agree_with_the_validator(value in any_value()) {
            for source in [
                json!({ "if": { "required": ["key"] }, "then": { "required": ["name"] }, "else": { "type": "object" } }),
                json!({ "type": ["integer", "null"], "minimum": 1 }),
                json!({ "type": "number", "exclusiveMinimum": 0 }),
                json!({ "enum": ["sales", "month"] }),
                json!({ "properties": { "type": { "const": "sales" } }, "required": ["type", "other"] }),
                json!({ "properties": { "type": true }, "required": ["id"], "additionalProperties": false }),
                json!({ "minItems": 1, "items": { "type": "string", "minLength": 1 } }),
                json!({ "pattern": "^[Dd]G7|^CFQ" }),
                json!({ "if": { "format": "date" }, "then": { "type": "string" } }),
                json!({ "oneOf": [true] }),
                json!({ "type": "object", "if": { "required": ["key"] }, "then": { "required": ["name"] }, "else": { "required": ["id"] } }),
                json!({ "type": "object", "additionalProperties": false, "properties": { "key": {}, "id": {} }, "if": { "required": ["key"] }, "then": { "required": ["name"] } }),
            ] {
                let schema = crate::schema::Schema::compile(source.clone()).expect("a schema");
                let (quick, whole) = verdicts(&schema, &value.to_string());
                prop_assert!(!quick || whole, "{value} against {source}");
            }
        }
    }
}
