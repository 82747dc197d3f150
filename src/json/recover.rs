//! Recovery from syntax errors. Each step reports what is wrong and returns what the grammar allows next, so
//! that the strict grammar in `parse` resumes.

mod bracket;
mod dialect;
mod end_of_text;
mod literal;
mod string;
mod structure;
pub(super) mod token;
