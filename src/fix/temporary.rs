//! Temporary files next to the files that they will replace. A run that is killed cannot remove its own; the next
//! run that writes to the folder does.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::{Builder, NamedTempFile};

const PREFIX: &str = ".countersign-";
const RANDOM_LEN: usize = 12;
const SUFFIX: &str = ".tmp";

/// Creates a temporary file in `folder`. It is locked as long as it is open, which shows other runs that it is in use.
///
/// # Errors
/// If the file cannot be created.
pub(crate) fn create(
    builder: &mut Builder<'static, 'static>,
    folder: &Path,
) -> io::Result<NamedTempFile> {
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM_LEN);
    loop {
        let file = builder.tempfile_in(folder)?;
        // Where a file system has no locks, nothing is removed either.
        let _ = file.as_file().lock();
        // Another run may have removed the file before it was locked.
        if file.path().exists() {
            return Ok(file);
        }
    }
}

/// Removes the temporary files of runs that have ended, once for each folder. A file that cannot be removed stays.
pub(crate) fn remove_stale(folder: &Path) {
    static CLEANED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let mut cleaned = CLEANED.lock().unwrap_or_else(PoisonError::into_inner);
    if !cleaned.insert(folder.to_owned()) {
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !is_file || !is_temporary(&entry.file_name()) {
            continue;
        }
        let path = entry.path();
        // The lock is held until the file is gone, so that its creator notices.
        if let Ok(file) = File::open(&path)
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(path);
        }
    }
}

fn is_temporary(name: &OsStr) -> bool {
    name.to_str()
        .and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX))
        .is_some_and(|random| {
            random.len() == RANDOM_LEN && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_only_what_no_run_uses() {
        let folder = tempfile::tempdir().expect("a folder");
        let used = create(&mut Builder::new(), folder.path()).expect("a file");
        let stale = folder.path().join(".countersign-0123456789ab.tmp");
        let kept = [
            ".countersign-notes.tmp",
            ".countersign-0123456789ab",
            "order.json",
        ];
        for path in kept
            .map(|name| folder.path().join(name))
            .iter()
            .chain([&stale])
        {
            fs::write(path, "").expect("a file");
        }
        remove_stale(folder.path());
        assert!(!stale.exists());
        assert!(used.path().exists());
        for name in kept {
            assert!(folder.path().join(name).exists(), "{name}");
        }
    }
}
