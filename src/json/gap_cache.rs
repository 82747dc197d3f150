//! The gap cache: memoized parse results of the text between values.
//!
//! A *gap* is the text between two values that are not containers: the brackets, commas, colons, known
//! property names and whitespace between them. Documents from one producer repeat their gaps byte for byte.
//! The cache keeps each gap that it has parsed once, with the entries that the gap puts on the tape and the
//! containers that it closes and opens. When the same bytes follow the same gap again, one comparison
//! replaces parsing them.
//!
//! **Gain**, measured: without it the check of a whole export of valid orders takes 1.18 times as long (200 MB, one
//! core, best of five runs in turn).
//!
//! **Invariant**: the cache changes the speed of a parse and never its result, whatever texts came before.
//! The test `cached_gaps_change_no_result` compares the tapes and errors of random texts with and without a
//! filled cache.
//!
//! A gap is cached only if it is plain JSON with known names, so that its result depends only on its bytes,
//! the kinds of the open containers and the vocabulary.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::entry::{Entry, Kind};
use super::lexer::{BYTE_CLASS, TOKEN, byte_at, find_special, has_at, skip_json_whitespace};
use super::stack::{Frame, NestingBits, State};
use super::vocabulary::{KnownName, NameId, Vocabulary};
use crate::span::Span;

/// The gaps that were parsed before, and the position in the text that is being parsed.
#[derive(Debug)]
pub(super) struct GapCache {
    /// The vocabulary of the cached gaps.
    vocabulary: &'static Vocabulary,
    /// The first is a placeholder for the start of a text.
    gaps: Vec<Gap>,
    /// The index of each gap by its text.
    by_text: HashMap<Box<[u8]>, u16, FixedState>,
    /// The gap that was replayed or observed last.
    last: u16,
    /// The start of a gap that was not found, until the next value has been parsed.
    pub(super) pending_start: Option<usize>,
    /// The remaining budget for parsing gaps into the cache. Text that repeats nothing exhausts it quickly.
    learning_budget: u32,
}

/// A cached gap and its effect on the parser. Offsets are relative to its start.
#[derive(Debug, Default)]
pub(super) struct Gap {
    text: Box<[u8]>,
    /// The end offsets of the containers that it closes.
    pub(super) closers: Box<[u8]>,
    /// The kinds of those containers and of the one in which parsing resumes.
    nesting: NestingBits,
    /// What it adds to the container in which parsing resumes.
    pub(super) resumes_in: Frame,
    /// The entries that it puts on the tape.
    pub(super) entries: Box<[Entry]>,
    /// The containers that it opens and leaves open.
    pub(super) opened: Box<[Frame]>,
    /// The offset of its last comma.
    comma: Option<u8>,
    /// What the grammar allows after it.
    pub(super) next: State,
    /// The gaps that followed it, the latest first.
    successors: [u16; 2],
}

impl Gap {
    /// The length of its text in bytes.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The offset of its last comma.
    #[inline(always)]
    pub(super) fn comma(&self) -> Option<usize> {
        self.comma.map(usize::from)
    }

    /// Whether this is the gap at `at`, for open containers of these kinds.
    #[inline(always)]
    fn is_at(&self, bytes: &[u8], at: usize, nesting: NestingBits) -> bool {
        let end = at + self.text.len();
        has_at(bytes, at, &self.text)
            && nesting.end_with(self.nesting)
            // With whitespace or a comma after it this would be a longer gap. After the last gap of a text
            // no container is open.
            && match self.next {
                State::Separator => nesting == self.nesting,
                _ => BYTE_CLASS[usize::from(byte_at(bytes, end))] == TOKEN,
            }
    }
}

/// The index of the placeholder for the start of a text.
const START: u16 = 0;
/// The maximum length of a gap, in bytes.
const MAX_LEN: usize = u8::MAX as usize;
/// The maximum number of containers that a gap closes, and that it opens.
pub(super) const MAX_BRACKETS: usize = 8;
/// The maximum number of cached gaps.
const MAX_GAPS: usize = 512;
/// The cost of parsing a gap into the cache; each replay earns 1.
const LEARN_COST: u32 = 32;
const MAX_BUDGET: u32 = 256 * LEARN_COST;

impl GapCache {
    pub(super) fn new(vocabulary: &'static Vocabulary) -> Self {
        Self {
            vocabulary,
            gaps: vec![Gap::default()],
            by_text: HashMap::default(),
            last: START,
            pending_start: None,
            learning_budget: MAX_BUDGET,
        }
    }

