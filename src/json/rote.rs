//! Reading by rote. Between their values payloads repeat themselves to the byte: how one object ends and the
//! next begins, and under which names. Such a stretch of text is taken apart once, and kept with what it puts
//! on the tape; where the same bytes come again behind the same stretch as before, to compare them is to read
//! them. That changes no result, only how soon it is there.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::frame::{Forms, Frame, State};
use super::parse::{DEPTH_LIMIT, Parser};
use super::scan::{BLANK_KIND, TOKEN, byte_at, find_special, is_usual, skip_spaces};
use super::tape::{Entry, Kind};
use crate::names::{Name, NameTag, is_same};
use crate::span::Span;

/// The stretches that are known by heart.
#[derive(Debug)]
pub(super) struct Rote {
    /// The first stands for what goes before the first value of a text.
    stretches: Vec<Stretch>,
    /// What the stretches hold, that of one behind that of another: they are needed in about that order.
    texts: Vec<u8>,
    closers: Vec<u8>,
    entries: Vec<Entry>,
    opened: Vec<Frame>,
    /// Each stretch's place by its text.
    places: HashMap<Box<[u8]>, u16, FixedState>,
    /// The stretch that was passed last.
    last: u16,
    /// Where text begins that no stretch was found for, until the next value is read.
    unread: Option<usize>,
    /// What may still be spent on learning. A text that repeats nothing soon spends it.
    patience: u32,
}

/// The text between two values that are no containers, or from the last one to the end of the whole text, and what
/// it does. Places in it are counted from where it begins.
#[derive(Clone, Copy, Debug, Default)]
struct Stretch {
    text: Part,
    /// Where the containers end that it closes.
    closers: Part,
    /// The forms of those containers, and of the one that it goes on in.
    forms: Forms,
    /// What it adds to the container that it goes on in.
    goes_on: Frame,
    /// What it puts on the tape.
    entries: Part,
    /// The containers that it opens and leaves open.
    opened: Part,
    /// Where its last comma stands.
    comma: Option<u8>,
    /// What comes behind it.
    next: State,
    /// Those that came behind it, the latest first.
    followers: [u16; 2],
}

/// Where the items of a stretch lie in a list.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    start: u32,
    end: u32,
}

impl Part {
    /// Adds items to a list and tells where they lie.
    fn added<T: Clone>(items: &[T], list: &mut Vec<T>) -> Self {
        let start = list.len() as u32;
        list.extend_from_slice(items);
        let end = list.len() as u32;
        Self { start, end }
    }

    #[inline(always)]
    fn of<T>(self, list: &[T]) -> &[T] {
        &list[self.start as usize..self.end as usize]
    }
}

const START: u16 = 0;
/// How long a stretch may be.
const LONGEST: usize = u8::MAX as usize;
/// How many containers a stretch may close, and how many it may open.
const MOST_BRACKETS: usize = 8;
/// How many stretches are kept.
const MOST_STRETCHES: usize = 512;
/// What it takes to learn a stretch; each use of one brings 1 back.
const EFFORT: u32 = 32;
const MOST_PATIENCE: u32 = 256 * EFFORT;

impl Default for Rote {
    fn default() -> Self {
        Self {
            stretches: vec![Stretch::default()],
            texts: Vec::new(),
            closers: Vec::new(),
            entries: Vec::new(),
            opened: Vec::new(),
            places: HashMap::default(),
            last: START,
            unread: None,
            patience: MOST_PATIENCE,
        }
    }
}

impl Rote {
    /// Makes ready for another text.
    pub(super) fn begin(&mut self) {
        self.last = START;
        self.unread = None;
    }

    /// The place of the stretch at `at`, in containers of these forms, if it is one that came behind the last.
    #[inline(always)]
    fn find(&self, bytes: &[u8], at: usize, forms: Forms) -> Option<u16> {
        let [latest, other] = self.stretches[usize::from(self.last)].followers;
        if self.stands_at(latest, bytes, at, forms) {
            Some(latest)
        } else {
            self.find_other(other, bytes, at, forms)
        }
    }

    /// The same for a stretch that is less likely.
    #[inline(never)]
    fn find_other(&self, other: u16, bytes: &[u8], at: usize, forms: Forms) -> Option<u16> {
        self.stands_at(other, bytes, at, forms).then_some(other)
    }

    #[inline(always)]
    fn stands_at(&self, place: u16, bytes: &[u8], at: usize, forms: Forms) -> bool {
        let stretch = &self.stretches[usize::from(place)];
        let text = stretch.text.of(&self.texts);
        let next = byte_at(bytes, at + text.len());
        starts_with(&bytes[at..], text)
            && forms.end_with(stretch.forms)
            // Were it followed by a comment or a blank it would be another stretch. Behind the last there are none.
            && match stretch.next {
                State::Separator => forms == stretch.forms,
                _ => BLANK_KIND[usize::from(next)] == TOKEN,
            }
    }

