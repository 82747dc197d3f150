//! The catalogue: the part numbers that can be ordered, and what Microsoft's offer matrix and price sheet say about
//! each.
//!
//! A price sheet has a million rows, so a row takes 32 bytes, and rows are found by binary search. Texts that many rows
//! have in common are stored once.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

/// The part numbers that can be ordered, with what the price sheet and the offer matrix say about them.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    part_numbers: BTreeSet<String>,
    /// The rows of offer matrices, sorted by part number.
    offers: Vec<StoredOffer>,
    /// The rows of price sheets, sorted by part number.
    prices: Vec<StoredPrice>,
    texts: Texts,
    /// The names of the files.
    files: Vec<String>,
}

/// A row of the offer matrix.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'c> {
    /// Where it is.
    pub source: Source<'c>,
    /// The minimum number of licences.
    pub min: u64,
    /// The maximum number of licences.
    pub max: u64,
    /// The countries in which it is sold, as two-letter codes with spaces between them; empty if in all.
    pub countries: &'c str,
    /// The products and part numbers of which one is required, with spaces between them.
    pub prerequisites: &'c str,
}

/// A row of the price sheet.
#[derive(Clone, Copy, Debug)]
pub struct Price<'c> {
    /// Where it is.
    pub source: Source<'c>,
    /// The term, such as `P1Y`.
    pub term: &'c str,
    /// The billing plan, such as `Monthly`.
    pub plan: &'c str,
    /// The country, as a two-letter code.
    pub market: &'c str,
    /// The segment of customers, such as `Commercial`.
    pub segment: &'c str,
}

/// Where a row of the catalogue is, and which product it is about.
#[derive(Clone, Copy, Debug)]
pub struct Source<'c> {
    /// The name of the file.
    pub file: &'c str,
    /// The line, from 1.
    pub line: u32,
    /// The title of the SKU.
    pub title: &'c str,
}

/// Product and SKU, without the colon.
type Key = [u8; 16];

/// The offset of a text and its length.
type TextId = (u32, u16);

#[derive(Clone, Copy, Debug)]
struct StoredOffer {
    key: Key,
    title: TextId,
    countries: TextId,
    prerequisites: TextId,
    min: u32,
    max: u32,
    line: u32,
    file: u8,
}

#[derive(Clone, Copy, Debug)]
struct StoredPrice {
    key: Key,
    title_start: u32,
    line: u32,
    title_len: u16,
    /// Indices of the text in [`Texts::words`].
    term: u8,
    plan: u8,
    market: u16,
    segment: u8,
    file: u8,
}

/// Texts, each stored once.
#[derive(Clone, Debug, Default)]
struct Texts {
    all: String,
    /// Words that are frequent: terms, plans, markets, segments.
    words: Vec<String>,
}

impl Texts {
    fn get(&self, (start, len): TextId) -> &str {
        let start = start as usize;
        &self.all[start..start + usize::from(len)]
    }

    fn word(&self, index: u16) -> &str {
        &self.words[usize::from(index)]
    }
}

/// The key of a part number, without regard to case.
fn key_of(part_number: &str) -> Option<Key> {
    let (product, sku) = part_number.split_once(':')?;
    key_from(product, sku)
}

fn key_from(product: &str, sku: &str) -> Option<Key> {
    if product.len() != 12 || sku.len() != 4 {
        return None;
    }
    let mut key = [0; 16];
    key[..12].copy_from_slice(product.as_bytes());
    key[12..].copy_from_slice(sku.as_bytes());
    key.make_ascii_uppercase();
    Some(key)
}

impl Catalogue {
    /// Whether a part number is listed anywhere.
    pub fn contains(&self, part_number: &str) -> bool {
        self.part_numbers.contains(part_number)
            || self.offers(part_number).next().is_some()
            || self.prices(part_number).next().is_some()
    }

    /// Whether Microsoft's own files are part of the catalogue.
    pub fn is_official(&self) -> bool {
        !self.offers.is_empty() || !self.prices.is_empty()
    }