    /// Prepares the cache for another text. A change of the vocabulary empties it.
    pub(super) fn begin(&mut self, vocabulary: &'static Vocabulary) {
        if !std::ptr::eq(self.vocabulary, vocabulary) {
            *self = Self::new(vocabulary);
        }
        self.last = START;
        self.pending_start = None;
    }

    /// Finds the gap at `at` among those that followed the last gap, for containers of these kinds.
    #[inline(always)]
    pub(super) fn find(&self, bytes: &[u8], at: usize, nesting: NestingBits) -> Option<u16> {
        let [latest, other] = self.gap(self.last).successors;
        if self.gap(latest).is_at(bytes, at, nesting) {
            Some(latest)
        } else {
            self.find_less_likely(other, bytes, at, nesting)
        }
    }

    #[inline(never)]
    fn find_less_likely(
        &self,
        other: u16,
        bytes: &[u8],
        at: usize,
        nesting: NestingBits,
    ) -> Option<u16> {
        self.gap(other).is_at(bytes, at, nesting).then_some(other)
    }

    /// Makes a gap that was found the last one, before its replay.
    #[inline(always)]
    pub(super) fn begin_replay(&mut self, index: u16) {
        self.last = index;
        self.learning_budget = (self.learning_budget + 1).min(MAX_BUDGET);
    }

    /// The gap with this index.
    #[inline(always)]
    pub(super) fn gap(&self, index: u16) -> &Gap {
        &self.gaps[usize::from(index)]
    }

    /// Records that a gap followed the last one, and caches it if it is new and plain.
    pub(super) fn observe(&mut self, text: &[u8]) {
        if text.len() > MAX_LEN || self.learning_budget < LEARN_COST {
            self.last = START;
            return;
        }
        let index = match self.by_text.get(text) {
            Some(index) => *index,
            None => self.insert(text).unwrap_or(START),
        };
        if index != START {
            let successors = &mut self.gaps[usize::from(self.last)].successors;
            *successors = [index, successors[0]];
        }
        self.last = index;
    }

    fn insert(&mut self, text: &[u8]) -> Option<u16> {
        self.learning_budget -= LEARN_COST;
        let parsed = GapParser::parse(text, self.vocabulary)?;
        if self.gaps.len() == MAX_GAPS {
            *self = Self {
                learning_budget: self.learning_budget,
                ..Self::new(self.vocabulary)
            };
        }
        let index = self.gaps.len() as u16;
        let (resumes_in, opened) = parsed.open.split_first()?;
        self.gaps.push(Gap {
            text: text.into(),
            closers: parsed.closers.into(),
            nesting: parsed
                .closed
                .into_iter()
                .rev()
                .fold(resumes_in.nesting, NestingBits::push),
            resumes_in: *resumes_in,
            entries: parsed.entries.into(),
            opened: opened.into(),
            comma: parsed.comma.map(|at| at as u8),
            next: parsed.next,
            successors: [START; 2],
        });
        self.by_text.insert(text.into(), index);
        Some(index)
    }
}

/// The parser of one gap, up to its cursor.
struct GapParser<'t> {
    text: &'t [u8],
    vocabulary: &'static Vocabulary,
    /// The cursor.
    pos: usize,
    /// The end offsets of the containers that the gap closes, and for each whether it is an object.
    closers: Vec<u8>,
    closed: Vec<bool>,
    /// The offset of the last comma.
    comma: Option<usize>,
    /// The container in which parsing resumes, and those that the gap opens.
    open: Vec<Frame>,
    entries: Vec<Entry>,
    /// What the grammar allows at the cursor.
    next: State,
}

impl<'t> GapParser<'t> {
    /// Parses a gap. `None` unless all of it is plain JSON and each name is known.
    fn parse(text: &'t [u8], vocabulary: &'static Vocabulary) -> Option<Self> {
        let mut parser = Self {
            text,
            vocabulary,
            pos: 0,
            closers: Vec::new(),
            closed: Vec::new(),
            comma: None,
            open: Vec::new(),
            entries: Vec::new(),
            next: State::Separator,
        };
        parser.parse_closers();
        let resumes_in = parser.resume()?;
        parser.open.push(resumes_in);
        while parser.pos < text.len() {
            parser.next = parser.parse_token()?;
        }
        let is_before_value = !matches!(parser.next, State::FirstName | State::Name);
        let has_few_brackets = parser.open.len().max(parser.closed.len()) <= MAX_BRACKETS;
        let has_no_duplicates = !parser.open.iter().any(|frame| frame.may_have_duplicates);
        (is_before_value && has_few_brackets && has_no_duplicates).then_some(parser)
    }

