//! Texts that contain an encoded payload: with HTML entities, percent-encoding, backslash escapes and so on.

use super::base64_text::decode_base64;
use std::cell::Cell;

use super::candidate::Candidate;
use super::source_map::DecodedText;
use crate::finding::{Edit, Fix};
use crate::json::{escape_len, unescape};
use crate::span::Span;

/// An encoded payload: a whole text, or a string in it.
#[derive(Clone, Debug, PartialEq)]
pub struct EncodedText {
    /// How it is encoded.
    pub encoding: TextEncoding,
    /// From the first encoded character to the last.
    pub span: Span,
    /// The text without the encoding.
    pub decoded: DecodedText,
}

/// How a payload is encoded in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextEncoding {
    /// `&quot;`
    HtmlEntities,
    /// `%22`
    Percent,
    /// `\"` and `\u0022` outside a string.
    BackslashEscapes,
    /// `""`, as in CSV and C#.
    DoubledQuotes,
    /// `` `" ``, as in PowerShell.
    BacktickEscapes,
    /// `^"`, as in the command prompt of Windows.
    CaretEscapes,
    /// Base64.
    Base64,
    /// JSON in a JSON string.
    JsonString,
    /// Escape sequences that set colours in a terminal.
    TerminalCodes,
    /// A prefix of each line, as in an e-mail or the output of a container.
    LinePrefix,
    /// `$'…'` and `'\''`, as in a shell.
    ShellQuotes,
}

impl EncodedText {
    /// What a finding says about it.
    pub fn message(&self) -> String {
        let encoding = self.encoding.name();
        format!("expected plain JSON, found JSON encoded with {encoding}")
    }

    /// The fix that replaces `encoded`, the encoded characters of the text, with `decoded`.
    pub fn decoding_fix(encoded: Span, decoded: &str) -> Fix {
        Fix::unsafe_("decode the JSON", vec![Edit::replace(encoded, decoded)])
    }
}

impl TextEncoding {
    /// Every encoding of a whole text, in the order in which they are tried.
    const OF_TEXTS: [TextEncoding; 11] = [
        TextEncoding::TerminalCodes,
        TextEncoding::ShellQuotes,
        TextEncoding::LinePrefix,
        TextEncoding::JsonString,
        TextEncoding::HtmlEntities,
        TextEncoding::Percent,
        TextEncoding::BacktickEscapes,
        TextEncoding::CaretEscapes,
        TextEncoding::BackslashEscapes,
        TextEncoding::DoubledQuotes,
        TextEncoding::Base64,
    ];

    /// The name of the encoding in messages.
    pub fn name(self) -> &'static str {
        match self {
            TextEncoding::HtmlEntities => "HTML entities",
            TextEncoding::Percent => "percent-encoding",
            TextEncoding::BackslashEscapes => "backslash escapes",
            TextEncoding::DoubledQuotes => "doubled quotes",
            TextEncoding::BacktickEscapes => "backtick escapes",
            TextEncoding::CaretEscapes => "caret escapes",
            TextEncoding::Base64 => "Base64",
            TextEncoding::JsonString => "JSON string escapes",
            TextEncoding::TerminalCodes => "terminal colour codes",
            TextEncoding::LinePrefix => "a prefix on each line",
            TextEncoding::ShellQuotes => "shell quoting",
        }
    }
}

/// The maximum number of nested encodings that are decoded in search of a payload.
const MAX_DEPTH: usize = 4;

/// Finds the encoding of a text: the one whose decoded text looks most like a payload. `None` if no decoded text
/// looks more like a payload than the text itself.
pub(super) fn detect(text: &str) -> Option<EncodedText> {
    let visible = Candidate::best(text).map_or(0, |best| best.score());
    let mut best: Option<(usize, EncodedText)> = None;
    for encoding in TextEncoding::OF_TEXTS {
        let Some(encoded) = decode(text, encoding) else {
            continue;
        };
        // The names of a payload are legible in shell quotes, so decoding does not add to them.
        let preference = usize::from(encoding == TextEncoding::ShellQuotes);
        let score = payload_score(encoded.decoded.as_str(), MAX_DEPTH) + preference;
        if score > best.as_ref().map_or(visible, |(score, _)| *score) {
            best = Some((score, encoded));
        }
    }
    best.map(|(_, encoded)| encoded)
}

/// Whether a text, possibly after decoding, contains a property name that payloads use.
pub(super) fn has_payload(text: &str) -> bool {
    payload_score(text, MAX_DEPTH) > 0
}

