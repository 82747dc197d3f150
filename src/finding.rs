//! Findings and the fixes they offer: plain data, independent of any output format.

use std::fmt;
use std::str::FromStr;

use crate::span::Span;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Informational.
    Info,
    /// Likely wrong, or wrong for some consumers.
    Warning,
    /// The payload would be rejected or cause harm.
    Error,
}

impl Level {
    /// Every level, the most severe first.
    pub const ALL: [Level; 3] = [Level::Error, Level::Warning, Level::Info];

    /// The name of the level, as in configuration and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "info",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Level {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Level::ALL
            .into_iter()
            .find(|level| level.as_str() == name)
            .ok_or(())
    }
}

/// A problem at one span of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The id of the violated rule, such as `order/agreement-date-format`.
    pub rule: &'static str,
    /// The severity.
    pub level: Level,
    /// The span of the problem in the source text.
    pub span: Span,
    /// What is wrong: one clause in lower case with the found and the expected value, without a full stop.
    pub message: String,
    /// Related spans, and annotations of the span itself.
    pub labels: Vec<Label>,
    /// How to fix it: one sentence in the imperative, without a full stop.
    pub help: Option<String>,
    /// The edits that fix it automatically.
    pub fix: Option<Fix>,
    /// The JSON Pointer of the value, from the root of the document.
    pub pointer: String,
    /// The path of the value in its record in words of its kind, such as `line 1 › parameter customer_email`.
    pub path: String,
}

impl Finding {
    /// A finding without labels, help or fix. The engine sets the pointer and the path.
    pub fn new(rule: &'static str, level: Level, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            level,
            span,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            fix: None,
            pointer: String::new(),
            path: String::new(),
        }
    }

    /// Adds a label at `span`.
    #[cold]
    #[inline(never)]
    pub fn label(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        self.labels.push(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// Sets the help.
    #[cold]
    #[inline(never)]
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the fix.
    #[cold]
    #[inline(never)]
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.fix = Some(fix);
        self
    }
}

impl Finding {
    /// The fix, if its safety is at most `limit`.
    pub fn fix_up_to(&self, limit: Safety) -> Option<&Fix> {
        self.fix.as_ref().filter(|fix| fix.safety <= limit)
    }

    /// Cuts texts that are too long to read, because they quote a value or a schema.
    pub fn shorten_texts(&mut self) {
        let labels = self.labels.iter_mut().map(|label| &mut label.message);
        let titles = self.fix.iter_mut().map(|fix| &mut fix.title);
        let texts = labels.chain(titles).chain(&mut self.help);
        texts
            .chain([&mut self.message, &mut self.path])
            .for_each(shorten);
    }

    /// Shifts every span by `bytes`. Used when the checked text is a chunk of a longer one.
    pub fn shift(&mut self, bytes: u32) {
        let labels = self.labels.iter_mut().map(|label| &mut label.span);
        let edits = self.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        let spans = labels.chain(edits.map(|edit| &mut edit.span));
        for span in spans.chain([&mut self.span]) {
            *span = span.shifted(bytes);
        }
    }
}

/// The maximum length of a text of a finding, in bytes.
const MAX_TEXT_LEN: usize = 1_000;

/// Cuts a text at [`MAX_TEXT_LEN`], and closes the code that it ends in.
fn shorten(text: &mut String) {
    if text.len() <= MAX_TEXT_LEN {
        return;
    }
    let end = (0..=MAX_TEXT_LEN).rfind(|at| text.is_char_boundary(*at));
    text.truncate(end.unwrap_or(0));
    text.push('…');
    if text.matches('`').count() % 2 == 1 {
        text.push('`');
    }
}

/// A message attached to a span.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The span.
    pub span: Span,
    /// A short message.
    pub message: String,
}

/// A set of edits that fixes a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What the fix does, in the imperative.
    pub title: String,
    /// Whether the fix needs review.
    pub safety: Safety,
    /// The edits of the source text, in document order and not overlapping.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that preserves the meaning.
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self {
            title: title.into(),
            safety: Safety::Safe,
            edits,
        }
    }

    /// A fix that is likely right and needs review.
    pub fn unsafe_(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self {
            title: title.into(),
            safety: Safety::Unsafe,
            edits,
        }
    }
}

/// Whether a fix may be applied without review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// Preserves the meaning, and the result passes the rule.
    Safe,
    /// Likely right; a person must review it.
    Unsafe,
}

impl Safety {
    /// Safe if `is_certain`, else unsafe.
    pub fn when(is_certain: bool) -> Self {
        if is_certain {
            Safety::Safe
        } else {
            Safety::Unsafe
        }
    }

    /// The name of the safety, as in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        }
    }
}

/// A replacement of one span of the source text.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The span to replace; empty for an insertion.
    pub span: Span,
    /// The replacement.
    pub text: String,
}

impl Edit {
    /// Replaces `span` with `text`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self {
            span,
            text: text.into(),
        }
    }

    /// Inserts `text` before the byte offset `at`.
    pub fn insert(at: u32, text: impl Into<String>) -> Self {
        Self {
            span: Span::empty(at),
            text: text.into(),
        }
    }

    /// Removes `span`.
    pub fn remove(span: Span) -> Self {
        Self {
            span,
            text: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_within_its_code() {
        let mut finding = Finding::new(
            "r",
            Level::Error,
            Span::empty(0),
            format!("`{}` x", "é".repeat(900)),
        );
        finding.shorten_texts();
        assert!(finding.message.len() < MAX_TEXT_LEN + 8);
        assert!(finding.message.ends_with("é…`"), "{}", finding.message);
        let short = finding.message.clone();
        finding.message = "x".repeat(MAX_TEXT_LEN);
        finding.shorten_texts();
        assert_eq!(finding.message.len(), MAX_TEXT_LEN);
        assert!(short.starts_with('`'));
    }
}
