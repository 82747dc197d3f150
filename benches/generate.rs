//! Writes exports of any size, for measuring: orders, certificates and qualifications as the
//! platforms list them.
//!
//! A record is made from the seed and its own number alone. So the same seed gives the same records
//! in every form and at every length, and a longer export begins with the shorter one. Records are
//! valid; `--faults` damages a share of them, in one place each. A record that is left whole is the
//! same with and without faults.
//!
//! All names, addresses and numbers are invented; mail goes to the reserved domain `.example`.

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
            // Nobody is left to tell when standard error is closed.
            _ = io::stderr().write_all(report.as_bytes());
            ExitCode::SUCCESS
        }
        Err(Stop::ReaderGone) => ExitCode::SUCCESS,
        Err(Stop::Because(sentence)) => {
            _ = writeln!(io::stderr(), "{sentence}");
            ExitCode::from(2)
        }
    }
}

/// Why the work ended early.
enum Stop {
    /// The reader of standard output has seen enough.
    ReaderGone,
    /// Something failed, told as a sentence.
    Because(String),
}

impl Stop {
    fn writing(path: Option<&Path>, error: &io::Error) -> Self {
        match path {
            None if error.kind() == ErrorKind::BrokenPipe => Self::ReaderGone,
            None => Self::Because(format!("Standard output cannot be written: {error}.")),
            Some(path) => Self::Because(format!("{} cannot be written: {error}.", path.display())),
        }
    }
}

// -------- command line

/// What an export holds.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Order,
    Certificate,
    Qualification,
    Mixed,
}

/// How the records of an export are put together.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Lines,
    Array,
    Envelope,
    Files,
}

/// How much is written.
#[derive(Clone, Copy)]
enum Length {
    Records(u64),
    Bytes(u64),
}

struct Options {
    kind: Kind,
    form: Form,
    length: Length,
    faults: f64,
    seed: u64,
    out: Option<PathBuf>,
}

impl Options {
    /// Reads the command line; nothing comes back where the usage was asked for.
    fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Self>, Stop> {
        let refuse =
            |sentence: String| Stop::Because(format!("{sentence}\n\n{}", USAGE.trim_end()));
        let (mut kind, mut form, mut length, mut faults, mut seed, mut out) =
            (Kind::Order, Form::Lines, None, 0.0, 1, None);
        while let Some(word) = words.next() {
            if matches!(word.as_str(), "-h" | "--help") {
                return Ok(None);
            }
            let (option, value) = match word.split_once('=') {
                Some((option, value)) => (option.to_owned(), Some(value.to_owned())),
                None => (word.clone(), None),
            };
            if ![
                "--kind",
                "--as",
                "--records",
                "--bytes",
                "--faults",
                "--seed",
                "--out",
            ]
            .contains(&option.as_str())
            {
                return Err(refuse(format!("There is no option {word}.")));
            }
            let Some(value) = value.or_else(|| words.next()) else {
                return Err(refuse(format!("{option} needs a value.")));
            };
            let unfit = || refuse(format!("{option} cannot be {value}."));
            match option.as_str() {
                "--kind" => {
                    kind = match value.as_str() {
                        "order" => Kind::Order,
                        "certificate" => Kind::Certificate,
                        "qualification" => Kind::Qualification,
                        "mixed" => Kind::Mixed,
                        _ => return Err(unfit()),
                    }
                }
                "--as" => {
                    form = match value.as_str() {
                        "lines" => Form::Lines,
                        "array" => Form::Array,
                        "envelope" => Form::Envelope,
                        "files" => Form::Files,
                        _ => return Err(unfit()),
                    }
                }
                "--records" | "--bytes" if length.is_some() => {
                    return Err(refuse("The length is given twice.".to_owned()));
                }
                "--records" => length = Some(Length::Records(value.parse().map_err(|_| unfit())?)),
                "--bytes" => length = Some(Length::Bytes(size(&value).ok_or_else(unfit)?)),
                "--faults" => {
                    faults = value
                        .parse()
                        .ok()
                        .filter(|share| (0.0..=1.0).contains(share))
                        .ok_or_else(unfit)?;
                }
                "--seed" => seed = value.parse().map_err(|_| unfit())?,
                _ => out = Some(PathBuf::from(value)),
            }
        }
        let Some(length) = length else {
            return Err(refuse(
                "The length is missing: give --records or --bytes.".to_owned(),
            ));
        };
        if form == Form::Envelope && kind == Kind::Mixed {
            return Err(refuse(
                "An envelope is a page of one platform's list and holds one kind: give --kind."
                    .to_owned(),
            ));
        }
        if form == Form::Files && out.is_none() {
            return Err(refuse("Files need a folder: give --out.".to_owned()));
        }
        Ok(Some(Self {
            kind,
            form,
            length,
            faults,
            seed,
            out,
        }))
    }

    /// Writes the export and tells what was written.
    fn run(&self) -> Result<String, Stop> {
        match self.form {
            Form::Files => self.write_files(),
            _ => self.write_stream(),
        }
    }

