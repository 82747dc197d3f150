//! The JSON parser: from a text to a flat tape of values with their spans, and a list of syntax errors. The
//! same parser is strict and recovers from errors. It knows the names of properties only from the
//! [`Vocabulary`] that the caller passes.

mod children;
mod duplicates;
mod entry;
mod error;
mod escape;
mod gap_cache;
mod lexer;
mod node;
mod number;
mod parse;
mod parser;
mod pointer;
mod recover;
mod stack;
mod tape;
mod vocabulary;

pub use children::{Elements, Member, Members, NamedMembers};
pub use entry::Kind;
pub use error::{
    Encoding, Expected, NonJsonLiteral, NonJsonString, OpenEnd, SyntaxError, SyntaxErrorKind,
};
pub(crate) use escape::escape_len;
pub use escape::{escape, quote, unescape};
#[cfg(feature = "batch")]
pub(crate) use lexer::find_special;
pub use node::{EntryRef, Node, StringRole};
pub use number::Number;
pub(crate) use number::normalize_number;
pub use parse::{Start, parse, parse_from, parse_parts};
pub use pointer::{Pointers, Resolver, pointer_to, resolve};
pub(crate) use recover::token::{next_visible, visible_end};
pub use stack::DEPTH_LIMIT;
pub use tape::{Parsed, Tape};
pub(crate) use vocabulary::PrefixKey;
pub use vocabulary::{KnownName, NameId, Vocabulary};