    /// Notes that a stretch came behind the last one, and learns it if it is new and plain.
    fn meet(&mut self, text: &[u8]) {
        if text.len() > LONGEST || self.patience < EFFORT {
            self.last = START;
            return;
        }
        let place = match self.places.get(text) {
            Some(place) => *place,
            None => self.learn(text).unwrap_or(START),
        };
        if place != START {
            let followers = &mut self.stretches[usize::from(self.last)].followers;
            *followers = [place, followers[0]];
        }
        self.last = place;
    }

    fn learn(&mut self, text: &[u8]) -> Option<u16> {
        self.patience -= EFFORT;
        let reading = Reading::of(text)?;
        if self.stretches.len() == MOST_STRETCHES {
            let patience = self.patience;
            *self = Self {
                patience,
                ..Self::default()
            };
        }
        let place = self.stretches.len() as u16;
        let (goes_on, opened) = reading.open.split_first()?;
        self.stretches.push(Stretch {
            text: Part::added(text, &mut self.texts),
            closers: Part::added(&reading.closers, &mut self.closers),
            forms: reading
                .closed
                .into_iter()
                .rev()
                .fold(goes_on.forms, Forms::inside),
            goes_on: *goes_on,
            entries: Part::added(&reading.entries, &mut self.entries),
            opened: Part::added(opened, &mut self.opened),
            comma: reading.comma.map(|at| at as u8),
            next: reading.next,
            followers: [START; 2],
        });
        self.places.insert(text.into(), place);
        Some(place)
    }
}

/// Whether a text begins with a short one: a call takes longer than to compare sixteen bytes at a time.
#[inline(always)]
fn starts_with(text: &[u8], short: &[u8]) -> bool {
    let Some(text) = text.get(..short.len()) else {
        return false;
    };
    match (text.last_chunk::<16>(), short.last_chunk()) {
        (Some(ours), Some(theirs)) => {
            let (text, short) = (text.as_chunks::<16>().0, short.as_chunks().0);
            text.iter().zip(short).all(|(a, b)| a == b) && ours == theirs
        }
        _ => is_same(text, short),
    }
}

impl Parser<'_> {
    /// Passes the text behind a value that is no container, if it is known by heart. Tells what comes next.
    #[inline(always)]
    pub(super) fn pass_by_rote(&mut self, rote: &mut Rote, at: &mut usize) -> Option<State> {
        let start = *at;
        if rote.unread.is_some() && !self.meet_stretch(rote) {
            return None;
        }
        let found = rote.find(self.bytes, start, self.top().forms);
        let Some(place) = found.filter(|_| self.depth() < DEPTH_LIMIT - MOST_BRACKETS) else {
            rote.unread = Some(start);
            return None;
        };
        rote.last = place;
        rote.patience = (rote.patience + 1).min(MOST_PATIENCE);
        let stretch = &rote.stretches[usize::from(place)];
        for end in stretch.closers.of(&rote.closers) {
            self.end_container(start + usize::from(*end));
            self.top_mut().count += 1;
        }
        self.top_mut().go_on(&stretch.goes_on);
        let first = self.entries.len() as u32;
        let way = Entry::way(start as u32);
        let entries = stretch.entries.of(&rote.entries).iter();
        self.entries.extend(entries.map(|entry| entry.moved(way)));
        let mut forms = self.top().forms;
        for frame in stretch.opened.of(&rote.opened) {
            forms = forms.inside(frame.is_object());
            self.open.push(frame.moved(first, forms));
        }
        if let Some(comma) = stretch.comma {
            self.comma = start + usize::from(comma);
        }
        *at = start + (stretch.text.end - stretch.text.start) as usize;
        Some(stretch.next)
    }

    /// Meets the stretch that the text ends with, at byte `end`.
    #[inline(never)]
    pub(super) fn meet_end(&self, rote: &mut Rote, end: usize) {
        let unread = rote.unread.take();
        if let Some(text) = unread.and_then(|start| self.bytes.get(start..end)) {
            rote.meet(text);
        }
    }

    /// Meets the stretch in front of the value that was read last, if one ends there. Tells whether.
    #[cold]
    fn meet_stretch(&self, rote: &mut Rote) -> bool {
        let (Some(start), Some(value)) = (rote.unread, self.entries.last()) else {
            return true;
        };
        if value.as_word().is_some() {
            return false;
        }
        rote.unread = None;
        let text = self.bytes.get(start..value.start as usize);
        rote.meet(text.unwrap_or_default());
        true
    }
}

