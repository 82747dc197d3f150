//! TOML converted to JSON, with a source map: each token of the JSON text has its span in the TOML text. So one parser
//! and one schema validator serve payloads and the configuration alike.

use std::ops::Range;

use ::toml::Spanned;
use ::toml::de::{DeArray, DeFloat, DeString, DeTable, DeValue, Error};

use crate::finding::{Edit, Finding, Fix, Label};
use crate::json::quote;
use crate::line_index::LineIndex;
use crate::rule::RuleReporter;
use crate::rules::config::SYNTAX;
use crate::span::Span;

/// The maximum number of TOML syntax errors reported; beyond this the file is probably not TOML.
const SYNTAX_LIMIT: usize = 20;

/// A TOML text converted to JSON, with the spans of its tokens.
#[derive(Debug)]
pub(super) struct JsonWithSourceMap {
    /// The JSON text. Properties are in the order of the TOML text.
    pub(super) json: String,
    /// The tokens of the JSON text, sorted by their start there.
    tokens: Vec<Token>,
}

/// A name, a value without children, or a container.
#[derive(Clone, Copy, Debug)]
struct Token {
    json: Span,
    /// The span in the TOML text: for a container without brackets that of its header, or of the key that opens it.
    toml: Span,
    notation: Notation,
}

/// How a token is written in the TOML text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notation {
    /// As in the JSON text.
    Same,
    /// As a string with the same content, but between single quotes.
    Literal,
    /// As a name without quotes.
    Bare,
    /// Differently: parts of the token cannot be mapped.
    Other,
    /// As a container that opens here.
    Container { opening: Span },
}

/// Turns TOML text, of at most 4 GiB, into JSON.
///
/// # Errors
/// If the text is not TOML: the findings, sorted by span, at most one per line.
pub(super) fn translate(toml: &str) -> Result<JsonWithSourceMap, Vec<Finding>> {
    let (table, errors) = DeTable::parse_recoverable(toml);
    if !errors.is_empty() {
        return Err(syntax_findings(toml, &errors));
    }
    let mut writer = Writer {
        toml,
        json: String::with_capacity(toml.len()),
        tokens: Vec::new(),
        large_integers: Vec::new(),
    };
    writer.table(Span::empty(0), table.get_ref());
    if !writer.large_integers.is_empty() {
        return Err(large_integer_findings(toml, &writer.large_integers));
    }
    Ok(JsonWithSourceMap {
        json: writer.json,
        tokens: writer.tokens,
    })
}

fn syntax_findings(toml: &str, errors: &[Error]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut reporter = RuleReporter::new(&SYNTAX, &mut findings);
    for error in errors {
        let span = error
            .span()
            .map_or(Span::empty(0), |range| characters_in(toml, range));
        reporter
            .report(span, clause(error.message()))
            .help(remedy(error.message()));
    }
    first_of_each_line(toml, findings)
}

/// The findings in order, without those that follow another one on the same line and are a consequence of it.
fn first_of_each_line(toml: &str, mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| finding.span);
    let lines = LineIndex::new(toml);
    findings.dedup_by_key(|finding| lines.line_at(finding.span.start));
    findings.truncate(SYNTAX_LIMIT);
    findings
}

/// The findings about integers that the parser of TOML accepts, and that TOML does not allow.
fn large_integer_findings(toml: &str, integers: &[Span]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut reporter = RuleReporter::new(&SYNTAX, &mut findings);
    for integer in integers {
        reporter
            .report(*integer, "the integer has more than 64 bits")
            .help("write the number that is meant, or a string in quotes");
    }
    first_of_each_line(toml, findings)
}

/// The characters that a range of bytes touches.
fn characters_in(text: &str, range: Range<usize>) -> Span {
    let mut start = range.start.min(text.len());
    let mut end = range.end.clamp(start, text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    span_of(start..end)
}

fn span_of(range: Range<usize>) -> Span {
    Span::new(range.start as u32, range.end as u32)
}

/// A message of the TOML parser as one lower-case clause.
fn clause(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let mut characters = line.trim_end_matches('.').chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => "this is not TOML".into(),
    }
}

