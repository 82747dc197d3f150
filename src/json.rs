//! Reading text as JSON: into a flat tape of values that keep their places, with a word on every
//! spot where the text is not JSON. One parser, strict and forgiving at once.

mod fault;
mod head;
mod number;
mod parse;
mod pointer;
mod quotes;
mod recover;
mod tape;
mod text;
mod words;

pub use fault::{
    Defect, Direction, Encoding, Expected, Fault, ForeignLiteral, ForeignString, Head,
};
pub use number::Number;
pub use parse::{DEPTH_LIMIT, parse};
pub use pointer::{pointer_to, resolve};
pub use tape::{Elements, Kind, Member, Members, Node, Tape};
pub use text::{escape, quote, unescape};
pub(crate) use words::tighten_number;
