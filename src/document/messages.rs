//! The messages and fixes of the `json/` rules: from a syntax error to a finding.

mod brackets;
mod escapes;
mod literals;
pub(super) mod surroundings;

use super::edits::{end_of_token_before, remove_comment, requote};
use super::wrapping::may_hold_payload;
use crate::finding::{Edit, Finding, Fix, Level, Safety};
use crate::json::{
    DEPTH_LIMIT, Encoding, Expected, NonJsonString, SyntaxError, SyntaxErrorKind, next_visible,
    quote,
};
use crate::span::Span;

/// The finding for one syntax error of `text`.
pub(super) fn finding(text: &str, error: &SyntaxError) -> Finding {
    use SyntaxErrorKind as Kind;
    let site = Site {
        text,
        span: error.span,
    };
    match &error.kind {
        Kind::TrailingText => trailing_text(site),
        Kind::SeveralValues => several_values(site),
        Kind::TrailingComma => trailing_comma(site),
        Kind::Comment => comment(site),
        Kind::MissingSeparator(separator) => missing_separator(site, *separator),
        Kind::UnquotedString { is_name } => unquoted_string(site, *is_name),
        Kind::NonJsonQuotes(strings) => non_json_quotes(site, strings),
        Kind::NonJsonLiteral(literal) => literals::finding(site, *literal),
        Kind::UnquotedNames(names) => unquoted_names(site, names),
        Kind::CasedLiterals(found) => literals::cased(site, found),
        Kind::ForeignPunctuation(marks) => foreign_punctuation(site, marks),
        Kind::Placeholder => placeholder(site),
        Kind::InnerQuotes(quotes) => escapes::inner_quotes(site, quotes),
        Kind::RawControl(character) => escapes::raw_control(site, *character),
        Kind::UnknownEscape => escapes::unknown_escape(site),
        Kind::LoneSurrogate => escapes::lone_surrogate(site),
        Kind::MoreIllegalEscapes { count, controls } => {
            escapes::more_illegal_escapes(site, *count, controls)
        }
        Kind::Unclosed {
            closer,
            outermost,
            place,
            missing,
        } => brackets::unclosed(site, closer, *outermost, *place, missing),
        Kind::EndsEarly(open_end) => brackets::ends_early(site, open_end),
        Kind::MissingOpener => brackets::missing_opener(site),
        Kind::MissingBraces { is_closed } => brackets::missing_braces(site, *is_closed),
        Kind::WrongOpener { right, closing } => brackets::wrong_opener(site, *right, *closing),
        Kind::Unexpected(expected) => unexpected_token(site, *expected),
        Kind::Invisible { count, runs } => invisible(site, *count, runs),
        Kind::DuplicateKey { first, removable } => duplicate_key(site, *first, *removable),
        Kind::TooDeep => too_deep(site),
        Kind::NotUtf8(encoding) => not_utf8(site, *encoding),
    }
}

/// The place of a syntax error.
#[derive(Clone, Copy)]
struct Site<'t> {
    text: &'t str,
    span: Span,
}

impl<'t> Site<'t> {
    /// The characters of the error.
    fn source(self) -> &'t str {
        self.span.of(self.text)
    }

    /// The characters of the error in backticks, shortened for a message.
    fn token(self) -> String {
        shorten(self.source())
    }

    fn finding(self, rule: &'static str, message: impl Into<String>) -> Finding {
        Finding::new(rule, Level::Error, self.span, message.into())
    }
}

fn trailing_text(site: Site<'_>) -> Finding {
    let token = site.token();
    let mut finding = site.finding(
        "json/trailing-text",
        format!("text after the JSON value: {token}"),
    );
    // The text may contain another payload, which must not be lost.
    match site.source().contains(['{', '[', '"', ':']) || may_hold_payload(site.source()) {
        true => finding.help("remove the text after the JSON value, or put it into its own file"),
        false => finding.fix(Fix::unsafe_(
            "remove the text after the JSON value",
            vec![Edit::remove(site.span)],
        )),
    };
    finding
}

/// The finding on a second value at `span`.
pub(crate) fn second_value_finding(text: &str, span: Span) -> Finding {
    let kind = SyntaxErrorKind::SeveralValues;
    finding(text, &SyntaxError { span, kind })
}

fn several_values(site: Site<'_>) -> Finding {
    let mut finding = site.finding(
        "json/several-values",
        "a second JSON value follows the first; a JSON document has only one",
    );
    finding.help(
        "put the values into one array, into separate files, or on separate lines of an `.ndjson` \
         file",
    );
    finding
}

