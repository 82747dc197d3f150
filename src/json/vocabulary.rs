//! The vocabulary that a caller passes to the parser: the names it knows, each with a number. The parser looks
//! up a name once, when it parses it; later look-ups of properties compare numbers.

use std::fmt;

use super::lexer::{byte_at, short_eq};

/// The known names of one kind of document, with the tables that find the number of a name.
pub struct Vocabulary {
    /// Sorted.
    names: &'static [&'static str],
    /// The keys of the names, by their numbers; after them keys that no name has.
    keys: [PrefixKey; KnownName::LIMIT],
    /// For the high bits of a hash, the number of the last name whose key has that hash.
    slots: [u8; 1 << SLOT_BITS],
    /// The names of the two properties of a name/value pair.
    pair: PairIds,
    suspicious_prefixes: &'static [&'static str],
    suspicious_words: &'static [&'static str],
    /// For each first byte, the low five bits of the second bytes with which a string may be suspicious, as a set: all
    /// of them for an unusual first byte, and else those of suspicious prefixes and words. Most strings that start like
    /// one of these differ in the second byte.
    suspicious_seconds: [u32; 256],
}

/// The names of the two properties of a name/value pair; both are [`NameId::NONE`] in a vocabulary without
/// pairs.
#[derive(Clone, Copy)]
pub(super) struct PairIds {
    /// The property whose value is a known name itself.
    pub(super) name: NameId,
    /// The property that holds the value of that name.
    pub(super) value: NameId,
}

