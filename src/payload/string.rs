//! Strings of a payload, as rules read and mend them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use crate::finding::{Edit, Fix, Safety};
use crate::json::{self, Node, Place};
use crate::span::Span;

/// A string with its place.
#[derive(Clone, Debug)]
pub struct JsonString<'d> {
    /// Where the string stands.
    pub place: Place<'d>,
    content: Cow<'d, str>,
}

impl<'d> JsonString<'d> {
    /// The string at `node`, if it is one and nobody had to guess so.
    #[inline]
    pub fn read(node: Node<'d>) -> Option<Self> {
        let content = node.as_text().filter(|_| !node.is_guessed())?;
        let place = node.place();
        Some(Self { place, content })
    }

    /// The string at `node`, if it holds any text, no escape, and nobody had to guess it.
    #[inline(always)]
    pub(crate) fn read_plain(node: Node<'d>) -> Option<Self> {
        let content = node.as_plain_text().filter(|content| !content.is_empty())?;
        Some(Self {
            place: node.place(),
            content: Cow::Borrowed(content),
        })
    }

    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        &self.content
    }

    /// The text without the blanks around it, which few have.
    #[inline]
    pub fn trim(&self) -> &str {
        let is_graphic = |end: Option<&u8>| end.is_none_or(u8::is_ascii_graphic);
        let bytes = self.content.as_bytes();
        if is_graphic(bytes.first()) && is_graphic(bytes.last()) {
            &self.content
        } else {
            self.content.trim()
        }
    }

    /// Where it stands, with its quotes.
    pub fn span(&self) -> Span {
        self.place.span()
    }

    /// The edit that puts another text between the same quotes.
    pub fn replacement_edit(&self, content: &str) -> Edit {
        Edit::replace(self.place.content_span(), json::escape(content))
    }

    /// The fix that writes another text in its place.
    pub fn replacement_fix(&self, content: &str, safety: Safety) -> Fix {
        Fix {
            title: format!("write {}", json::quote(content)),
            safety,
            edits: vec![self.replacement_edit(content)],
        }
    }
}

impl Deref for JsonString<'_> {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        &self.content
    }
}

impl fmt::Display for JsonString<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}
