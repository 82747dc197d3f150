//! Catalogues on disk: plain lists of part numbers, and the offer matrix and the price sheet that partners download from
//! Partner Center, as CSV or TSV, possibly compressed with gzip.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use csv::{ByteRecord, ReaderBuilder};
use flate2::read::MultiGzDecoder;
use jiff::civil::Date;

use crate::catalogue::{Catalogue, CatalogueBuilder, OfferColumns, PriceColumns, RowError};
use crate::config::Pattern;
use crate::path::{InputError, io_error_message, relative_to_current_dir};

/// The maximum size of a plain list, in bytes.
const LIST_LIMIT: u64 = 16 << 20;

/// The columns of an offer matrix that are read.
const OFFER_COLUMNS: [&str; 7] = [
    "ProductId",
    "SkuId",
    "SkuTitle",
    "MinLicenses",
    "MaxLicenses",
    "ProductSkuPreRequisites",
    "AllowedCountries",
];

/// The columns of a price sheet that are read.
const PRICE_COLUMNS: [&str; 8] = [
    "ProductId",
    "SkuId",
    "SkuTitle",
    "TermDuration",
    "BillingPlan",
    "Market",
    "Segment",
    "EffectiveEndDate",
];

/// Files that are read one after the other into one catalogue.
#[derive(Debug, Default)]
pub(crate) struct CatalogueReader {
    builder: CatalogueBuilder,
}

/// A price sheet of which every price has ended.
#[derive(Debug)]
pub(crate) struct StalePriceSheet {
    /// The name of the file.
    pub(crate) file: String,
    /// The last day on which a price was valid.
    pub(crate) end: Date,
}

impl CatalogueReader {
    /// Reads every file that `path`, a path or a glob in `folder`, names. Returns the price sheets that ended before
    /// `today`.
    ///
    /// # Errors
    ///
    /// If there is no such file, or one of them cannot be read or lacks a column.
    pub(crate) fn read(
        &mut self,
        folder: &Path,
        path: &str,
        today: Option<Date>,
    ) -> Result<Vec<StalePriceSheet>, InputError> {
        let mut stale = Vec::new();
        for file in files_of(folder, path)? {
            let name = relative_to_current_dir(&file).display().to_string();
            let end = self
                .read_file(&file, &name)
                .map_err(|message| InputError(format!("{name}: {message}")))?;
            let is_stale = end.zip(today).is_some_and(|(end, today)| end < today);
            stale.extend(
                end.filter(|_| is_stale)
                    .map(|end| StalePriceSheet { file: name, end }),
            );
        }
        Ok(stale)
    }

    /// The catalogue of all files that were read.
    pub(crate) fn finish(self) -> Catalogue {
        self.builder.build()
    }

    /// Reads one file. Returns the last day on which a price of it is valid.
    fn read_file(&mut self, path: &Path, name: &str) -> Result<Option<Date>, String> {
        let file = File::open(path).map_err(|error| io_error_message(&error))?;
        let is_compressed = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
        let source: Box<dyn Read> = match is_compressed {
            true => Box::new(MultiGzDecoder::new(file)),
            false => Box::new(file),
        };
        let mut source = BufReader::with_capacity(1 << 16, source);
        let start = source
            .fill_buf()
            .map_err(|error| io_error_message(&error))?;
        let header = start
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        let ends_lines_with_crlf = header.ends_with(b"\r");
        let Some(delimiter) = delimiter_of(header) else {
            return match is_table_file(path) {
                true => {
                    Err("the first line must contain the columns `ProductId` and `SkuId`".into())
                }
                false => self.read_list(source).map(|()| None),
            };
        };
        let name = path
            .file_name()
            .map_or(name.to_owned(), |name| name.to_string_lossy().into_owned());
        self.builder
            .begin_file(&name)
            .map_err(|_| "too many catalogue files".to_owned())?;
        self.read_table(source, delimiter, ends_lines_with_crlf)?;
        Ok(self.builder.latest_end())
    }

    /// Reads a plain list of part numbers.
    fn read_list(&mut self, source: impl Read) -> Result<(), String> {
        let mut bytes = Vec::new();
        let mut limited = source.take(LIST_LIMIT + 1);
        limited
            .read_to_end(&mut bytes)
            .map_err(|error| io_error_message(&error))?;
        if bytes.len() as u64 > LIST_LIMIT {
            return Err("larger than 16 MiB, the maximum size of a list of part numbers".into());
        }
        let text = String::from_utf8(bytes).map_err(|_| NOT_UTF8.to_owned())?;
        self.builder.add_part_numbers(&text);
        Ok(())
    }

    /// Reads an offer matrix or a price sheet.
    fn read_table(
        &mut self,
        source: impl Read,
        delimiter: u8,
        ends_lines_with_crlf: bool,
    ) -> Result<(), String> {
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(source);
        let header = reader
            .byte_headers()
            .map_err(|error| csv_message(&error))?
            .clone();
        let has = |name: &str| index_of(&header, name).is_some();
        match has("TermDuration") || has("BillingPlan") {
            true => {
                let columns = columns_of(&header, "a price sheet", PRICE_COLUMNS)?;
                for_each_row(&mut reader, (columns, ends_lines_with_crlf), |line, row| {
                    self.builder.add_price(line, &PriceColumns::from(row))
                })
            }
            false => {
                let columns = columns_of(&header, "an offer matrix", OFFER_COLUMNS)?;
                for_each_row(&mut reader, (columns, ends_lines_with_crlf), |line, row| {
                    self.builder.add_offer(line, &OfferColumns::from(row))
                })
            }
        }
    }
}

