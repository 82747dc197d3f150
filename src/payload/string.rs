//! Strings of a payload, as rules read and replace them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use crate::finding::{Edit, Fix, Safety};
use crate::json::{self, EntryRef, Node};
use crate::span::Span;

/// A string with its position.
#[derive(Clone, Debug)]
pub struct JsonString<'d> {
    /// The position in the document.
    pub place: EntryRef<'d>,
    content: Cow<'d, str>,
}

impl<'d> JsonString<'d> {
    /// The string at `node`; `None` if the value is of another type or was synthesized by error recovery.
    #[inline]
    pub fn read(node: Node<'d>) -> Option<Self> {
        let content = node.as_text().filter(|_| !node.is_synthetic())?;
        let place = node.entry_ref();
        Some(Self { place, content })
    }

    /// The string at `node`, if it is not empty, does not start with a space, has no escapes and was not synthesized by
    /// error recovery.
    #[inline(always)]
    pub(crate) fn read_plain(node: Node<'d>) -> Option<Self> {
        let starts_visibly =
            |content: &&str| content.as_bytes().first().is_some_and(|&byte| byte > b' ');
        let content = node.as_plain_text().filter(starts_visibly)?;
        Some(Self {
            place: node.entry_ref(),
            content: Cow::Borrowed(content),
        })
    }

    /// The content, unescaped.
    #[inline]
    pub fn as_str(&self) -> &str {
        &self.content
    }

    /// The content without surrounding whitespace. Fast if there is none, which is the usual case.
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

    /// The span, including the quotes.
    pub fn span(&self) -> Span {
        self.place.span()
    }

    /// The edit that replaces the content and keeps the quotes.
    pub fn replacement_edit(&self, content: &str) -> Edit {
        Edit::replace(self.place.content_span(), json::escape(content))
    }

    /// The fix that replaces the content.
    pub fn replacement_fix(&self, content: &str, safety: Safety) -> Fix {
        Fix {
            title: format!("replace with {}", json::quote(content)),
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
