//! Which mutant is on.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// More than there are mutants.
const LIMIT: usize = 1 << 14;

/// The mutant that `MUTANT` names.
static ACTIVE: LazyLock<Option<u32>> = LazyLock::new(|| std::env::var("MUTANT").ok()?.parse().ok());

/// The file that gets the ids of the mutants whose code is run.
static LOG: LazyLock<Option<std::ffi::OsString>> = LazyLock::new(|| std::env::var_os("MUTANTS_REACHED"));

static REACHED: [AtomicBool; LIMIT] = [const { AtomicBool::new(false) }; LIMIT];

/// Whether a mutant is on.
pub(crate) fn is(id: u32) -> bool {
    match *ACTIVE {
        Some(active) => active == id,
        None => {
            if LOG.is_some() && !REACHED[id as usize].swap(true, Ordering::Relaxed) {
                log(id);
            }
            false
        }
    }
}

#[cold]
#[expect(clippy::disallowed_methods, reason = "the log of reached mutants is a file")]
fn log(id: u32) {
    let file = LOG.as_ref().and_then(|path| OpenOptions::new().append(true).create(true).open(path).ok());
    if let Some(mut file) = file {
        // A single write, so that several processes can share the file.
        let _ = file.write_all(format!("{id}\n").as_bytes());
    }
}
