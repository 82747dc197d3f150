//! From a schema's text to its shapes.

use serde_json::{Map, Value};

use super::{
    Asked, Branch, BranchMember, Branches, Condition, Letter, MOST_KEPT, NO_SHAPE, NOWHERE, Prefix,
    Quick, Shape, Terms, Word,
};
use crate::json::{Kind, KnownName, PrefixKey};
use crate::names;

/// Keywords that say nothing about a payload.
const ANNOTATIONS: [&str; 6] = [
    "$id",
    "$comment",
    "title",
    "description",
    "examples",
    "default",
];

/// The drafts in which every keyword that is compiled here means the same, by their URIs without scheme
/// and fragment. In draft 4, `1.0` is not an integer; drafts 4 and 6 have no `if`.
const DRAFTS: [&str; 3] = [
    "json-schema.org/draft-07/schema",
    "json-schema.org/draft/2019-09/schema",
    "json-schema.org/draft/2020-12/schema",
];

/// The highest limit for numbers that a floating point number holds exactly, as every lower one.
const MAX_LIMIT: u64 = 1 << 53;

/// Whether a keyword with this value constrains nothing, and leaves alone what other keywords mean.
fn is_annotation(keyword: &str, value: &Value) -> bool {
    match keyword {
        "$schema" => value.as_str().is_some_and(|uri| {
            let uri = uri.strip_suffix('#').unwrap_or(uri);
            let rest = uri
                .strip_prefix("https://")
                .or_else(|| uri.strip_prefix("http://"));
            rest.is_some_and(|rest| DRAFTS.contains(&rest))
        }),
        _ => ANNOTATIONS.contains(&keyword),
    }
}

fn limit_of(value: &Value) -> Option<u64> {
    value.as_u64().filter(|limit| *limit <= MAX_LIMIT)
}

impl Quick {
    /// The quick part of a schema without references.
    pub(in crate::schema) fn compile(schema: &Value) -> Self {
        let mut quick = Quick {
            shapes: Vec::new(),
            root: None,
        };
        quick.root = quick.shape(schema).map(|(root, _)| root);
        quick
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
                "properties" => is_exact &= self.add_members(&mut shape, value.as_object()?)?,
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
                    shape.retain_words(words?);
                }
                "const" => shape.retain_words(vec![value.as_str()?]),
                "exclusiveMinimum" => shape.more_than = Some(limit_of(value)?),
                "minimum" => shape.at_least = Some(limit_of(value)?),
                "pattern" => shape.prefixes = prefixes_of(value.as_str()?)?,
                // These are read once the members are known.
                "required" | "if" | "then" | "else" => {}
                annotation if is_annotation(annotation, value) => {}
                _ => return None,
            }
        }
        let (terms, is_known) = self.terms(keywords, &mut shape)?;
        if terms.condition.is_some() && !shape.asks_object() {
            return None;
        }
        shape.terms = terms;
        shape.takes_pairs = self.takes_pairs(&shape);
        // A bit a member: more of them than a word has are left to the validator.
        if shape.count > 64 {
            return None;
        }
        Some((self.keep(shape)?, is_exact && is_known))
    }

    /// Whether a shape takes any object of a name and a text that is not empty.
    fn takes_pairs(&self, shape: &Shape) -> bool {
        let members = [names::NAME, names::VALUE];
        let asked = members.map(|name| match &shape.members {
            Some(members) => members[name.index()],
            None => Asked::NOTHING,
        });
        let is_taken = |asked: &Asked| match asked.place {
            NOWHERE => !shape.is_closed,
            _ => asked.kinds & 1 << Kind::String as u8 != 0 && asked.shape == NO_SHAPE,
        };
        let seen = asked.iter().filter(|asked| asked.place != NOWHERE);
        let seen = seen.fold(0, |seen, asked| {
            seen | 1u64.unbounded_shl(asked.place.into())
        });
        shape.kinds & 1 << Kind::Object as u8 != 0
            && shape.words.is_none()
            && shape.kept == 0
            && asked.iter().all(is_taken)
            && self.keeps(&shape.terms, seen, &[])
    }

    /// Keeps a shape and gives its place.
    fn keep(&mut self, shape: Shape) -> Option<u16> {
        let place = self.shapes.len().try_into().ok();
        self.shapes.push(shape);
        place.filter(|place| *place != NO_SHAPE)
    }

    fn add_members(&mut self, shape: &mut Shape, properties: &Map<String, Value>) -> Option<bool> {
        let mut is_exact = true;
        for (name, schema) in properties {
            let (asked, is_known) = self.asked(schema);
            is_exact &= is_known;
            shape.add_member(name, asked)?;
        }
        Some(is_exact)
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
                        let slot = shape.slot_for(name)?;
                        members.push(BranchMember { slot, asked });
                    }
                }
                "required" | "if" | "then" | "else" => {}
                annotation if is_annotation(annotation, value) => {}
                _ => return None,
            }
        }
        let (terms, is_known) = self.terms(keywords, shape)?;
        Some((Branch { members, terms }, is_exact && is_known))
    }
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