/// What to do about a message of the TOML parser.
fn remedy(message: &str) -> &'static str {
    if message.starts_with("string values must be quoted") {
        "put the string in quotes"
    } else if message.starts_with("duplicate key") {
        "keep only one of the definitions"
    } else {
        "use TOML syntax: `name = value`, strings in quotes, tables under a `[header]`"
    }
}

struct Writer<'t> {
    toml: &'t str,
    json: String,
    tokens: Vec<Token>,
    /// The integers that TOML does not allow.
    large_integers: Vec<Span>,
}

impl<'t> Writer<'t> {
    fn value(&mut self, value: &Spanned<DeValue<'_>>) {
        let span = span_of(value.span());
        match value.get_ref() {
            DeValue::String(text) => self.scalar(span, &quote(text)),
            DeValue::Integer(integer) => {
                let number = i64::from_str_radix(integer.as_str(), integer.radix());
                if number.is_err() {
                    self.large_integers.push(span);
                }
                self.scalar(span, &number.unwrap_or_default().to_string());
            }
            DeValue::Float(float) => {
                let number = finite(float).unwrap_or_else(|| quote(self.written(span)));
                self.scalar(span, &number);
            }
            DeValue::Boolean(true) => self.scalar(span, "true"),
            DeValue::Boolean(false) => self.scalar(span, "false"),
            DeValue::Datetime(_) => {
                let text = quote(self.written(span));
                self.scalar(span, &text);
            }
            DeValue::Array(items) => self.array(span, items),
            DeValue::Table(table) => self.table(span, table),
        }
    }

    fn array(&mut self, span: Span, items: &DeArray<'_>) {
        // Tables under `[[headers]]` make an array whose span is that of the first header.
        let first = items.first().map(|first| span_of(first.span()));
        let token = self.open('[', span, first != Some(span));
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.json.push(',');
            }
            self.value(item);
        }
        self.close(']', token);
    }

    fn table(&mut self, span: Span, table: &DeTable<'_>) {
        let has_brackets = self.written(span).starts_with('{');
        let token = self.open('{', span, has_brackets);
        let mut members: Vec<_> = table.iter().collect();
        members.sort_by_key(|(name, _)| name.span().start);
        for (index, (name, value)) in members.into_iter().enumerate() {
            if index > 0 {
                self.json.push(',');
            }
            self.name(name);
            self.json.push(':');
            self.value(value);
        }
        self.close('}', token);
    }

    fn name(&mut self, name: &Spanned<DeString<'_>>) {
        let span = span_of(name.span());
        let text: &str = name.get_ref();
        let written = quote(text);
        let notation = if self.written(span) == text {
            Notation::Bare
        } else {
            notation_of(self.written(span), &written)
        };
        self.push(span, &written, notation);
    }

    fn scalar(&mut self, span: Span, json: &str) {
        let notation = notation_of(self.written(span), json);
        self.push(span, json, notation);
    }

    fn push(&mut self, toml: Span, text: &str, notation: Notation) {
        let start = self.json.len();
        self.json.push_str(text);
        let json = span_of(start..self.json.len());
        self.tokens.push(Token {
            json,
            toml,
            notation,
        });
    }

    /// Opens a container and returns the index of its token.
    fn open(&mut self, bracket: char, span: Span, has_brackets: bool) -> usize {
        let opening = if has_brackets {
            Span::new(span.start, span.start + 1)
        } else {
            span
        };
        let token = self.tokens.len();
        let mut text = [0; 4];
        let text = bracket.encode_utf8(&mut text);
        self.push(span, text, Notation::Container { opening });
        token
    }

    fn close(&mut self, bracket: char, token: usize) {
        self.json.push(bracket);
        if let Some(token) = self.tokens.get_mut(token) {
            token.json.end = self.json.len() as u32;
        }
    }

    fn written(&self, span: Span) -> &'t str {
        let range = span.start as usize..span.end as usize;
        self.toml.get(range).unwrap_or_default()
    }
}