/// Whether the name of a file says that it is a table.
fn is_table_file(path: &Path) -> bool {
    let name = path.to_string_lossy().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.ends_with(".csv") || name.ends_with(".tsv")
}

const NOT_UTF8: &str = "not UTF-8; save the file as UTF-8";

/// The delimiter of a table whose first line is this; `None` if it is not the header of a table from Partner Center.
fn delimiter_of(header: &[u8]) -> Option<u8> {
    let count = |byte: u8| header.iter().filter(|found| **found == byte).count();
    let delimiter = [b',', b'\t', b';']
        .into_iter()
        .max_by_key(|byte| count(*byte))?;
    let mut names = header.split(|byte| *byte == delimiter);
    let is_table = names.any(|name| {
        ["ProductId", "SkuId"]
            .iter()
            .any(|known| is_column(trimmed(name), known))
    });
    (is_table && count(delimiter) > 0).then_some(delimiter)
}

/// The name of a column without quotes, whitespace and byte order mark.
fn trimmed(name: &[u8]) -> &str {
    let name = std::str::from_utf8(name).unwrap_or_default();
    name.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\u{FEFF}')
}

fn index_of(header: &ByteRecord, name: &str) -> Option<usize> {
    header
        .iter()
        .position(|column| is_column(trimmed(column), name))
}

/// Whether a column has this name, without regard to case and spaces.
fn is_column(column: &str, name: &str) -> bool {
    let letters = column.chars().filter(|c| !c.is_whitespace());
    letters
        .map(|c| c.to_ascii_lowercase())
        .eq(name.chars().map(|c| c.to_ascii_lowercase()))
}

/// The indices of columns.
fn columns_of<const N: usize>(
    header: &ByteRecord,
    what: &str,
    names: [&str; N],
) -> Result<[usize; N], String> {
    let mut columns = [0; N];
    for (column, name) in columns.iter_mut().zip(names) {
        *column = index_of(header, name).ok_or_else(|| {
            format!(
                "the column `{name}` is missing; {what} has the columns {}",
                names.join(", ")
            )
        })?;
    }
    Ok(columns)
}

/// Calls `add` with the line and the columns of each row.
fn for_each_row<const N: usize>(
    reader: &mut csv::Reader<impl Read>,
    (columns, ends_lines_with_crlf): ([usize; N], bool),
    mut add: impl FnMut(u32, [&str; N]) -> Result<(), RowError>,
) -> Result<(), String> {
    let mut record = ByteRecord::new();
    while reader
        .read_byte_record(&mut record)
        .map_err(|error| csv_message(&error))?
    {
        // The reader ends a record at the carriage return and counts the line when it skips the line feed.
        let line = record.position().map_or(0, |position| position.line());
        let line = u32::try_from(line + u64::from(ends_lines_with_crlf)).unwrap_or(u32::MAX);
        let mut row = [""; N];
        for (text, column) in row.iter_mut().zip(columns) {
            let bytes = record.get(column).unwrap_or_default();
            *text = std::str::from_utf8(bytes).map_err(|_| format!("line {line}: {NOT_UTF8}"))?;
        }
        add(line, row).map_err(|error| match error {
            RowError::NotANumber => {
                format!("line {line}: `MinLicenses` and `MaxLicenses` must be numbers")
            }
            RowError::TooManyValues => {
                format!(
                    "line {line}: too many different terms, billing plans or segments for a price \
                     sheet"
                )
            }
        })?;
    }
    Ok(())
}

fn csv_message(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) => io_error_message(error),
        _ => error.to_string(),
    }
}

/// The files that a path or a glob names, sorted.
fn files_of(folder: &Path, path: &str) -> Result<Vec<PathBuf>, InputError> {
    let plain = folder.join(path);
    if !path.contains(['*', '?', '[', '{']) || plain.exists() {
        return Ok(vec![plain]);
    }
    let error = |message: String| InputError(format!("{path}: {message}"));
    let pattern = Pattern::new(path).map_err(|_| error("not a valid glob".into()))?;
    let mut found = Vec::new();
    // Only the folders that the fixed beginning of the glob leads to are searched.
    let fixed = path
        .split('/')
        .take_while(|part| !part.contains(['*', '?', '[', '{']));
    let start = fixed.fold(folder.to_owned(), |path, part| path.join(part));
    collect_files(&start, folder, &pattern, &mut found)
        .map_err(|failure| error(io_error_message(&failure)))?;
    found.sort();
    match found.is_empty() {
        true => Err(error("no file matches this pattern".into())),
        false => Ok(found),
    }
}

/// Adds the files in a folder that match, with those in its subfolders.
fn collect_files(
    start: &Path,
    folder: &Path,
    pattern: &Pattern,
    found: &mut Vec<PathBuf>,
) -> io::Result<()> {
    for entry in std::fs::read_dir(start)? {
        let path = entry?.path();
        if path.is_dir() {
            collect_files(&path, folder, pattern, found)?;
            continue;
        }
        let relative = path.strip_prefix(folder).unwrap_or(&path);
        if pattern.matches(&relative.to_string_lossy().replace('\\', "/")) {
            found.push(path);
        }
    }
    Ok(())
}