    /// The part numbers of the same product, and those of plain lists: what a misspelt one can mean.
    pub fn candidates(&self, part_number: &str) -> Vec<String> {
        let product = part_number
            .split(':')
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        let is_same = |key: &Key| key.starts_with(product.as_bytes());
        let offers = self.offers.iter().map(|offer| offer.key);
        let prices = self.prices.iter().map(|price| price.key);
        let mut keys: Vec<Key> = offers.chain(prices).filter(is_same).collect();
        keys.sort_unstable();
        keys.dedup();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let keys = keys
            .iter()
            .map(|key| format!("{}:{}", text(&key[..12]), text(&key[12..])));
        self.part_numbers.iter().cloned().chain(keys).collect()
    }

    /// The rows of the offer matrix about a part number.
    pub fn offers(&self, part_number: &str) -> impl Iterator<Item = Offer<'_>> {
        let key = key_of(part_number);
        let start = key.map_or(0, |key| {
            self.offers.partition_point(|offer| offer.key < key)
        });
        let rows = self.offers[start..].iter();
        rows.take_while(move |offer| Some(offer.key) == key)
            .map(|offer| Offer {
                source: self.source(offer.file, offer.line, offer.title),
                min: offer.min.into(),
                max: offer.max.into(),
                countries: self.texts.get(offer.countries),
                prerequisites: self.texts.get(offer.prerequisites),
            })
    }

    /// The rows of the price sheet about a part number.
    pub fn prices(&self, part_number: &str) -> impl Iterator<Item = Price<'_>> {
        let key = key_of(part_number);
        let start = key.map_or(0, |key| {
            self.prices.partition_point(|price| price.key < key)
        });
        let rows = self.prices[start..].iter();
        rows.take_while(move |price| Some(price.key) == key)
            .map(|price| Price {
                source: self.source(price.file, price.line, (price.title_start, price.title_len)),
                term: self.texts.word(price.term.into()),
                plan: self.texts.word(price.plan.into()),
                market: self.texts.word(price.market),
                segment: self.texts.word(price.segment.into()),
            })
    }

    fn source(&self, file: u8, line: u32, title: TextId) -> Source<'_> {
        Source {
            file: &self.files[usize::from(file)],
            line,
            title: self.texts.get(title),
        }
    }
}

/// A row that cannot be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowError {
    /// There are more than 255 files, or more than 200 different terms, plans or segments.
    TooManyValues,
    /// The number of licences is not a number.
    NotANumber,
}

/// Builds a catalogue from files.
#[derive(Debug, Default)]
pub struct CatalogueBuilder {
    catalogue: Catalogue,
    /// The texts that are stored, by their content.
    known: HashMap<String, TextId>,
    words: HashMap<String, u16>,
    /// The last day on which any row of the current file is valid.
    latest_end: Option<Date>,
}

/// The columns of a row of the offer matrix.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each is the column of the same name")]
pub struct OfferColumns<'r> {
    pub product_id: &'r str,
    pub sku_id: &'r str,
    pub sku_title: &'r str,
    pub min_licenses: &'r str,
    pub max_licenses: &'r str,
    pub prerequisites: &'r str,
    pub allowed_countries: &'r str,
}

impl<'r> From<[&'r str; 7]> for OfferColumns<'r> {
    /// The columns in the order of the fields.
    fn from(columns: [&'r str; 7]) -> Self {
        let [
            product_id,
            sku_id,
            sku_title,
            min_licenses,
            max_licenses,
            prerequisites,
            allowed_countries,
        ] = columns;
        Self {
            product_id,
            sku_id,
            sku_title,
            min_licenses,
            max_licenses,
            prerequisites,
            allowed_countries,
        }
    }
}

/// The columns of a row of the price sheet.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each is the column of the same name")]
pub struct PriceColumns<'r> {
    pub product_id: &'r str,
    pub sku_id: &'r str,
    pub sku_title: &'r str,
    pub term_duration: &'r str,
    pub billing_plan: &'r str,
    pub market: &'r str,
    pub segment: &'r str,
    pub effective_end_date: &'r str,
}

impl<'r> From<[&'r str; 8]> for PriceColumns<'r> {
    /// The columns in the order of the fields.
    fn from(columns: [&'r str; 8]) -> Self {
        let [
            product_id,
            sku_id,
            sku_title,
            term_duration,
            billing_plan,
            market,
            segment,
            effective_end_date,
        ] = columns;
        Self {
            product_id,
            sku_id,
            sku_title,
            term_duration,
            billing_plan,
            market,
            segment,
            effective_end_date,
        }
    }
}

