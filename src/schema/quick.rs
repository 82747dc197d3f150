//! A quick yes: the plain part of a schema, compiled from the same text into comparisons of names,
//! types and words. Most payloads of an export are right, and for those it takes a fifth of the time.
//! It never says no: what it does not accept, for a fault or for a keyword that it does not know, the
//! validator judges.

mod compile;

use crate::json::{Kind, KnownName, Member, Node, PrefixKey};

/// The place of a member that a shape does not know.
const NOWHERE: u8 = u8::MAX;

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
    members: Option<Box<[Asked; KnownName::LIMIT]>>,
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
    /// The strings that may stand here; `None` if the schema lists none. An empty list admits nothing.
    words: Option<Vec<Word>>,
    more_than: Option<u64>,
    at_least: Option<u64>,
    prefixes: Vec<Prefix>,
    /// How many members' values are kept for conditions.
    kept: usize,
    /// Whether any pair fits, whatever its texts: see [`Node::name_value_pair`].
    takes_pairs: bool,
}

/// A text that may stand somewhere.
struct Word {
    key: PrefixKey,
    text: String,
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

struct BranchMember {
    /// Where the member's value is kept.
    slot: u8,
    asked: Asked,
}

/// How many members the conditions on an object may speak of.
const MOST_KEPT: usize = 8;

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
    /// Where the value is kept for conditions; [`NOWHERE`] if none speaks of it.
    slot: u8,
}

const NO_SHAPE: u16 = u16::MAX;

impl Asked {
    const NOTHING: Asked = Asked {
        place: NOWHERE,
        kinds: ALL_KINDS,
        is_filled: false,
        shape: NO_SHAPE,
        slot: NOWHERE,
    };

    /// What cannot be told quickly, and so fits nothing.
    const UNCLEAR: Asked = Asked {
        place: NOWHERE,
        kinds: 0,
        is_filled: false,
        shape: NO_SHAPE,
        slot: NOWHERE,
    };
}

/// A bit for each [`Kind`].
const ALL_KINDS: u8 = 0x7F;

/// The start of a text, letter by letter.
type Prefix = Vec<Letter>;

/// The bits of a byte that count, and what they must be.
struct Letter {
    mask: u8,
    bits: u8,
}

impl Quick {
    /// Whether the value is right for certain.
    pub(super) fn accepts(&self, node: Node<'_>) -> bool {
        self.root.is_some_and(|root| self.fits(root, node))
    }