    /// The container in which parsing resumes, after its comma; at the end of the text the text itself.
    fn resume(&mut self) -> Option<Frame> {
        let text = Frame::default();
        if self.pos == self.text.len() {
            self.next = State::Separator;
            return (!self.closed.is_empty()).then_some(text);
        }
        self.consume_comma()?;
        let is_object = self.byte() == b'"';
        self.next = if is_object {
            State::Name
        } else {
            State::Element
        };
        Some(text.container(0, is_object))
    }

    /// Parses a name with its colon, a known name as a value with its comma, or an opening bracket. Returns
    /// what the grammar allows next.
    fn parse_token(&mut self) -> Option<State> {
        match (self.byte(), self.next) {
            (b'"', State::FirstName | State::Name) => {
                let (span, name) = self.parse_known_name()?;
                self.consume(b':')?;
                let id = NameId::from_known(name);
                let value_may_be_known = id == self.vocabulary.pair().name;
                self.entries.push(Entry::name(span, id));
                self.open.last_mut()?.add_name(id, value_may_be_known);
                Some(State::Value)
            }
            (b'"', State::Value) if self.open.last()?.value_may_be_known => {
                let (span, name) = self.parse_known_name()?;
                self.consume_comma()?;
                self.entries.push(Entry::known_string(span, name));
                self.open.last_mut()?.count += 1;
                Some(State::Name)
            }
            (byte @ (b'{' | b'['), State::Value | State::FirstElement | State::Element) => {
                Some(self.consume_opener(byte == b'{'))
            }
            _ => None,
        }
    }

    /// Parses the closing brackets at the start of the gap.
    fn parse_closers(&mut self) {
        self.skip_whitespace();
        while let byte @ (b'}' | b']') = self.byte() {
            self.pos += 1;
            self.closers.push(self.pos as u8);
            self.closed.push(byte == b'}');
            self.skip_whitespace();
        }
    }

    fn byte(&self) -> u8 {
        byte_at(self.text, self.pos)
    }

    fn skip_whitespace(&mut self) {
        self.pos = skip_json_whitespace(self.text, self.pos);
    }

    fn consume(&mut self, byte: u8) -> Option<()> {
        self.skip_whitespace();
        (self.byte() == byte).then(|| self.pos += 1)?;
        self.skip_whitespace();
        Some(())
    }

    fn consume_comma(&mut self) -> Option<()> {
        self.skip_whitespace();
        self.comma = Some(self.pos);
        self.consume(b',')
    }

    fn consume_opener(&mut self, is_object: bool) -> State {
        let (kind, next) = match is_object {
            true => (Kind::Object, State::FirstName),
            false => (Kind::Array, State::FirstElement),
        };
        let entry = self.entries.len() as u32;
        self.entries.push(Entry::open(kind, self.pos as u32));
        self.open.push(Frame::default().container(entry, is_object));
        self.pos += 1;
        self.skip_whitespace();
        next
    }