    /// The records one after the other, until the length is reached.
    fn records(&self) -> Records<'_> {
        Records {
            options: self,
            next: 0,
            text: String::new(),
            bytes: 0,
            faults: [0; FAULTS.len()],
        }
    }

    fn write_stream(&self) -> Result<String, Stop> {
        let path = self.out.as_deref();
        let mut out = match path {
            Some(path) => Sink::new(Box::new(
                File::create(path).map_err(|error| Stop::writing(Some(path), &error))?,
            )),
            None => Sink::new(Box::new(io::stdout())),
        };
        let (head, foot) = match (self.form, self.kind) {
            (Form::Array, _) => ("[\n".to_owned(), "\n]\n".to_owned()),
            // An envelope's numbers may stand in front of its list, so the records are counted first.
            (Form::Envelope, kind) => envelope(kind, self.count()),
            _ => (String::new(), "\n".to_owned()),
        };
        let between = if self.form == Form::Lines {
            "\n"
        } else {
            ",\n"
        };
        let mut records = self.records();
        let mut write = || -> io::Result<()> {
            out.push(&head)?;
            while let Some(text) = records.advance() {
                out.push(text)?;
                out.push(if records.more() { between } else { "" })?;
            }
            if self.form != Form::Lines || records.next > 0 {
                out.push(&foot)?;
            }
            out.finish()
        };
        write().map_err(|error| Stop::writing(path, &error))?;
        Ok(records.report(out.bytes))
    }

    /// Ten thousand files a folder, named by the record's number.
    fn write_files(&self) -> Result<String, Stop> {
        let root = self.out.as_deref().unwrap_or(Path::new("."));
        if fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(Stop::Because(format!(
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
                    .map_err(|error| Stop::writing(Some(&folder), &error))?;
            }
            let path = folder.join(format!("{number:07}.json"));
            fs::write(&path, &text).map_err(|error| Stop::writing(Some(&path), &error))?;
            records.text = text;
        }
        Ok(records.report(bytes))
    }

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

/// Reads `2G`, `1.5M` or `64Ki` as a number of bytes.
fn size(text: &str) -> Option<u64> {
    let digits = text
        .find(|c: char| c != '.' && !c.is_ascii_digit())
        .unwrap_or(text.len());
    let unit = match &text[digits..] {
        "" | "B" => 1.0,
        "k" | "K" | "kB" => 1e3,
        "M" | "MB" => 1e6,
        "G" | "GB" => 1e9,
        "Ki" | "KiB" => 1024.0,
        "Mi" | "MiB" => 1024.0 * 1024.0,
        "Gi" | "GiB" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    text[..digits]
        .parse::<f64>()
        .ok()
        .map(|number| (number * unit) as u64)
}

/// What stands before and behind the records of a page that holds the platform's whole list.
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

/// Gathers the output into large writes.
struct Sink {
    out: Box<dyn Write>,
    pending: Vec<u8>,
    bytes: u64,
}

impl Sink {
    const LARGE: usize = 1 << 18;

    fn new(out: Box<dyn Write>) -> Self {
        Self {
            out,
            pending: Vec::with_capacity(Self::LARGE + (1 << 14)),
            bytes: 0,
        }
    }

    fn push(&mut self, text: &str) -> io::Result<()> {
        self.pending.extend_from_slice(text.as_bytes());
        if self.pending.len() >= Self::LARGE {
            self.finish()
        } else {
            Ok(())
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(&self.pending)?;
        self.bytes += self.pending.len() as u64;
        self.pending.clear();
        self.out.flush()
    }
}

/// The records of an export, made one at a time into the same text.
struct Records<'a> {
    options: &'a Options,
    next: u64,
    text: String,
    /// How long the records were so far, with a line end each.
    bytes: u64,
    /// How often each fault was made.
    faults: [u64; FAULTS.len()],
}

impl Records<'_> {
    fn more(&self) -> bool {
        match self.options.length {
            Length::Records(count) => self.next < count,
            Length::Bytes(limit) => self.bytes < limit,
        }
    }

    /// Lends the next record's text, which the caller may spend.
    fn advance(&mut self) -> Option<&mut String> {
        if !self.more() {
            return None;
        }
        let (seed, number) = (self.options.seed, self.next);
        self.text.clear();
        let mut dice = Dice::new(seed, number);
        let kind = match self.options.kind {
            Kind::Mixed => dice.pick(&[Kind::Order, Kind::Certificate, Kind::Qualification]),
            kind => kind,
        };
        let json = &mut Json(&mut self.text);
        match kind {
            Kind::Certificate => certificate(json, number, &mut dice),
            Kind::Qualification => qualification(json, &mut dice),
            Kind::Order | Kind::Mixed => order(json, number, &mut dice),
        }
        if self.options.faults > 0.0 {
            let mut dice = Dice::new(!seed, number);
            if dice.share() < self.options.faults {
                self.faults[damage(&mut self.text, &mut dice)] += 1;
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

// -------- dice, JSON

/// Random numbers that depend on the seed and the record's number only (SplitMix64).
struct Dice(u64);

impl Dice {
    fn new(seed: u64, number: u64) -> Self {
        let mut dice = Self(seed ^ number.wrapping_mul(0xd1b5_4a32_d192_ed03));
        Self(dice.next())
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

    fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    /// Whether something happens that happens so many times in a hundred.
    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// A number from 0 up to, but not including, 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// Appends JSON to a text. Commas are set by what stands before them.
struct Json<'a>(&'a mut String);

impl Json<'_> {
    fn comma(&mut self) {
        if !matches!(self.0.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push(',');
        }
    }

    /// Starts a member; its value follows.
    fn name(&mut self, name: &str) -> &mut Self {
        self.comma();
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
        self
    }

    /// A string, which is already escaped where it needs to be.
    fn text(&mut self, text: &str) {
        self.comma();
        self.0.push('"');
        self.0.push_str(text);
        self.0.push('"');
    }

    /// A string put together on the spot.
    fn made(&mut self, make: impl FnOnce(&mut String)) {
        self.comma();
        self.0.push('"');
        make(self.0);
        self.0.push('"');
    }

    /// A number or literal.
    fn bare(&mut self, token: &str) {
        self.comma();
        self.0.push_str(token);
    }

    fn truth(&mut self, truth: bool) {
        self.bare(if truth { "true" } else { "false" });
    }

    fn number(&mut self, number: u64) {
        self.comma();
        digits(self.0, number, 1);
    }

    fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.comma();
        self.0.push('{');
        members(self);
        self.0.push('}');
    }

    fn list(&mut self, elements: impl FnOnce(&mut Self)) {
        self.comma();
        self.0.push('[');
        elements(self);
        self.0.push(']');
    }
}

/// A number in at least so many digits.
fn digits(text: &mut String, mut number: u64, width: usize) {
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

/// A text in which each `#` is any digit, each `^` a digit above 1, and each `@` a letter of a
/// Canadian postal code.
fn filled(text: &mut String, pattern: &str, dice: &mut Dice) {
    for sign in pattern.chars() {
        text.push(match sign {
            '#' => char::from(b'0' + dice.below(10) as u8),
            '^' => char::from(b'2' + dice.below(8) as u8),
            '@' => char::from(dice.pick(b"ABCEGHJKLMNPRSTVXY")),
            sign => sign,
        });
    }
}

fn guid(text: &mut String, dice: &mut Dice) {
    let bits = u128::from(dice.next()) << 64 | u128::from(dice.next());
    for place in 0..32 {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        let nibble = match place {
            12 => 4,
            16 => 8 | (bits >> (124 - 4 * place) & 3) as u8,
            _ => (bits >> (124 - 4 * place) & 15) as u8,
        };
        text.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
    }
}

/// Groups of four digits behind a prefix, as the SoftwareOne platform numbers its things.
fn platform_id(text: &mut String, prefix: &str, number: u64, groups: u32) {
    text.push_str(prefix);
    for group in (0..groups).rev() {
        text.push('-');
        digits(text, number / 10_000_u64.pow(group) % 10_000, 4);
    }
}

/// Scatters numbers over 0 to `end`, a power of ten, so that no two below it meet.
fn scattered(number: u64, end: u64) -> u64 {
    ((u128::from(number) * 786_433_279_241 + 417_733) % u128::from(end)) as u64
}

// -------- invented

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
const TRADES: &[&str] = &[
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
/// Names in other languages, signs and escapes among them, with a domain label each.
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
/// Country, state, city, and the patterns of a postal code and a telephone number.
type Place = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);
const PLACES: &[Place] = &[
    ("US", "OR", "Portland", "972##", "(503) 555-01##"),
    ("US", "NY", "Rochester", "146##", "(585) 555-01##"),
    ("US", "TX", "Austin", "787##-####", "+1 512 555 01##"),
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

/// Microsoft parts of the New Commerce Experience, and their catalogue names.
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
/// Parts of other vendors, which owe Microsoft nothing.
const OTHER_PARTS: &[&str] = &[
    "NGS-SAFE-ADV_ANNUAL",
    "BDR-MAIL-STD_MONTHLY",
    "TAM-BACKUP-500GB",
    "QLN-SIGN-PRO",
];

/// The company that a record is about.
struct Company {
    name: String,
    /// The first label of its domains, which no other record has.
    label: String,
}

impl Company {
    fn new(number: u64, dice: &mut Dice) -> Self {
        let (mut name, mut label) = (String::with_capacity(48), String::with_capacity(32));
        if dice.percent(8) {
            let (other, other_label) = dice.pick(OTHER_COMPANIES);
            name.push_str(other);
            label.push_str(other_label);
        } else {
            let (first, second) = (dice.pick(FIRST_WORDS), dice.pick(SECOND_WORDS));
            for part in [first, " ", second, " ", dice.pick(TRADES)] {
                name.push_str(part);
            }
            label.push_str(first);
            label.push_str(second);
            label.make_ascii_lowercase();
        }
        digits(&mut label, number, 3);
        Self { name, label }
    }
}

// -------- orders

/// Whose tenant a sale is for, and how it is named.
#[derive(Clone, Copy, PartialEq)]
enum Tenant {
    New,
    ById,
    ByDomain,
    ByOwnDomain,
}

/// What all lines of one sale repeat.
struct Sale {
    company: Company,
    tenant: Tenant,
    tenant_id: String,
    /// Whether somebody accepts the customer agreement.
    agreement: bool,
    /// Whether the customer's address is told.
    customer: bool,
    state_owned: bool,
    given_name: &'static str,
    family_name: &'static str,
    agreement_date: String,
    place: Place,
    street: String,
    postal_code: String,
    phone: Option<String>,
}

impl Sale {
    fn new(number: u64, dice: &mut Dice) -> Self {
        let made = |make: &mut dyn FnMut(&mut String)| {
            let mut text = String::with_capacity(40);
            make(&mut text);
            text
        };
        let company = Company::new(number, dice);
        let tenant = match dice.below(10) {
            0..8 => Tenant::New,
            8 => Tenant::ById,
            9 if dice.percent(50) => Tenant::ByDomain,
            _ => Tenant::ByOwnDomain,
        };
        let new = tenant == Tenant::New;
        let place = dice.pick(PLACES);
        Self {
            company,
            tenant,
            tenant_id: made(&mut |text| guid(text, dice)),
            agreement: new || dice.percent(40),
            customer: new && dice.percent(90),
            state_owned: dice.percent(8),
            given_name: dice.pick(GIVEN_NAMES),
            family_name: dice.pick(FAMILY_NAMES),
            agreement_date: made(&mut |text| {
                digits(text, dice.between(1, 12), 2);
                text.push('-');
                digits(text, dice.between(1, 28), 2);
                text.push('-');
                digits(text, dice.between(2021, 2025), 4);
            }),
            place,
            street: made(&mut |text| {
                digits(text, dice.between(1, 899), 1);
                text.push(' ');
                text.push_str(dice.pick(STREETS));
                if dice.percent(20) {
                    filled(text, ", Suite ^0#", dice);
                }
            }),
            postal_code: made(&mut |text| filled(text, place.3, dice)),
            // Some countries want a telephone number; the others mostly get one.
            phone: (matches!(place.0, "BR" | "IN" | "PL") || dice.percent(90))
                .then(|| made(&mut |text| filled(text, place.4, dice))),
        }
    }

    /// An address at the company, whose host has no letters beyond ASCII.
    fn mail(&self, text: &mut String, mailbox: &str) {
        let start = text.len();
        text.push_str(mailbox);
        text[start..].make_ascii_lowercase();
        text.push('@');
        text.push_str(&self.company.label);
        text.push_str(".example");
    }

    /// The parameters of one line, in the order in which the platform documents them.
    fn parameters(&self, json: &mut Json, attested: bool) {
        plain(json, "tenant_preference", |text| {
            text.push_str(if self.tenant == Tenant::New {
                "new"
            } else {
                "existing"
            })
        });
        attestation(json, "partner_on_record_attestation_accepted", true);
        match self.tenant {
            Tenant::ById => plain(json, "microsoft_tenant_id", |text| {
                text.push_str(&self.tenant_id)
            }),
            tenant => plain(json, "microsoft_domain", |text| {
                text.push_str(&self.company.label);
                text.push_str(if tenant == Tenant::ByOwnDomain {
                    ".example"
                } else {
                    ".onmicrosoft.com"
                });
            }),
        }
        if self.agreement {
            plain(json, "mca_acceptance", |text| text.push_str("yes"));
            plain(json, "agreement_date", |text| {
                text.push_str(&self.agreement_date)
            });
            plain(json, "first_name_agreement", |text| {
                text.push_str(self.given_name)
            });
            plain(json, "last_name_agreement", |text| {
                text.push_str(self.family_name)
            });
            plain(json, "email_address_agreement", |text| {
                self.mail(text, self.given_name)
            });
        }
        if self.customer {
            let (country, state, city, ..) = self.place;
            plain(json, "effective_address", |text| {
                text.push_str(&self.street)
            });
            plain(json, "effective_city", |text| text.push_str(city));
            if !state.is_empty() {
                plain(json, "effective_state", |text| text.push_str(state));
            }
            plain(json, "effective_postal_code", |text| {
                text.push_str(&self.postal_code)
            });
            plain(json, "effective_country", |text| text.push_str(country));
            if let Some(phone) = &self.phone {
                plain(json, "effective_phonenumber", |text| text.push_str(phone));
            }
            plain(json, "customer_company_name", |text| {
                text.push_str(&self.company.name)
            });
            plain(json, "customer_email", |text| self.mail(text, "office"));
        }
        if self.customer || self.state_owned {
            plain(json, "special_qualifications", |text| {
                text.push_str(if self.state_owned { "soe" } else { "None" })
            });
        }
        attestation(json, "offer_attestation", attested);
    }
}

/// A parameter whose value is a text.
fn plain(json: &mut Json, name: &str, value: impl FnOnce(&mut String)) {
    json.object(|entry| {
        entry.name("name").text(name);
        entry.name("value").made(value);
    });
}

/// A parameter that states something to be so.
fn attestation(json: &mut Json, name: &str, accepted: bool) {
    json.object(|entry| {
        entry.name("name").text(name);
        entry
            .name("structured_value")
            .object(|value| value.name("attestation_accepted").truth(accepted));
    });
}

fn period(json: &mut Json, unit: &str, duration: u64) {
    json.object(|period| {
        period.name("type").text(unit);
        period.name("duration").number(duration);
    });
}

/// An order as a reseller sends it: mostly a sale, else a change, renewal or cancellation.
fn order(json: &mut Json, number: u64, dice: &mut Dice) {
    let action = match dice.below(100) {
        0..88 => "sales",
        88..95 => "change",
        95..98 => "renewal",
        _ => "cancellation",
    };
    json.object(|order| {
        order.name("customerId").made(|text| {
            text.push('1');
            digits(text, scattered(number, 1_000_000_000), 9);
        });
        order.name("type").text(action);
        if dice.percent(if action == "sales" { 85 } else { 40 }) {
            order
                .name("poNumber")
                .made(|text| filled(text, "PO-^####", dice));
        }
        match action {
            "sales" => sale(order, number, dice),
            "change" => change(order, dice),
            _ => {
                order
                    .name("subscriptionId")
                    .made(|text| filled(text, "10^####", dice));
                if action == "renewal" {
                    order.name("subscriptionPeriod");
                    period(order, "year", 1);
                }
            }
        }
    });
}

/// What follows in an order that makes subscriptions.
fn sale(order: &mut Json, number: u64, dice: &mut Dice) {
    let sale = Sale::new(number, dice);
    let (term, duration) = dice.pick(&[
        ("month", 1),
        ("year", 1),
        ("year", 1),
        ("year", 1),
        ("year", 3),
    ]);
    let term_on_lines = dice.percent(10);
    if !term_on_lines {
        order.name("subscriptionPeriod");
        period(order, term, duration);
    }
    let count = dice.pick(&[1, 1, 1, 1, 1, 2, 2, 2, 3, 3]);
    let first_part = dice.below(PARTS.len() as u64) as usize;
    order.name("products").list(|lines| {
        for line in 0..count {
            lines.object(|members| {
                if line > 0 && dice.percent(15) {
                    members.name("mpn").text(dice.pick(OTHER_PARTS));
                    members.name("quantity").number(dice.between(1, 40));
                    return;
                }
                // A step through the list that meets no part twice.
                members
                    .name("mpn")
                    .text(PARTS[(first_part + 4 * line) % PARTS.len()]);
                members.name("quantity").number(dice.between(1, 250));
                members.name("billingPeriod");
                period(members, if dice.percent(30) { term } else { "month" }, 1);
                if term_on_lines {
                    members.name("subscriptionPeriod");
                    period(members, term, duration);
                }
                let attested = dice.percent(20);
                members
                    .name("parameters")
                    .list(|list| sale.parameters(list, attested));
            });
        }
    });
}

/// What follows in an order that alters a subscription.
fn change(order: &mut Json, dice: &mut Dice) {
    let on_line = dice.percent(25);
    if !on_line {
        order
            .name("subscriptionId")
            .made(|text| filled(text, "10^####", dice));
    }
    order.name("products").list(|lines| {
        lines.object(|line| {
            line.name("mpn").text(dice.pick(PARTS));
            if on_line {
                line.name("subscriptionId")
                    .made(|text| filled(text, "10^####", dice));
            }
            line.name("quantity").number(dice.between(0, 250));
        });
    });
}

// -------- certificates

/// Number, name and vendor of the programs that certificates belong to.
const PROGRAMS: &[(u64, &str, u64, &str)] = &[
    (
        4063_8120,
        "Northgale Growth Partner",
        5508_2231,
        "Northgale Software",
    ),
    (
        5219_6604,
        "Northgale Security Specialist",
        5508_2231,
        "Northgale Software",
    ),
    (
        7702_4419,
        "Tamarack Education Reseller",
        6130_4478,
        "Tamarack Systems",
    ),
    (1180_3357, "Quillon Pilot", 2740_9913, "Quillon Cloud"),
    (8345_0071, "Halden Public Sector", 9052_7731, "Halden Data"),
    (
        2906_5518,
        "Brackenfield Solutions Partner",
        3614_8860,
        "Brackenfield Networks",
    ),
];
const NOTES: &[&str] = &[
    "Approved after the yearly review.",
    "The vendor asked for a second signature, which came on paper.",
    "Extended for one more year at the partner's wish.",
    "Checked by hand.",
];

/// A certificate as the platform returns it.
fn certificate(json: &mut Json, number: u64, dice: &mut Dice) {
    let status = dice.pick(&[
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
    platform_id(&mut id, "CER", scattered(number, 1_000_000_000_000), 3);
    let company = Company::new(number, dice);
    let (program, program_name, vendor, vendor_name) = dice.pick(PROGRAMS);
    json.object(|certificate| {
        certificate.name("id").text(&id);
        if dice.percent(8) {
            // A projection: the caller chose some members.
            certificate.name("name").text(&company.name);
            certificate.name("status").text(status);
            return;
        }
        let full = dice.percent(75);
        certificate.name("href").made(|text| {
            text.push_str("/v1/program/certificates/");
            text.push_str(&id);
        });
        certificate.name("name").made(|text| {
            for part in [program_name, ", ", &company.name] {
                text.push_str(part);
            }
        });
        certificate.name("revision").number(dice.between(1, 40));
        certificate.name("program").object(|reference| {
            refer(
                reference,
                "/v1/program/programs/",
                "PRG",
                program,
                2,
                program_name,
            );
            if full {
                reference.name("status").text("Published");
            }
        });
        if full {
            certificate.name("vendor").object(|reference| {
                refer(
                    reference,
                    "/v1/accounts/accounts/",
                    "ACC",
                    vendor,
                    2,
                    vendor_name,
                );
                reference.name("type").text("Vendor");
                reference.name("status").text("Enabled");
            });
        }
        certificate.name("client").object(|reference| {
            let client = dice.below(100_000_000);
            refer(
                reference,
                "/v1/accounts/accounts/",
                "ACC",
                client,
                2,
                &company.name,
            );
            if full {
                reference.name("icon").made(|text| {
                    platform_id(text, "/v1/accounts/accounts/ACC", client, 2);
                    text.push_str("/icon");
                });
            }
        });
        let buyer = dice.percent(40);
        certificate
            .name("applicableTo")
            .text(if buyer { "Buyer" } else { "Licensee" });
        let (member, prefix, groups) = if buyer {
            ("buyer", "BUY", 2)
        } else {
            ("licensee", "LCE", 3)
        };
        certificate.name(member).object(|reference| {
            let collection = if buyer {
                "/v1/accounts/buyers/"
            } else {
                "/v1/accounts/licensees/"
            };
            refer(
                reference,
                collection,
                prefix,
                dice.below(1_000_000_000_000),
                groups,
                &company.name,
            );
            if !buyer && full {
                reference
                    .name("externalId")
                    .made(|text| filled(text, "WW-CON-4#######", dice));
            }
        });
        certificate.name("eligibility").object(|eligibility| {
            eligibility.name("client").truth(dice.percent(70));
            eligibility.name("partner").truth(dice.percent(50));
        });
        certificate.name("externalIds").object(|ids| {
            ids.name("vendor")
                .made(|text| filled(text, "NGS-4####", dice));
            if full {
                ids.name("client")
                    .made(|text| filled(text, "REF-202^-####", dice));
                ids.name("operations")
                    .made(|text| filled(text, "OPS-^####", dice));
            }
        });
        certificate.name("status").text(status);
        if dice.percent(20) {
            certificate.name("statusNotes").text(dice.pick(NOTES));
        }
        match status {
            "Pending" => certificate.name("expirationDate").bare("null"),
            _ => certificate.name("expirationDate").made(|text| {
                // Far enough on either side that the day of the check does not matter.
                let year = if status == "Active" {
                    dice.between(2031, 2038)
                } else {
                    dice.between(2022, 2025)
                };
                date(text, year, dice);
                if dice.percent(25) {
                    text.push_str("T23:59:59Z");
                }
            }),
        }
        if full {
            certificate.name("template").object(|template| {
                let number = program * 10_000 + dice.between(1, 9);
                template
                    .name("id")
                    .made(|text| platform_id(text, "PTM", number, 3));
                template.name("href").made(|text| {
                    platform_id(text, "/v1/program/programs/PRG", program, 2);
                    platform_id(text, "/templates/PTM", number, 3);
                });
                template.name("name").text("Enrollment notice");
            });
        }
        certificate.name("parameters").object(|parameters| {
            let mut tenant = String::with_capacity(36);
            guid(&mut tenant, dice);
            parameters.name("ordering").list(|list| {
                parameter(
                    list,
                    program,
                    1,
                    "tenant_id",
                    "Tenant",
                    "SingleLineText",
                    full,
                    |text| text.push_str(&tenant),
                );
                if full {
                    parameter(
                        list,
                        program,
                        2,
                        "contact",
                        "Contact for the program",
                        "Email",
                        full,
                        |text| {
                            for part in ["licensing@", &company.label, ".example"] {
                                text.push_str(part);
                            }
                        },
                    );
                }
                parameter(
                    list,
                    program,
                    4,
                    "partner_number",
                    "Partner number",
                    "SingleLineText",
                    full,
                    |text| filled(text, "60######", dice),
                );
            });
            parameters.name("fulfillment").list(|list| {
                if full && status != "Pending" {
                    parameter(
                        list,
                        program,
                        7,
                        "member_since",
                        "Member since",
                        "Date",
                        full,
                        |text| {
                            let year = dice.between(2016, 2020);
                            date(text, year, dice);
                        },
                    );
                }
            });
        });
        if full {
            certificate.name("audit").object(|audit| {
                event(audit, "created", 2021, dice);
                event(audit, "updated", 2022, dice);
                if status == "Terminated" {
                    event(audit, "terminated", 2022, dice);
                }
            });
        }
    });
}

/// The members of a reference to another thing on the platform.
fn refer(json: &mut Json, collection: &str, prefix: &str, number: u64, groups: u32, name: &str) {
    json.name("id")
        .made(|text| platform_id(text, prefix, number, groups));
    json.name("href").made(|text| {
        text.push_str(collection);
        platform_id(text, prefix, number, groups);
    });
    json.name("name").text(name);
}

/// One parameter of a certificate, `full` with all that the program says of it.
#[expect(
    clippy::too_many_arguments,
    reason = "a parameter has that many members"
)]
fn parameter(
    json: &mut Json,
    program: u64,
    place: u64,
    external_id: &str,
    name: &str,
    kind: &str,
    full: bool,
    value: impl FnOnce(&mut String),
) {
    json.object(|parameter| {
        parameter
            .name("id")
            .made(|text| platform_id(text, "PAR", program * 10_000 + place, 3));
        parameter.name("externalId").text(external_id);
        if full {
            parameter.name("name").text(name);
            parameter.name("type").text(kind);
            parameter.name("constraints").object(|constraints| {
                constraints.name("readonly").truth(false);
                constraints.name("hidden").truth(place == 7);
                constraints.name("required").truth(place != 7);
                constraints.name("unique").truth(place == 1);
            });
        }
        parameter.name("value").made(value);
    });
}

fn event(json: &mut Json, name: &str, year: u64, dice: &mut Dice) {
    let user = dice.pick(GIVEN_NAMES);
    json.name(name).object(|event| {
        event.name("at").made(|text| moment(text, year, 3, dice));
        event.name("by").object(|by| {
            by.name("id")
                .made(|text| filled(text, "USR-44##-####", dice));
            by.name("name").text(user);
        });
    });
}

fn date(text: &mut String, year: u64, dice: &mut Dice) {
    digits(text, year, 4);
    text.push('-');
    digits(text, dice.between(1, 12), 2);
    text.push('-');
    digits(text, dice.between(1, 28), 2);
}

/// A date and time in UTC, with so many digits of a second. Seven come with the zone as numbers, as
/// the service writes them.
fn moment(text: &mut String, year: u64, fraction: usize, dice: &mut Dice) {
    date(text, year, dice);
    for (sign, end) in [('T', 24), (':', 60), (':', 60)] {
        text.push(sign);
        digits(text, dice.below(end), 2);
    }
    text.push('.');
    digits(text, dice.below(10_u64.pow(fraction as u32)), fraction);
    text.push_str(if fraction == 7 { "+00:00" } else { "Z" });
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

/// A qualification as the service tells it.
fn qualification(json: &mut Json, dice: &mut Dice) {
    let name = dice.pick(&[
        "Education",
        "Education",
        "Education",
        "GovernmentCommunityCloud",
        "GovernmentCommunityCloud",
        "StateOwnedEntity",
    ]);
    json.object(|qualification| {
        qualification.name("qualification").text(name);
        if name != "StateOwnedEntity" {
            let statuses = ["Approved", "Approved", "Approved", "InReview", "Denied"];
            // The published reasons are all about education, so nothing else is denied.
            let status = dice.pick(if name == "Education" {
                &statuses
            } else {
                &statuses[..4]
            });
            qualification.name("vettingStatus").text(status);
            if status == "Denied" {
                qualification.name("vettingReason").text(dice.pick(REASONS));
            }
            let year = dice.between(2021, 2025);
            if dice.percent(60) {
                qualification
                    .name("vettingCreatedDate")
                    .made(|text| moment(text, year, 3, dice));
            } else {
                qualification
                    .name("vettingCreateDate")
                    .made(|text| moment(text, year, 7, dice));
            }
        }
        if dice.percent(60) {
            qualification.name("links").object(|links| {
                links.name("self").object(|link| {
                    link.name("uri").made(|text| {
                        text.push_str("/v1/customers/");
                        guid(text, dice);
                        text.push_str("/qualifications");
                    });
                    link.name("method").text("GET");
                });
            });
            qualification
                .name("attributes")
                .object(|attributes| attributes.name("objectType").text("CustomerQualification"));
        }
    });
}

// -------- faults

/// Damages a record's text in one place, if it has a place for this fault.
type Damage = fn(&mut String) -> bool;

/// The faults, by the words of the report. Each finds its place by the names around it, so that it
/// touches its own kind of record only. The first three are faults of the syntax and fit any kind.
const FAULTS: &[(&str, Damage)] = &[
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
        .any(|value| swap(text, value, value.trim_matches('"')))
    }),
    ("missing comma", |text| swap(text, "\",\"", "\" \"")),
    ("order: date with the day first", |text| {
        rewrite(text, &["agreement_date\",\"value\":\""], |date| {
            if &date[3..5] > "12" {
                format!("{}-{}-{}", &date[3..5], &date[..2], &date[6..])
            } else {
                date.to_owned()
            }
        })
    }),
    ("order: date with the year first", |text| {
        rewrite(text, &["agreement_date\",\"value\":\""], |date| {
            format!("{}-{}", &date[6..], &date[..5])
        })
    }),
    ("order: customer e-mail at microsoft.com", |text| {
        rewrite(text, &["customer_email\",\"value\":\""], |_| {
            "office@microsoft.com".to_owned()
        })
    }),
    ("order: e-mail without a host", |text| {
        rewrite(text, &["email_address_agreement\",\"value\":\""], |mail| {
            mail[..=mail.find('@').unwrap_or(0)].to_owned()
        })
    }),
    ("order: abbreviation for a company", |text| {
        rewrite(text, &["customer_company_name\",\"value\":\""], |_| {
            "Pty. Ltd.".to_owned()
        })
    }),
    ("order: None in small letters", |text| {
        swap(text, "\"value\":\"None\"", "\"value\":\"none\"")
    }),
    ("order: attestation missing", |text| {
        swap(
            text,
            "{\"name\":\"partner_on_record_attestation_accepted\",\"structured_value\":{\"attestation_accepted\":true}},",
            "",
        )
    }),
    ("order: attestation as a text", |text| {
        swap(
            text,
            "\"attestation_accepted\":true",
            "\"attestation_accepted\":\"True\"",
        )
    }),
    ("order: parameter misspelt", |text| {
        swap(text, "\"last_name_agreement\"", "\"last_name_agrement\"")
    }),
    ("order: parameter twice", |text| {
        let entry = "{\"name\":\"mca_acceptance\",\"value\":\"yes\"},";
        swap(text, entry, &entry.repeat(2))
    }),
    ("order: agreement not accepted", |text| {
        swap(
            text,
            "mca_acceptance\",\"value\":\"yes\"",
            "mca_acceptance\",\"value\":\"no\"",
        )
    }),
    ("order: quantity as a text", |text| {
        let Some(start) = text
            .find("\"quantity\":")
            .map(|at| at + "\"quantity\":".len())
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
        // On one of several lines it would be two faults: the lines would differ in their tenant.
        text.matches("microsoft_tenant_id").count() == 1
            && rewrite(text, &["microsoft_tenant_id\",\"value\":\""], |id| {
                id[1..].to_owned()
            })
    }),
    ("order: country in three letters", |text| {
        swap(
            text,
            "effective_country\",\"value\":\"US\"",
            "effective_country\",\"value\":\"USA\"",
        )
    }),
    ("order: unit of a period in the plural", |text| {
        swap(
            text,
            "\"billingPeriod\":{\"type\":\"month\"",
            "\"billingPeriod\":{\"type\":\"months\"",
        )
    }),
    ("order: subscription missing", |text| {
        let place = text
            .find(",\"subscriptionId\"")
            .filter(|_| text.contains("\"cancellation\""));
        if let Some(start) = place {
            text.replace_range(start..text.len() - 1, "");
        }
        place.is_some()
    }),
    ("certificate: unknown status", |text| {
        swap(text, "\"status\":\"Active\"", "\"status\":\"Activated\"")
    }),
    ("certificate: id short of a digit", |text| {
        text.starts_with("{\"id\":\"CER-")
            && !text.contains("\"href\"")
            && swap(text, "\"id\":\"CER-", "\"id\":\"CER")
    }),
    ("certificate: address of another certificate", |text| {
        rewrite(text, &["\"href\":\"/v1/program/certificates/"], |_| {
            "CER-0000-0000-0000".to_owned()
        })
    }),
    ("certificate: date with the day first", |text| {
        rewrite(text, &["\"expirationDate\":\""], |date| {
            format!("{}-{}-{}", &date[8..10], &date[5..7], &date[..4])
        })
    }),
    ("certificate: tenant id short of a digit", |text| {
        rewrite(
            text,
            &["\"externalId\":\"tenant_id\"", "\"value\":\""],
            |id| id[1..].to_owned(),
        )
    }),
    ("certificate: other party than the scope", |text| {
        swap(
            text,
            "\"applicableTo\":\"Buyer\"",
            "\"applicableTo\":\"Licensee\"",
        )
    }),
    ("certificate: parameter twice", |text| {
        swap(text, "-0004\",\"externalId\"", "-0001\",\"externalId\"")
    }),
    ("certificate: revision below zero", |text| {
        swap(text, "\"revision\":", "\"revision\":-")
    }),
    ("certificate: created after the update", |text| {
        rewrite(text, &["\"audit\":{\"created\":{\"at\":\""], |at| {
            format!("2024{}", &at[4..])
        })
    }),
    ("qualification: short name", |text| {
        swap(
            text,
            "\"qualification\":\"GovernmentCommunityCloud\"",
            "\"qualification\":\"GCC\"",
        )
    }),
    ("qualification: status in two words", |text| {
        swap(text, "\"InReview\"", "\"In Review\"")
    }),
    ("qualification: unknown status", |text| {
        swap(
            text,
            "\"vettingStatus\":\"Denied\"",
            "\"vettingStatus\":\"Rejected\"",
        )
    }),
    ("qualification: date without a zone", |text| {
        rewrite(text, &["\"vettingCreatedDate\":\""], |date| {
            date[..date.len() - 1].to_owned()
        })
    }),
    ("qualification: vetting of a bare statement", |text| {
        swap(
            text,
            "\"qualification\":\"StateOwnedEntity\"",
            "\"qualification\":\"StateOwnedEntity\",\"vettingStatus\":\"Approved\"",
        )
    }),
];

/// Makes one fault that fits the record, and says which.
fn damage(text: &mut String, dice: &mut Dice) -> usize {
    loop {
        let fault = dice.below(FAULTS.len() as u64) as usize;
        // Faults of the syntax fit anywhere and would crowd out the rarer ones.
        if (fault > 2 || dice.percent(60)) && FAULTS[fault].1(text) {
            return fault;
        }
    }
}

/// Replaces the first `old` by `new`.
fn swap(text: &mut String, old: &str, new: &str) -> bool {
    let place = text.find(old);
    if let Some(start) = place {
        text.replace_range(start..start + old.len(), new);
    }
    place.is_some()
}

/// Replaces what stands behind these landmarks, up to the closing quote.
fn rewrite(text: &mut String, landmarks: &[&str], new: impl FnOnce(&str) -> String) -> bool {
    let mut start = 0;
    for landmark in landmarks {
        let Some(at) = text[start..].find(landmark) else {
            return false;
        };
        start += at + landmark.len();
    }
    let mut escaped = false;
    let quote = |sign: char| {
        let closes = sign == '"' && !escaped;
        escaped = sign == '\\' && !escaped;
        closes
    };
    let end = start + text[start..].find(quote).unwrap_or(0);
    let new = new(&text[start..end]);
    let changed = new != text[start..end];
    text.replace_range(start..end, &new);
    changed
}