impl CatalogueBuilder {
    /// Adds the part numbers in a text: one a line; a `#` and what follows it is a comment.
    pub fn add_part_numbers(&mut self, text: &str) {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let numbers = text
            .lines()
            .map(|line| line.split('#').next().unwrap_or_default().trim());
        let numbers = numbers
            .filter(|number| !number.is_empty())
            .map(str::to_owned);
        self.catalogue.part_numbers.extend(numbers);
    }

    /// Begins a file with this name. The rows that follow are from it.
    ///
    /// # Errors
    ///
    /// If there are too many files.
    pub fn begin_file(&mut self, name: &str) -> Result<(), RowError> {
        self.latest_end = None;
        self.catalogue.files.push(name.to_owned());
        self.current_file().map(|_| ())
    }

    fn current_file(&self) -> Result<u8, RowError> {
        let index = self.catalogue.files.len().saturating_sub(1);
        u8::try_from(index).map_err(|_| RowError::TooManyValues)
    }

    /// The last day on which any price of the current file is valid, if the file says so.
    pub fn latest_end(&self) -> Option<Date> {
        self.latest_end
    }

    /// Adds a row of the offer matrix. A row whose product and SKU have other lengths than usual is listed only.
    ///
    /// # Errors
    ///
    /// If the number of licences is not a number.
    pub fn add_offer(&mut self, line: u32, row: &OfferColumns<'_>) -> Result<(), RowError> {
        let Some(key) = self.key_or_list(row.product_id, row.sku_id) else {
            return Ok(());
        };
        let file = self.current_file()?;
        let countries = words_of(row.allowed_countries, |word| word.len() == 2);
        let prerequisites = words_of(row.prerequisites, |word| word.len() >= 12);
        let offer = StoredOffer {
            key,
            title: self.text(row.sku_title),
            countries: self.text(&countries),
            prerequisites: self.text(&prerequisites),
            min: licences(row.min_licenses, 0)?,
            max: licences(row.max_licenses, u32::MAX)?,
            line,
            file,
        };
        self.catalogue.offers.push(offer);
        Ok(())
    }

    /// Adds a row of the price sheet. A row whose product and SKU have other lengths than usual is listed only.
    ///
    /// # Errors
    ///
    /// If there are too many different values.
    pub fn add_price(&mut self, line: u32, row: &PriceColumns<'_>) -> Result<(), RowError> {
        let Some(key) = self.key_or_list(row.product_id, row.sku_id) else {
            return Ok(());
        };
        let small = |word: u16| u8::try_from(word).map_err(|_| RowError::TooManyValues);
        let (title_start, title_len) = self.text(row.sku_title);
        let price = StoredPrice {
            key,
            title_start,
            title_len,
            line,
            term: small(self.word(row.term_duration)?)?,
            plan: small(self.word(row.billing_plan)?)?,
            segment: small(self.word(row.segment)?)?,
            market: self.word(row.market)?,
            file: self.current_file()?,
        };
        self.catalogue.prices.push(price);
        let end = row
            .effective_end_date
            .get(..10)
            .and_then(|day| day.parse().ok());
        self.latest_end = self.latest_end.max(end);
        Ok(())
    }

    fn key_or_list(&mut self, product: &str, sku: &str) -> Option<Key> {
        let (product, sku) = (product.trim(), sku.trim());
        if let Some(key) = key_from(product, sku) {
            return Some(key);
        }
        // Spreadsheets write `="0001"` to keep leading zeros, or lose them.
        let clean = |id: &str| id.trim_matches(['=', '"']).to_owned();
        let (product, sku) = (clean(product), clean(sku));
        let is_number = !sku.is_empty() && sku.bytes().all(|byte| byte.is_ascii_digit());
        let sku = if is_number { format!("{sku:0>4}") } else { sku };
        let key = key_from(&product, &sku);
        if key.is_none() && !product.is_empty() {
            self.catalogue
                .part_numbers
                .insert(format!("{product}:{sku}"));
        }
        key
    }

    fn text(&mut self, text: &str) -> TextId {
        // No title is longer; a longer one is cut off.
        let limit = text.len().min(usize::from(u16::MAX));
        let end = (0..=limit).rev().find(|at| text.is_char_boundary(*at));
        let text = &text[..end.unwrap_or(0)];
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let all = &mut self.catalogue.texts.all;
        let id = (all.len() as u32, text.len() as u16);
        all.push_str(text);
        // Bounds the memory for files in which nearly every title is another one.
        if self.known.len() < MAX_KNOWN_TEXTS {
            self.known.insert(text.to_owned(), id);
        }
        id
    }

