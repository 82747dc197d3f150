//! Putting a new text in the place of a file's old one: written beside it, synced, and renamed, so
//! that whatever happens the file is the old one or the new one, whole.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

/// How long another run may keep a file before it is given up, and how often that is looked at.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(20);

/// What tells a file from one that was written since, or put in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Snapshot {
    len: u64,
    modified: Option<SystemTime>,
    /// Device, file, and when anything about it changed, in seconds and nanoseconds.
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

/// A file that is read in order to be replaced. While this lives, other runs wait for it.
#[derive(Debug)]
pub struct Original {
    /// The file itself, where a symbolic link led to it.
    target: PathBuf,
    file: File,
    snapshot: Snapshot,
}

impl Original {
    /// Opens the file at `path`, or the one that a symbolic link there leads to.
    ///
    /// # Errors
    /// If it cannot be read, or another run keeps it for longer than ten seconds.
    pub fn open(path: &Path) -> io::Result<Self> {
        let target = fs::canonicalize(path)?;
        let mut waited = Duration::ZERO;
        loop {
            let file = File::open(&target)?;
            match file.try_lock() {
                // Whoever kept it may have put another file in its place.
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
                // Not every file system knows locks. A file that changes meanwhile is seen all the same.
                Err(TryLockError::Error(_)) => {
                    let snapshot = Snapshot::of(&file.metadata()?);
                    return Ok(Self {
                        target,
                        file,
                        snapshot,
                    });
                }
            }
            if waited >= PATIENCE {
                return Err(io::Error::other("another run is still writing it"));
            }
            std::thread::sleep(PAUSE);
            waited += PAUSE;
        }
    }

    /// The file, to be read.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// A new file beside it, which begins with its first bytes, so many of them.
    ///
    /// # Errors
    /// If the folder takes none, or there is no room.
    pub fn replacement_up_to(&self, len: u64) -> io::Result<Replacement> {
        let folder = self.target.parent().unwrap_or(Path::new("/"));
        let file = tempfile::Builder::new()
            .prefix(".countersign-")
            .tempfile_in(folder)?;
        let mut out = BufWriter::with_capacity(1 << 16, file);
        io::copy(&mut File::open(&self.target)?.take(len), &mut out)?;
        Ok(Replacement { out })
    }

    fn is_unchanged(&self) -> io::Result<bool> {
        Ok(self.snapshot == Snapshot::of(&fs::metadata(&self.target)?))
    }
}

/// What is to stand in a file's place. Goes away again unless it is put there.
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
    /// Puts it in the place of the file, whose mode and, where that is permitted, owner it takes over.
    ///
    /// # Errors
    /// If the file may not be written or has changed since it was opened, or there is no room. The file
    /// is as it was then.
    pub fn put_in_place_of(self, original: &Original) -> io::Result<()> {
        let target = &original.target;
        // Whether a file may be replaced is for its folder to say; whether it may be written, for itself.
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
        // The new name must last, too. Where folders cannot be synced, it will in time.
        if let Some(folder) = target.parent().and_then(|folder| File::open(folder).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

/// Gives a new file the owner and group of the old one, or what of it is permitted.
#[cfg(unix)]
fn keep_owner(new: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    if fchown(new, Some(old.uid()), Some(old.gid())).is_err() {
        // Only root gives files away, but a group one belongs to can be kept. If not, so be it.
        let _ = fchown(new, None, Some(old.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}