impl Vocabulary {
    /// Builds the tables for `names`.
    ///
    /// # Panics
    ///
    /// If the names are not sorted or more than 254. In a `static` that is a compile error.
    pub const fn new(names: &'static [&'static str]) -> Self {
        assert!(names.len() < FREE as usize, "too many names");
        let mut keys = [PrefixKey {
            head: 0,
            len: usize::MAX,
        }; KnownName::LIMIT];
        let mut slots = [FREE; 1 << SLOT_BITS];
        let mut index = 0;
        while index < names.len() {
            let name = names[index].as_bytes();
            assert!(
                index == 0 || is_less(names[index - 1].as_bytes(), name),
                "the names are not sorted"
            );
            keys[index] = PrefixKey::of(name);
            slots[slot_of(keys[index].hash())] = index as u8;
            index += 1;
        }
        Self {
            names,
            keys,
            slots,
            pair: PairIds {
                name: NameId::NONE,
                value: NameId::NONE,
            },
            suspicious_prefixes: &[],
            suspicious_words: &[],
            suspicious_seconds: {
                let mut seconds = [u32::MAX; 256];
                let mut first = 0;
                while first < seconds.len() {
                    if PLAIN_STARTS[first] {
                        seconds[first] = 0;
                    }
                    first += 1;
                }
                seconds
            },
        }
    }

    /// Makes an object of exactly these two properties a name/value pair if the first property's value is a
    /// known name and the second one's a string that is neither empty nor escaped, see
    /// [`Elements::next_name_value_pair`](super::Elements::next_name_value_pair).
    ///
    /// # Panics
    ///
    /// If one of the names is not known.
    pub const fn with_name_value_pair(mut self, name: &str, value: &str) -> Self {
        self.pair = PairIds {
            name: NameId::from_known(self.known(name)),
            value: NameId::from_known(self.known(value)),
        };
        self
    }

    /// Makes strings suspicious that start with one of these prefixes in any case, see
    /// [`Parsed::suspicious_strings`](super::Parsed::suspicious_strings).
    ///
    /// # Panics
    ///
    /// If a prefix is empty.
    pub const fn with_suspicious_prefixes(mut self, prefixes: &'static [&'static str]) -> Self {
        self.suspicious_prefixes = prefixes;
        self.with_suspicious_starts(prefixes)
    }

    /// Makes strings suspicious that are one of these words in any case, apart from the values of name/value pairs.
    ///
    /// # Panics
    ///
    /// If a word is empty.
    pub const fn with_suspicious_words(mut self, words: &'static [&'static str]) -> Self {
        self.suspicious_words = words;
        self.with_suspicious_starts(words)
    }

    /// Records the first two bytes of suspicious prefixes or words.
    const fn with_suspicious_starts(mut self, starts: &[&str]) -> Self {
        let mut index = 0;
        while index < starts.len() {
            let start = starts[index].as_bytes();
            let seconds = match start.len() {
                1 => u32::MAX,
                _ => 1 << (start[1] & 31),
            };
            let cases = [start[0].to_ascii_lowercase(), start[0].to_ascii_uppercase()];
            self.suspicious_seconds[cases[0] as usize] |= seconds;
            self.suspicious_seconds[cases[1] as usize] |= seconds;
            index += 1;
        }
        self
    }

    /// The number of a name, for a constant.
    ///
    /// # Panics
    ///
    /// If the name is not known. In a `const` that is a compile error.
    pub const fn known(&self, name: &str) -> KnownName {
        let mut index = 0;
        while index < self.names.len() {
            if is_equal(self.names[index].as_bytes(), name.as_bytes()) {
                return KnownName(index as u8);
            }
            index += 1;
        }
        panic!("the name is not known")
    }

    /// The spelling of a name of this vocabulary.
    pub fn spelling(&self, name: KnownName) -> &'static str {
        self.names[name.index()]
    }

    /// The known name that equals `name` in ASCII letters of any case.
    #[cold]
    pub fn find_ignore_case(&self, name: &str) -> Option<KnownName> {
        let index = self
            .names
            .iter()
            .position(|known| known.eq_ignore_ascii_case(name))?;
        Some(KnownName(index as u8))
    }

    /// The id of a name.
    pub fn id(&self, name: &str) -> NameId {
        self.id_at(name.as_bytes(), 0, name.len())
    }

    /// The id of the name that takes `len` bytes from `start` on.
    #[inline(always)]
    pub(super) fn id_at(&self, bytes: &[u8], start: usize, len: usize) -> NameId {
        let key = PrefixKey::at(bytes, start, len);
        let hash = key.hash();
        let index = self.slots[slot_of(hash)];
        if self.keys[usize::from(index)] == key
            && (key.is_exact()
                || short_eq(
                    &bytes[start..start + len],
                    self.names[usize::from(index)].as_bytes(),
                ))
        {
            NameId(KNOWN_BIT | u32::from(index))
        } else {
            self.id_outside_slot(&bytes[start..start + len], hash)
        }
    }

    /// The id of a name that its slot does not hold.
    #[cold]
    fn id_outside_slot(&self, name: &[u8], hash: u32) -> NameId {
        match self
            .names
            .binary_search_by(|known| known.as_bytes().cmp(name))
        {
            Ok(index) => NameId(KNOWN_BIT | index as u32),
            Err(_) => NameId(hash >> 1),
        }
    }

    /// Whether the names in each slot have the same key, so that as few look-ups as possible take the slow path.
    #[cfg(test)]
    pub(crate) fn has_no_hash_collision(&self) -> bool {
        let keys = self.keys[..self.names.len()].iter();
        let mut occupants = keys.map(|key| (key, self.slots[slot_of(key.hash())]));
        occupants.all(|(key, occupant)| self.keys[usize::from(occupant)] == *key)
    }

    /// The names of the two properties of a name/value pair.
    #[inline(always)]
    pub(super) fn pair(&self) -> &PairIds {
        &self.pair
    }

    /// Whether the string from `start` to `end`, quotes excluded, starts and ends with a letter, a digit or a
    /// usual punctuation mark, has no suspicious prefix and is not a suspicious word. An empty string is plain.
    #[inline(always)]
    pub(super) fn has_plain_ends(&self, bytes: &[u8], start: usize, end: usize) -> bool {
        let first = byte_at(bytes, start) as usize;
        let second = byte_at(bytes, start + 1) & 31;
        let starts_plain = self.suspicious_seconds[first] >> second & 1 == 0
            || self.has_plain_start(&bytes[start..end]);
        starts_plain && PLAIN_ENDS[byte_at(bytes, end - 1) as usize]
    }

    /// Whether a string is plain although it starts with the same two bytes as a suspicious prefix or word.
    #[cold]
    fn has_plain_start(&self, string: &[u8]) -> bool {
        let Some(first) = string.first() else {
            return false;
        };
        let has = |prefix: &&str| {
            let prefix = prefix.as_bytes();
            // Most prefixes already differ in the first letter.
            prefix[0].eq_ignore_ascii_case(first)
                && string
                    .get(..prefix.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        PLAIN_STARTS[usize::from(*first)]
            && !self.suspicious_prefixes.iter().any(has)
            && !self.is_suspicious_word(string)
    }

    /// Whether a string is one of the suspicious words.
    pub(super) fn is_suspicious_word(&self, string: &[u8]) -> bool {
        let mut words = self.suspicious_words.iter();
        words.any(|word| word.len() == string.len() && string.eq_ignore_ascii_case(word.as_bytes()))
    }
}

impl fmt::Debug for Vocabulary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Vocabulary")
            .field("names", &self.names.len())
            .finish_non_exhaustive()
    }
}

