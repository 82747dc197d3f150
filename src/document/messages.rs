//! The messages and fixes of the `json/` rules: from a syntax error to a finding.

mod escapes;
mod literals;
pub(super) mod surroundings;

use super::edits::{end_of_token_before, remove_comment, requote};
use super::wrapping::may_hold_payload;
use crate::finding::{Edit, Finding, Fix, Level, Safety};
use crate::json::{
    DEPTH_LIMIT, Encoding, Expected, NonJsonString, OpenEnd, SyntaxError, SyntaxErrorKind, quote,
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
        } => unclosed(site, closer, *outermost, *place, missing),
        Kind::EndsEarly(open_end) => ends_early(site, open_end),
        Kind::MissingOpener => missing_opener(site),
        Kind::MissingBraces { is_closed } => missing_braces(site, *is_closed),
        Kind::WrongOpener { right, closing } => wrong_opener(site, *right, *closing),
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
        format!("{token} stands behind the JSON value"),
    );
    // The text may contain another payload, which must not be lost.
    match site.source().contains(['{', '[', '"', ':']) || may_hold_payload(site.source()) {
        true => finding.help("remove the text after the JSON value, or put it into its own file"),
        false => finding.fix(Fix::unsafe_("remove it", vec![Edit::remove(site.span)])),
    };
    finding
}

fn several_values(site: Site<'_>) -> Finding {
    let mut finding = site.finding(
        "json/several-values",
        "a second JSON value follows the first; a file holds one",
    );
    finding.help("put each value in a file of its own, or one a line in an .ndjson file");
    finding
}

fn trailing_comma(site: Site<'_>) -> Finding {
    let mut finding = site.finding(
        "json/trailing-comma",
        "a comma stands before the closing bracket",
    );
    finding.fix(Fix::safe("remove the comma", vec![Edit::remove(site.span)]));
    finding
}