fn notation_of(toml: &str, json: &str) -> Notation {
    if toml == json {
        return Notation::Same;
    }
    match (between(toml, '\''), between(json, '"')) {
        (Some(in_toml), Some(in_json)) if in_toml == in_json => Notation::Literal,
        _ => Notation::Other,
    }
}

/// The content between two quotes of the same kind.
fn between(text: &str, quote: char) -> Option<&str> {
    text.strip_prefix(quote)?.strip_suffix(quote)
}

/// A number in JSON notation; `None` if JSON cannot represent it.
fn finite(float: &DeFloat<'_>) -> Option<String> {
    let number = float.as_str();
    let number = number.strip_prefix('+').unwrap_or(number);
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    number.chars().all(is_digit).then(|| number.to_owned())
}

impl Token {
    /// Whether this is a container without brackets of its own.
    fn has_header(&self) -> bool {
        self.notation == Notation::Container { opening: self.toml }
    }

    /// The part of the JSON token that is written identically in the TOML text, and its span there.
    fn identical_part(&self) -> Option<(Span, Span)> {
        let inner = |span: Span| Span::new(span.start + 1, span.end - 1);
        match self.notation {
            Notation::Same => Some((self.json, self.toml)),
            Notation::Literal => Some((inner(self.json), inner(self.toml))),
            Notation::Bare => Some((inner(self.json), self.toml)),
            Notation::Other | Notation::Container { .. } => None,
        }
    }

    /// The span in the TOML text of a part of the JSON token.
    fn part_in_toml(&self, span: Span) -> Option<Span> {
        let (json, toml) = self
            .identical_part()
            .filter(|(json, _)| json.contains(span))?;
        let start = toml.start + (span.start - json.start);
        Some(Span::new(start, start + span.len()))
    }

    /// Whether content that is valid inside the JSON token is valid inside the TOML token too.
    fn accepts(&self, text: &str) -> bool {
        match self.notation {
            Notation::Same => true,
            Notation::Literal => {
                !text.contains(|c: char| c.is_control() || matches!(c, '\'' | '\\'))
            }
            Notation::Bare => {
                let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
                !text.is_empty() && text.chars().all(is_bare)
            }
            Notation::Other | Notation::Container { .. } => false,
        }
    }
}

impl JsonWithSourceMap {
    /// The span in the TOML text of a span in the JSON text: the whole token where the part cannot be mapped exactly, and
    /// the opening of the container between tokens.
    pub(super) fn span_in_toml(&self, span: Span) -> Span {
        let Some(token) = self.token_at(span.start) else {
            return Span::default();
        };
        match token.notation {
            _ if span == token.json => token.toml,
            Notation::Container { opening } => opening,
            _ => token.part_in_toml(span).unwrap_or(token.toml),
        }
    }

    /// A finding about the JSON text as one about the TOML text. A fix is kept if it can be applied there as well.
    pub(super) fn finding_in_toml(&self, finding: Finding) -> Finding {
        let in_toml = |label: Label| Label {
            span: self.span_in_toml(label.span),
            ..label
        };
        Finding {
            span: self.span_in_toml(finding.span),
            labels: finding.labels.into_iter().map(in_toml).collect(),
            fix: finding.fix.and_then(|fix| self.fix_in_toml(fix)),
            ..finding
        }
    }

    fn fix_in_toml(&self, fix: Fix) -> Option<Fix> {
        let edits = fix.edits.iter().map(|edit| self.edit_in_toml(edit));
        let mut edits = edits.collect::<Option<Vec<Edit>>>()?;
        edits.sort_by_key(|edit| edit.span);
        Some(Fix { edits, ..fix })
    }