/// The number of a known name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownName(u8);

impl KnownName {
    /// The length of an array that is indexed by [`KnownName::index`].
    pub const LIMIT: usize = 256;

    /// The number, below [`KnownName::LIMIT`].
    #[inline(always)]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The name with this number, which must be the number of a name.
    #[inline(always)]
    pub(super) fn from_index(index: u8) -> KnownName {
        KnownName(index)
    }
}

/// The identity of any name, in 32 bits: the number of a known name, a hash of any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameId(u32);

/// The bit that is set in the id of a known name and clear in a hash.
const KNOWN_BIT: u32 = 1 << 31;

impl NameId {
    /// An id that no name has.
    const NONE: Self = Self(u32::MAX);

    /// The number of the name, if it is known.
    #[inline(always)]
    pub fn known(self) -> Option<KnownName> {
        (self.0 & KNOWN_BIT != 0).then_some(KnownName(self.0 as u8))
    }

    /// The id of a known name.
    #[inline(always)]
    pub(super) const fn from_known(name: KnownName) -> Self {
        Self(KNOWN_BIT | name.0 as u32)
    }

    /// The id as 32 bits.
    #[inline(always)]
    pub(super) fn bits(self) -> u32 {
        self.0
    }

    /// The id that [`NameId::bits`] returned.
    #[inline(always)]
    pub(super) fn from_bits(bits: u32) -> Self {
        Self(bits)
    }
}

/// The length and the first eight bytes of a string: all of a short one, a prefilter for a longer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PrefixKey {
    /// Little-endian, padded with zeros.
    head: u64,
    len: usize,
}

impl PrefixKey {
    /// The key of the string that takes `len` bytes from `start` on.
    #[inline(always)]
    pub(crate) fn at(bytes: &[u8], start: usize, len: usize) -> Self {
        let head = first_bytes(bytes, start, len);
        Self { head, len }
    }

    /// Whether strings with this key are equal.
    #[inline(always)]
    pub(crate) fn is_exact(self) -> bool {
        self.len <= 8
    }

    /// The key of a string.
    pub(crate) const fn of(string: &[u8]) -> Self {
        let mut head = 0;
        let mut byte = if string.len() < 8 { string.len() } else { 8 };
        while byte > 0 {
            byte -= 1;
            head = head << 8 | string[byte] as u64;
        }
        let len = string.len();
        Self { head, len }
    }

    #[inline(always)]
    const fn hash(self) -> u32 {
        // Any factor that is not even is correct. A random search found this one, with which no two keys of the payloads'
        // names share a slot.
        ((self.head ^ (self.len as u64) << 56).wrapping_mul(0xF742_75E7_067C_B197) >> 32) as u32
    }
}

/// The value of an empty slot.
const FREE: u8 = u8::MAX;
const SLOT_BITS: u32 = 10;

#[inline(always)]
const fn slot_of(hash: u32) -> usize {
    (hash >> (32 - SLOT_BITS)) as usize
}