/// How much a text, possibly after more decoding, looks like a payload; 0 without a property name that payloads use.
fn payload_score(text: &str, depth: usize) -> usize {
    let best = Candidate::best(text).filter(|best| best.known_names > 0);
    if let Some(best) = best {
        return best.score();
    }
    if depth == 0 {
        return 0;
    }
    let decoded = TextEncoding::OF_TEXTS
        .iter()
        .filter_map(|encoding| decode(text, *encoding));
    // Each level of encoding costs one point, so that the shortest sequence of decodings wins.
    let scores = decoded.map(|encoded| payload_score(encoded.decoded.as_str(), depth - 1));
    scores.max().unwrap_or(0).saturating_sub(1)
}

/// Decodes the content of a JSON string, at `content` in `text`, if it contains a property name that payloads use,
/// possibly after more decoding.
pub fn decode_string(text: &str, content: Span) -> Option<EncodedText> {
    let mut decoded = DecodedText::default();
    decode_backslashes(text, content, &mut decoded);
    has_payload(decoded.as_str()).then_some(EncodedText {
        encoding: TextEncoding::JsonString,
        span: content,
        decoded,
    })
}

/// Decodes one encoding of a text; `None` if it does not occur in the text.
fn decode(text: &str, encoding: TextEncoding) -> Option<EncodedText> {
    let mut decoded = DecodedText::default();
    let whole = Span::new(0, text.len() as u32);
    let span = match encoding {
        TextEncoding::HtmlEntities => substitute(text, &mut decoded, entity),
        TextEncoding::Percent => decode_percent(text, &mut decoded),
        TextEncoding::BackslashEscapes => {
            let is_escaped = ["\\\"", "\\u0022", "\\U0022"]
                .iter()
                .any(|quote| text.contains(quote));
            is_escaped
                .then(|| decode_backslashes(text, whole, &mut decoded))
                .flatten()
        }
        TextEncoding::DoubledQuotes => decode_doubled_quotes(text, &mut decoded),
        TextEncoding::BacktickEscapes => substitute(text, &mut decoded, |rest| {
            rest.starts_with("`\"").then(|| ("\"".to_owned(), 2))
        }),
        TextEncoding::CaretEscapes => decode_carets(text, &mut decoded),
        TextEncoding::Base64 => decode_base64(text, &mut decoded),
        TextEncoding::JsonString => {
            let string = lone_string(text)?;
            let content = Span::new(string.start + 1, string.end - 1);
            decode_backslashes(text, content, &mut decoded);
            Some(string)
        }
        TextEncoding::TerminalCodes => substitute(text, &mut decoded, |rest| {
            terminal_code_len(rest).map(|len| (String::new(), len))
        }),
        TextEncoding::LinePrefix => decode_line_prefix(text, &mut decoded),
        TextEncoding::ShellQuotes => decode_shell_quotes(text, &mut decoded),
    };
    Some(EncodedText {
        encoding,
        span: span?,
        decoded,
    })
}

/// The span of the only token of a text, if that is a string.
fn lone_string(text: &str) -> Option<Span> {
    let start = text.len()
        - text
            .trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n'])
            .len();
    let content = text
        .trim_end()
        .get(start..)?
        .strip_prefix('"')?
        .strip_suffix('"')?;
    let mut is_escaped = false;
    let has_quote = content.bytes().any(|byte| {
        let is_quote = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_quote
    });
    (!has_quote).then(|| Span::new(start as u32, (start + content.len() + 2) as u32))
}

/// Replaces doubled quotes with single ones, and removes the quotes around a CSV field.
fn decode_doubled_quotes(text: &str, decoded: &mut DecodedText) -> Option<Span> {
    let is_doubled = ["{\"\"", "[\"\"", ",\"\"", " \"\"", "\n\"\""];
    if !is_doubled.iter().any(|start| text.contains(start)) {
        return None;
    }
    let last = text.trim_end().len().saturating_sub(1);
    let is_cell = text.starts_with("\"{") || text.starts_with("\"[");
    substitute(text, decoded, |rest| {
        let at = text.len() - rest.len();
        if rest.starts_with("\"\"") {
            Some(("\"".to_owned(), 2))
        } else if is_cell && rest.starts_with('"') && (at == 0 || at == last) {
            Some((String::new(), 1))
        } else {
            None
        }
    })
}

