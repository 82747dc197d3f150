//! Generates exports of any size for benchmarks: orders, certificates and qualifications in the formats of
//! the platforms.
//!
//! Each record depends only on the seed and its own number, so the same seed gives the same records in every
//! layout, and a longer export starts with the shorter one. Records are valid; `--faults` injects one fault
//! into a share of them. The other records are the same with and without faults.
//!
//! All names, addresses and numbers are invented. The domains are under `.com`, because the reserved domains for
//! examples are reported in an order; the number of the record makes it unlikely that one exists.

#![expect(
    clippy::disallowed_methods,
    reason = "a tool for benchmarks writes files"
)]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
Usage: generate (--records N | --bytes SIZE) [OPTIONS]

  --records N     write this many records
  --bytes SIZE    write as many records as reach this size; k, M and G are thousands,
                  Ki, Mi and Gi powers of 1024
  --kind KIND     order, certificate, qualification or mixed [default: order]
  --faults SHARE  damage this share of the records, in one place each, 0 to 1 [default: 0]
  --seed N        other records for each number [default: 1]
  --as FORM       lines: one record a line; array: one JSON array; envelope: a page of the
                  platform's list; files: one file a record, in a new folder [default: lines]
  --out PATH      the file or folder to write [default: standard output]
";

fn main() -> ExitCode {
    match Options::parse(std::env::args().skip(1))
        .and_then(|options| options.map_or(Ok(USAGE.to_owned()), |options| options.run()))
    {
        Ok(report) => {
            // An error of standard error itself cannot be reported.
            _ = io::stderr().write_all(report.as_bytes());
            ExitCode::SUCCESS
        }
        Err(Error::OutputClosed) => ExitCode::SUCCESS,
        Err(Error::Message(message)) => {
            _ = writeln!(io::stderr(), "{message}");
            ExitCode::from(2)
        }
    }
}

/// The reason why the export is incomplete.
enum Error {
    /// The reader of standard output closed it, which is not a failure.
    OutputClosed,
    /// A failure, described by a sentence.
    Message(String),
}

impl Error {
    /// The error of writing to a path, or to standard output if there is no path.
    fn writing(path: Option<&Path>, error: &io::Error) -> Self {
        match path {
            None if error.kind() == ErrorKind::BrokenPipe => Self::OutputClosed,
            None => Self::Message(format!("Standard output cannot be written: {error}.")),
            Some(path) => Self::Message(format!("{} cannot be written: {error}.", path.display())),
        }
    }

    /// An error in the arguments, followed by the usage.
    fn usage(message: &str) -> Self {
        Self::Message(format!("{message}\n\n{}", USAGE.trim_end()))
    }
}

// -------- command line

/// The kind of the records of an export.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Order,
    Certificate,
    Qualification,
    Mixed,
}

/// How the records of an export are combined.
#[derive(Clone, Copy, PartialEq)]
enum Layout {
    Lines,
    Array,
    Envelope,
    Files,
}

/// The size of an export.
#[derive(Clone, Copy)]
enum Length {
    Records(u64),
    Bytes(u64),
}

struct Options {
    kind: Kind,
    layout: Layout,
    length: Length,
    /// The share of records with a fault, from 0 to 1.
    faults: f64,
    seed: u64,
    out: Option<PathBuf>,
}

impl Options {
    const NAMES: [&str; 7] = [
        "--kind",
        "--as",
        "--records",
        "--bytes",
        "--faults",
        "--seed",
        "--out",
    ];

    /// Parses the arguments; returns `None` if they ask for help.
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Option<Self>, Error> {
        let mut options = Self {
            kind: Kind::Order,
            layout: Layout::Lines,
            length: Length::Records(0),
            faults: 0.0,
            seed: 1,
            out: None,
        };
        let mut has_length = false;
        while let Some(argument) = arguments.next() {
            if matches!(argument.as_str(), "-h" | "--help") {
                return Ok(None);
            }
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            if !Self::NAMES.contains(&name) {
                return Err(Error::usage(&format!("There is no option {argument}.")));
            }
            let Some(value) = value.or_else(|| arguments.next()) else {
                return Err(Error::usage(&format!("{name} needs a value.")));
            };
            if matches!(name, "--records" | "--bytes") && std::mem::replace(&mut has_length, true) {
                return Err(Error::usage("The length is given twice."));
            }
            options
                .set(name, &value)
                .ok_or_else(|| Error::usage(&format!("{name} cannot be {value}.")))?;
        }
        if !has_length {
            return Err(Error::usage(
                "The length is missing: give --records or --bytes.",
            ));
        }
        options.check_combination()?;
        Ok(Some(options))
    }

    /// Sets an option; returns `None` if the value is not valid for it.
    fn set(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "--kind" => {
                self.kind = match value {
                    "order" => Kind::Order,
                    "certificate" => Kind::Certificate,
                    "qualification" => Kind::Qualification,
                    "mixed" => Kind::Mixed,
                    _ => return None,
                }
            }
            "--as" => {
                self.layout = match value {
                    "lines" => Layout::Lines,
                    "array" => Layout::Array,
                    "envelope" => Layout::Envelope,
                    "files" => Layout::Files,
                    _ => return None,
                }
            }
            "--records" => self.length = Length::Records(value.parse().ok()?),
            "--bytes" => self.length = Length::Bytes(parse_size(value)?),
            "--faults" => {
                let share = value.parse().ok()?;
                self.faults = Some(share).filter(|share| (0.0..=1.0).contains(share))?;
            }
            "--seed" => self.seed = value.parse().ok()?,
            _ => self.out = Some(PathBuf::from(value)),
        }
        Some(())
    }

    /// Rejects options that do not go together.
    fn check_combination(&self) -> Result<(), Error> {
        if self.layout == Layout::Envelope && self.kind == Kind::Mixed {
            return Err(Error::usage(
                "An envelope is a page of one platform's list and holds one kind: give --kind.",
            ));
        }
        if self.layout == Layout::Files && self.out.is_none() {
            return Err(Error::usage("Files need a folder: give --out."));
        }
        Ok(())
    }

    /// Writes the export; returns a report on it.
    fn run(&self) -> Result<String, Error> {
        match self.layout {
            Layout::Files => self.write_files(),
            _ => self.write_stream(),
        }
    }

    fn records(&self) -> Records<'_> {
        Records {
            options: self,
            next: 0,
            text: String::new(),
            bytes: 0,
            faults: [0; FAULTS.len()],
        }
    }

    fn write_stream(&self) -> Result<String, Error> {
        let path = self.out.as_deref();
        let mut out = match path {
            Some(path) => BufferedOutput::new(Box::new(
                File::create(path).map_err(|error| Error::writing(Some(path), &error))?,
            )),
            None => BufferedOutput::new(Box::new(io::stdout())),
        };
        let (start, end) = match (self.layout, self.kind) {
            (Layout::Array, _) => ("[\n".to_owned(), "\n]\n".to_owned()),
            // An envelope may have its numbers before the list, so the records are counted first.
            (Layout::Envelope, kind) => envelope(kind, self.count()),
            _ => (String::new(), "\n".to_owned()),
        };
        let separator = if self.layout == Layout::Lines {
            "\n"
        } else {
            ",\n"
        };
        let mut records = self.records();
        let mut write = || -> io::Result<()> {
            out.push(&start)?;
            while let Some(text) = records.advance() {
                out.push(text)?;
                out.push(if records.has_next() { separator } else { "" })?;
            }
            if self.layout != Layout::Lines || records.next > 0 {
                out.push(&end)?;
            }
            out.flush()
        };
        write().map_err(|error| Error::writing(path, &error))?;
        Ok(records.report(out.bytes))
    }

    /// Writes one file for each record, named by its number, with ten thousand files in a folder.
    fn write_files(&self) -> Result<String, Error> {
        let root = self.out.as_deref().unwrap_or(Path::new("."));
        if fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(Error::Message(format!(
                "{} is not empty; files need a new folder.",
                root.display()
            )));
        }
        let (mut records, mut folder, mut bytes) = (self.records(), PathBuf::new(), 0);
        while let Some(text) = records.advance() {
            text.push('\n');
            bytes += text.len() as u64;
            let text = std::mem::take(text);
            let number = records.next - 1;
            if number % 10_000 == 0 {
                folder = root.join(format!("{:02}", number / 10_000));
                fs::create_dir_all(&folder)
                    .map_err(|error| Error::writing(Some(&folder), &error))?;
            }
            let path = folder.join(format!("{number:07}.json"));
            fs::write(&path, &text).map_err(|error| Error::writing(Some(&path), &error))?;
            records.text = text;
        }
        Ok(records.report(bytes))
    }

    /// The number of records; a length in bytes needs a pass over the records.
    fn count(&self) -> u64 {
        match self.length {
            Length::Records(count) => count,
            Length::Bytes(_) => {
                let mut records = self.records();
                while records.advance().is_some() {}
                records.next
            }
        }
    }
}