fn trailing_comma(site: Site<'_>) -> Finding {
    let message = match after_comments(site.text, site.span.end).chars().next() {
        Some(closer @ ('}' | ']')) => format!("trailing comma before `{closer}`"),
        None => "trailing comma after the JSON value".into(),
        Some(_) => "trailing comma before the closing bracket".into(),
    };
    let mut finding = site.finding("json/trailing-comma", message);
    finding.fix(Fix::safe(
        "remove the trailing comma",
        vec![Edit::remove(site.span)],
    ));
    finding
}

/// The text from the first character after `at` that is neither whitespace nor in a comment.
fn after_comments(text: &str, at: u32) -> &str {
    let mut rest = &text[at as usize..];
    loop {
        rest = &rest[next_visible(rest, 0)..];
        let end = match rest.starts_with("/*") {
            true => rest.find("*/").map(|end| end + 2),
            false if rest.starts_with("//") || rest.starts_with('#') => rest.find('\n'),
            false => return rest,
        };
        rest = &rest[end.unwrap_or(rest.len())..];
    }
}

fn comment(site: Site<'_>) -> Finding {
    let token = site.token();
    let has_end = !token.starts_with("`/*") || site.source().ends_with("*/");
    let message = match has_end {
        true => "JSON does not allow comments",
        false => "JSON does not allow comments, and this one has no `*/`",
    };
    let mut finding = site.finding("json/comment", message);
    if !has_end {
        finding.help("add the missing `*/`, then remove the comment");
    } else {
        // A part of the payload that was commented out must not be lost.
        if may_hold_payload(site.source()) || replaces_value(site) {
            finding.help("remove the comment, or write its content as JSON");
        } else {
            let edit = remove_comment(site.text, site.span);
            finding.fix(Fix {
                title: "remove the comment".into(),
                safety: Safety::when(!site.source().contains(['"', '{', '[', '“', '”'])),
                edits: vec![edit],
            });
        }
    }
    finding
}

/// Whether a comment is where a value is expected, and no value follows: then it may be the value, such as `#N/A`.
fn replaces_value(site: Site<'_>) -> bool {
    let (start, end) = (site.span.start as usize, site.span.end as usize);
    let follows_colon = site.text[..start].trim_end().ends_with(':');
    let after = site.text[end..].trim_start();
    let is_name = after.strip_prefix('"').is_some_and(|rest| {
        let name_end = rest.find('"').map_or(rest.len(), |at| at + 1);
        rest[name_end..].trim_start().starts_with(':')
    });
    follows_colon && (is_name || after.is_empty() || after.starts_with([',', '}', ']']))
}

fn missing_separator(site: Site<'_>, separator: char) -> Finding {
    let token = site.token();
    let name = if separator == ',' { "comma" } else { "colon" };
    let mut finding = site.finding(
        "json/missing-separator",
        format!("a {name} is missing before {token}"),
    );
    let place = end_of_token_before(site.text, site.span.start);
    let insert = Edit::insert(place, separator.to_string());
    // Before other text, a quote may be missing instead.
    let safety = Safety::when(starts_value(&site.text[site.span.start as usize..]));
    finding.fix(Fix {
        title: format!("insert `{separator}`"),
        safety,
        edits: vec![insert],
    });
    finding
}