    fn edit_in_toml(&self, edit: &Edit) -> Option<Edit> {
        let token = self.token_at(edit.span.start)?;
        let is_container = matches!(token.notation, Notation::Container { .. });
        // A whole name or value may be written as in JSON, except `null`.
        if edit.span == token.json && !is_container && edit.text != "null" {
            return Some(Edit::replace(token.toml, edit.text.as_str()));
        }
        let span = token.part_in_toml(edit.span)?;
        token
            .accepts(&edit.text)
            .then(|| Edit::replace(span, edit.text.as_str()))
    }

    /// The span of a table's header, or of its first key.
    pub(super) fn head_of(&self, table: Span) -> Span {
        let first = self.tokens_in(table).iter().map(|token| token.toml).min();
        match self.token_at(table.start) {
            Some(token) if !token.has_header() => first.unwrap_or(token.toml),
            Some(token) => token.toml,
            None => Span::default(),
        }
    }

    /// The lines of a table under a header of its own, the last line break included.
    pub(super) fn lines_of(&self, table: Span, toml: &str) -> Option<Span> {
        let header = self
            .token_at(table.start)
            .filter(|token| token.has_header())?;
        let inner = self.tokens_in(table).iter().map(|token| token.toml.end);
        let last = inner.fold(header.toml.end, u32::max) as usize;
        let before = toml.get(..header.toml.start as usize)?;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let after = toml.get(last..)?;
        let end = after.find('\n').map_or(toml.len(), |at| last + at + 1);
        Some(span_of(start..end))
    }

    /// The last token that starts at or before an offset of the JSON text.
    fn token_at(&self, at: u32) -> Option<&Token> {
        let after = self.tokens.partition_point(|token| token.json.start <= at);
        self.tokens.get(after.checked_sub(1)?)
    }

