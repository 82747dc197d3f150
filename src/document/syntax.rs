//! The words and the fixes of the `json/` family: from a parser's fault to a finding.

use crate::finding::{Edit, Finding, Fix, Level, Safety};
use crate::json::{
    DEPTH_LIMIT, Defect, Encoding, Expected, Fault, ForeignLiteral, ForeignString, quote,
    tighten_number,
};
use crate::span::Span;

/// The finding for one fault of `text`.
pub(super) fn explain(text: &str, fault: &Fault) -> Finding {
    let span = fault.span;
    let token = shorten(span.of(text));
    let finding = |rule, message: String| Finding::new(rule, Level::Error, span, message);
    match &fault.defect {
        Defect::LeadingText { known, value } => {
            let mut finding = finding(
                "json/leading-text",
                format!("{token} stands in front of the JSON value"),
            );
            let removed = Span::new(span.start, removal_end(text, span.end, *value));
            finding.fix(Fix {
                title: "remove it".into(),
                safety: Safety::when(*known),
                edits: vec![Edit::remove(removed)],
            });
            finding
        }
        Defect::TrailingText => {
            let mut finding = finding(
                "json/trailing-text",
                format!("{token} stands behind the JSON value"),
            );
            finding.fix(Fix::unsafe_("remove it", vec![Edit::remove(span)]));
            finding
        }
        Defect::SeveralValues => {
            let mut finding = finding(
                "json/several-values",
                "a second JSON value follows the first; a file holds one".into(),
            );
            finding.help("put each value in a file of its own, or one a line in an .ndjson file");
            finding
        }
        Defect::TrailingComma => {
            let mut finding = finding(
                "json/trailing-comma",
                "a comma stands before the closing bracket".into(),
            );
            finding.fix(Fix::safe("remove the comma", vec![Edit::remove(span)]));
            finding
        }
        Defect::Comment => {
            let has_end = !token.starts_with("`/*") || span.of(text).ends_with("*/");
            let message = match has_end {
                true => "JSON has no comments",
                false => "JSON has no comments, and this one never ends",
            };
            let mut finding = finding("json/comment", message.into());
            if !has_end {
                finding.help("end the comment where it was meant to end, then take it out");
            } else {
                finding.fix(Fix::safe(
                    "remove the comment",
                    vec![remove_comment(text, span)],
                ));
            }
            finding
        }
        Defect::MissingSeparator(separator) => {
            let name = if *separator == ',' { "comma" } else { "colon" };
            let mut finding = finding(
                "json/missing-separator",
                format!("a {name} is missing before {token}"),
            );
            let place = end_of_token_before(text, span.start);
            let insert = Edit::insert(place, separator.to_string());
            finding.fix(Fix::safe(format!("insert the {name}"), vec![insert]));
            finding
        }
        Defect::UnquotedString { is_name } => {
            let what = if *is_name { "member name" } else { "text" };
            let mut finding = finding(
                "json/unquoted-string",
                format!("the {what} {token} has no quotes"),
            );
            let quoted = quote(span.of(text));
            let is_plain = !span
                .of(text)
                .contains([' ', '\t', '"', '\'', ':', '\u{A0}']);
            let edits = if quoted.len() == span.len() as usize + 2 {
                vec![Edit::insert(span.start, "\""), Edit::insert(span.end, "\"")]
            } else {
                vec![Edit::replace(span, quoted)]
            };
            let safety = Safety::when(is_plain);
            finding.fix(Fix {
                title: "put it in quotes".into(),
                safety,
                edits,
            });
            finding
        }
        Defect::ForeignQuotes(strings) => {
            let mut finding = finding("json/foreign-quotes", foreign_quotes_message(text, strings));
            let edits = strings
                .iter()
                .flat_map(|string| requote(text, string))
                .collect();
            finding.fix(Fix::safe("use straight double quotes", edits));
            finding
        }
        Defect::ForeignLiteral(literal) => explain_literal(text, span, *literal),
        Defect::RawControl(character) => {
            let mut finding = finding(
                "json/illegal-escape",
                format!("{} stands unescaped in a string", control_name(*character)),
            );
            let escaped = crate::json::escape(span.of(text));
            let title = format!("write it as {escaped}");
            finding.fix(Fix::safe(title, vec![Edit::replace(span, escaped)]));
            finding
        }
        Defect::UnknownEscape => {
            let mut finding = finding(
                "json/illegal-escape",
                format!("{token} is no escape that JSON knows"),
            );
            finding.help("write \\\\ where a backslash is meant, else leave it out");
            finding
        }
        Defect::LoneSurrogate => {
            let mut finding = finding(
                "json/illegal-escape",
                format!("{token} is half a character"),
            );
            finding.help("write the character itself, or both halves of its surrogate pair");
            finding
        }
        Defect::MoreIllegalEscapes { count, controls } => {
            let mut finding = finding(
                "json/illegal-escape",
                format!("{count} more illegal characters or escapes follow in this string"),
            );
            if controls.len() == *count {
                let escape =
                    |place: &Span| Edit::replace(*place, crate::json::escape(place.of(text)));
                finding.fix(Fix::safe(
                    "escape them",
                    controls.iter().map(escape).collect(),
                ));
            }
            finding
        }
        Defect::Unclosed { closer, place } => {
            let mut finding = finding(
                "json/unclosed",
                format!("{token} is never closed with `{closer}`"),
            );
            if let Some(place) = place {
                let title = format!("close it with {closer}");
                let edit = Edit::replace(*place, *closer);
                finding.fix(Fix::unsafe_(title, vec![edit]));
            }
            finding
        }
        Defect::MissingOpener => {
            let message = format!("`{{` is missing before {token}");
            let mut finding = finding("json/unexpected-token", message);
            let insert = Edit::insert(span.start, "{ ");
            finding.fix(Fix::unsafe_("insert {", vec![insert]));
            finding
        }
        Defect::WrongOpener { right, closing } => {
            let closer = if *right == '[' { "]" } else { "}" };
            let message = format!("{token} stands where `{right}` is expected");
            let mut finding = finding("json/unexpected-token", message);
            let mut edits = vec![Edit::replace(span, right.to_string())];
            edits.extend(closing.map(|closing| Edit::replace(closing, closer)));
            let title = match closing {
                Some(_) => format!("write {right} and {closer}"),
                None => format!("write {right}"),
            };
            finding.fix(Fix::unsafe_(title, edits));
            finding
        }
        Defect::Unexpected(expected) => finding(
            "json/unexpected-token",
            unexpected_message(&token, *expected),
        ),
        Defect::Invisible { count, runs } => {
            let name = invisible_name(span.of(text));
            let message = match count {
                1 => format!("{name} stands between tokens; JSON knows only plain blanks there"),
                _ => format!(
                    "{count} invisible characters stand between tokens, the first is {name}; JSON \
                     knows only plain blanks there"
                ),
            };
            let mut finding = finding("json/invisible-character", message);
            let blanks = |run: &Span| " ".repeat(run.of(text).chars().count());
            let edits = runs
                .iter()
                .map(|run| Edit::replace(*run, blanks(run)))
                .collect();
            finding.fix(Fix::safe("write plain blanks", edits));
            finding
        }
        Defect::DuplicateKey { first, removable } => {
            let mut finding = finding(
                "json/duplicate-key",
                format!("the name {token} stands twice in this object"),
            );
            finding.label(*first, "first here");
            match removable {
                Some(member) => {
                    let title = "remove the earlier member, which has the same value";
                    finding.fix(Fix::safe(title, vec![Edit::remove(*member)]));
                }
                None => {
                    finding.help("keep one of them; the last one counts");
                }
            }
            finding
        }
        Defect::TooDeep => finding(
            "json/unreadable",
            format!("brackets are nested deeper than {DEPTH_LIMIT}, so nothing of it is read"),
        ),
        Defect::NotUtf8(encoding) => {
            let message = match encoding {
                Encoding::Utf16 => "the file is UTF-16 text; JSON is UTF-8".into(),
                Encoding::Utf32 => "the file is UTF-32 text; JSON is UTF-8".into(),
                Encoding::Unknown => {
                    format!(
                        "byte {} is not UTF-8, so nothing of the text is read",
                        span.start
                    )
                }
            };
            let mut finding = finding("json/unreadable", message);
            finding.help("save the file as UTF-8");
            finding
        }
    }
}