/// Whether a text starts with a JSON value.
fn starts_value(text: &str) -> bool {
    let is_literal = |literal: &&str| {
        let rest = text.strip_prefix(*literal);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    text.starts_with(|c: char| matches!(c, '"' | '{' | '[' | '-') || c.is_ascii_digit())
        || ["true", "false", "null"].iter().any(is_literal)
}

fn unquoted_string(site: Site<'_>, is_name: bool) -> Finding {
    let token = site.token();
    let what = if is_name { "property name" } else { "value" };
    let mut finding = site.finding(
        "json/unquoted-string",
        format!("the {what} {token} is not in double quotes"),
    );
    // Only the opening quote is missing.
    let content = content_of_unquoted(site.source());
    let quoted = quote(content);
    let is_plain = !site
        .source()
        .contains([' ', '\t', '"', '\'', ':', '\u{A0}']);
    let edits = if content.len() < site.source().len() && quoted.len() == content.len() + 2 {
        vec![Edit::insert(site.span.start, "\"")]
    } else if quoted.len() == site.span.len() as usize + 2 {
        vec![
            Edit::insert(site.span.start, "\""),
            Edit::insert(site.span.end, "\""),
        ]
    } else {
        vec![Edit::replace(site.span, quoted)]
    };
    let safety = Safety::when(is_plain && (is_name || is_literal_text(site.source())));
    finding.fix(Fix {
        title: "add double quotes".into(),
        safety,
        edits,
    });
    finding
}

/// The content of a string without its opening quote: the text without a closing quote that is the only one.
fn content_of_unquoted(text: &str) -> &str {
    match text.strip_suffix('"') {
        Some(content) if !content.is_empty() && !content.contains('"') => content,
        _ => text,
    }
}

/// Whether unquoted text is the value itself, rather than a variable, an expression or a note: a word
/// or number, an e-mail address or a domain.
fn is_literal_text(text: &str) -> bool {
    let (start, end) = (text.chars().next(), text.chars().next_back());
    let has_plain_ends = [start, end].iter().flatten().all(|c| c.is_alphanumeric());
    let is_upper_word = text.len() > 3
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_number_with_suffix = text.len() == digits.len() + 1
        && !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    // `order.customerId` is an expression, and `kestrel.com` a domain.
    let is_path = text.contains('.')
        && !text.contains('@')
        && text
            .rsplit('.')
            .next()
            .is_some_and(|last| last.contains(|c: char| c.is_ascii_uppercase()));
    let has_operator = text.contains(['$', '<', '>', '?', '(', ')', '[', ']', '=', '*', '|']);
    has_plain_ends && !(is_upper_word || is_number_with_suffix || is_path || has_operator)
}

fn unquoted_names(site: Site<'_>, names: &[Span]) -> Finding {
    let (count, token) = (names.len(), site.token());
    let message = format!("{count} property names are not in double quotes, starting with {token}");
    let mut finding = site.finding("json/unquoted-string", message);
    let is_plain = |name: &Span| {
        !name
            .of(site.text)
            .contains([' ', '\t', '"', '\'', '\\', '\u{A0}'])
    };
    let edits = names
        .iter()
        .flat_map(|name| [Edit::insert(name.start, "\""), Edit::insert(name.end, "\"")]);
    finding.fix(Fix {
        title: "add double quotes to the property names".into(),
        safety: Safety::when(names.iter().all(is_plain)),
        edits: edits.collect(),
    });
    finding
}

fn non_json_quotes(site: Site<'_>, strings: &[NonJsonString]) -> Finding {
    let mut finding = site.finding(
        "json/foreign-quotes",
        non_json_quotes_message(site.text, strings),
    );
    let edits = strings
        .iter()
        .flat_map(|string| requote(site.text, string))
        .collect();
    // Spaces and marks next to the quotes may belong to them, as in French or LaTeX.
    let has_plain_ends = |string: &NonJsonString| {
        let content = Span::new(string.opening.end, string.closing.start).of(site.text);
        let is_mark = |c: char| c.is_whitespace() || "'`´‘’‚".contains(c);
        !content.starts_with(is_mark) && !content.ends_with(is_mark)
    };
    finding.fix(Fix {
        title: "replace with straight double quotes".into(),
        safety: Safety::when(strings.iter().all(has_plain_ends)),
        edits,
    });
    finding
}

fn foreign_punctuation(site: Site<'_>, marks: &[(Span, &'static str)]) -> Finding {
    let token = site.token();
    let expected = marks.first().map_or(",", |(_, mark)| mark);
    let message = match marks.len() {
        _ if expected.is_empty() => format!("{token} is not allowed before a property name"),
        1 => format!("{token} is not JSON punctuation; use `{expected}`"),
        count => format!(
            "{count} marks are not JSON punctuation, starting with {token} instead of `{expected}`"
        ),
    };
    let mut finding = site.finding("json/foreign-punctuation", message);
    let edits = marks.iter().map(|(span, mark)| Edit::replace(*span, *mark));
    let count = |wanted: &str| marks.iter().filter(|(_, mark)| *mark == wanted).count();
    // A bracket without its counterpart may be a stray character.
    let are_pairs = count("[") == count("]") && count("{") == count("}");
    finding.fix(Fix {
        title: "replace with JSON punctuation".into(),
        safety: Safety::when(are_pairs),
        edits: edits.collect(),
    });
    finding
}

fn placeholder(site: Site<'_>) -> Finding {
    let token = site.token();
    let message = format!("{token} is a placeholder, not a value");
    let mut finding = site.finding("payload/placeholder", message);
    finding.help("replace the placeholder with the actual value");
    finding
}

fn unexpected_token(site: Site<'_>, expected: Expected) -> Finding {
    site.finding(
        "json/unexpected-token",
        unexpected_message(&site.token(), expected),
    )
}