    /// The names and values in a container of the JSON text.
    fn tokens_in(&self, container: Span) -> &[Token] {
        let start_before = |at: u32| self.tokens.partition_point(|token| token.json.start < at);
        let range = start_before(container.start + 1)..start_before(container.end);
        self.tokens.get(range).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(toml: &str) -> JsonWithSourceMap {
        translate(toml).expect("TOML")
    }

    /// The span in the TOML text of the first JSON token that is written like this.
    fn toml_span_of(toml: &str, json: &str) -> Span {
        let translated = translated(toml);
        let start = translated.json.find(json).expect(json);
        translated.span_in_toml(span_of(start..start + json.len()))
    }

    const EVERYTHING: &str = r#"
operation = "create"   # a comment
'catalogue' = 'part-numbers.txt'
"attested-products" = [
  "A:1",   # another
  """B:
2""",
]
number = 0xFF
large = 1_000
float = +1.5
odd = nan
yes = true
day = 2026-12-31
moment = 2026-12-31 10:00:00Z
escaped = "tab\there é"
raw = '''no "escape" \here'''
dotted.key."with space" = 1
inline = { a = [1, [2]], b = {} }

[rules]
"order/*" = "off"

[deep.er]
x = 1

[[ignore]]
rule = "first"

[[ignore]]
rule = "second"
"#;

    #[test]
    fn every_token_is_mapped_to_its_span() {
        for (json, toml) in [
            (r#""operation""#, "operation"),
            (r#""create""#, r#""create""#),
            (r#""catalogue""#, "'catalogue'"),
            (r#""part-numbers.txt""#, "'part-numbers.txt'"),
            (r#""attested-products""#, r#""attested-products""#),
            (r#""A:1""#, r#""A:1""#),
            (r#""B:\n2""#, "\"\"\"B:\n2\"\"\""),
            ("255", "0xFF"),
            ("1000", "1_000"),
            ("1.5", "+1.5"),
            (r#""nan""#, "nan"),
            ("true", "true"),
            (r#""2026-12-31""#, "2026-12-31"),
            (r#""2026-12-31 10:00:00Z""#, "2026-12-31 10:00:00Z"),
            (r#""tab\there é""#, r#""tab\there é""#),
            (r#""no \"escape\" \\here""#, r#"'''no "escape" \here'''"#),
            // Dotted keys: each key, and the tables that they open.
            (r#""dotted""#, "dotted"),
            (r#""key""#, "key"),
            (r#""with space""#, r#""with space""#),
            (r#"{"with space":1}"#, "key"),
            (r#"{"key":{"with space":1}}"#, "dotted"),
            // Containers with brackets: whole, and where they open.
            (r#"{"a":[1,[2]],"b":{}}"#, "{ a = [1, [2]], b = {} }"),
            ("[1,[2]]", "[1, [2]]"),
            ("[2]", "[2]"),
            ("{}", "{}"),
            (r#"[""#, "["),
            // Containers under headers.
            (r#"{"order/*":"off"}"#, "[rules]"),
            (r#"{"order"#, "[rules]"),
            (r#""order/*""#, r#""order/*""#),
            (r#"{"er":{"x":1}}"#, "deep"),
            (r#"{"x":1}"#, "[deep.er]"),
            (r#"[{"rule":"first"},{"rule":"second"}]"#, "[[ignore]]"),
            (r#"{"rule":"second"}"#, "[[ignore]]"),
            (r#""second""#, r#""second""#),
        ] {
            assert_eq!(
                toml_span_of(EVERYTHING, json).of(EVERYTHING),
                toml,
                "{json}"
            );
        }
        let headers: Vec<usize> = EVERYTHING
            .match_indices("[[ignore]]")
            .map(|(at, _)| at)
            .collect();
        for (json, header) in [("first", headers[0]), ("second", headers[1])] {
            let place = toml_span_of(EVERYTHING, &format!(r#"{{"rule":"{json}"}}"#));
            assert_eq!(place.start as usize, header, "{json}");
        }
    }

    #[test]
    fn the_text_is_json_in_the_order_of_the_file() {
        for (toml, json) in [
            ("", "{}"),
            ("\u{FEFF}a = 1\n", r#"{"a":1}"#),
            ("z = 1\na = 2\n", r#"{"z":1,"a":2}"#),
            ("a = -0.5e+06\nb = -inf\n", r#"{"a":-0.5e+06,"b":"-inf"}"#),
            ("a.b = 1\r\na.c = 2\r\n", r#"{"a":{"b":1,"c":2}}"#),
        ] {
            assert_eq!(translated(toml).json, json, "{toml}");
        }
        let whole = translated(EVERYTHING).json;
        let (_, errors) = crate::json::parse(
            &whole,
            &crate::names::VOCABULARY,
            crate::json::Tape::default(),
        );
        assert!(errors.is_empty(), "{whole}");
    }

    #[test]
    fn an_integer_of_more_than_64_bits_is_no_toml() {
        for (integer, is_toml) in [
            ("9223372036854775807", true),
            ("-9223372036854775808", true),
            ("9223372036854775808", false),
            ("0x7FFF_FFFF_FFFF_FFFF", true),
            ("0xFFFF_FFFF_FFFF_FFFF", false),
            ("99999999999999999999999999999999999999999999999999", false),
        ] {
            let toml = format!("a = [\n  \"b\",\n  {integer},\n]\n");
            match translate(&toml) {
                Ok(_) => assert!(is_toml, "{integer}"),
                Err(findings) => {
                    assert!(!is_toml, "{integer}");
                    assert_eq!(findings.len(), 1);
                    assert_eq!(findings[0].span.of(&toml), integer);
                }
            }
        }
    }

    /// A TOML text in which the content of a JSON token is replaced, if that can be mapped.
    fn replaced(toml: &str, json: &str, text: &str) -> Option<String> {
        let translated = translated(toml);
        let start = translated.json.find(json).expect(json);
        let inside = span_of(start + 1..start + json.len() - 1);
        let fix = Fix::safe("replace", vec![Edit::replace(inside, text)]);
        let fix = translated.fix_in_toml(fix)?;
        let mut fixed = toml.to_owned();
        for Edit { span, text } in fix.edits.iter().rev() {
            fixed.replace_range(span.start as usize..span.end as usize, text);
        }
        Some(fixed)
    }

    #[test]
    fn a_fix_is_kept_where_it_can_be_made() {
        for (toml, json, text, expected) in [
            ("a = \"b\"", r#""b""#, "c", Some("a = \"c\"")),
            ("a = \"b\"", r#""b""#, r"\t", Some("a = \"\\t\"")),
            ("a = 'b'", r#""b""#, "c", Some("a = 'c'")),
            ("a = 'b'", r#""b""#, r"\t", None),
            ("a = 'b'", r#""b""#, "it's", None),
            ("a = 'b'", r#""a""#, "c-d", Some("c-d = 'b'")),
            ("a = 'b'", r#""a""#, "c d", None),
            ("\"a\" = 'b'", r#""a""#, "c d", Some("\"c d\" = 'b'")),
            ("a = '''b'''", r#""b""#, "c", None),
            ("a = \"\\u0062\"", r#""b""#, "c", None),
        ] {
            assert_eq!(replaced(toml, json, text).as_deref(), expected, "{toml}");
        }
    }

    #[test]
    fn quotes_around_a_number_are_carried_back() {
        let toml = "record = 2000417730 # the key\n";
        let translated = translated(toml);
        let start = translated.json.find('2').expect("a number") as u32;
        let edits = vec![Edit::insert(start, "\""), Edit::insert(start + 10, "\"")];
        let fix = translated.fix_in_toml(Fix::safe("quote it", edits));
        let places: Vec<Span> = fix
            .expect("a fix")
            .edits
            .iter()
            .map(|edit| edit.span)
            .collect();
        assert_eq!(places, [Span::empty(9), Span::empty(19)]);
    }

    #[test]
    fn a_table_has_a_head_and_under_a_header_lines() {
        let toml =
            "a = [{ y = 1, x = 2 }]\n\n  [[b]] # why\n  d = 1\n  c = '''\n'''   # end\n\ne = 1";
        let translated = translated(toml);
        let table = |json: &str| {
            let start = translated.json.find(json).expect(json);
            span_of(start..start + json.len())
        };
        let inline = table(r#"{"y":1,"x":2}"#);
        assert_eq!(translated.head_of(inline).of(toml), "y");
        assert_eq!(translated.lines_of(inline, toml), None);
        // The last key belongs to the table too: nothing has closed it.
        let under_header = table(r#"{"d":1,"c":"","e":1}"#);
        assert_eq!(translated.head_of(under_header).of(toml), "[[b]]");
        let lines = translated.lines_of(under_header, toml).expect("lines");
        assert_eq!((lines.start, lines.end as usize), (24, toml.len()));
    }

    #[test]
    fn reports_toml_syntax_errors_at_their_spans() {
        for (toml, place, message) in [
            (
                "operation = re-enroll\n",
                "re-enroll",
                "string values must be quoted",
            ),
            ("a = 1\n\"a\" = 2\n", "\"a\"", "duplicate key"),
            ("// comment\na = 1\n", "//", "invalid unquoted key"),
            ("a = [\"b\"\n", "", "unclosed array"),
            ("a = 2026-02-30\n", "2026-02-30", "invalid"),
        ] {
            let findings = translate(toml).expect_err("no TOML");
            let [finding] = &findings[..] else {
                panic!("{toml}: {findings:?}")
            };
            assert_eq!(finding.span.of(toml), place, "{toml}");
            assert!(finding.message.starts_with(message), "{}", finding.message);
            assert_eq!(finding.rule, "config/syntax");
        }
        let many = "a = b\n".repeat(50);
        let findings = translate(&many).expect_err("no TOML");
        assert_eq!(findings.len(), SYNTAX_LIMIT);
        assert_eq!(translate("é = ü\n").expect_err("no TOML").len(), 1);
    }
}