    fn word(&mut self, word: &str) -> Result<u16, RowError> {
        let word = word.trim();
        if let Some(known) = self.words.get(word) {
            return Ok(*known);
        }
        let words = &mut self.catalogue.texts.words;
        let index = u16::try_from(words.len()).map_err(|_| RowError::TooManyValues)?;
        words.push(word.to_owned());
        self.words.insert(word.to_owned(), index);
        Ok(index)
    }

    /// The catalogue with all rows that were added.
    pub fn build(self) -> Catalogue {
        let mut catalogue = self.catalogue;
        catalogue
            .offers
            .sort_unstable_by_key(|offer| (offer.key, offer.file, offer.line));
        catalogue
            .prices
            .sort_unstable_by_key(|price| (price.key, price.file, price.line));
        catalogue
    }
}

/// The maximum number of texts that are recognised when they occur again.
const MAX_KNOWN_TEXTS: usize = 20_000;

/// The number of licences in a column; `default` if it is empty.
fn licences(column: &str, default: u32) -> Result<u32, RowError> {
    match column.trim() {
        "" => Ok(default),
        digits => match digits.parse::<u64>() {
            Ok(number) => Ok(u32::try_from(number).unwrap_or(u32::MAX)),
            Err(_) => Err(RowError::NotANumber),
        },
    }
}

/// The words of letters, digits and colons in a column for which `is_wanted` holds, in capitals, with spaces between
/// them.
fn words_of(column: &str, is_wanted: impl Fn(&str) -> bool) -> String {
    let words = column.split(|c: char| !c.is_ascii_alphanumeric() && c != ':');
    let words: Vec<String> = words
        .filter(|word| is_wanted(word))
        .map(str::to_ascii_uppercase)
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_and_comments_of_a_list_are_ignored() {
        let mut builder = CatalogueBuilder::default();
        builder.add_part_numbers(
            "\u{FEFF}# ours\r\nCFQ7TTC0LF8Q:0001\r\n\r\n  CFQ7TTC0LH16:0001  # popular\n",
        );
        let numbers: Vec<String> = builder.build().part_numbers.into_iter().collect();
        assert_eq!(numbers, ["CFQ7TTC0LF8Q:0001", "CFQ7TTC0LH16:0001"]);
    }

    #[test]
    fn a_stored_price_takes_32_bytes() {
        assert_eq!(size_of::<StoredPrice>(), 32);
    }

    #[test]
    fn finds_the_rows_of_a_part_number_in_any_case() {
        let mut builder = CatalogueBuilder::default();
        builder.begin_file("prices.csv").expect("a file");
        let skus = ["0002", "0001", "0003", "0001"];
        for (line, sku_id) in skus.into_iter().enumerate() {
            let row = PriceColumns {
                product_id: "CFQ7TTC0LH18",
                sku_id,
                sku_title: "Basic",
                term_duration: "P1Y",
                billing_plan: "Monthly",
                market: "US",
                segment: "Commercial",
                effective_end_date: "2026-12-31T00:00:00Z",
            };
            builder.add_price(line as u32, &row).expect("a row");
        }
        assert_eq!(builder.latest_end(), "2026-12-31".parse().ok());
        let catalogue = builder.build();
        let lines = |number: &str| {
            catalogue
                .prices(number)
                .map(|price| price.source.line)
                .collect::<Vec<_>>()
        };
        assert_eq!(lines("cfq7ttc0lh18:0001"), [1, 3]);
        assert_eq!(lines("CFQ7TTC0LH18:0004"), [0; 0]);
        assert_eq!(lines("CFQ7TTC0LH18"), [0; 0]);
        assert!(catalogue.contains("CFQ7TTC0LH18:0003") && catalogue.is_official());
    }

    #[test]
    fn columns_are_read_leniently() {
        assert_eq!(
            words_of("[\"be\", \"US\"; nl]", |word| word.len() == 2),
            "BE US NL"
        );
        assert_eq!(licences("", 7), Ok(7));
        assert_eq!(licences(" 300 ", 7), Ok(300));
        assert_eq!(licences("9999999999", 7), Ok(u32::MAX));
        assert_eq!(licences("ten", 7), Err(RowError::NotANumber));
    }
}