/// Copies `text` to `decoded` with replacements. `replacement` gets the rest of the text at every character, and
/// returns the decoded characters and the number of bytes they replace. Returns the span from the first replacement
/// to the last.
fn substitute(
    text: &str,
    decoded: &mut DecodedText,
    replacement: impl Fn(&str) -> Option<(String, usize)>,
) -> Option<Span> {
    let mut found: Option<Span> = None;
    let (mut at, mut copied) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        let Some((with, len)) = replacement(rest) else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        decoded.push_verbatim(text, Span::new(copied as u32, at as u32));
        let span = Span::new(at as u32, (at + len) as u32);
        decoded.push(&with, span);
        extend_span(&mut found, span);
        at += len;
        copied = at;
    }
    decoded.push_verbatim(text, Span::new(copied as u32, text.len() as u32));
    found
}

/// Removes the caret before each character that the command prompt of Windows would otherwise interpret. A caret at the
/// end of a line continues the line.
fn decode_carets(text: &str, decoded: &mut DecodedText) -> Option<Span> {
    if !text.contains("^\"") {
        return None;
    }
    substitute(text, decoded, |rest| {
        let escaped = rest.strip_prefix('^')?;
        let character = escaped.chars().next()?;
        match character {
            '\n' | '\r' => Some((" ".to_owned(), 1)),
            _ => Some((character.to_string(), 1 + character.len_utf8())),
        }
    })
}

/// Extends a span, if there is one, to the end of `next`.
fn extend_span(span: &mut Option<Span>, next: Span) {
    let start = span.map_or(next.start, |first| first.start);
    *span = Some(Span::new(start, next.end));
}

/// The character of the HTML entity at the start of `text`, and its length.
fn entity(text: &str) -> Option<(String, usize)> {
    const NAMED: [(&str, &str); 8] = [
        ("&quot;", "\""),
        ("&amp;", "&"),
        ("&apos;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&lbrace;", "{"),
        ("&rbrace;", "}"),
    ];
    if let Some((name, character)) = NAMED.iter().find(|(name, _)| text.starts_with(name)) {
        return Some(((*character).to_owned(), name.len()));
    }
    let number = text.strip_prefix("&#")?;
    let end = number.find(';').filter(|end| *end <= 8)?;
    let digits = &number[..end];
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    Some((char::from_u32(code)?.to_string(), end + 3))
}

fn decode_percent(text: &str, decoded: &mut DecodedText) -> Option<Span> {
    let has_spaces = text.trim().contains(' ');
    let found = substitute(text, decoded, |rest| match rest.as_bytes() {
        [b'+', ..] if !has_spaces => Some((" ".to_owned(), 1)),
        [b'%', ..] => percent_run(rest),
        _ => None,
    });
    found.filter(|_| text.contains("%22") || text.contains("%7B") || text.contains("%7b"))
}

/// The characters of the percent-encoded bytes at the start of `text`, and their length.
fn percent_run(text: &str) -> Option<(String, usize)> {
    let byte_at = |at: usize| {
        let digits = text.get(at..)?.strip_prefix('%')?.get(..2)?;
        u8::from_str_radix(digits, 16).ok()
    };
    let first = byte_at(0)?;
    let len = match first {
        0..=0x7F => 1,
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    };
    let bytes: Option<Vec<u8>> = (0..len).map(|index| byte_at(3 * index)).collect();
    Some((String::from_utf8(bytes?).ok()?, 3 * len))
}

/// Resolves the escapes of JSON in `span`, and nothing else. Returns the span from the first escape to the last.
fn decode_backslashes(text: &str, span: Span, decoded: &mut DecodedText) -> Option<Span> {
    let (start, end) = (span.start as usize, span.end as usize);
    let mut found: Option<Span> = None;
    let (mut at, mut copied) = (start, start);
    while let Some(offset) = memchr::memchr(b'\\', &text.as_bytes()[at..end]) {
        at += offset;
        // A backslash at the end of a line continues the line.
        let is_continuation = text[at + 1..end].starts_with(['\n', '\r']);
        let len = match is_continuation {
            true => 1,
            false => escape_len(&text[at..end]),
        };
        decoded.push_verbatim(text, Span::new(copied as u32, at as u32));
        let escape = Span::new(at as u32, (at + len) as u32);
        match is_continuation {
            true => decoded.push(" ", escape),
            false => decoded.push(&unescape(escape.of(text)), escape),
        }
        extend_span(&mut found, escape);
        at += len;
        copied = at;
    }
    decoded.push_verbatim(text, Span::new(copied as u32, end as u32));
    found
}

