//! Atomic replacement of a file: the new contents are written to a temporary file in the same folder,
//! synced, and renamed, so that the file always has either the old or the new contents.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

use super::temporary;

/// How long to wait for another run to release its lock on a file.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);
/// The interval between attempts to lock a file.
const LOCK_RETRY_INTERVAL: Duration = Duration::from_millis(20);

/// Metadata that changes when a file is written or replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Snapshot {
    len: u64,
    modified: Option<SystemTime>,
    /// Device, inode, and the time of the last status change in seconds and nanoseconds.
    #[cfg(unix)]
    identity: (u64, u64, i64, i64),
}

impl Snapshot {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Self {
            len: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            identity: (
                metadata.dev(),
                metadata.ino(),
                metadata.ctime(),
                metadata.ctime_nsec(),
            ),
        }
    }
}

/// A file that is read in order to be replaced. It is locked against other runs until this is dropped.
#[derive(Debug)]
pub struct LockedFile {
    /// The path of the file, with symbolic links resolved.
    target: PathBuf,
    file: File,
    snapshot: Snapshot,
}

impl LockedFile {
    /// Opens and locks the file at `path`, following symbolic links.
    ///
    /// # Errors
    /// If the file cannot be read, or another run holds the lock for longer than ten seconds.
    pub fn open(path: &Path) -> io::Result<Self> {
        let target = fs::canonicalize(path)?;
        temporary::remove_stale(folder_of(&target));
        let mut waited = Duration::ZERO;
        loop {
            let file = File::open(&target)?;
            match file.try_lock() {
                // The previous holder of the lock may have replaced the file.
                Ok(()) => {
                    let snapshot = Snapshot::of(&file.metadata()?);
                    if snapshot == Snapshot::of(&fs::metadata(&target)?) {
                        return Ok(Self {
                            target,
                            file,
                            snapshot,
                        });
                    }
                }
                Err(TryLockError::WouldBlock) => {}
                // Some file systems do not support locks. The snapshot still detects changes.
                Err(TryLockError::Error(_)) => {
                    let snapshot = Snapshot::of(&file.metadata()?);
                    return Ok(Self {
                        target,
                        file,
                        snapshot,
                    });
                }
            }
            if waited >= LOCK_TIMEOUT {
                return Err(io::Error::other("another run is still writing the file"));
            }
            std::thread::sleep(LOCK_RETRY_INTERVAL);
            waited += LOCK_RETRY_INTERVAL;
        }
    }

    /// The file, opened for reading.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Creates a temporary file in the same folder that starts with the first `len` bytes of this one.
    ///
    /// # Errors
    /// If the file cannot be created or written.
    pub fn create_replacement(&self, len: u64) -> io::Result<Replacement> {
        let file = temporary::create(&mut tempfile::Builder::new(), folder_of(&self.target))?;
        let mut out = BufWriter::with_capacity(1 << 16, file);
        io::copy(&mut File::open(&self.target)?.take(len), &mut out)?;
        Ok(Replacement { out })
    }

    fn is_unchanged(&self) -> io::Result<bool> {
        Ok(self.snapshot == Snapshot::of(&fs::metadata(&self.target)?))
    }
}

/// The temporary file with the new contents. Dropping it without [`Replacement::persist`] deletes it.
#[derive(Debug)]
pub struct Replacement {
    out: BufWriter<NamedTempFile>,
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Replacement {
    /// Replaces the original file with this one. Keeps the original's mode and, where permitted, its owner.
    ///
    /// # Errors
    /// If the original is not writable or has changed since it was opened, or the disk is full. The
    /// original is unchanged then.
    pub fn persist(self, original: &LockedFile) -> io::Result<()> {
        let target = &original.target;
        // Renaming checks only the folder's permissions, so check those of the file too.
        OpenOptions::new().write(true).open(target)?;
        let new = self.out.into_inner().map_err(|error| error.into_error())?;
        let metadata = original.file.metadata()?;
        keep_owner(new.as_file(), &metadata);
        new.as_file().set_permissions(metadata.permissions())?;
        new.as_file().sync_all()?;
        if !original.is_unchanged()? {
            return Err(io::Error::other(
                "the file has changed since it was read; run again",
            ));
        }
        new.persist(target).map_err(|error| error.error)?;
        // Sync the folder to make the rename durable. Failure is ignored: not every platform supports it.
        if let Some(folder) = target.parent().and_then(|folder| File::open(folder).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

/// The folder of a file at an absolute path.
fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
}

/// Gives the new file the owner and group of the old one, as far as permitted.
#[cfg(unix)]
fn keep_owner(new: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    if fchown(new, Some(old.uid()), Some(old.gid())).is_err() {
        // `chown` needs root; `chgrp` to one of the user's own groups may succeed. Failure is ignored.
        let _ = fchown(new, None, Some(old.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}
