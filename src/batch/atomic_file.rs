//! Output files that are written completely or not at all: a temporary file is renamed at the end.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;

use super::zstandard;
use crate::fix::temporary;

/// An output file for a report or records. Compressed if its name ends in `.gz` or `.zst`. Dropping it
/// without [`AtomicFile::commit`] discards it.
pub struct AtomicFile {
    /// The path as the user named it.
    name: String,
    encoder: Encoder,
    /// The path of the file, with symbolic links resolved.
    path: PathBuf,
}

enum Encoder {
    Plain(BufWriter<Target>),
    Gzip(GzEncoder<BufWriter<Target>>),
    Zstandard(zstandard::Encoder<'static, BufWriter<Target>>),
}

enum Target {
    /// A temporary file in the same folder, renamed on commit.
    Temporary(NamedTempFile),
    /// Something other than a regular file, such as a pipe, which is written directly.
    Direct(File),
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Target::Temporary(file) => file.write(bytes),
            Target::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Target::Temporary(file) => file.flush(),
            Target::Direct(file) => file.flush(),
        }
    }
}

impl AtomicFile {
    /// Creates the temporary file for `path`.
    ///
    /// # Errors
    /// If it cannot be created in the folder of `path`.
    pub fn create(path: &Path) -> io::Result<Self> {
        let name = path.display().to_string();
        let (target, resolved) = open_target(path).map_err(|error| with_name(&name, &error))?;
        let out = BufWriter::new(target);
        let encoder = match path.extension().and_then(|suffix| suffix.to_str()) {
            Some("gz") => Encoder::Gzip(GzEncoder::new(out, Compression::default())),
            Some("zst") => Encoder::Zstandard(zstandard::Encoder::new(out, 0)?),
            _ => Encoder::Plain(out),
        };
        Ok(Self {
            name,
            encoder,
            path: resolved,
        })
    }

    /// Finishes the file and moves it to its path, replacing an existing file but keeping its permissions.
    ///
    /// # Errors
    /// If the file cannot be written or renamed.
    pub fn commit(self) -> io::Result<()> {
        let finish = || {
            let out = match self.encoder {
                Encoder::Plain(out) => out,
                Encoder::Gzip(encoder) => encoder.finish()?,
                Encoder::Zstandard(encoder) => encoder.finish()?,
            };
            match out.into_inner().map_err(|error| error.into_error())? {
                Target::Temporary(file) => {
                    if let Ok(metadata) = fs::metadata(&self.path) {
                        file.as_file().set_permissions(metadata.permissions())?;
                    }
                    file.persist(&self.path).map_err(|error| error.error)?;
                }
                Target::Direct(mut file) => file.flush()?,
            }
            Ok(())
        };
        finish().map_err(|error: io::Error| with_name(&self.name, &error))
    }

    /// Moves the file to its path with `.partial` added, because it is incomplete. A target that cannot be replaced, such
    /// as a pipe, keeps what was written.
    ///
    /// # Errors
    /// If the file cannot be written or moved.
    pub fn commit_partial(mut self) -> io::Result<()> {
        let mut path = self.path.into_os_string();
        path.push(".partial");
        self.path = path.into();
        self.commit()
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.encoder {
            Encoder::Plain(out) => out,
            Encoder::Gzip(encoder) => encoder,
            Encoder::Zstandard(encoder) => encoder,
        }
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer().write(bytes);
        written.map_err(|error| with_name(&self.name, &error))
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.writer().flush();
        flushed.map_err(|error| with_name(&self.name, &error))
    }
}

/// Opens the target for writing to `path`, and resolves symbolic links in `path`.
fn open_target(path: &Path) -> io::Result<(Target, PathBuf)> {
    let (path, folder) = match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            return Err(io::Error::other("this is a folder"));
        }
        Ok(metadata) if !metadata.is_file() => {
            let file = File::options().write(true).open(path)?;
            return Ok((Target::Direct(file), path.to_owned()));
        }
        Ok(_) => {
            let path = fs::canonicalize(path)?;
            let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
            (path, folder)
        }
        Err(_) => {
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            (path.to_owned(), folder.unwrap_or(Path::new(".")).to_owned())
        }
    };
    let mut builder = tempfile::Builder::new();
    // The default mode of new files, from which the umask is subtracted.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    temporary::remove_stale(&folder);
    Ok((
        Target::Temporary(temporary::create(&mut builder, &folder)?),
        path,
    ))
}

/// Adds the file's name to the error message.
fn with_name(name: &str, error: &io::Error) -> io::Error {
    let message = crate::path::io_error_message(error);
    io::Error::new(error.kind(), format!("{name}: {message}"))
}