/// Resolves the quoting of a shell around a payload: the escapes of `$'…'`, or the `'\\''` and `'"'"'` that put a single
/// quote into `'…'`.
fn decode_shell_quotes(text: &str, decoded: &mut DecodedText) -> Option<Span> {
    let opener = text.match_indices("$'").find(|(at, _)| {
        let content = text[at + 2..].trim_start_matches(['\\', 'n', 'r', 't', ' ']);
        content.starts_with(['{', '['])
    });
    let Some((opener, _)) = opener else {
        const QUOTES: [&str; 2] = ["'\\''", "'\"'\"'"];
        return substitute(text, decoded, |rest| {
            let quote = QUOTES.iter().find(|quote| rest.starts_with(**quote))?;
            Some(("'".to_owned(), quote.len()))
        });
    };
    let start = opener + 2;
    let closer = Cell::new(None);
    substitute(text, decoded, |rest| {
        let at = text.len() - rest.len();
        if at < start || closer.get().is_some() {
            return None;
        }
        if rest.starts_with('\'') {
            closer.set(Some(at));
            return None;
        }
        shell_escape(rest)
    })
}

/// The character of the escape of `$'…'` at the start of `text`, and its length. Escapes that shells leave as they are
/// count as the backslash alone.
fn shell_escape(text: &str) -> Option<(String, usize)> {
    let escaped = text.strip_prefix('\\')?;
    let letter = escaped.chars().next()?;
    let of_digits = |digits: usize| {
        let code = u32::from_str_radix(escaped.get(1..1 + digits)?, 16).ok()?;
        Some((char::from_u32(code)?.to_string(), 2 + digits))
    };
    let character = match letter {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'x' => return of_digits(2),
        'u' => return of_digits(4),
        '\\' | '\'' | '"' => letter,
        _ => return None,
    };
    Some((character.to_string(), 2))
}

/// The length of the terminal code at the start of `text`, such as `ESC [ 3 2 m`.
fn terminal_code_len(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1B}[")?;
    let end = parameters.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    let is_letter = parameters.as_bytes()[end].is_ascii_alphabetic();
    is_letter.then_some(end + 3)
}

/// Removes the prefix of each line: `> ` of a quoted e-mail, a container name and a vertical bar, a line number, or the
/// `+` of a diff.
fn decode_line_prefix(text: &str, decoded: &mut DecodedText) -> Option<Span> {
    let of_some_lines: [PrefixLen; 2] = [quote_prefix_len, container_prefix_len];
    let of_all_lines: [PrefixLen; 2] = [number_prefix_len, added_prefix_len];
    let has_all = |len: &&PrefixLen| {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.all(|line| len(line).is_some())
    };
    let of_all = of_all_lines.iter().find(has_all);
    let len_of = |line: &str| match of_all {
        Some(len) => len(line),
        None => of_some_lines.iter().find_map(|len| len(line)),
    };
    let mut found: Option<Span> = None;
    let (mut prefixed, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let len = len_of(line).unwrap_or(0);
        let prefix = Span::new(at, at + len as u32);
        if len > 0 {
            prefixed += 1;
            extend_span(&mut found, prefix);
        }
        decoded.push("", prefix);
        at += line.len() as u32;
        decoded.push_verbatim(text, Span::new(prefix.end, at));
    }
    found.filter(|_| prefixed >= 2)
}

/// Returns the length of the prefix of a line, if it has one.
type PrefixLen = fn(&str) -> Option<usize>;

/// The length of the line number at the start of a line, as editors and pagers print it.
fn number_prefix_len(line: &str) -> Option<usize> {
    let rest = line.trim_start_matches([' ', '\t']);
    let text = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let separated = text.strip_prefix([' ', '\t', ':', '|'])?;
    (text.len() < rest.len()).then_some(line.len() - separated.len())
}

/// The length of the mark of an added line in a diff.
fn added_prefix_len(line: &str) -> Option<usize> {
    line.starts_with('+').then_some(1)
}

/// The length of the `> ` at the start of a line of a quoted e-mail.
fn quote_prefix_len(line: &str) -> Option<usize> {
    let rest = line.trim_start_matches([' ', '\t']).strip_prefix('>')?;
    let rest = rest.trim_start_matches(['>', ' ']);
    Some(line.len() - rest.len())
}

/// The length of the container name and vertical bar at the start of a line that Docker Compose prints.
fn container_prefix_len(line: &str) -> Option<usize> {
    let (name, rest) = line.split_once('|')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let word = name.trim_end_matches([' ', '\t']);
    let is_container = !word.is_empty() && word.chars().all(is_name);
    let space = usize::from(rest.starts_with(' '));
    is_container.then_some(name.len() + 1 + space)
}
