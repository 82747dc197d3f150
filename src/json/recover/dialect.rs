//! Recovery from the notations of other languages and scripts: their punctuation, calls in place of values, and
//! template placeholders without quotes.

use super::super::entry::{Entry, Kind, flag};
use super::super::error::{NonJsonLiteral, SyntaxErrorKind};
use super::super::parser::Parser;
use super::super::stack::{DEPTH_LIMIT, State};
use super::token::quote_kind;
use crate::span::Span;

/// The maximum length of a placeholder, in bytes.
const MAX_PLACEHOLDER_LEN: usize = 200;

/// The length of the placeholder of a template language at the start of `text`, such as `{{x}}`, `${x}` or `<<x>>`.
fn placeholder_len(text: &str) -> Option<usize> {
    const DELIMITERS: [(&str, &str); 13] = [
        ("={{", "}}"),
        ("{{{", "}}}"),
        ("${{", "}}"),
        ("{{", "}}"),
        ("${", "}"),
        ("#{", "}"),
        ("@{", "}"),
        ("$(", ")"),
        ("<<", ">>"),
        ("<%", "%>"),
        ("{%", "%}"),
        ("%", "%"),
        ("__", "__"),
    ];
    let (open, close) = DELIMITERS
        .into_iter()
        .find(|(open, _)| text.starts_with(open))?;
    let line = text.lines().next().unwrap_or_default();
    let content = &line[open.len()..];
    let len = content.find(close).filter(|len| *len > 0)?;
    let is_name = |c: char| c.is_alphanumeric() || "_.-".contains(c);
    // Delimiters that also occur in ordinary text must enclose a name.
    let needs_name = matches!(open, "%" | "__");
    let is_placeholder = !needs_name || content[..len].chars().all(is_name);
    let end = open.len() + len + close.len();
    (is_placeholder && end <= MAX_PLACEHOLDER_LEN).then_some(end)
}

/// The length of the ellipsis at the start of `text`: `…`, or three or more dots.
fn ellipsis_len(text: &str) -> Option<usize> {
    let dots = text.len() - text.trim_start_matches('.').len();
    match text.starts_with('…') {
        true => Some('…'.len_utf8()),
        false => (dots >= 3).then_some(dots),
    }
}