/// A stretch that is taken apart, as far as the cursor.
struct Reading<'t> {
    text: &'t [u8],
    /// The cursor.
    at: usize,
    /// Where the containers end that it closes, and for each whether it is an object.
    closers: Vec<u8>,
    closed: Vec<bool>,
    /// Where the last comma stands.
    comma: Option<usize>,
    /// The container that it goes on in, and those that it opens.
    open: Vec<Frame>,
    entries: Vec<Entry>,
    /// What comes next.
    next: State,
}

impl<'t> Reading<'t> {
    /// Takes a stretch apart. None unless everything in it is as JSON has it and each name a known one.
    fn of(text: &'t [u8]) -> Option<Self> {
        let mut reading = Self {
            text,
            at: 0,
            closers: Vec::new(),
            closed: Vec::new(),
            comma: None,
            open: Vec::new(),
            entries: Vec::new(),
            next: State::Separator,
        };
        reading.pass_closers();
        let goes_on = reading.goes_on()?;
        reading.open.push(goes_on);
        while reading.at < text.len() {
            reading.next = reading.pass_token()?;
        }
        let is_before_value = !matches!(reading.next, State::FirstName | State::Name);
        let has_few_brackets = reading.open.len().max(reading.closed.len()) <= MOST_BRACKETS;
        let repeats_no_name = !reading.open.iter().any(|frame| frame.may_repeat_a_name);
        (is_before_value && has_few_brackets && repeats_no_name).then_some(reading)
    }

    /// The container that the stretch goes on in, of which it passes the comma: at the end of the text the text itself.
    fn goes_on(&mut self) -> Option<Frame> {
        let text = Frame::default();
        if self.at == self.text.len() {
            self.next = State::Separator;
            return (!self.closed.is_empty()).then_some(text);
        }
        self.pass_comma()?;
        let is_object = self.byte() == b'"';
        self.next = if is_object {
            State::Name
        } else {
            State::Element
        };
        Some(text.container(0, is_object))
    }

    /// Passes a name with its colon, a word with its comma, or an opening bracket. Tells what comes next.
    fn pass_token(&mut self) -> Option<State> {
        match (self.byte(), self.next) {
            (b'"', State::FirstName | State::Name) => {
                let (span, name) = self.pass_name()?;
                self.pass(b':')?;
                let tag = NameTag::from(name);
                self.entries.push(Entry::name(span, tag));
                self.open.last_mut()?.note_name(tag);
                Some(State::Value)
            }
            (b'"', State::Value) if self.open.last()?.expects_word => {
                let (span, name) = self.pass_name()?;
                self.pass_comma()?;
                self.entries.push(Entry::word(span, name));
                self.open.last_mut()?.count += 1;
                Some(State::Name)
            }
            (byte @ (b'{' | b'['), State::Value | State::FirstElement | State::Element) => {
                Some(self.pass_opener(byte == b'{'))
            }
            _ => None,
        }
    }

    /// Passes the closing brackets that the stretch begins with.
    fn pass_closers(&mut self) {
        self.skip_blanks();
        while let byte @ (b'}' | b']') = self.byte() {
            self.at += 1;
            self.closers.push(self.at as u8);
            self.closed.push(byte == b'}');
            self.skip_blanks();
        }
    }

    fn byte(&self) -> u8 {
        byte_at(self.text, self.at)
    }

    fn skip_blanks(&mut self) {
        self.at = skip_spaces(self.text, self.at);
    }

    fn pass(&mut self, byte: u8) -> Option<()> {
        self.skip_blanks();
        (self.byte() == byte).then(|| self.at += 1)?;
        self.skip_blanks();
        Some(())
    }

    fn pass_comma(&mut self) -> Option<()> {
        self.skip_blanks();
        self.comma = Some(self.at);
        self.pass(b',')
    }

    fn pass_opener(&mut self, is_object: bool) -> State {
        let (kind, next) = match is_object {
            true => (Kind::Object, State::FirstName),
            false => (Kind::Array, State::FirstElement),
        };
        let entry = self.entries.len() as u32;
        self.entries.push(Entry::open(kind, self.at as u32));
        self.open.push(Frame::default().container(entry, is_object));
        self.at += 1;
        self.skip_blanks();
        next
    }