fn explain_literal(text: &str, span: Span, literal: ForeignLiteral) -> Finding {
    let written = span.of(text);
    let (message, fix, help) = match literal {
        ForeignLiteral::Cased(word) => (
            format!("`{written}` is no JSON literal; JSON writes `{word}`"),
            Some((Safety::Safe, word.to_owned())),
            None,
        ),
        ForeignLiteral::None => (
            "`None` without quotes is no JSON value".into(),
            None,
            Some("write \"None\" where the word is meant, null where nothing is"),
        ),
        ForeignLiteral::Undefined => (
            "`undefined` is no JSON value".into(),
            Some((Safety::Unsafe, "null".to_owned())),
            None,
        ),
        ForeignLiteral::NotFinite => (
            format!("`{written}` is no JSON number"),
            None,
            Some("give a number, or null"),
        ),
        ForeignLiteral::LooseNumber => (
            format!("`{written}` is not how JSON writes a number"),
            tighten_number(written).map(|number| (Safety::Safe, number)),
            None,
        ),
        ForeignLiteral::Hexadecimal => (
            format!("`{written}` is hexadecimal; JSON knows decimal numbers only"),
            None,
            Some("give the number in decimal digits, or the text in quotes"),
        ),
        ForeignLiteral::LeadingZeros => (
            format!("`{written}` begins with a zero, which no JSON number does"),
            None,
            Some("put it in quotes where it is a code, drop the zeros where it is a number"),
        ),
    };
    let mut finding = Finding::new("json/foreign-literal", Level::Error, span, message);
    if let Some((safety, replacement)) = fix {
        let title = format!("write {replacement}");
        let edits = vec![Edit::replace(span, replacement)];
        finding.fix(Fix {
            title,
            safety,
            edits,
        });
    }
    finding.help = help.map(str::to_owned);
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

fn foreign_quotes_message(text: &str, strings: &[ForeignString]) -> String {
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

/// The edits that put a string in straight double quotes, its text kept.
fn requote(text: &str, string: &ForeignString) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut replace = |span: Span, with: &str| {
        if span.of(text) != with {
            edits.push(Edit::replace(span, with));
        }
    };
    replace(string.opening, "\"");
    let content = Span::new(string.opening.end, string.closing.start);
    let mut is_escaped = false;
    for (place, character) in content.of(text).char_indices() {
        let at = content.start + place as u32;
        match character {
            '"' if !is_escaped => replace(Span::new(at, at + 1), "\\\""),
            '\'' if is_escaped => replace(Span::new(at - 1, at + 1), "'"),
            _ => {}
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    // A string that is never closed is closed by the finding that says so.
    if !string.closing.is_empty() {
        replace(string.closing, "\"");
    }
    edits
}

/// A text in backticks, cut where it is long or runs over several lines.
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

/// Up to where the text in front of a value goes when it is taken away: with its line break, if the
/// value stands on a line below, else up to the value.
fn removal_end(text: &str, end: u32, value: u32) -> u32 {
    let between = Span::new(end, value.max(end)).of(text);
    let plain = between.len() - between.trim_start_matches([' ', '\t', '\r', '\n']).len();
    end + plain as u32
}

/// Takes a comment away together with the blanks before it, without joining two tokens.
fn remove_comment(text: &str, span: Span) -> Edit {
    let before = &text[..span.start as usize];
    let kept = before.trim_end_matches([' ', '\t']);
    let is_line_comment = !span.of(text).starts_with("/*");
    if is_line_comment {
        return Edit::remove(Span::new(kept.len() as u32, span.end));
    }
    let joins = |character: Option<char>| character.is_some_and(|c| !c.is_whitespace());
    let touches =
        joins(before.chars().next_back()) && joins(text[span.end as usize..].chars().next());
    Edit::replace(span, if touches { " " } else { "" })
}

/// Where a separator belongs: right behind the token that stands before `at`.
fn end_of_token_before(text: &str, at: u32) -> u32 {
    let before = &text[..at as usize];
    let kept = before.trim_end_matches(|c: char| c.is_whitespace());
    let has_line_break = before[kept.len()..].contains('\n');
    if has_line_break {
        let line = &kept[kept.rfind('\n').map_or(0, |line| line + 1)..];
        // Behind a comment the separator would be part of it.
        if line.contains("//") || line.contains('#') {
            return at;
        }
    }
    kept.len() as u32
}

fn control_name(character: char) -> String {
    match character {
        '\t' => "a tab".into(),
        '\n' | '\r' => "a line break".into(),
        _ => format!("the control character U+{:04X}", character as u32),
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
