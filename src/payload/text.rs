//! Strings of a payload, as rules read and mend them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use crate::finding::{Edit, Fix, Safety};
use crate::json::{self, EntryRef, Node};
use crate::span::Span;

/// A string with its place.
#[derive(Clone, Debug)]
pub struct Text<'d> {
    /// Where the string stands.
    pub place: EntryRef<'d>,
    text: Cow<'d, str>,
}

impl<'d> Text<'d> {
    /// The string at `node`, if it is one and nobody had to guess so.
    #[inline]
    pub fn read(node: Node<'d>) -> Option<Self> {
        let text = node.as_text().filter(|_| !node.is_synthetic())?;
        let place = node.entry_ref();
        Some(Self { place, text })
    }

    /// The string at `node`, if it holds any text, no escape, and nobody had to guess it.
    #[inline(always)]
    pub(super) fn read_plain(node: Node<'d>) -> Option<Self> {
        let text = node.as_plain_text().filter(|text| !text.is_empty())?;
        Some(Self {
            place: node.entry_ref(),
            text: Cow::Borrowed(text),
        })
    }

    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text without the blanks around it, which few have.
    #[inline]
    pub fn trim(&self) -> &str {
        let is_plain = |end: Option<&u8>| end.is_none_or(u8::is_ascii_graphic);
        let bytes = self.text.as_bytes();
        if is_plain(bytes.first()) && is_plain(bytes.last()) {
            &self.text
        } else {
            self.text.trim()
        }
    }

    /// Where it stands, with its quotes.
    pub fn span(&self) -> Span {
        self.place.span()
    }

    /// The edit that puts another text between the same quotes.
    pub fn replace(&self, text: &str) -> Edit {
        Edit::replace(self.place.content_span(), json::escape(text))
    }

    /// The fix that writes another text in its place.
    pub fn rewrite(&self, text: &str, safety: Safety) -> Fix {
        Fix {
            title: format!("write {}", json::quote(text)),
            safety,
            edits: vec![self.replace(text)],
        }
    }
}

impl Deref for Text<'_> {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}
