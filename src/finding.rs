//! What countersign has to say: findings, and the fixes they offer. Plain data, no output format.

use std::fmt;
use std::str::FromStr;

use crate::span::Span;

/// How loud a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Good to know.
    Info,
    /// Likely wrong, or wrong for some readers.
    Warning,
    /// The payload would be refused or do harm.
    Error,
}

impl Level {
    /// Every level, loudest first.
    pub const ALL: [Level; 3] = [Level::Error, Level::Warning, Level::Info];

    /// The level's word.
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

/// One thing that is wrong at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The id of the rule that was broken, such as `order/agreement-date-format`.
    pub rule: &'static str,
    /// How loud it is.
    pub level: Level,
    /// The exact characters.
    pub span: Span,
    /// What is wrong: one clause in lower case with the actual and the expected value, no full stop.
    pub message: String,
    /// Further spans that matter, and words for the place itself.
    pub labels: Vec<Label>,
    /// What to do: one sentence in the imperative, no full stop.
    pub help: Option<String>,
    /// How the machine can mend it.
    pub fix: Option<Fix>,
    /// The JSON Pointer of the value, from the root of the document.
    pub pointer: String,
}

impl Finding {
    /// A finding without labels, help or fix. The pointer is the engine's to fill in.
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
        }
    }

    /// Adds words at a place.
    #[cold]
    #[inline(never)]
    pub fn label(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        self.labels.push(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// Says what to do.
    #[cold]
    #[inline(never)]
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Offers a fix.
    #[cold]
    #[inline(never)]
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.fix = Some(fix);
        self
    }
}

impl Finding {
    /// The fix, if it is one that may be made where fixes are made up to `limit`.
    pub fn fix_up_to(&self, limit: Safety) -> Option<&Fix> {
        self.fix.as_ref().filter(|fix| fix.safety <= limit)
    }

    /// Moves every place on by `bytes`: the text it speaks of has become a part of a longer one.
    pub fn shift(&mut self, bytes: u32) {
        let labels = self.labels.iter_mut().map(|label| &mut label.span);
        let edits = self.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        let spans = labels.chain(edits.map(|edit| &mut edit.span));
        for span in spans.chain([&mut self.span]) {
            *span = span.shifted(bytes);
        }
    }
}

/// Words at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The words, a few of them.
    pub message: String,
}

/// A change that mends a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// Whether a person must look at it.
    pub safety: Safety,
    /// The changes to the text; they do not overlap and are in order.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that keeps the meaning.
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self {
            title: title.into(),
            safety: Safety::Safe,
            edits,
        }
    }

    /// A fix that is likely right.
    pub fn unsafe_(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self {
            title: title.into(),
            safety: Safety::Unsafe,
            edits,
        }
    }
}

/// Whether a fix may be made without a person looking at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// The meaning stays the same, and the result passes the rule.
    Safe,
    /// Likely right; a person must look.
    Unsafe,
}

impl Safety {
    /// Safe if `is_certain`.
    pub fn when(is_certain: bool) -> Self {
        if is_certain {
            Safety::Safe
        } else {
            Safety::Unsafe
        }
    }

    /// The safety's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        }
    }
}

/// One replacement.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What is put there.
    pub text: String,
}

impl Edit {
    /// Puts `text` in the place of `span`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self {
            span,
            text: text.into(),
        }
    }

    /// Puts `text` before byte `at`.
    pub fn insert(at: u32, text: impl Into<String>) -> Self {
        Self {
            span: Span::empty(at),
            text: text.into(),
        }
    }

    /// Takes `span` away.
    pub fn remove(span: Span) -> Self {
        Self {
            span,
            text: String::new(),
        }
    }
}