    /// Passes a string that is one of the names.
    fn pass_name(&mut self) -> Option<(Span, Name)> {
        let start = self.at;
        let quote = find_special(self.text, start + 1);
        if byte_at(self.text, quote) != b'"' || !is_usual(self.text, start + 1, quote) {
            return None;
        }
        self.at = quote + 1;
        let tag = NameTag::of_bytes(self.text, start + 1, quote - start - 1);
        Some((Span::new(start as u32, self.at as u32), tag.name()?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse::parse;
    use super::super::tape::Tape;
    use super::*;

    /// Everything that is read of a text, and the tape to read on.
    fn read(text: &str, tape: Tape) -> (String, Tape) {
        let (parsed, faults) = parse(text, tape);
        let tape = parsed.into_tape();
        let Tape {
            entries,
            roots,
            odd,
            ..
        } = &tape;
        (format!("{entries:?} {roots:?} {odd:?} {faults:?}"), tape)
    }

    fn rote_of(tape: &Tape) -> &Rote {
        tape.scratch.rote.as_ref().expect("a text was read")
    }

    /// An order with this much of blanks between its tokens.
    fn order(blank: &str, values: [&str; 4]) -> String {
        let [customer, domain, first, last] = values;
        let text = format!(
            r#"{{"customerId":~"{customer}",~"products":~[~{{"quantity":~3,~"parameters":~[~{{"name":~"microsoft_domain",~"value":~"{domain}"}},~{{"name":~"first_name_agreement",~"value":~"{first}"}},~{{"name":~"special_qualifications",~"value":~"{last}"}}~]}}],~"externalIds":~["a",~"b"]}}"#
        );
        text.replace('~', blank)
    }

    #[test]
    fn what_was_read_once_is_known_by_heart() {
        let (_, tape) = read(
            &order("\n  ", ["1", "a.de", "Lena", "None"]),
            Tape::default(),
        );
        let learnt = rote_of(&tape).stretches.len();
        assert!(learnt > 6, "{:#?}", rote_of(&tape).stretches);
        let patience = rote_of(&tape).patience;
        let (_, tape) = read(&order("\n  ", ["20", "b.com", "", "soe"]), tape);
        let rote = rote_of(&tape);
        assert_eq!(rote.stretches.len(), learnt);
        // Each use brings some back, and nothing was learnt.
        assert!(rote.patience > patience);
        let last = &rote.stretches[usize::from(rote.last)];
        assert_eq!(last.next, State::Separator);
    }

    #[test]
    fn texts_that_repeat_nothing_are_soon_not_learnt_from() {
        let mut tape = Tape::default();
        for number in 0..2000 {
            let blank = " ".repeat(number % 70);
            let text = format!(r#"{{ "id":{blank}"{number}", "other{number}": "x" }}"#);
            tape = read(&text, tape).1;
        }
        let rote = rote_of(&tape);
        assert!(rote.patience < 2 * EFFORT && rote.stretches.len() < MOST_STRETCHES);
    }

    #[test]
    fn many_stretches_are_forgotten_together() {
        let mut tape = Tape::default();
        for number in 0..MOST_STRETCHES + 40 {
            let blank = " ".repeat(number % 200);
            let other = "\n".repeat(number / 200);
            let text = format!(r#"[{{"id":"a",{blank}"name":{other}"b"}},"c","d","e"]"#);
            // Enough of what is known that learning goes on.
            let known = format!("[{}1]", r#""x","#.repeat(40));
            tape = read(&known, read(&text, tape).1).1;
        }
        assert!(rote_of(&tape).stretches.len() < MOST_STRETCHES / 2);
    }

    /// What a text may be damaged with.
    const PIECES: [&str; 24] = [
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
        "\"name\": \"first_name_agreement\", ",
        "null",
        "{}",
        "[]",
        "},{",
        "é",
        "",
    ];

    prop_compose! {
        fn any_text()(
            blank in prop::sample::select(vec!["", " ", "\n\t"]),
            values in prop::array::uniform4(prop::sample::select(vec!["", "1", "Lena", "a b", " x", "\u{e9}", "\\n", "x\": \"y"])),
            damages in prop::collection::vec((any::<prop::sample::Index>(), 0..3usize, prop::sample::select(PIECES.to_vec())), 0..4),
        ) -> String {
            let mut text = order(blank, values);
            for (place, len, piece) in damages {
                let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
                let place = place.index(places.len());
                let end = places.get(place + len).copied().unwrap_or(text.len());
                text.replace_range(places[place]..end, piece);
            }
            text
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

        #[test]
        fn what_went_before_changes_nothing(texts in prop::collection::vec(any_text(), 1..8)) {
            let mut tape = Tape::default();
            for text in texts.iter().chain(&texts) {
                let (by_rote, next) = read(text, tape);
                prop_assert_eq!(&by_rote, &read(text, Tape::default()).0, "{}", text);
                tape = next;
            }
        }
    }
}