/// Up to eight bytes from `start` on, little-endian.
#[inline(always)]
fn first_bytes(bytes: &[u8], start: usize, len: usize) -> u64 {
    match bytes.get(start..).and_then(|rest| rest.first_chunk::<8>()) {
        Some(chunk) => u64::from_le_bytes(*chunk) & LOW_BYTES_MASK[len.min(8)],
        None => bytes[start..(start + len.min(8)).min(bytes.len())]
            .iter()
            .rev()
            .fold(0, |number, &byte| number << 8 | u64::from(byte)),
    }
}

/// The masks of the lowest 0 to 8 bytes.
static LOW_BYTES_MASK: [u64; 9] = [
    0,
    0xFF,
    0xFFFF,
    0xFF_FFFF,
    0xFFFF_FFFF,
    0xFF_FFFF_FFFF,
    0xFFFF_FFFF_FFFF,
    0xFF_FFFF_FFFF_FFFF,
    u64::MAX,
];

/// The first bytes of plain strings; the quote is that of an empty string.
const PLAIN_STARTS: [bool; 256] = alphanumeric_and(b"+/#(&'*\"");
/// The last bytes of plain strings.
static PLAIN_ENDS: [bool; 256] = alphanumeric_and(b"/#)&'*!\"");

/// The letters and digits of ASCII and `more` bytes.
const fn alphanumeric_and(more: &[u8]) -> [bool; 256] {
    let mut is_in = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        is_in[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut index = 0;
    while index < more.len() {
        is_in[more[index] as usize] = true;
        index += 1;
    }
    is_in
}

const fn common_prefix_len(left: &[u8], right: &[u8]) -> usize {
    let mut len = 0;
    while len < left.len() && len < right.len() && left[len] == right[len] {
        len += 1;
    }
    len
}

const fn is_equal(left: &[u8], right: &[u8]) -> bool {
    let len = common_prefix_len(left, right);
    len == left.len() && len == right.len()
}

const fn is_less(left: &[u8], right: &[u8]) -> bool {
    let len = common_prefix_len(left, right);
    len < right.len() && (len == left.len() || left[len] < right[len])
}

#[cfg(test)]
mod tests {
    use super::*;

    static NAMES: [&str; 4] = ["address", "addresses", "id", "value of a name"];
    static VOCABULARY: Vocabulary = Vocabulary::new(&NAMES)
        .with_suspicious_prefixes(&["Basic", "Bearer"])
        .with_suspicious_words(&["None"]);

    #[test]
    fn finds_each_known_name_and_nothing_else() {
        for name in NAMES {
            let id = VOCABULARY.id(name);
            let spelling = id.known().map(|known| VOCABULARY.spelling(known));
            assert_eq!(spelling, Some(name));
            // The bytes after the name do not belong to it.
            let text = format!("\"{name}\":\"a value of some length\"");
            assert_eq!(VOCABULARY.id_at(text.as_bytes(), 1, name.len()), id);
            assert_eq!(VOCABULARY.id(&format!("{name}!")).known(), None);
        }
        assert_eq!(VOCABULARY.id("").known(), None);
        assert_eq!(VOCABULARY.known("id").index(), 2);
        assert_eq!(
            VOCABULARY.find_ignore_case("ID"),
            Some(VOCABULARY.known("id"))
        );
    }

    #[test]
    fn names_in_one_slot_are_all_found() {
        // Names of one length that differ after their eighth byte have the same key.
        static SAME_KEY: [&str; 2] = ["parameter one", "parameter two"];
        static COLLIDING: Vocabulary = Vocabulary::new(&SAME_KEY);
        for (index, name) in SAME_KEY.into_iter().enumerate() {
            let known = COLLIDING.id(name).known();
            assert_eq!(known.map(KnownName::index), Some(index), "{name}");
        }
    }

    #[test]
    fn a_string_is_plain_by_its_ends_and_its_prefix() {
        let is_plain = |string: &str| {
            let text = format!("\"{string}\"");
            VOCABULARY.has_plain_ends(text.as_bytes(), 1, text.len() - 1)
        };
        for string in ["", "a", "Bob", "basin", "(1)", "+1 2", "Hi!", "Nonesuch"] {
            assert!(is_plain(string), "{string}");
        }
        for string in [" a", "a ", "bearer x", "BASIC", "none", "?", "a."] {
            assert!(!is_plain(string), "{string}");
        }
    }
}