impl Parser<'_> {
    /// Records that the `len` bytes at the cursor are equivalent to `mark` in JSON, and moves past them.
    fn accept_foreign_mark(&mut self, len: usize, mark: &'static str) {
        let end = self.pos + len;
        self.foreign_marks
            .push((Span::new(self.pos as u32, end as u32), mark));
        self.pos = end;
    }

    /// Recovers from a bracket of another script, or the parenthesis of a tuple, in place of a value.
    pub(super) fn recover_foreign_opener(&mut self) -> Option<State> {
        let character = self.character(self.pos)?;
        let (is_object, mark) = match character {
            '｛' => (true, "{"),
            '［' | '(' => (false, "["),
            _ => return None,
        };
        let is_not_tuple = character == '(' && (self.depth() == 0 || !self.is_tuple());
        if self.depth() >= DEPTH_LIMIT || is_not_tuple {
            return None;
        }
        self.open_container(self.pos, is_object);
        self.accept_foreign_mark(character.len_utf8(), mark);
        self.skip_whitespace();
        Some(match is_object {
            true => State::FirstName,
            false => State::FirstElement,
        })
    }

    /// Whether the innermost container is a tuple in parentheses.
    pub(super) fn is_in_tuple(&self) -> bool {
        self.depth() > 0 && {
            let start = self.entries[self.top().entry as usize].start;
            self.byte(start as usize) == b'('
        }
    }

    /// Whether the parenthesis at the cursor starts a tuple, rather than unquoted text such as `(716) 555-0100`.
    fn is_tuple(&self) -> bool {
        let line = &self.text[self.pos + 1..self.line_end(self.pos)];
        let content = line.split(')').next().unwrap_or_default();
        let first = content.trim_start();
        first.is_empty() || first.starts_with(['"', '\'', '{', '[', '(']) || content.contains(',')
    }

    /// Recovers from a bracket of another script, or the parenthesis of a tuple, that closes the innermost container.
    pub(super) fn recover_foreign_closer(&mut self) -> Option<State> {
        let character = self.character(self.pos)?;
        if self.depth() == 0 {
            return None;
        }
        if !(matches!(character, '｝' | '］') || character == ')' && self.is_in_tuple()) {
            return None;
        }
        let mark = if self.top().is_object() { "}" } else { "]" };
        self.accept_foreign_mark(character.len_utf8(), mark);
        Some(self.close_at(self.pos))
    }

    /// Recovers from a comma of another script between values.
    pub(super) fn recover_foreign_comma(&mut self) -> Option<State> {
        let character = self
            .character(self.pos)
            .filter(|c| matches!(c, '，' | '、' | ';'))?;
        self.last_comma = self.pos;
        self.accept_foreign_mark(character.len_utf8(), ",");
        self.skip_whitespace();
        Some(match self.top().is_object() {
            true => State::Name,
            false => State::Element,
        })
    }

    /// Recovers from `：` or `=>` in place of a colon. Returns whether there is one.
    pub(super) fn recover_foreign_colon(&mut self) -> bool {
        let len = match self.character(self.pos) {
            Some('：') => '：'.len_utf8(),
            Some('=') if self.byte(self.pos + 1) == b'>' => 2,
            _ => return false,
        };
        self.accept_foreign_mark(len, ":");
        self.skip_whitespace();
        true
    }

    /// Recovers from the colon before a Ruby symbol that is a property name.
    pub(super) fn skip_symbol_mark(&mut self) {
        let is_symbol = self.peek() == b':' && self.byte(self.pos + 1).is_ascii_alphabetic();
        if is_symbol {
            self.accept_foreign_mark(1, "");
        }
    }

    /// Recovers from an ellipsis in place of omitted values or properties. Marks all open containers as incomplete.
    pub(super) fn recover_ellipsis(&mut self) -> Option<State> {
        let len = ellipsis_len(&self.text[self.pos..]).filter(|_| self.depth() > 0)?;
        self.report_placeholder(len);
        self.mark_all_errors();
        self.skip_whitespace();
        if self.peek() != b',' {
            return Some(State::Separator);
        }
        self.last_comma = self.pos;
        self.pos += 1;
        self.skip_whitespace();
        Some(match self.top().is_object() {
            true => State::FirstName,
            false => State::FirstElement,
        })
    }

    fn report_placeholder(&mut self, len: usize) {
        let span = Span::new(self.pos as u32, (self.pos + len) as u32);
        self.error(span, SyntaxErrorKind::Placeholder);
        self.pos += len;
    }

    /// Parses a placeholder without quotes in place of a value, up to the end of its word. Returns whether there is one.
    pub(super) fn parse_placeholder(&mut self) -> bool {
        let rest = &self.text[self.pos..];
        let Some(len) = placeholder_len(rest) else {
            return false;
        };
        let is_end = |c: char| c.is_whitespace() || ",]}\"".contains(c);
        let len = len + rest[len..].find(is_end).unwrap_or(rest.len() - len);
        let start = self.pos;
        self.report_placeholder(len);
        self.pos = start;
        self.push(Kind::Null, len);
        self.mark_last(flag::SYNTHETIC);
        true
    }

    /// Recovers from `{{name}}` in place of a value, whose first brace was taken for that of an object. Returns what the
    /// grammar allows next.
    pub(super) fn recover_placeholder_in_braces(&mut self) -> Option<State> {
        let object = self.top().entry as usize;
        let start = self.entries[object].start as usize;
        let is_adjacent = start + 1 == self.pos && object + 1 == self.entries.len();
        if !is_adjacent || self.depth() < 2 || placeholder_len(&self.text[start..]).is_none() {
            return None;
        }
        self.entries.truncate(object);
        self.open.pop();
        self.pos = start;
        self.parse_placeholder();
        Some(self.finish_child())
    }

    /// Parses a call in place of a value, such as `ISODate("…")` or `datetime(2026, 1, 31)`. Returns whether there is
    /// one.
    pub(super) fn parse_call(&mut self) -> bool {
        let rest = &self.text[self.pos..self.line_end(self.pos)];
        let name_len = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || "_. ".contains(c)))
            .unwrap_or(0);
        let name = &rest[..name_len];
        let starts_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !starts_name || name.ends_with(' ') || !rest[name_len..].starts_with('(') {
            return false;
        }
        let has_several_words = name.strip_prefix("new ").unwrap_or(name).contains(' ');
        let Some(arguments) = closing_parenthesis(&rest[name_len..]).filter(|_| !has_several_words)
        else {
            return false;
        };
        let len = name_len + arguments;
        let argument = rest[name_len + 1..len - 1].trim();
        let at = self.pos + (argument.as_ptr().addr() - rest.as_ptr().addr());
        let argument = Span::new(at as u32, (at + argument.len()) as u32);
        let span = Span::new(self.pos as u32, (self.pos + len) as u32);
        let kind = SyntaxErrorKind::NonJsonLiteral(NonJsonLiteral::Call { argument });
        self.error(span, kind);
        self.push(Kind::Null, len);
        self.mark_last(flag::SYNTHETIC);
        true
    }

    /// The length of the prefix of a Python string at the cursor, such as `u` in `u'text'`: 0 or 1.
    pub(super) fn string_prefix_len(&self) -> usize {
        let has_prefix = matches!(self.peek(), b'u' | b'U' | b'b' | b'r');
        let quote = self.character(self.pos + 1);
        let is_quote = |c: char| c == '"' || quote_kind(c).is_some();
        usize::from(has_prefix && quote.is_some_and(is_quote))
    }

    /// Recovers from quotes inside a string that are not escaped, after the first of them was taken for the end of the
    /// string. Where the string really ends is a guess, so no value around it counts as complete. Returns whether there
    /// are such quotes.
    pub(super) fn recover_inner_quotes(&mut self) -> bool {
        let is_string = |last: &&Entry| {
            last.kind() == Kind::String && last.delimiters() == (1, 1) && !last.has(flag::NAME)
        };
        let Some(last) = self.entries.last().filter(is_string).copied() else {
            return false;
        };
        let adjacent = self.character(last.end as usize);
        let continues = adjacent.is_some_and(|c| c.is_alphanumeric() || "'&.-(".contains(c));
        if self.pos != last.end as usize || !continues || self.byte(last.start as usize) != b'"' {
            return false;
        }
        let line = &self.text[self.pos..self.line_end(self.pos)];
        let mut inner = vec![Span::new(last.end - 1, last.end)];
        for (offset, _) in line.match_indices('"') {
            let at = self.pos + offset;
            let rest = self.text[at + 1..self.line_end(at)].trim_start();
            if rest.starts_with(':') {
                return false;
            }
            if inner.len() % 2 == 0 && (rest.is_empty() || rest.starts_with([',', '}', ']'])) {
                let span = Span::new(last.start, at as u32 + 1);
                let index = self.entries.len() - 1;
                self.entries[index] = Entry::string(span, 1, 1, flag::SYNTHETIC);
                self.error(inner[0], SyntaxErrorKind::InnerQuotes(inner));
                self.mark_all_errors();
                self.pos = at + 1;
                return true;
            }
            inner.push(Span::new(at as u32, at as u32 + 1));
        }
        false
    }

    /// Marks all open containers as incomplete.
    pub(super) fn mark_all_errors(&mut self) {
        for index in 1..self.open.len() {
            let entry = self.open[index].entry as usize;
            self.entries[entry].set(flag::HAS_ERRORS);
        }
    }
}

/// The offset after the parenthesis that closes the one at the start of `text`.
fn closing_parenthesis(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match character {
            _ if Some(character) == quote => quote = None,
            _ if quote.is_some() => {}
            '"' | '\'' => quote = Some(character),
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}