fn comment(site: Site<'_>) -> Finding {
    let token = site.token();
    let has_end = !token.starts_with("`/*") || site.source().ends_with("*/");
    let message = match has_end {
        true => "JSON has no comments",
        false => "JSON has no comments, and this one never ends",
    };
    let mut finding = site.finding("json/comment", message);
    if !has_end {
        finding.help("end the comment where it was meant to end, then take it out");
    } else {
        // A commented-out part of the payload is not a remark.
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
    finding.fix(Fix::safe(format!("insert the {name}"), vec![insert]));
    finding
}

fn unquoted_string(site: Site<'_>, is_name: bool) -> Finding {
    let token = site.token();
    let what = if is_name { "member name" } else { "text" };
    let mut finding = site.finding(
        "json/unquoted-string",
        format!("the {what} {token} has no quotes"),
    );
    let quoted = quote(site.source());
    let is_plain = !site
        .source()
        .contains([' ', '\t', '"', '\'', ':', '\u{A0}']);
    let edits = if quoted.len() == site.span.len() as usize + 2 {
        vec![
            Edit::insert(site.span.start, "\""),
            Edit::insert(site.span.end, "\""),
        ]
    } else {
        vec![Edit::replace(site.span, quoted)]
    };
    let safety = Safety::when(is_plain && (is_name || is_literal_text(site.source())));
    finding.fix(Fix {
        title: "put it in quotes".into(),
        safety,
        edits,
    });
    finding
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
    let message = format!("{count} property names without double quotes, starting with {token}");
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
        title: "put the property names in double quotes".into(),
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
        title: "use straight double quotes".into(),
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
    finding.fix(Fix::safe("replace with JSON punctuation", edits.collect()));
    finding
}

fn placeholder(site: Site<'_>) -> Finding {
    let token = site.token();
    let message = format!("{token} is a placeholder, not a value");
    let mut finding = site.finding("payload/placeholder", message);
    finding.help("replace the placeholder with the actual value");
    finding
}

fn unclosed(
    site: Site<'_>,
    closer: &'static str,
    outermost: Option<Span>,
    place: Span,
    missing: &str,
) -> Finding {
    let token = site.token();
    let mut finding = site.finding(
        "json/unclosed",
        format!("{token} is never closed with `{closer}`"),
    );
    if let Some(outermost) = outermost {
        finding.label(outermost, "this bracket is not closed either");
    }
    let title = format!("insert {missing}");
    finding.fix(Fix::unsafe_(title, vec![Edit::replace(place, missing)]));
    finding
}

fn ends_early(site: Site<'_>, open_end: &OpenEnd) -> Finding {
    let count = open_end.brackets.len();
    let brackets = match open_end.brackets[..] {
        [only] => format!("`{}`", only.of(site.text)),
        _ => format!("{count} brackets"),
    };
    let message = match (open_end.string, count) {
        (Some(_), 0) => "the text ends inside a string".to_owned(),
        (Some(_), _) => format!("the text ends inside a string, with {brackets} still open"),
        (None, 0) => "the text ends before its value is complete".to_owned(),
        (None, _) => format!("the text ends with {brackets} still open"),
    };
    let mut finding = site.finding("json/unclosed", message);
    if let Some(quote) = open_end.string {
        finding.label(quote, "the string starts here");
    }
    match open_end.brackets[..] {
        [] => {}
        [only] => {
            finding.label(only, "opened here");
        }
        [outermost, .., innermost] => {
            finding.label(innermost, "innermost open bracket");
            finding.label(outermost, "outermost open bracket");
        }
    }
    let edit = Edit::replace(open_end.tail, open_end.closing.clone());
    let title = match open_end.string {
        Some(_) if count == 0 => "close the string",
        Some(_) if count == 1 => "close the string and the bracket",
        Some(_) => "close the string and the brackets",
        None if count == 1 => "close the bracket",
        None => "close the brackets",
    };
    finding.fix(Fix::unsafe_(title, vec![edit]));
    finding
}

fn missing_opener(site: Site<'_>) -> Finding {
    let token = site.token();
    let message = format!("`{{` is missing before {token}");
    let mut finding = site.finding("json/unexpected-token", message);
    let insert = Edit::insert(site.span.start, "{ ");
    finding.fix(Fix::unsafe_("insert {", vec![insert]));
    finding
}

fn missing_braces(site: Site<'_>, is_closed: bool) -> Finding {
    let (message, title) = match is_closed {
        true => ("`{` is missing before the first property", "insert {"),
        false => (
            "`{` and `}` are missing around the properties",
            "enclose the properties in braces",
        ),
    };
    let mut finding = site.finding("json/unexpected-token", message);
    let mut edits = vec![Edit::insert(site.span.start, "{ ")];
    if !is_closed {
        edits.push(Edit::insert(site.span.end, " }"));
    }
    finding.fix(Fix::unsafe_(title, edits));
    finding
}

fn wrong_opener(site: Site<'_>, right: char, closing: Option<Span>) -> Finding {
    let token = site.token();
    let closer = if right == '[' { "]" } else { "}" };
    let message = format!("{token} stands where `{right}` is expected");
    let mut finding = site.finding("json/unexpected-token", message);
    let mut edits = vec![Edit::replace(site.span, right.to_string())];
    edits.extend(closing.map(|closing| Edit::replace(closing, closer)));
    let title = match closing {
        Some(_) => format!("write {right} and {closer}"),
        None => format!("write {right}"),
    };
    finding.fix(Fix::unsafe_(title, edits));
    finding
}

fn unexpected_token(site: Site<'_>, expected: Expected) -> Finding {
    site.finding(
        "json/unexpected-token",
        unexpected_message(&site.token(), expected),
    )
}

fn invisible(site: Site<'_>, count: usize, runs: &[Span]) -> Finding {
    let name = invisible_name(site.source());
    let message = match count {
        1 => format!("{name} stands between tokens; JSON knows only plain blanks there"),
        _ => format!(
            "{count} invisible characters stand between tokens, the first is {name}; JSON \
             knows only plain blanks there"
        ),
    };
    let mut finding = site.finding("json/invisible-character", message);
    let spaces = |run: &Span| " ".repeat(run.of(site.text).chars().count());
    let edits = runs
        .iter()
        .map(|run| Edit::replace(*run, spaces(run)))
        .collect();
    finding.fix(Fix::safe("write plain blanks", edits));
    finding
}

fn duplicate_key(site: Site<'_>, first: Span, removable: Option<Span>) -> Finding {
    let token = site.token();
    let mut finding = site.finding(
        "json/duplicate-key",
        format!("the name {token} stands twice in this object"),
    );
    finding.label(first, "first here");
    match removable {
        Some(property) => {
            let title = "remove the earlier member, which has the same value";
            finding.fix(Fix::safe(title, vec![Edit::remove(property)]));
        }
        None => {
            finding.help("keep one of them; the last one counts");
        }
    }
    finding
}

fn too_deep(site: Site<'_>) -> Finding {
    site.finding(
        "json/unreadable",
        format!("brackets are nested deeper than {DEPTH_LIMIT}, so nothing of it is read"),
    )
}

fn not_utf8(site: Site<'_>, encoding: Encoding) -> Finding {
    let message = match encoding {
        Encoding::Utf16 => "the file is UTF-16 text; JSON is UTF-8".into(),
        Encoding::Utf32 => "the file is UTF-32 text; JSON is UTF-8".into(),
        Encoding::Unknown => {
            format!(
                "byte {} is not UTF-8, so nothing of the text is read",
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
        Expected::AnyValue if token == "``" => "the text is empty; a JSON value is missing".into(),
        Expected::AnyValue => "the text ends without a JSON value".into(),
        Expected::Value => format!("{token} stands where a value is expected"),
        Expected::Name => format!("{token} stands where a member name is expected"),
        Expected::Colon => format!("{token} stands where a colon is expected"),
        Expected::CommaOrCloser(closer) => {
            format!("{token} stands where a comma or `{closer}` is expected")
        }
        Expected::Opened => format!("{token} closes nothing"),
        Expected::Digit => format!("{token} cannot stand in a JSON number"),
    }
}

fn non_json_quotes_message(text: &str, strings: &[NonJsonString]) -> String {
    let opening = strings[0].opening.of(text);
    let mark = if opening == "\"" {
        strings[0].closing.of(text)
    } else {
        opening
    };
    match strings.len() {
        1 => format!("a string stands in {mark} quotes; JSON knows only \" quotes"),
        count => format!("{count} strings stand in {mark} quotes; JSON knows only \" quotes"),
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

fn invisible_name(text: &str) -> String {
    let Some(character) = text.chars().next() else {
        return "a blank".into();
    };
    let code = character as u32;
    let name = match character {
        '\u{A0}' => "a no-break space",
        '\u{AD}' => "a soft hyphen",
        '\u{200B}' => "a zero-width space",
        '\u{200C}' | '\u{200D}' | '\u{2060}' => "a zero-width joiner",
        '\u{FEFF}' => "a byte order mark",
        '\u{2028}' | '\u{2029}' => "a Unicode line break",
        _ if character.is_control() => "a control character",
        _ if character.is_whitespace() => "an odd space",
        _ => "an invisible character",
    };
    format!("{name} (U+{code:04X})")
}
