//! Reading text as JSON: into a flat tape of values that keep their places, with a word on every
//! spot where the text is not JSON. One parser, strict and forgiving at once.

mod children;
mod duplicates;
mod fault;
mod frame;
mod head;
mod node;
mod number;
mod openers;
mod parse;
mod pointer;
mod quotes;
mod recover;
mod rote;
mod scan;
mod string;
mod tape;
mod text;
mod words;

pub use children::{Elements, Member, Members, NamedMembers};
pub use fault::{
    Defect, Direction, Encoding, Expected, Fault, ForeignLiteral, ForeignString, Head,
};
pub use node::{Node, Place, StringRole};
pub use number::Number;
pub use parse::{DEPTH_LIMIT, parse};
pub use pointer::{Pointers, pointer_to, resolve};
pub(crate) use scan::find_special;
pub use tape::{Kind, Parsed, Tape};
pub use text::{escape, quote, unescape};
pub(crate) use words::tighten_number;
