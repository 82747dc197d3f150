//! Recovery where the text ends early: in a string, before a value, or with open brackets. All of this is one error at
//! the end of the text, and nothing else is reported about what the end may have cut off.

use super::super::entry::{Entry, Kind, flag};
use super::super::error::{OpenEnd, SyntaxErrorKind};
use super::super::escape::Escape;
use super::super::parser::Parser;
use super::super::stack::{Frame, State};
use super::literal::is_json_number;
use crate::span::Span;

impl Parser<'_> {
    /// Closes all open containers at the end of the text.
    pub(super) fn end_of_text(&mut self, state: State) -> State {
        let end = self.trim_end(0, self.bytes.len());
        if self.depth() == 0 && state == State::Value {
            self.report_missing_value();
        }
        // An unclosed comment hides the closing brackets: it is the only error to report.
        let is_hidden = self.errors.last().is_some_and(|last| {
            let text = last.span.of(self.text);
            last.kind == SyntaxErrorKind::Comment && text.starts_with("/*") && !text.ends_with("*/")
        });
        if self.depth() > 0 && !is_hidden {
            self.report_open_end();
        }
        if state == State::Value {
            self.pos = end;
            self.push_synthetic_null();
        }
        while self.depth() > 0 {
            self.mark_errors();
            self.close_at(end);
        }
        self.pos = self.bytes.len();
        State::Separator
    }

    /// Reports what the end of the text leaves open, in place of what is reported about its last token.
    pub(super) fn report_open_end(&mut self) {
        let end = self.trim_end(0, self.bytes.len());
        let open_end = self.open_end(end);
        // Nothing is cut off from properties that only lack their braces.
        if open_end.brackets.is_empty() && open_end.closing.is_empty() {
            return;
        }
        self.forget_cut_off_token(end, self.unterminated, open_end.tail.start);
        let last = self.text[..end].chars().next_back();
        let last_len = last.map_or(0, char::len_utf8);
        let span = Span::new((end - last_len) as u32, end as u32);
        self.error(span, SyntaxErrorKind::EndsEarly(Box::new(open_end)));
    }

    /// What the end of the text leaves open, and what would close it.
    fn open_end(&self, end: usize) -> OpenEnd {
        // The brackets of properties without braces are reported by another error.
        let brackets = self.open_containers();
        let brackets = brackets.filter_map(|frame| self.opening_bracket(frame));
        let brackets: Vec<Span> = brackets.collect();
        let (tail, mut closing) = self.missing_tail(end, self.unterminated);
        for frame in self.open_containers().rev() {
            if self.opening_bracket(frame).is_some() {
                closing.push(if frame.is_object() { '}' } else { ']' });
            }
        }
        OpenEnd {
            string: self
                .unterminated
                .map(|start| Span::new(start as u32, start as u32 + 1)),
            brackets,
            tail,
            closing,
        }
    }

    /// The bracket that opens a container, if it has one.
    pub(super) fn opening_bracket(&self, frame: &Frame) -> Option<Span> {
        let start = self.entries[frame.entry as usize].start;
        let bracket = self.character(start as usize)?;
        matches!(bracket, '{' | '[' | '｛' | '［')
            .then(|| Span::new(start, start + bracket.len_utf8() as u32))
    }

    /// What follows the last complete token before `end`, and what completes the last property or element without it.
    /// `string` is the start of a string, or of a name without quotes, that is not closed before `end`.
    pub(super) fn missing_tail(&self, end: usize, string: Option<usize>) -> (Span, String) {
        let at_end = Span::empty(end as u32);
        if let Some(start) = string {
            let tail = end - incomplete_escape_len(&self.text[start..end]);
            let is_name = self.expects_name_before(start);
            let closing = if is_name { "\": null" } else { "\"" };
            return (Span::new(tail as u32, end as u32), closing.to_owned());
        }
        let Some(last) = self.last_token().copied() else {
            return (at_end, String::new());
        };
        match self.byte(end.saturating_sub(1)) {
            b',' => return (Span::new(end as u32 - 1, end as u32), String::new()),
            b':' => return (at_end, " null".to_owned()),
            _ => {}
        }
        if last.has(flag::NAME) {
            return (at_end, ": null".to_owned());
        }
        let is_token =
            last.end as usize == end && !matches!(last.kind(), Kind::Object | Kind::Array);
        let token = &self.text[last.start as usize..end];
        if !is_token || token.starts_with('"') || is_json_number(token) {
            return (at_end, String::new());
        }
        let literals = ["true", "false", "null"];
        match literals.iter().find(|literal| literal.starts_with(token)) {
            Some(literal) => (at_end, literal[token.len()..].to_owned()),
            None => (last.span(), "null".to_owned()),
        }
    }

    /// The last entry on the tape, without the `null` that is put there for a missing value.
    pub(super) fn last_token(&self) -> Option<&Entry> {
        let is_missing = |entry: &&Entry| entry.kind() == Kind::Null && entry.start == entry.end;
        self.entries.iter().rev().find(|entry| !is_missing(entry))
    }

    /// Whether a property name is expected at `start`: after a brace or comma of an object.
    fn expects_name_before(&self, start: usize) -> bool {
        let before = self.trim_end(0, start);
        let is_object = self.depth() > 0 && self.top().is_object();
        is_object && matches!(self.byte(before.saturating_sub(1)), b'{' | b',')
    }

    /// Drops the errors from `tail` on, and marks the last value as unknown if it may go on after `end`.
    pub(super) fn forget_cut_off_token(&mut self, end: usize, string: Option<usize>, tail: u32) {
        let start = match (string, self.entries.last()) {
            (Some(start), _) => start as u32,
            (None, Some(last)) if last.end as usize == end && is_cuttable(last) => {
                last.start.min(tail)
            }
            _ => tail,
        };
        let is_about_comment = |kind: &SyntaxErrorKind| *kind == SyntaxErrorKind::Comment;
        self.errors
            .retain(|error| error.span.start < start || is_about_comment(&error.kind));
        self.non_json_quotes
            .retain(|string| string.opening.start < start);
        if let Some(last) = self.entries.last_mut()
            && last.start >= start
            && is_cuttable(last)
        {
            last.set(flag::SYNTHETIC);
        }
    }
}

/// Whether a value may go on after the end of the text.
fn is_cuttable(last: &Entry) -> bool {
    match last.kind() {
        Kind::Object | Kind::Array => false,
        Kind::String => last.delimiters() != (1, 1),
        _ => true,
    }
}

/// The length of the escape at the end of a string that the end of the text cuts off; 0 if there is none.
fn incomplete_escape_len(string: &str) -> usize {
    let start = string.len().saturating_sub("\\u000".len());
    let bytes = string.as_bytes();
    let Some(at) = (start..bytes.len()).rev().find(|&at| bytes[at] == b'\\') else {
        return 0;
    };
    let backslashes = bytes[..=at]
        .iter()
        .rev()
        .take_while(|byte| **byte == b'\\')
        .count();
    let is_escaped = backslashes % 2 == 0;
    let is_complete = match bytes.get(at + 1) {
        None => false,
        Some(b'u') => Escape::read(&string[at..]).defect.is_none() && bytes.len() >= at + 6,
        Some(_) => true,
    };
    match is_escaped || is_complete {
        true => 0,
        false => string.len() - at,
    }
}