/// Parses `2G`, `1.5M` or `64Ki` as a number of bytes.
fn parse_size(text: &str) -> Option<u64> {
    let unit_start = text
        .find(|c: char| c != '.' && !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_start);
    let factor = match unit {
        "" | "B" => 1.0,
        "k" | "K" | "kB" => 1e3,
        "M" | "MB" => 1e6,
        "G" | "GB" => 1e9,
        "Ki" | "KiB" => 1024.0,
        "Mi" | "MiB" => 1024.0 * 1024.0,
        "Gi" | "GiB" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    let number: f64 = number.parse().ok()?;
    Some((number * factor) as u64)
}

/// The text before and after the records of a page that contains all records of the platform.
fn envelope(kind: Kind, count: u64) -> (String, String) {
    let page = format!("\"pagination\":{{\"offset\":0,\"limit\":{count},\"total\":{count}}}");
    match kind {
        Kind::Certificate => (
            format!("{{\"$meta\":{{{page}}},\"data\":[\n"),
            "\n]}\n".to_owned(),
        ),
        Kind::Qualification => (
            format!("{{\"totalCount\":{count},\"items\":[\n"),
            "\n]}\n".to_owned(),
        ),
        Kind::Order | Kind::Mixed => ("{\"data\":[\n".to_owned(), format!("\n],{page}}}\n")),
    }
}

/// An output that combines small writes into large ones and counts the bytes.
struct BufferedOutput {
    out: Box<dyn Write>,
    buffer: Vec<u8>,
    /// The number of bytes written to `out`.
    bytes: u64,
}

impl BufferedOutput {
    /// The size in bytes from which the buffer is written.
    const CAPACITY: usize = 1 << 18;

    fn new(out: Box<dyn Write>) -> Self {
        Self {
            out,
            buffer: Vec::with_capacity(Self::CAPACITY + (1 << 14)),
            bytes: 0,
        }
    }

    fn push(&mut self, text: &str) -> io::Result<()> {
        self.buffer.extend_from_slice(text.as_bytes());
        if self.buffer.len() >= Self::CAPACITY {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.bytes += self.buffer.len() as u64;
        self.buffer.clear();
        self.out.flush()
    }
}

/// The records of an export, generated one at a time into the same buffer.
struct Records<'a> {
    options: &'a Options,
    /// The number of the next record.
    next: u64,
    text: String,
    /// The length of the records so far, with a line end for each.
    bytes: u64,
    /// The number of records with each fault.
    faults: [u64; FAULTS.len()],
}

impl Records<'_> {
    fn has_next(&self) -> bool {
        match self.options.length {
            Length::Records(count) => self.next < count,
            Length::Bytes(limit) => self.bytes < limit,
        }
    }

    /// Generates the next record; the caller may take the text out of the buffer.
    fn advance(&mut self) -> Option<&mut String> {
        if !self.has_next() {
            return None;
        }
        let (seed, number) = (self.options.seed, self.next);
        self.text.clear();
        let mut random = Random::new(seed, number);
        let kind = match self.options.kind {
            Kind::Mixed => random.pick(&[Kind::Order, Kind::Certificate, Kind::Qualification]),
            kind => kind,
        };
        let json = &mut JsonWriter(&mut self.text);
        match kind {
            Kind::Certificate => write_certificate(json, number, &mut random),
            Kind::Qualification => write_qualification(json, &mut random),
            Kind::Order | Kind::Mixed => write_order(json, number, &mut random),
        }
        if self.options.faults > 0.0 {
            // A generator of its own, so that faults do not change the other records.
            let mut random = Random::new(!seed, number);
            if random.fraction() < self.options.faults {
                self.faults[inject_fault(&mut self.text, &mut random)] += 1;
            }
        }
        self.next += 1;
        self.bytes += self.text.len() as u64 + 1;
        Some(&mut self.text)
    }

    fn report(&self, bytes: u64) -> String {
        let faulty: u64 = self.faults.iter().sum();
        let mut report = format!(
            "{} records in {bytes} bytes, {faulty} of them with a fault.\n",
            self.next
        );
        for ((name, _), count) in FAULTS
            .iter()
            .zip(self.faults)
            .filter(|(_, count)| *count > 0)
        {
            _ = writeln!(report, "{count:>9}  {name}");
        }
        report
    }
}

// -------- random numbers, JSON

/// A pseudo-random number generator (SplitMix64) seeded by the seed and the record's number.
struct Random(u64);