    #[inline(never)]
    fn fits(&self, place: u16, node: Node<'_>) -> bool {
        let shape = &self.shapes[usize::from(place)];
        let kind = node.kind();
        if shape.kinds & node.kind_bit() == 0 || shape.words.is_some() && kind != Kind::String {
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

    #[inline(never)]
    fn fits_array(&self, shape: &Shape, node: Node<'_>) -> bool {
        if node.child_count() < shape.min_items {
            return false;
        }
        let Some(items) = shape.items else {
            return true;
        };
        let element_shape = &self.shapes[usize::from(items)];
        // The many entries of a list, without a call for each.
        let are_plain_objects = element_shape.asks_object() && element_shape.kept == 0;
        for element in node.elements() {
            if element_shape.takes_pairs && element.is_name_value_pair() {
                continue;
            }
            let fits = if are_plain_objects {
                element.kind() == Kind::Object && self.fits_members::<0>(element_shape, element)
            } else {
                self.fits(items, element)
            };
            if !fits {
                return false;
            }
        }
        true
    }

    #[inline(never)]
    fn fits_object(&self, shape: &Shape, node: Node<'_>) -> bool {
        if shape.kept == 0 {
            self.fits_members::<0>(shape, node)
        } else {
            self.fits_members::<MOST_KEPT>(shape, node)
        }
    }

    #[inline(always)]
    fn fits_members<const KEPT: usize>(&self, shape: &Shape, node: Node<'_>) -> bool {
        let mut seen = 0;
        let mut kept = [None; KEPT];
        for member in node.members() {
            let asked = shape.asked_of(&member);
            if asked.place != NOWHERE {
                seen |= 1 << asked.place;
                if let Some(kept) = kept.get_mut(usize::from(asked.slot)) {
                    *kept = Some(member.value);
                }
                if !self.fits_asked(asked, member.value) {
                    return false;
                }
            } else if shape.is_closed {
                return false;
            }
        }
        self.keeps(&shape.terms, seen, &kept)
    }

    #[inline(always)]
    fn fits_asked(&self, asked: Asked, value: Node<'_>) -> bool {
        asked.kinds & value.kind_bit() != 0
            && !(asked.is_filled && is_empty_string(value))
            && (asked.shape == NO_SHAPE || self.fits(asked.shape, value))
    }

    /// Whether an object keeps these terms of which it has the members `seen`.
    #[inline(always)]
    fn keeps(&self, terms: &Terms, seen: u64, kept: &[Option<Node<'_>>]) -> bool {
        let has = |wanted: u64| seen & wanted == wanted;
        has(terms.required)
            && match &terms.condition {
                None => true,
                Some(Condition::Presence {
                    when,
                    then,
                    otherwise,
                }) => has(if has(*when) { *then } else { *otherwise }),
                Some(Condition::Branches(branches)) => self.keeps_to(branches, seen, kept),
            }
    }

    fn keeps_to(&self, branches: &Branches, seen: u64, kept: &[Option<Node<'_>>]) -> bool {
        let branch = if self.agrees(&branches.when, seen, kept) {
            &branches.then
        } else {
            &branches.otherwise
        };
        branch
            .as_ref()
            .is_none_or(|branch| self.agrees(branch, seen, kept))
    }

    fn agrees(&self, branch: &Branch, seen: u64, kept: &[Option<Node<'_>>]) -> bool {
        let fits = |wanted: &BranchMember| match kept.get(usize::from(wanted.slot)) {
            Some(Some(value)) => self.fits_asked(wanted.asked, *value),
            _ => true,
        };
        self.keeps(&branch.terms, seen, kept) && branch.members.iter().all(fits)
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
            words: None,
            more_than: None,
            at_least: None,
            prefixes: Vec::new(),
            kept: 0,
            takes_pairs: false,
        }
    }
}

impl Shape {
    /// Whether nothing but an object may stand here.
    fn asks_object(&self) -> bool {
        self.kinds == 1 << Kind::Object as u8 && self.words.is_none()
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

    #[inline(never)]
    fn fits_text(&self, node: Node<'_>) -> bool {
        (!self.is_filled || !is_empty_string(node))
            && self
                .words
                .as_deref()
                .is_none_or(|words| has_word(words, node))
            && (self.prefixes.is_empty() || self.has_prefix(node))
    }

    fn has_prefix(&self, node: Node<'_>) -> bool {
        let begins = |text: &[u8], prefix: &Prefix| {
            let is_it = |(letter, byte): (&Letter, &u8)| byte & letter.mask == letter.bits;
            text.len() >= prefix.len() && prefix.iter().zip(text).all(is_it)
        };
        let has_any = |text: &[u8]| self.prefixes.iter().any(|prefix| begins(text, prefix));
        match node.as_plain_bytes() {
            Some(text) => has_any(text),
            None => node.as_text().is_some_and(|text| has_any(text.as_bytes())),
        }
    }

    #[inline(never)]
    fn fits_number(&self, node: Node<'_>) -> bool {
        let Some(number) = node.as_number() else {
            return false;
        };
        // The validator compares what is not a whole number as a rounded one, and so does this.
        let is_above = |limit: u64, is_open: bool| match number.as_u64() {
            Some(value) => value > limit || !is_open && value == limit,
            None => {
                let (value, limit) = (number.as_f64(), limit as f64);
                value > limit || !is_open && value == limit
            }
        };
        (!self.is_whole || number.is_integer())
            && self.more_than.is_none_or(|limit| is_above(limit, true))
            && self.at_least.is_none_or(|limit| is_above(limit, false))
    }
}

fn has_word(words: &[Word], node: Node<'_>) -> bool {
    match node.as_plain_key() {
        Some(key) => words
            .iter()
            .any(|word| key == word.key && (key.is_exact() || node.is_text(&word.text))),
        None => words.iter().any(|word| node.is_text(&word.text)),
    }
}

/// Whether the value is a string without a character: also one of which a text that ends too early
/// holds only the backslash.
#[inline(always)]
fn is_empty_string(node: Node<'_>) -> bool {
    node.is_empty_text()
        || node.content_span().len() == 1 && node.as_text().is_some_and(|text| text.is_empty())
}

#[cfg(test)]
mod differential;
#[cfg(test)]
mod tests;
