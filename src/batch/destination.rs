//! A file that a run makes. It is in its place whole, or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;

/// Where a report or records go. Compressed if the name ends in `.gz` or `.zst`.
pub struct Destination {
    /// The file as people named it.
    name: String,
    encoder: Encoder,
    /// The file itself, where a symbolic link led to it.
    path: PathBuf,
}

enum Encoder {
    Plain(BufWriter<Target>),
    Gzip(GzEncoder<BufWriter<Target>>),
    Zstandard(zstd::Encoder<'static, BufWriter<Target>>),
}

enum Target {
    /// A new file that is put in its place at the end.
    Beside(NamedTempFile),
    /// What is no file, such as a pipe, is written at once.
    Direct(File),
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Target::Beside(file) => file.write(bytes),
            Target::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Target::Beside(file) => file.flush(),
            Target::Direct(file) => file.flush(),
        }
    }
}

impl Destination {
    /// Begins with the file that is to stand at `path`.
    ///
    /// # Errors
    /// If its folder takes no file.
    pub fn create(path: &Path) -> io::Result<Self> {
        let name = path.display().to_string();
        let target = open(path).map_err(|error| at(&name, &error))?;
        let out = BufWriter::new(target.0);
        let encoder = match path.extension().and_then(|suffix| suffix.to_str()) {
            Some("gz") => Encoder::Gzip(GzEncoder::new(out, Compression::default())),
            Some("zst") => Encoder::Zstandard(zstd::Encoder::new(out, 0)?),
            _ => Encoder::Plain(out),
        };
        Ok(Self {
            name,
            encoder,
            path: target.1,
        })
    }

    /// Puts the file in its place, instead of one that stands there.
    ///
    /// # Errors
    /// If there is no room for it.
    pub fn commit(self) -> io::Result<()> {
        let finish = || {
            let out = match self.encoder {
                Encoder::Plain(out) => out,
                Encoder::Gzip(encoder) => encoder.finish()?,
                Encoder::Zstandard(encoder) => encoder.finish()?,
            };
            match out.into_inner().map_err(|error| error.into_error())? {
                Target::Beside(file) => {
                    if let Ok(metadata) = fs::metadata(&self.path) {
                        file.as_file().set_permissions(metadata.permissions())?;
                    }
                    file.persist(&self.path).map_err(|error| error.error)?;
                }
                Target::Direct(mut file) => file.flush()?,
            }
            Ok(())
        };
        finish().map_err(|error: io::Error| at(&self.name, &error))
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.encoder {
            Encoder::Plain(out) => out,
            Encoder::Gzip(encoder) => encoder,
            Encoder::Zstandard(encoder) => encoder,
        }
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer().write(bytes);
        written.map_err(|error| at(&self.name, &error))
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.writer().flush();
        flushed.map_err(|error| at(&self.name, &error))
    }
}

/// Opens what is written for the file at `path`, and says where that file really is.
fn open(path: &Path) -> io::Result<(Target, PathBuf)> {
    let (path, folder) = match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            return Err(io::Error::other("a folder stands there"));
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
    builder.prefix(".countersign-");
    // As any new file: for everybody, but for what the process's mask takes away.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    Ok((Target::Beside(builder.tempfile_in(folder)?), path))
}

/// The same error, with the file's name.
fn at(name: &str, error: &io::Error) -> io::Error {
    let why = crate::path::io_error_message(error);
    io::Error::new(error.kind(), format!("{name}: {why}"))
}