impl Shape {
    /// What this shape, of that place and source, asks: whole, where kinds alone tell it.
    fn asked(&self, schema: &Value, place: u16) -> Asked {
        let is_plain = |keyword: &String| {
            matches!(keyword.as_str(), "type" | "minLength" | "$schema")
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
            slot: NOWHERE,
        }
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

    /// Lets only these strings stand here, beside what else is asked.
    fn retain_words(&mut self, words: Vec<&str>) {
        let is_allowed = |text: &&str| match &self.words {
            Some(words) => words.iter().any(|word| word.text == **text),
            None => true,
        };
        self.words = Some(words.into_iter().filter(is_allowed).map(Word::of).collect());
    }

    /// Adds a member and gives its place. None if a name cannot be told from others.
    fn add_member(&mut self, name: &str, asked: Asked) -> Option<u8> {
        // Several members of one object may be read as this name, and the validator sees but one.
        if name.contains(char::REPLACEMENT_CHARACTER) {
            return None;
        }
        // More members than there are bits are refused in the end.
        let place = self.count.min(usize::from(NOWHERE) - 1) as u8;
        self.count += 1;
        let asked = Asked { place, ..asked };
        let members = self
            .members
            .get_or_insert_with(|| Box::new([Asked::NOTHING; KnownName::LIMIT]));
        match names::id(name).known() {
            Some(name) => members[name.index()] = asked,
            None => self.rare.push((name.to_owned(), asked)),
        }
        Some(place)
    }

    /// The place of a member, which it gets here if it has none. One that the schema does not describe
    /// may be anything, unless the object is closed: then it could not stand at all.
    fn place_for(&mut self, name: &str) -> Option<u8> {
        match self.known_mut(name).map(|asked| asked.place) {
            Some(place) => Some(place),
            None if self.is_closed => self.add_member(name, Asked::UNCLEAR),
            None => self.add_member(name, Asked::NOTHING),
        }
    }

    /// Where the value of a member is kept, which gets its place if it has none.
    fn slot_for(&mut self, name: &str) -> Option<u8> {
        self.place_for(name)?;
        let next = self.kept;
        let slot = &mut self.known_mut(name)?.slot;
        let is_new = *slot == NOWHERE;
        if is_new {
            *slot = next as u8;
        }
        let slot = *slot;
        self.kept += usize::from(is_new);
        (self.kept <= MOST_KEPT).then_some(slot)
    }

    /// What is asked of a member that has its place.
    fn known_mut(&mut self, name: &str) -> Option<&mut Asked> {
        let known = match names::id(name).known() {
            Some(name) => Some(&mut self.members.as_mut()?[name.index()]),
            None => {
                let mut rare = self.rare.iter_mut();
                rare.find(|(known, _)| known == name)
                    .map(|(_, asked)| asked)
            }
        };
        known.filter(|asked| asked.place != NOWHERE)
    }

    /// The bits of some member names.
    fn bits_of(&mut self, names: &Value) -> Option<u64> {
        let mut bits = 0;
        for name in names.as_array()? {
            let place = self.place_for(name.as_str()?)?;
            bits |= 1u64.checked_shl(place.into())?;
        }
        Some(bits)
    }
}

impl Word {
    fn of(text: &str) -> Self {
        Self {
            key: PrefixKey::of(text.as_bytes()),
            text: text.to_owned(),
        }
    }
}

impl Letter {
    /// A letter or digit, or a letter in both cases.
    fn of(letters: &str) -> Option<Self> {
        let mask = match *letters.as_bytes() {
            [_] => 0xFF,
            [one, other] if one ^ other == 0x20 && one.is_ascii_alphabetic() => 0xDF,
            _ => return None,
        };
        let bits = letters.as_bytes()[0] & mask;
        Some(Self { mask, bits })
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
        prefix.push(Letter::of(letters)?);
        rest = &rest[len..];
    }
    Some(prefix)
}
