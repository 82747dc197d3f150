//! Tests of the fast path against the full validator.

mod differential;
mod orders;