    /// Parses a string that is a known name.
    fn parse_known_name(&mut self) -> Option<(Span, KnownName)> {
        let start = self.pos;
        let quote = find_special(self.text, start + 1);
        let vocabulary = self.vocabulary;
        if byte_at(self.text, quote) != b'"'
            || !vocabulary.has_plain_ends(self.text, start + 1, quote)
        {
            return None;
        }
        self.pos = quote + 1;
        let id = vocabulary.id_at(self.text, start + 1, quote - start - 1);
        Some((Span::new(start as u32, self.pos as u32), id.known()?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse::parse;
    use super::super::tape::Tape;
    use super::*;

    static NAMES: [&str; 10] = [
        "customer",
        "domain",
        "first",
        "ids",
        "last",
        "lines",
        "name",
        "parameters",
        "quantity",
        "value",
    ];
    static VOCABULARY: Vocabulary = Vocabulary::new(&NAMES).with_name_value_pair("name", "value");

    /// Everything that parsing `text` returns, and the tape for the next text.
    fn parsed(text: &str, tape: Tape) -> (String, Tape) {
        let (parsed, errors) = parse(text, &VOCABULARY, tape);
        let tape = parsed.into_tape();
        let Tape {
            entries,
            roots,
            suspicious,
            ..
        } = &tape;
        (
            format!("{entries:?} {roots:?} {suspicious:?} {errors:?}"),
            tape,
        )
    }

    fn cache_of(tape: &Tape) -> &GapCache {
        tape.buffers.gaps.as_ref().expect("a text was parsed")
    }

    /// A document with this whitespace between its tokens.
    fn document(whitespace: &str, values: [&str; 4]) -> String {
        let [customer, domain, first, last] = values;
        let text = format!(
            r#"{{"customer":~"{customer}",~"lines":~[~{{"quantity":~3,~"parameters":~[~{{"name":~"domain",~"value":~"{domain}"}},~{{"name":~"first",~"value":~"{first}"}},~{{"name":~"last",~"value":~"{last}"}}~]}}],~"ids":~["a",~"b"]}}"#
        );
        text.replace('~', whitespace)
    }

    #[test]
    fn a_gap_is_parsed_only_once() {
        let (_, tape) = parsed(
            &document("\n  ", ["1", "a.de", "Lena", "None"]),
            Tape::default(),
        );
        let gaps = cache_of(&tape).gaps.len();
        assert!(gaps > 6, "{:#?}", cache_of(&tape).gaps);
        let budget = cache_of(&tape).learning_budget;
        let (_, tape) = parsed(&document("\n  ", ["20", "b.com", "", "soe"]), tape);
        let cache = cache_of(&tape);
        assert_eq!(cache.gaps.len(), gaps);
        // Each replay earns a part of the budget, and nothing was spent.
        assert!(cache.learning_budget > budget);
        let last = &cache.gaps[usize::from(cache.last)];
        assert_eq!(last.next, State::Separator);
    }

    #[test]
    fn texts_without_repetition_exhaust_the_budget() {
        let mut tape = Tape::default();
        for number in 0..2000 {
            let whitespace = " ".repeat(number % 70);
            let text = format!(r#"{{ "name":{whitespace}"{number}", "other{number}": "x" }}"#);
            tape = parsed(&text, tape).1;
        }
        let cache = cache_of(&tape);
        assert!(cache.learning_budget < 2 * LEARN_COST && cache.gaps.len() < MAX_GAPS);
    }

    #[test]
    fn a_full_cache_is_emptied() {
        let mut tape = Tape::default();
        for number in 0..MAX_GAPS + 40 {
            let spaces = " ".repeat(number % 200);
            let lines = "\n".repeat(number / 200);
            let text = format!(r#"[{{"name":"a",{spaces}"value":{lines}"b"}},"c","d","e"]"#);
            // Enough cached gaps to earn the budget for the next new one.
            let known = format!("[{}1]", r#""x","#.repeat(40));
            tape = parsed(&known, parsed(&text, tape).1).1;
        }
        assert!(cache_of(&tape).gaps.len() < MAX_GAPS / 2);
    }

    #[test]
    fn another_vocabulary_empties_the_cache() {
        static OTHER: Vocabulary = Vocabulary::new(&["value"]);
        let text = document("", ["1", "a.de", "Lena", "None"]);
        let (_, tape) = parsed(&text, Tape::default());
        assert!(cache_of(&tape).gaps.len() > 1);
        let (with_used_tape, _) = parse(&text, &OTHER, tape);
        let (with_new_tape, _) = parse(&text, &OTHER, Tape::default());
        let known = |parsed: &super::super::tape::Parsed<'_>| {
            let root = parsed.roots().next().expect("a value");
            root.members()
                .filter(|member| member.known().is_some())
                .count()
        };
        assert_eq!((known(&with_used_tape), known(&with_new_tape)), (0, 0));
        assert_eq!(
            format!("{:?}", with_used_tape.tape.entries),
            format!("{:?}", with_new_tape.tape.entries)
        );
    }

    /// Text that a document is damaged with.
    const DAMAGES: [&str; 24] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        " ",
        "\n",
        "\\",
        "/",
        "//",
        "\u{A0}",
        "1",
        "x",
        "\"name\":",
        "\"value\": ",
        "\"name\": \"first\", ",
        "null",
        "{}",
        "[]",
        "},{",
        "é",
        "",
    ];

    prop_compose! {
        fn any_text()(
            whitespace in prop::sample::select(vec!["", " ", "\n\t"]),
            values in prop::array::uniform4(prop::sample::select(vec!["", "1", "Lena", "a b", " x", "\u{e9}", "\\n", "x\": \"y"])),
            damages in prop::collection::vec((any::<prop::sample::Index>(), 0..3usize, prop::sample::select(DAMAGES.to_vec())), 0..4),
        ) -> String {
            let mut text = document(whitespace, values);
            for (start, len, damage) in damages {
                let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
                let start = start.index(offsets.len());
                let end = offsets.get(start + len).copied().unwrap_or(text.len());
                text.replace_range(offsets[start]..end, damage);
            }
            text
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

        #[test]
        fn cached_gaps_change_no_result(texts in prop::collection::vec(any_text(), 1..8)) {
            let mut tape = Tape::default();
            for text in texts.iter().chain(&texts) {
                let (with_cache, next) = parsed(text, tape);
                prop_assert_eq!(&with_cache, &parsed(text, Tape::default()).0, "{}", text);
                tape = next;
            }
        }
    }
}