fn invisible(site: Site<'_>, count: usize, runs: &[Span]) -> Finding {
    let first = site.source().chars().next().unwrap_or(' ');
    let (name, code) = (invisible_name(first), first as u32);
    let mut characters = runs.iter().flat_map(|run| run.of(site.text).chars());
    let are_equal = characters.all(|character| character == first);
    let found = match count {
        1 => format!("{name} (U+{code:04X}) between tokens"),
        _ if are_equal => format!("{count} {name}s (U+{code:04X}) between tokens"),
        _ => format!(
            "{count} invisible characters between tokens, starting with U+{code:04X} ({name})"
        ),
    };
    let message = format!("{found}; JSON allows only ordinary spaces");
    let mut finding = site.finding("json/invisible-character", message);
    let spaces = |run: &Span| " ".repeat(run.of(site.text).chars().count());
    let edits = runs
        .iter()
        .map(|run| Edit::replace(*run, spaces(run)))
        .collect();
    finding.fix(Fix::safe("replace with ordinary spaces", edits));
    finding
}

fn duplicate_key(site: Site<'_>, first: Span, removable: Option<Span>) -> Finding {
    let token = site.token();
    let mut finding = site.finding(
        "json/duplicate-key",
        format!("duplicate property name {token}"),
    );
    finding.label(first, "first defined here");
    match removable {
        Some(property) => {
            let title = "remove the earlier property, which has the same value";
            finding.fix(Fix::safe(title, vec![Edit::remove(property)]));
        }
        None => {
            finding.help("keep only one of the properties; countersign uses the last one");
        }
    }
    finding
}

fn too_deep(site: Site<'_>) -> Finding {
    site.finding(
        "json/unreadable",
        format!(
            "brackets are nested more than {DEPTH_LIMIT} levels deep; the text was not checked"
        ),
    )
}

fn not_utf8(site: Site<'_>, encoding: Encoding) -> Finding {
    let message = match encoding {
        Encoding::Utf16 => "the file is encoded as UTF-16; JSON must be UTF-8".into(),
        Encoding::Utf32 => "the file is encoded as UTF-32; JSON must be UTF-8".into(),
        Encoding::Unknown => {
            format!(
                "byte {} is not valid UTF-8; the text was not checked",
                site.span.start
            )
        }
    };
    let mut finding = site.finding("json/unreadable", message);
    finding.help("save the file as UTF-8");
    finding
}

fn unexpected_message(token: &str, expected: Expected) -> String {
    match expected {
        Expected::AnyValue if token == "``" => "no JSON value found: the text is empty".into(),
        Expected::AnyValue => "no JSON value found".into(),
        Expected::Value => format!("expected a value, found {token}"),
        Expected::Name => format!("expected a property name, found {token}"),
        Expected::Colon => format!("expected `:`, found {token}"),
        Expected::CommaOrCloser(closer) => format!("expected `,` or `{closer}`, found {token}"),
        Expected::Opened => format!("{token} has no matching opening bracket"),
        Expected::Digit => format!("{token} is not allowed in a JSON number"),
    }
}

fn non_json_quotes_message(text: &str, strings: &[NonJsonString]) -> String {
    let opening = strings[0].opening.of(text);
    let mark = if opening == "\"" {
        strings[0].closing.of(text)
    } else {
        opening
    };
    let mark = match mark {
        "`" => "a backtick".into(),
        _ => format!("`{mark}`"),
    };
    match strings.len() {
        1 => format!("the string is quoted with {mark}; JSON allows only `\"`"),
        count => {
            format!("{count} strings are not quoted with `\"`; the first is quoted with {mark}")
        }
    }
}

/// Puts a text in backticks, and truncates it if it is long or has several lines.
fn shorten(text: &str) -> String {
    const LIMIT: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(LIMIT).collect();
    if cut.len() < text.len() {
        format!("`{cut}…`")
    } else {
        format!("`{text}`")
    }
}

/// The name of an invisible character in messages, which takes an `s` in the plural.
fn invisible_name(character: char) -> &'static str {
    match character {
        '\u{A0}' => "no-break space",
        '\u{AD}' => "soft hyphen",
        '\u{200B}' => "zero-width space",
        '\u{200C}' => "zero-width non-joiner",
        '\u{200D}' => "zero-width joiner",
        '\u{2060}' => "word joiner",
        '\u{FEFF}' => "byte order mark",
        '\u{2028}' => "line separator",
        '\u{2029}' => "paragraph separator",
        _ if character.is_control() => "control character",
        _ if character.is_whitespace() => "special space",
        _ => "invisible character",
    }
}