impl Random {
    fn new(seed: u64, number: u64) -> Self {
        let mut random = Self(seed ^ number.wrapping_mul(0xd1b5_4a32_d192_ed03));
        Self(random.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not including, `end`.
    fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// A number from `first` to `last`, both included.
    fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    /// Returns true with a probability of `chance` percent.
    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// A number from 0 up to, but not including, 1.
    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// Appends JSON to a buffer; a comma is added where the text before needs one.
struct JsonWriter<'a>(&'a mut String);

impl JsonWriter<'_> {
    fn comma(&mut self) {
        if !matches!(self.0.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push(',');
        }
    }

    /// Writes the name of a property; its value follows.
    fn property(&mut self, name: &str) -> &mut Self {
        self.comma();
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
        self
    }

    /// Writes a string whose content is already escaped.
    fn string(&mut self, content: &str) {
        self.string_with(|text| text.push_str(content));
    }

    /// Writes a string whose content `write` appends, already escaped.
    fn string_with(&mut self, write: impl FnOnce(&mut String)) {
        self.comma();
        self.0.push('"');
        write(self.0);
        self.0.push('"');
    }

    /// Writes a number or literal as it is.
    fn literal(&mut self, token: &str) {
        self.comma();
        self.0.push_str(token);
    }

    fn boolean(&mut self, value: bool) {
        self.literal(if value { "true" } else { "false" });
    }

    fn number(&mut self, number: u64) {
        self.comma();
        push_number(self.0, number, 1);
    }

    fn object(&mut self, write_properties: impl FnOnce(&mut Self)) {
        self.comma();
        self.0.push('{');
        write_properties(self);
        self.0.push('}');
    }

    fn array(&mut self, write_elements: impl FnOnce(&mut Self)) {
        self.comma();
        self.0.push('[');
        write_elements(self);
        self.0.push(']');
    }
}

/// Appends a number with at least `width` digits.
fn push_number(text: &mut String, mut number: u64, width: usize) {
    let mut buffer = [b'0'; 20];
    let mut start = buffer.len();
    while number > 0 || buffer.len() - start < width {
        start -= 1;
        buffer[start] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    buffer[start..]
        .iter()
        .for_each(|digit| text.push(char::from(*digit)));
}

/// Appends a pattern in which each `#` becomes a digit, each `^` a digit above 1, and each `@` a letter of a
/// Canadian postal code.
fn push_pattern(text: &mut String, pattern: &str, random: &mut Random) {
    for c in pattern.chars() {
        text.push(match c {
            '#' => char::from(b'0' + random.below(10) as u8),
            '^' => char::from(b'2' + random.below(8) as u8),
            '@' => char::from(random.pick(b"ABCEGHJKLMNPRSTVXY")),
            c => c,
        });
    }
}

/// Appends a GUID of version 4.
fn push_guid(text: &mut String, random: &mut Random) {
    let bits = u128::from(random.next()) << 64 | u128::from(random.next());
    for index in 0..32 {
        if matches!(index, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        let nibble = match index {
            12 => 4,
            16 => 8 | (bits >> (124 - 4 * index) & 3) as u8,
            _ => (bits >> (124 - 4 * index) & 15) as u8,
        };
        text.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
    }
}

/// Appends an id of the SoftwareOne platform: a prefix and groups of four digits.
fn push_platform_id(text: &mut String, prefix: &str, number: u64, groups: u32) {
    text.push_str(prefix);
    for group in (0..groups).rev() {
        text.push('-');
        push_number(text, number / 10_000_u64.pow(group) % 10_000, 4);
    }
}

/// Appends a date as YYYY-MM-DD in the given year.
fn push_date(text: &mut String, year: u64, random: &mut Random) {
    push_number(text, year, 4);
    text.push('-');
    push_number(text, random.between(1, 12), 2);
    text.push('-');
    push_number(text, random.between(1, 28), 2);
}

/// Appends an RFC 3339 timestamp in UTC with `fraction` digits of a second.
///
/// With seven digits the offset is numeric, as the service writes it.
fn push_timestamp(text: &mut String, year: u64, fraction: usize, random: &mut Random) {
    push_date(text, year, random);
    for (separator, end) in [('T', 24), (':', 60), (':', 60)] {
        text.push(separator);
        push_number(text, random.below(end), 2);
    }
    text.push('.');
    push_number(text, random.below(10_u64.pow(fraction as u32)), fraction);
    text.push_str(if fraction == 7 { "+00:00" } else { "Z" });
}

/// Maps the numbers below `end`, a power of ten, one to one to scattered numbers below `end`.
fn scatter(number: u64, end: u64) -> u64 {
    ((u128::from(number) * 786_433_279_241 + 417_733) % u128::from(end)) as u64
}

// -------- invented names

const FIRST_WORDS: &[&str] = &[
    "Alder",
    "Amber",
    "Aspen",
    "Birch",
    "Bluebell",
    "Bracken",
    "Cedar",
    "Clover",
    "Copper",
    "Coral",
    "Crimson",
    "Drift",
    "Ember",
    "Fern",
    "Flint",
    "Foxglove",
    "Granite",
    "Harbor",
    "Hazel",
    "Heron",
    "Indigo",
    "Ivory",
    "Juniper",
    "Kestrel",
    "Lantern",
    "Linden",
    "Maple",
    "Marlow",
    "Meadow",
    "Northgale",
    "Oakridge",
    "Opal",
    "Otter",
    "Pebble",
    "Quarry",
    "Raven",
    "Saffron",
    "Sable",
    "Thistle",
    "Willow",
];
const SECOND_WORDS: &[&str] = &[
    "Arch", "Barn", "Bay", "Bend", "Bridge", "Brook", "Cove", "Creek", "Dale", "Falls", "Field",
    "Ford", "Forge", "Gate", "Glen", "Grove", "Hill", "Hollow", "Lake", "Lane", "Mill", "Moor",
    "Point", "Reef", "Ridge", "Row", "Shore", "Spring", "Trail", "Vale",
];
const BUSINESSES: &[&str] = &[
    "Bakery",
    "Boatworks",
    "Books",
    "Brewing",
    "Charters",
    "Clinic",
    "Construction Services",
    "Dairy",
    "Dental Care",
    "Engineering",
    "Farms",
    "Film Studio",
    "Freight",
    "Gardens",
    "Glassworks",
    "Historical Society and Museum",
    "Joinery",
    "Kayaks",
    "Legal Partners",
    "Machine Tools",
    "Metering",
    "Optics",
    "Orchards",
    "Physiotherapy",
    "Print Works",
    "Robotics",
    "Surveying",
    "Teas",
    "Textiles",
    "Veterinary Practice",
    "Wind Power",
    "Workshop",
];
/// Company names in other languages or with escapes, each with its domain label.
const OTHER_COMPANIES: &[(&str, &str)] = &[
    ("Königsbrunn Werkzeugbau", "koenigsbrunnwerkzeug"),
    ("Boulangerie de la Forêt", "boulangerieforet"),
    ("Padaria Serra Dourada", "padariaserradourada"),
    ("Zakłady Świt", "zakladyswit"),
    ("Talleres Peña Ñandú", "tallerespena"),
    ("青葉精密工業", "aobaseimitsu"),
    ("Smørrebrød \\u0026 Kaffe", "smorrebrodkaffe"),
    ("The \\\"Old Quay\\\" Inn", "oldquayinn"),
    ("Fjällräv Kläder", "fjallravklader"),
    ("O'Malley's Tackle & Bait", "omalleystackle"),
    ("3 Pines Surveying", "3pinessurveying"),
    ("M\\u00fchlbach Orgelbau", "muehlbachorgelbau"),
];
const GIVEN_NAMES: &[&str] = &[
    "Aiko", "Amara", "Anneke", "Arjun", "Beatriz", "Bram", "Clara", "Dario", "Elif", "Emil",
    "Farah", "Felix", "Grace", "Hannah", "Ines", "Ingrid", "Jonas", "Kavya", "Lena", "Leo",
    "Marcus", "Mei", "Milan", "Nadia", "Noor", "Oscar", "Petra", "Priya", "Rafael", "Runa",
    "Samir", "Sofia", "Tariq", "Tomasz", "Uma", "Viktor", "Wanda", "Yara", "Zofia", "Zuri",
];
const FAMILY_NAMES: &[&str] = &[
    "Abendroth",
    "Ashdown",
    "Birkeland",
    "Brandt",
    "Castellan",
    "Conceição",
    "Dunmore",
    "Eklund",
    "Farrow",
    "Fenwick",
    "Grünwald",
    "Hartwell",
    "Holloway",
    "Ibarra",
    "Jankowska",
    "Kestemont",
    "Kowal",
    "Lindqvist",
    "Marchetti",
    "Marlowe",
    "Nakagawa",
    "Norwood",
    "O'Riordan",
    "Okafor",
    "Pemberton",
    "Quillon",
    "Ravensworth",
    "Sandoval",
    "Solberg",
    "St. Clair",
    "Subramaniam",
    "Tanaka",
    "Thorne",
    "Usher",
    "van den Akker",
    "Vasquez",
    "Whitlock",
    "Winterbourne",
    "Yilmaz",
    "Zeller",
];
const STREETS: &[&str] = &[
    "Alder Street",
    "Commerce Street",
    "Foundry Road",
    "Granary Lane",
    "Harbour View",
    "High Street",
    "Kiln Road",
    "Market Square",
    "Mill Lane",
    "Old Station Road",
    "Orchard Avenue",
    "Quay Street",
    "Ropewalk",
    "Tannery Row",
    "Wharf Street",
    "Windmill Hill",
];
/// The country, state and name of a city, and the patterns of its postal codes and telephone numbers.
type City = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);
const CITIES: &[City] = &[
    ("US", "OR", "Portland", "972##", "(503) 555-01##"),
    ("US", "NY", "Rochester", "146##", "(585) 555-01##"),
    ("US", "TX", "Austin", "787##-####", "512 555 01##"),
    ("US", "OH", "Columbus", "432##", "614-555-01##"),
    ("US", "CO", "Boulder", "803##", "(303) 555-01##"),
    ("US", "GA", "Savannah", "314##", "(912) 555-01##"),
    ("US", "ME", "Bangor", "044##", "207.555.01##"),
    ("US", "WA", "Tacoma", "984##", "(253) 555-01##"),
    ("CA", "BC", "Victoria", "V#@ #@#", "(250) 555-01##"),
    ("CA", "QC", "Trois-Rivières", "G#@ #@#", "+1 819 555 01##"),
    ("CA", "ON", "Kingston", "K#@ #@#", "(613) 555-01##"),
    ("GB", "", "Norwich", "NR# #AB", "+44 1603 4960##"),
    ("DE", "", "Regensburg", "930##", "+49 941 5550#"),
    ("DE", "Bayern", "Kempten (Allgäu)", "874##", "0831 555 01##"),
    ("FR", "", "Angers", "490##", "+33 2 41 55 01 ##"),
    ("NL", "", "Deventer", "741# AB", "+31 570 555 0##"),
    ("SE", "", "Göteborg", "41# ##", "+46 31 555 01 ##"),
    ("ES", "Navarra", "Pamplona", "310##", "+34 948 55 01 ##"),
    ("BR", "SP", "São Carlos", "13560-0##", "+55 16 5550-01##"),
    (
        "IN",
        "Tamil Nadu",
        "Udhagamandalam",
        "6430##",
        "+91 423 555 01##",
    ),
    ("PL", "", "Toruń", "87-1##", "+48 56 555 01 ##"),
    ("AU", "TAS", "Launceston", "72##", "+61 3 5550 01##"),
    ("JP", "", "札幌市", "060-00##", "+81 11 555 01##"),
];

/// Microsoft part numbers of the New Commerce Experience.
const PARTS: &[&str] = &[
    "CFQ7TTC0LA01:0001",
    "CFQ7TTC0LA01:0002",
    "CFQ7TTC0LB17:0001",
    "CFQ7TTC0LB17:000G",
    "CFQ7TTC0LC42:0001",
    "CFQ7TTC0LC42:0003",
    "CFQ7TTC0LD58:0001",
    "CFQ7TTC0LD58:0002",
    "CFQ7TTC0LE63:0001",
    "CFQ7TTC0LF29:0001",
    "CFQ7TTC0LF29:0005",
    "CFQ7TTC0LG80:0001",
    "CFQ7TTC0LH94:0001",
    "CFQ7TTC0LH94:0002",
    "CFQ7TTC0LJ35:0001",
    "CFQ7TTC0LK71:0009",
    "CFQ7TTC0LL16:0001",
    "CFQ7TTC0LM52:0004",
    "DG7GMGF0D5RK:0001",
    "DG7GMGF0D5RK:0005",
    "DG7GMGF0FKX9:0002",
];
/// Part numbers of other vendors, which need no parameters.
const OTHER_PARTS: &[&str] = &[
    "NGS-SAFE-ADV_ANNUAL",
    "BDR-MAIL-STD_MONTHLY",
    "TAM-BACKUP-500GB",
    "QLN-SIGN-PRO",
];

/// The company that a record is about.
struct Company {
    name: String,
    /// The first label of its domains, unique to the record.
    label: String,
}

impl Company {
    fn new(number: u64, random: &mut Random) -> Self {
        let (mut name, mut label) = (String::with_capacity(48), String::with_capacity(32));
        if random.percent(8) {
            let (other, other_label) = random.pick(OTHER_COMPANIES);
            name.push_str(other);
            label.push_str(other_label);
        } else {
            let (first, second) = (random.pick(FIRST_WORDS), random.pick(SECOND_WORDS));
            for part in [first, " ", second, " ", random.pick(BUSINESSES)] {
                name.push_str(part);
            }
            label.push_str(first);
            label.push_str(second);
            label.make_ascii_lowercase();
        }
        push_number(&mut label, number, 3);
        Self { name, label }
    }
}

// -------- orders

/// The tenant that a sale is for, and how the order identifies it.
#[derive(Clone, Copy, PartialEq)]
enum Tenant {
    New,
    ById,
    ByDomain,
    ByOwnDomain,
}

impl Tenant {
    fn pick(random: &mut Random) -> Self {
        match random.below(10) {
            0..8 => Self::New,
            8 => Self::ById,
            9 if random.percent(50) => Self::ByDomain,
            _ => Self::ByOwnDomain,
        }
    }
}

/// What follows the first label of a company in its domain.
const DOMAIN_ENDING: &str = ".com";

/// The values that all lines of a sale share.
struct Sale {
    company: Company,
    tenant: Tenant,
    tenant_id: String,
    /// Whether the lines contain the acceptance of the customer agreement.
    has_agreement: bool,
    /// Whether the lines contain the address of the customer.
    has_address: bool,
    is_state_owned: bool,
    given_name: &'static str,
    family_name: &'static str,
    agreement_date: String,
    city: City,
    street: String,
    postal_code: String,
    phone: Option<String>,
    /// The registration number of the company, in the countries that require one.
    tax_id: Option<String>,
}

/// A string with the content that `write` appends.
fn string_from(write: impl FnOnce(&mut String)) -> String {
    let mut text = String::with_capacity(40);
    write(&mut text);
    text
}

impl Sale {
    fn new(number: u64, random: &mut Random) -> Self {
        let company = Company::new(number, random);
        let tenant = Tenant::pick(random);
        let is_new = tenant == Tenant::New;
        let city = random.pick(CITIES);
        let requires_registration = matches!(city.0, "BR" | "IN" | "PL");
        Self {
            company,
            tenant,
            tenant_id: string_from(|text| push_guid(text, random)),
            has_agreement: is_new || random.percent(40),
            has_address: is_new && random.percent(90),
            is_state_owned: random.percent(8),
            given_name: random.pick(GIVEN_NAMES),
            family_name: random.pick(FAMILY_NAMES),
            agreement_date: string_from(|text| {
                push_number(text, random.between(1, 12), 2);
                text.push('-');
                push_number(text, random.between(1, 28), 2);
                text.push('-');
                push_number(text, random.between(2024, 2025), 4);
            }),
            city,
            street: string_from(|text| {
                push_number(text, random.between(1, 899), 1);
                text.push(' ');
                text.push_str(random.pick(STREETS));
                if random.percent(20) {
                    push_pattern(text, ", Suite ^0#", random);
                }
            }),
            postal_code: string_from(|text| push_pattern(text, city.3, random)),
            // Some countries require a telephone number; most orders for the others have one too.
            phone: (requires_registration || random.percent(90))
                .then(|| string_from(|text| push_pattern(text, city.4, random))),
            tax_id: requires_registration
                .then(|| string_from(|text| push_pattern(text, "^#########", random))),
        }
    }

    /// Appends an e-mail address at the domain of the company, which is ASCII.
    fn push_email(&self, text: &mut String, mailbox: &str) {
        let start = text.len();
        text.push_str(mailbox);
        text[start..].make_ascii_lowercase();
        text.push('@');
        text.push_str(&self.company.label);
        text.push_str(DOMAIN_ENDING);
    }

    /// Writes the parameters of a line, in the order of the platform's documentation.
    fn write_parameters(&self, json: &mut JsonWriter, is_attested: bool) {
        self.write_tenant(json);
        if self.has_agreement {
            self.write_agreement(json);
        }
        if self.has_address {
            self.write_address(json);
        }
        if self.has_address || self.is_state_owned {
            let value = if self.is_state_owned { "soe" } else { "None" };
            write_parameter(json, "special_qualifications", value);
        }
        write_attestation(json, "offer_attestation", is_attested);
    }

    fn write_tenant(&self, json: &mut JsonWriter) {
        let is_new = self.tenant == Tenant::New;
        let preference = if is_new { "new" } else { "existing" };
        write_parameter(json, "tenant_preference", preference);
        write_attestation(json, "partner_on_record_attestation_accepted", true);
        if self.tenant == Tenant::ById {
            write_parameter(json, "microsoft_tenant_id", &self.tenant_id);
            return;
        }
        write_parameter_with(json, "microsoft_domain", |text| {
            text.push_str(&self.company.label);
            text.push_str(if self.tenant == Tenant::ByOwnDomain {
                DOMAIN_ENDING
            } else {
                ".onmicrosoft.com"
            });
        });
    }

    fn write_agreement(&self, json: &mut JsonWriter) {
        write_parameter(json, "mca_acceptance", "yes");
        write_parameter(json, "agreement_date", &self.agreement_date);
        write_parameter(json, "first_name_agreement", self.given_name);
        write_parameter(json, "last_name_agreement", self.family_name);
        write_parameter_with(json, "email_address_agreement", |text| {
            self.push_email(text, self.given_name)
        });
    }

    fn write_address(&self, json: &mut JsonWriter) {
        let (country, state, city, ..) = self.city;
        write_parameter(json, "effective_address", &self.street);
        write_parameter(json, "effective_city", city);
        if !state.is_empty() {
            write_parameter(json, "effective_state", state);
        }
        write_parameter(json, "effective_postal_code", &self.postal_code);
        write_parameter(json, "effective_country", country);
        if let Some(phone) = &self.phone {
            write_parameter(json, "effective_phonenumber", phone);
        }
        write_parameter(json, "customer_company_name", &self.company.name);
        write_parameter_with(json, "customer_email", |text| {
            self.push_email(text, "office")
        });
        if let Some(tax_id) = &self.tax_id {
            write_parameter(json, "customer_tax_id", tax_id);
        }
    }
}

/// Writes a parameter with a string as its value.
fn write_parameter(json: &mut JsonWriter, name: &str, value: &str) {
    write_parameter_with(json, name, |text| text.push_str(value));
}

/// Writes a parameter whose value is the string that `write_value` appends.
fn write_parameter_with(json: &mut JsonWriter, name: &str, write_value: impl FnOnce(&mut String)) {
    json.object(|parameter| {
        parameter.property("name").string(name);
        parameter.property("value").string_with(write_value);
    });
}

/// Writes a parameter that is an attestation.
fn write_attestation(json: &mut JsonWriter, name: &str, is_accepted: bool) {
    json.object(|parameter| {
        parameter.property("name").string(name);
        parameter.property("structured_value").object(|value| {
            value.property("attestation_accepted").boolean(is_accepted);
        });
    });
}

fn write_period(json: &mut JsonWriter, unit: &str, duration: u64) {
    json.object(|period| {
        period.property("type").string(unit);
        period.property("duration").number(duration);
    });
}

/// Writes the property `subscriptionId`.
fn write_subscription_id(json: &mut JsonWriter, random: &mut Random) {
    json.property("subscriptionId")
        .string_with(|text| push_pattern(text, "10^####", random));
}

/// Writes an order as a reseller sends it: a sale in most cases, otherwise a change, renewal or cancellation.
fn write_order(json: &mut JsonWriter, number: u64, random: &mut Random) {
    let action = match random.below(100) {
        0..88 => "sales",
        88..95 => "change",
        95..98 => "renewal",
        _ => "cancellation",
    };
    json.object(|order| {
        order.property("customerId").string_with(|text| {
            text.push('1');
            push_number(text, scatter(number, 1_000_000_000), 9);
        });
        order.property("type").string(action);
        if random.percent(if action == "sales" { 85 } else { 40 }) {
            order
                .property("poNumber")
                .string_with(|text| push_pattern(text, "PO-^####", random));
        }
        match action {
            "sales" => write_sale(order, number, random),
            "change" => write_change(order, random),
            _ => {
                write_subscription_id(order, random);
                if action == "renewal" {
                    order.property("subscriptionPeriod");
                    write_period(order, "year", 1);
                }
            }
        }
    });
}

/// Writes the remaining properties of an order that creates subscriptions.
fn write_sale(order: &mut JsonWriter, number: u64, random: &mut Random) {
    let sale = Sale::new(number, random);
    let (term, duration) = random.pick(&[
        ("month", 1),
        ("year", 1),
        ("year", 1),
        ("year", 1),
        ("year", 3),
    ]);
    let is_term_on_lines = random.percent(10);
    if !is_term_on_lines {
        order.property("subscriptionPeriod");
        write_period(order, term, duration);
    }
    let count = random.pick(&[1, 1, 1, 1, 1, 2, 2, 2, 3, 3]);
    let first_part = random.below(PARTS.len() as u64) as usize;
    order.property("products").array(|products| {
        for index in 0..count {
            products.object(|line| {
                if index > 0 && random.percent(15) {
                    line.property("mpn").string(random.pick(OTHER_PARTS));
                    line.property("quantity").number(random.between(1, 40));
                    return;
                }
                // This step gives each line another part.
                line.property("mpn")
                    .string(PARTS[(first_part + 4 * index) % PARTS.len()]);
                line.property("quantity").number(random.between(1, 250));
                line.property("billingPeriod");
                write_period(line, if random.percent(30) { term } else { "month" }, 1);
                if is_term_on_lines {
                    line.property("subscriptionPeriod");
                    write_period(line, term, duration);
                }
                let is_attested = random.percent(20);
                line.property("parameters")
                    .array(|parameters| sale.write_parameters(parameters, is_attested));
            });
        }
    });
}

/// Writes the remaining properties of an order that changes a subscription.
fn write_change(order: &mut JsonWriter, random: &mut Random) {
    let is_id_on_line = random.percent(25);
    if !is_id_on_line {
        write_subscription_id(order, random);
    }
    order.property("products").array(|products| {
        products.object(|line| {
            line.property("mpn").string(random.pick(PARTS));
            if is_id_on_line {
                write_subscription_id(line, random);
            }
            line.property("quantity").number(random.between(0, 250));
        });
    });
}

// -------- certificates

/// A program that certificates belong to, and its vendor.
#[derive(Clone, Copy)]
struct Program {
    number: u64,
    name: &'static str,
    vendor_number: u64,
    vendor_name: &'static str,
}

const PROGRAMS: &[Program] = &[
    Program {
        number: 4063_8120,
        name: "Northgale Growth Partner",
        vendor_number: 5508_2231,
        vendor_name: "Northgale Software",
    },
    Program {
        number: 5219_6604,
        name: "Northgale Security Specialist",
        vendor_number: 5508_2231,
        vendor_name: "Northgale Software",
    },
    Program {
        number: 7702_4419,
        name: "Tamarack Education Reseller",
        vendor_number: 6130_4478,
        vendor_name: "Tamarack Systems",
    },
    Program {
        number: 1180_3357,
        name: "Quillon Pilot",
        vendor_number: 2740_9913,
        vendor_name: "Quillon Cloud",
    },
    Program {
        number: 8345_0071,
        name: "Halden Public Sector",
        vendor_number: 9052_7731,
        vendor_name: "Halden Data",
    },
    Program {
        number: 2906_5518,
        name: "Brackenfield Solutions Partner",
        vendor_number: 3614_8860,
        vendor_name: "Brackenfield Networks",
    },
];

/// A collection of resources of the platform: its path, and the shape of the ids in it.
struct Collection {
    path: &'static str,
    id_prefix: &'static str,
    id_groups: u32,
}

impl Collection {
    const PROGRAMS: Self = Self::new("/v1/program/programs/", "PRG", 2);
    const ACCOUNTS: Self = Self::new("/v1/accounts/accounts/", "ACC", 2);
    const BUYERS: Self = Self::new("/v1/accounts/buyers/", "BUY", 2);
    const LICENSEES: Self = Self::new("/v1/accounts/licensees/", "LCE", 3);

    const fn new(path: &'static str, id_prefix: &'static str, id_groups: u32) -> Self {
        Self {
            path,
            id_prefix,
            id_groups,
        }
    }
}

/// The definition of a certificate's parameter in its program.
struct ParameterDefinition {
    position: u64,
    external_id: &'static str,
    name: &'static str,
    value_type: &'static str,
}

impl ParameterDefinition {
    const TENANT_ID: Self = Self {
        position: 1,
        external_id: "tenant_id",
        name: "Tenant",
        value_type: "SingleLineText",
    };
    const CONTACT: Self = Self {
        position: 2,
        external_id: "contact",
        name: "Contact for the program",
        value_type: "Email",
    };
    const PARTNER_NUMBER: Self = Self {
        position: 4,
        external_id: "partner_number",
        name: "Partner number",
        value_type: "SingleLineText",
    };
    const MEMBER_SINCE: Self = Self {
        position: 7,
        external_id: "member_since",
        name: "Member since",
        value_type: "Date",
    };
}

const NOTES: &[&str] = &[
    "Approved after the yearly review.",
    "The vendor asked for a second signature, which came on paper.",
    "Extended for one more year at the partner's wish.",
    "Checked by hand.",
];

/// Writes a certificate as the platform returns it.
fn write_certificate(json: &mut JsonWriter, number: u64, random: &mut Random) {
    let status = random.pick(&[
        "Active",
        "Active",
        "Active",
        "Active",
        "Active",
        "Pending",
        "Updating",
        "Expired",
        "Expired",
        "Terminated",
    ]);
    let mut id = String::with_capacity(20);
    push_platform_id(&mut id, "CER", scatter(number, 1_000_000_000_000), 3);
    let company = Company::new(number, random);
    let program = random.pick(PROGRAMS);
    json.object(|json| {
        json.property("id").string(&id);
        if random.percent(8) {
            // A projection: the caller selected some properties.
            json.property("name").string(&company.name);
            json.property("status").string(status);
            return;
        }
        let certificate = Certificate {
            id,
            company,
            program,
            status,
            is_full: random.percent(75),
        };
        certificate.write_name_and_program(json, random);
        certificate.write_client(json, random);
        certificate.write_scope(json, random);
        certificate.write_eligibility_and_external_ids(json, random);
        certificate.write_status(json, random);
        if certificate.is_full {
            certificate.write_template(json, random);
        }
        certificate.write_parameters(json, random);
        if certificate.is_full {
            certificate.write_audit(json, random);
        }
    });
}

/// The values that several properties of a certificate depend on.
struct Certificate {
    id: String,
    company: Company,
    program: Program,
    status: &'static str,
    /// Whether the certificate has the optional properties.
    is_full: bool,
}

impl Certificate {
    fn write_name_and_program(&self, json: &mut JsonWriter, random: &mut Random) {
        let program = self.program;
        json.property("href").string_with(|text| {
            text.push_str("/v1/program/certificates/");
            text.push_str(&self.id);
        });
        json.property("name").string_with(|text| {
            for part in [program.name, ", ", &self.company.name] {
                text.push_str(part);
            }
        });
        json.property("revision").number(random.between(1, 40));
        json.property("program").object(|reference| {
            write_reference(
                reference,
                &Collection::PROGRAMS,
                program.number,
                program.name,
            );
            if self.is_full {
                reference.property("status").string("Published");
            }
        });
        if self.is_full {
            json.property("vendor").object(|reference| {
                write_reference(
                    reference,
                    &Collection::ACCOUNTS,
                    program.vendor_number,
                    program.vendor_name,
                );
                reference.property("type").string("Vendor");
                reference.property("status").string("Enabled");
            });
        }
    }

    fn write_client(&self, json: &mut JsonWriter, random: &mut Random) {
        json.property("client").object(|reference| {
            let number = random.below(100_000_000);
            write_reference(reference, &Collection::ACCOUNTS, number, &self.company.name);
            if self.is_full {
                reference.property("icon").string_with(|text| {
                    push_platform_id(text, "/v1/accounts/accounts/ACC", number, 2);
                    text.push_str("/icon");
                });
            }
        });
    }

    /// Writes the scope of the certificate, and the buyer or licensee that it applies to.
    fn write_scope(&self, json: &mut JsonWriter, random: &mut Random) {
        let is_buyer = random.percent(40);
        let (scope, property, collection) = if is_buyer {
            ("Buyer", "buyer", &Collection::BUYERS)
        } else {
            ("Licensee", "licensee", &Collection::LICENSEES)
        };
        json.property("applicableTo").string(scope);
        json.property(property).object(|reference| {
            let number = random.below(1_000_000_000_000);
            write_reference(reference, collection, number, &self.company.name);
            if !is_buyer && self.is_full {
                reference
                    .property("externalId")
                    .string_with(|text| push_pattern(text, "WW-CON-4#######", random));
            }
        });
    }

    fn write_eligibility_and_external_ids(&self, json: &mut JsonWriter, random: &mut Random) {
        json.property("eligibility").object(|eligibility| {
            eligibility.property("client").boolean(random.percent(70));
            eligibility.property("partner").boolean(random.percent(50));
        });
        json.property("externalIds").object(|ids| {
            ids.property("vendor")
                .string_with(|text| push_pattern(text, "NGS-4####", random));
            if self.is_full {
                ids.property("client")
                    .string_with(|text| push_pattern(text, "REF-202^-####", random));
                ids.property("operations")
                    .string_with(|text| push_pattern(text, "OPS-^####", random));
            }
        });
    }

    fn write_status(&self, json: &mut JsonWriter, random: &mut Random) {
        json.property("status").string(self.status);
        if random.percent(20) {
            json.property("statusNotes").string(random.pick(NOTES));
        }
        match self.status {
            "Pending" => json.property("expirationDate").literal("null"),
            _ => json.property("expirationDate").string_with(|text| {
                // The date is so far away that the status is right on any day of the next years.
                let year = if self.status == "Active" {
                    random.between(2031, 2038)
                } else {
                    random.between(2022, 2025)
                };
                push_date(text, year, random);
                if random.percent(25) {
                    text.push_str("T23:59:59Z");
                }
            }),
        }
    }

    fn write_template(&self, json: &mut JsonWriter, random: &mut Random) {
        json.property("template").object(|template| {
            let number = self.program.number * 10_000 + random.between(1, 9);
            template
                .property("id")
                .string_with(|text| push_platform_id(text, "PTM", number, 3));
            template.property("href").string_with(|text| {
                push_platform_id(text, "/v1/program/programs/PRG", self.program.number, 2);
                push_platform_id(text, "/templates/PTM", number, 3);
            });
            template.property("name").string("Enrollment notice");
        });
    }

    fn write_parameters(&self, json: &mut JsonWriter, random: &mut Random) {
        json.property("parameters").object(|phases| {
            let tenant_id = string_from(|text| push_guid(text, random));
            phases.property("ordering").array(|parameters| {
                self.write_parameter(parameters, &ParameterDefinition::TENANT_ID, |text| {
                    text.push_str(&tenant_id)
                });
                if self.is_full {
                    self.write_parameter(parameters, &ParameterDefinition::CONTACT, |text| {
                        for part in ["licensing@", &self.company.label, DOMAIN_ENDING] {
                            text.push_str(part);
                        }
                    });
                }
                self.write_parameter(parameters, &ParameterDefinition::PARTNER_NUMBER, |text| {
                    push_pattern(text, "60######", random)
                });
            });
            phases.property("fulfillment").array(|parameters| {
                if self.is_full && self.status != "Pending" {
                    self.write_parameter(parameters, &ParameterDefinition::MEMBER_SINCE, |text| {
                        let year = random.between(2016, 2020);
                        push_date(text, year, random);
                    });
                }
            });
        });
    }

    /// Writes a parameter; a full certificate repeats the definition in it.
    fn write_parameter(
        &self,
        json: &mut JsonWriter,
        definition: &ParameterDefinition,
        write_value: impl FnOnce(&mut String),
    ) {
        let position = definition.position;
        json.object(|parameter| {
            let number = self.program.number * 10_000 + position;
            parameter
                .property("id")
                .string_with(|text| push_platform_id(text, "PAR", number, 3));
            parameter
                .property("externalId")
                .string(definition.external_id);
            if self.is_full {
                parameter.property("name").string(definition.name);
                parameter.property("type").string(definition.value_type);
                parameter.property("constraints").object(|constraints| {
                    constraints.property("readonly").boolean(false);
                    constraints.property("hidden").boolean(position == 7);
                    constraints.property("required").boolean(position != 7);
                    constraints.property("unique").boolean(position == 1);
                });
            }
            parameter.property("value").string_with(write_value);
        });
    }

    fn write_audit(&self, json: &mut JsonWriter, random: &mut Random) {
        json.property("audit").object(|audit| {
            write_event(audit, "created", 2021, random);
            write_event(audit, "updated", 2022, random);
            if self.status == "Terminated" {
                write_event(audit, "terminated", 2022, random);
            }
        });
    }
}

/// Writes the properties of a reference to a resource of the platform.
fn write_reference(json: &mut JsonWriter, collection: &Collection, number: u64, name: &str) {
    let push_id = |text: &mut String| {
        push_platform_id(text, collection.id_prefix, number, collection.id_groups)
    };
    json.property("id").string_with(push_id);
    json.property("href").string_with(|text| {
        text.push_str(collection.path);
        push_id(text);
    });
    json.property("name").string(name);
}

/// Writes an entry of an audit trail.
fn write_event(json: &mut JsonWriter, name: &str, year: u64, random: &mut Random) {
    let user = random.pick(GIVEN_NAMES);
    json.property(name).object(|event| {
        event
            .property("at")
            .string_with(|text| push_timestamp(text, year, 3, random));
        event.property("by").object(|by| {
            by.property("id")
                .string_with(|text| push_pattern(text, "USR-44##-####", random));
            by.property("name").string(user);
        });
    });
}

// -------- qualifications

const REASONS: &[&str] = &[
    "Not an Education Customer",
    "No longer an Education Customer",
    "Not an Education Customer - After Review",
    "Not an Academic Domain",
    "Not an eligible Library",
    "Not an eligible Museum",
];

/// Writes a qualification as the service returns it.
fn write_qualification(json: &mut JsonWriter, random: &mut Random) {
    let name = random.pick(&[
        "Education",
        "Education",
        "Education",
        "GovernmentCommunityCloud",
        "GovernmentCommunityCloud",
        "StateOwnedEntity",
    ]);
    json.object(|qualification| {
        qualification.property("qualification").string(name);
        if name != "StateOwnedEntity" {
            write_vetting(qualification, name, random);
        }
        if random.percent(60) {
            qualification.property("links").object(|links| {
                links.property("self").object(|link| {
                    link.property("uri").string_with(|text| {
                        text.push_str("/v1/customers/");
                        push_guid(text, random);
                        text.push_str("/qualifications");
                    });
                    link.property("method").string("GET");
                });
            });
            qualification.property("attributes").object(|attributes| {
                attributes
                    .property("objectType")
                    .string("CustomerQualification");
            });
        }
    });
}

/// Writes the status, reason and date of the vetting.
fn write_vetting(qualification: &mut JsonWriter, name: &str, random: &mut Random) {
    let statuses = ["Approved", "Approved", "Approved", "InReview", "Denied"];
    // The published reasons are all about education, so only education is denied.
    let status = random.pick(if name == "Education" {
        &statuses
    } else {
        &statuses[..4]
    });
    qualification.property("vettingStatus").string(status);
    if status == "Denied" {
        qualification
            .property("vettingReason")
            .string(random.pick(REASONS));
    }
    let year = random.between(2021, 2025);
    let (property, fraction) = if random.percent(60) {
        ("vettingCreatedDate", 3)
    } else {
        ("vettingCreateDate", 7)
    };
    qualification
        .property(property)
        .string_with(|text| push_timestamp(text, year, fraction, random));
}

// -------- faults

/// Injects a fault into a record's text; returns false if the fault does not apply to the record.
type InjectFault = fn(&mut String) -> bool;

/// The faults, with their names in the report.
///
/// Each finds its position by the property names around it, so that it applies to one kind of record. The
/// first three are syntax errors and apply to any kind.
const FAULTS: &[(&str, InjectFault)] = &[
    ("trailing comma", |text| {
        text.insert(text.len() - 1, ',');
        true
    }),
    ("value without quotes", |text| {
        [
            "\"Active\"",
            "\"Pending\"",
            "\"Expired\"",
            "\"Education\"",
            "\"StateOwnedEntity\"",
            "\"sales\"",
            "\"change\"",
        ]
        .iter()
        .any(|value| replace_first(text, value, value.trim_matches('"')))
    }),
    ("missing comma", |text| {
        replace_first(text, "\",\"", "\" \"")
    }),
    ("order: date with the day first", |text| {
        replace_string(text, &["agreement_date\",\"value\":\""], |date| {
            if &date[3..5] > "12" {
                format!("{}-{}-{}", &date[3..5], &date[..2], &date[6..])
            } else {
                date.to_owned()
            }
        })
    }),
    ("order: date with the year first", |text| {
        replace_string(text, &["agreement_date\",\"value\":\""], |date| {
            format!("{}-{}", &date[6..], &date[..5])
        })
    }),
    ("order: customer e-mail at microsoft.com", |text| {
        replace_string(text, &["customer_email\",\"value\":\""], |_| {
            "office@microsoft.com".to_owned()
        })
    }),
    ("order: e-mail without a host", |text| {
        replace_string(text, &["email_address_agreement\",\"value\":\""], |mail| {
            mail[..=mail.find('@').unwrap_or(0)].to_owned()
        })
    }),
    ("order: abbreviation for a company", |text| {
        replace_string(text, &["customer_company_name\",\"value\":\""], |_| {
            "Pty. Ltd.".to_owned()
        })
    }),
    ("order: None in small letters", |text| {
        replace_first(text, "\"value\":\"None\"", "\"value\":\"none\"")
    }),
    ("order: attestation missing", |text| {
        replace_first(
            text,
            "{\"name\":\"partner_on_record_attestation_accepted\",\"structured_value\":{\"attestation_accepted\":true}},",
            "",
        )
    }),
    ("order: attestation as a text", |text| {
        replace_first(
            text,
            "\"attestation_accepted\":true",
            "\"attestation_accepted\":\"True\"",
        )
    }),
    ("order: parameter misspelt", |text| {
        replace_first(text, "\"last_name_agreement\"", "\"last_name_agrement\"")
    }),
    ("order: parameter twice", |text| {
        let entry = "{\"name\":\"mca_acceptance\",\"value\":\"yes\"},";
        replace_first(text, entry, &entry.repeat(2))
    }),
    ("order: agreement not accepted", |text| {
        replace_first(
            text,
            "mca_acceptance\",\"value\":\"yes\"",
            "mca_acceptance\",\"value\":\"no\"",
        )
    }),
    ("order: quantity as a text", |text| {
        let Some(start) = text
            .find("\"quantity\":")
            .map(|offset| offset + "\"quantity\":".len())
        else {
            return false;
        };
        let end = start
            + text[start..]
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(0);
        text.insert(end, '"');
        text.insert(start, '"');
        true
    }),
    ("order: tenant id short of a digit", |text| {
        // On one of several lines this would be two faults, as the lines would differ in their tenant.
        text.matches("microsoft_tenant_id").count() == 1
            && replace_string(text, &["microsoft_tenant_id\",\"value\":\""], |id| {
                id[1..].to_owned()
            })
    }),
    ("order: country in three letters", |text| {
        replace_first(
            text,
            "effective_country\",\"value\":\"US\"",
            "effective_country\",\"value\":\"USA\"",
        )
    }),
    ("order: unit of a period in the plural", |text| {
        replace_first(
            text,
            "\"billingPeriod\":{\"type\":\"month\"",
            "\"billingPeriod\":{\"type\":\"months\"",
        )
    }),
    ("order: subscription missing", |text| {
        let start = text
            .find(",\"subscriptionId\"")
            .filter(|_| text.contains("\"cancellation\""));
        if let Some(start) = start {
            text.replace_range(start..text.len() - 1, "");
        }
        start.is_some()
    }),
    ("certificate: unknown status", |text| {
        replace_first(text, "\"status\":\"Active\"", "\"status\":\"Activated\"")
    }),
    ("certificate: id short of a digit", |text| {
        text.starts_with("{\"id\":\"CER-")
            && !text.contains("\"href\"")
            && replace_first(text, "\"id\":\"CER-", "\"id\":\"CER")
    }),
    ("certificate: address of another certificate", |text| {
        replace_string(text, &["\"href\":\"/v1/program/certificates/"], |_| {
            "CER-0000-0000-0000".to_owned()
        })
    }),
    ("certificate: date with the day first", |text| {
        replace_string(text, &["\"expirationDate\":\""], |date| {
            format!("{}-{}-{}", &date[8..10], &date[5..7], &date[..4])
        })
    }),
    ("certificate: tenant id short of a digit", |text| {
        replace_string(
            text,
            &["\"externalId\":\"tenant_id\"", "\"value\":\""],
            |id| id[1..].to_owned(),
        )
    }),
    ("certificate: other party than the scope", |text| {
        replace_first(
            text,
            "\"applicableTo\":\"Buyer\"",
            "\"applicableTo\":\"Licensee\"",
        )
    }),
    ("certificate: parameter twice", |text| {
        replace_first(text, "-0004\",\"externalId\"", "-0001\",\"externalId\"")
    }),
    ("certificate: revision below zero", |text| {
        replace_first(text, "\"revision\":", "\"revision\":-")
    }),
    ("certificate: created after the update", |text| {
        replace_string(text, &["\"audit\":{\"created\":{\"at\":\""], |timestamp| {
            format!("2024{}", &timestamp[4..])
        })
    }),
    ("qualification: short name", |text| {
        replace_first(
            text,
            "\"qualification\":\"GovernmentCommunityCloud\"",
            "\"qualification\":\"GCC\"",
        )
    }),
    ("qualification: status in two words", |text| {
        replace_first(text, "\"InReview\"", "\"In Review\"")
    }),
    ("qualification: unknown status", |text| {
        replace_first(
            text,
            "\"vettingStatus\":\"Denied\"",
            "\"vettingStatus\":\"Rejected\"",
        )
    }),
    ("qualification: date without a zone", |text| {
        replace_string(text, &["\"vettingCreatedDate\":\""], |date| {
            date[..date.len() - 1].to_owned()
        })
    }),
    ("qualification: vetting of a bare statement", |text| {
        replace_first(
            text,
            "\"qualification\":\"StateOwnedEntity\"",
            "\"qualification\":\"StateOwnedEntity\",\"vettingStatus\":\"Approved\"",
        )
    }),
];

/// Injects one fault that applies to the record; returns its index in [`FAULTS`].
fn inject_fault(text: &mut String, random: &mut Random) -> usize {
    loop {
        let fault = random.below(FAULTS.len() as u64) as usize;
        // Syntax errors apply to every record and would otherwise displace the rarer faults.
        if (fault > 2 || random.percent(60)) && FAULTS[fault].1(text) {
            return fault;
        }
    }
}

/// Replaces the first `old` by `new`; returns whether there is one.
fn replace_first(text: &mut String, old: &str, new: &str) -> bool {
    let start = text.find(old);
    if let Some(start) = start {
        text.replace_range(start..start + old.len(), new);
    }
    start.is_some()
}

/// Replaces the rest of the string after the anchors, which follow each other; returns whether that changes
/// the text.
fn replace_string(text: &mut String, anchors: &[&str], new: impl FnOnce(&str) -> String) -> bool {
    let mut start = 0;
    for anchor in anchors {
        let Some(offset) = text[start..].find(anchor) else {
            return false;
        };
        start += offset + anchor.len();
    }
    let mut is_escaped = false;
    let is_closing_quote = |c: char| {
        let closes = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        closes
    };
    let end = start + text[start..].find(is_closing_quote).unwrap_or(0);
    let new = new(&text[start..end]);
    let is_changed = new != text[start..end];
    text.replace_range(start..end, &new);
    is_changed
}
