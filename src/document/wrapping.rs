//! The text around a payload, and what it is: an HTTP message, a command, a log line and so on.

use super::candidate::{Candidate, further_payloads, matching_end, mentions_property};
use super::encoded_text;
use super::http::{Evidence, Line};
use crate::json::{next_visible, visible_end};
use crate::span::Span;

/// The text around the payload of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrapping {
    /// What it is.
    pub kind: WrappingKind,
    /// The text before the payload, from its first visible character to its last.
    pub before: Span,
    /// The text after the payload, from its first visible character to its last.
    pub after: Option<Span>,
    /// The payload.
    pub payload: Span,
    /// Whether the text only describes the payload, so that removing it loses no other information.
    pub is_removable: bool,
    /// The further payloads in the text after this one, which are checked too.
    pub further: Vec<Span>,
    /// Whether the text around the payload may contain a part of a payload, so that it must not be removed.
    pub may_hold_payload: bool,
}

/// What the text around a payload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrappingKind {
    /// The start line and headers of an HTTP request.
    HttpRequest,
    /// The status line and headers of an HTTP response.
    HttpResponse,
    /// A command line of curl.
    Curl,
    /// PowerShell: a web request, or a here-string.
    PowerShell,
    /// A fenced code block.
    Markdown,
    /// A block scalar of YAML.
    Yaml,
    /// An element of HTML.
    Html,
    /// An assignment to a variable, or a label with an equals sign.
    Assignment,
    /// A function call, such as JSONP.
    FunctionCall,
    /// A line of a log.
    LogLine,
    /// Anything else.
    Text,
}

impl WrappingKind {
    /// The name in messages, with its article if it has one.
    pub fn name(self) -> &'static str {
        match self {
            WrappingKind::HttpRequest => "an HTTP request",
            WrappingKind::HttpResponse => "an HTTP response",
            WrappingKind::Curl => "a curl command",
            WrappingKind::PowerShell => "a PowerShell command",
            WrappingKind::Markdown => "a Markdown code block",
            WrappingKind::Yaml => "a YAML block scalar",
            WrappingKind::Html => "HTML",
            WrappingKind::Assignment => "an assignment",
            WrappingKind::FunctionCall => "a function call",
            WrappingKind::LogLine => "a log line",
            WrappingKind::Text => "text",
        }
    }
}

/// The position of the payload in a text, and the text around it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Location {
    pub(super) payload: Span,
    /// Whether the payload is the properties of an object without braces.
    pub(super) is_property: bool,
    /// Whether the payload has names that payloads use.
    pub(super) has_known_names: bool,
    /// The text around the payload, if there is any.
    pub(super) wrapping: Option<Wrapping>,
    pub(super) evidence: Evidence,
}

impl Location {
    /// Whether the text around the payload is an HTTP message.
    pub(super) fn is_http_message(&self) -> bool {
        self.wrapping.as_ref().is_some_and(|wrapping| {
            matches!(
                wrapping.kind,
                WrappingKind::HttpRequest | WrappingKind::HttpResponse
            )
        })
    }
}

/// Locates the payload of a text. `None` if there is no place where it could start.
pub(super) fn locate(text: &str) -> Option<Location> {
    let Some(best) = Candidate::best(text) else {
        return locate_string(text);
    };
    let first = next_visible(text, 0);
    let before = Span::new(
        first as u32,
        visible_end(&text[..best.start]).max(first) as u32,
    );
    let mut location = Location {
        payload: Span::new(best.start as u32, text.len() as u32),
        is_property: best.is_property,
        has_known_names: best.known_names > 0,
        wrapping: None,
        evidence: Evidence::default(),
    };
    if !before.is_empty() {
        let wrapping = wrap(text, &best, before, &mut location.evidence);
        location.payload = wrapping.payload;
        location.wrapping = Some(wrapping);
    }
    Some(location)
}

/// Finds the only string in the body of an HTTP message, as an endpoint that returns a single word sends it.
fn locate_string(text: &str) -> Option<Location> {
    let end = visible_end(text);
    let body = text[..end].rsplit_once('\n')?.1.trim_start();
    let start = end - body.len();
    let is_string = body.len() >= 2 && body.starts_with('"') && body.ends_with('"');
    let (head_start, head_end) = (next_visible(text, 0), visible_end(&text[..start]));
    if head_start >= head_end {
        return None;
    }
    let before = Span::new(head_start as u32, head_end as u32);
    let mut evidence = Evidence::default();
    let (kind, is_removable) = kind_of(text, before, start as u32, None, &mut evidence);
    let is_http = matches!(kind, WrappingKind::HttpRequest | WrappingKind::HttpResponse);
    (is_string && is_http).then(|| {
        let payload = Span::new(start as u32, end as u32);
        Location {
            payload,
            is_property: false,
            has_known_names: false,
            wrapping: Some(Wrapping {
                kind,
                before,
                after: None,
                payload,
                is_removable,
                further: Vec::new(),
                may_hold_payload: false,
            }),
            evidence,
        }
    })
}

/// The text around a payload that has text before it. Adds what it says about the payload to `evidence`.
fn wrap(text: &str, best: &Candidate, before: Span, evidence: &mut Evidence) -> Wrapping {
    let end = best
        .end
        .or_else(|| matching_end(text, best.start))
        .unwrap_or_else(|| open_end(text, best.start));
    let visible = next_visible(text, end);
    let after_end = visible_end(text).max(visible);
    let after = Some(Span::new(visible as u32, after_end as u32)).filter(|after| !after.is_empty());
    let start = best.start as u32;
    let (kind, is_removable) = kind_of(text, before, start, after, evidence);
    // The parser reports a value that follows immediately.
    let is_parsed = after.is_some_and(|after| {
        after.of(text).starts_with(['{', '['])
            && Candidate::probe(text, after.start as usize, false).has_names()
    });
    let (payload, after) = match is_parsed && kind != WrappingKind::FunctionCall {
        true => (Span::new(start, text.len() as u32), None),
        false => (Span::new(start, end as u32), after),
    };
    let further = match after {
        Some(_) if !best.is_property => further_payloads(text, end),
        _ => Vec::new(),
    };
    let around = [Some(before), after].into_iter().flatten();
    let may_hold_payload =
        !further.is_empty() || around.map(|span| span.of(text)).any(may_hold_payload);
    Wrapping {
        kind,
        before,
        after,
        payload,
        is_removable: is_removable && after.is_none_or(|after| is_only_comments(after.of(text))),
        further,
        may_hold_payload,
    }
}

/// Whether a text may contain a payload or a part of one, possibly encoded, so that a fix must not remove it.
pub(super) fn may_hold_payload(text: &str) -> bool {
    mentions_property(text) || encoded_text::has_payload(text)
}

/// The end of a payload whose brackets do not match: before a fence that closes a code block, else at the end of the
/// text.
fn open_end(text: &str, start: usize) -> usize {
    let fence = ["\n```", "\n~~~"]
        .iter()
        .find_map(|fence| text[start..].find(fence));
    fence.map_or(text.len(), |fence| start + fence)
}

/// Whether a text consists only of comments.
pub(super) fn is_only_comments(text: &str) -> bool {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let comment = match rest {
            "" => return true,
            _ if rest.starts_with("/*") => rest.find("*/").map(|end| end + 2),
            _ if rest.starts_with("//") || rest.starts_with('#') => {
                Some(rest.find('\n').unwrap_or(rest.len()))
            }
            _ => None,
        };
        match comment {
            Some(end) => rest = &rest[end..],
            None => return false,
        }
    }
}

/// Returns what the text around the payload is, and whether removing it loses no other information. Adds what it says
/// about the payload to `evidence`.
fn kind_of(
    text: &str,
    before: Span,
    payload: u32,
    after: Option<Span>,
    evidence: &mut Evidence,
) -> (WrappingKind, bool) {
    let is_on_own_line = text[before.end as usize..payload as usize].contains(['\n', '\r']);
    let before = before.of(text);
    if let Some(found) = http_message(before, evidence) {
        return found;
    }
    let after = after.map_or("", |after| after.of(text));
    if let Some(kind) = command_kind(before, after, is_on_own_line, evidence) {
        return (kind, false);
    }
    let last_line = before.lines().last().unwrap_or_default().trim();
    let kind = if last_line.contains("```") || last_line.contains("~~~") {
        WrappingKind::Markdown
    } else if is_block_scalar(last_line) {
        WrappingKind::Yaml
    } else if is_html_tag(last_line) {
        WrappingKind::Html
    } else if words_of(last_line).any(is_time) {
        WrappingKind::LogLine
    } else if let Some(kind) = code_kind(last_line) {
        let is_only_line = before.lines().count() == 1;
        return (kind, is_only_line && is_label(last_line));
    } else if is_log_line(last_line) || is_log_line(before) {
        WrappingKind::LogLine
    } else {
        WrappingKind::Text
    };
    (kind, false)
}

/// The kind of command around the payload, if there is one. Adds what it says about the payload to `evidence`.
fn command_kind(
    before: &str,
    after: &str,
    is_on_own_line: bool,
    evidence: &mut Evidence,
) -> Option<WrappingKind> {
    const REQUESTS: [&str; 4] = ["Invoke-RestMethod", "Invoke-WebRequest", "irm", "iwr"];
    let words = || before.split(|c: char| c.is_whitespace() || "$;&|(".contains(c));
    let has = |names: &[&str]| {
        words().any(|word| names.iter().any(|name| word.eq_ignore_ascii_case(name)))
    };
    if has(&["curl", "curl.exe"]) {
        let sends =
            |word: &str| word == "-d" || word.starts_with("--data") || word.starts_with("--json");
        if words().any(sends) {
            evidence.add_command(&format!("{before} {after}"));
        }
        return Some(WrappingKind::Curl);
    }
    if has(&REQUESTS) {
        evidence.add_command(&format!("{before} {after}"));
        return Some(WrappingKind::PowerShell);
    }
    if REQUESTS[..2].iter().any(|name| after.contains(name)) {
        evidence.add_command(after);
        return Some(WrappingKind::PowerShell);
    }
    // A here-string starts on the line after its quote, a verbatim string of C# on the same line.
    let is_here_string = is_on_own_line && (before.ends_with("@'") || before.ends_with("@\""));
    let is_piped = ["'@", "\"@"].iter().any(|end| after.starts_with(end))
        || ["ConvertFrom-Json", "ConvertTo-Json"]
            .iter()
            .any(|name| after.contains(name));
    (is_here_string || is_piped).then_some(WrappingKind::PowerShell)
}

/// The kind of source code that a line ends with, if any: an assignment, or a call whose argument follows.
fn code_kind(line: &str) -> Option<WrappingKind> {
    if let Some(callee) = open_callee(line) {
        // `x = json.loads('` assigns what the function returns.
        let is_path = |c: char| c.is_alphanumeric() || "_.:!$ ".contains(c);
        return Some(match is_assignment(callee.trim_end_matches(is_path)) {
            true => WrappingKind::Assignment,
            false => WrappingKind::FunctionCall,
        });
    }
    // The quotes of a string, and what languages write before them.
    let target = line
        .trim_end_matches(['\'', '"', '`', '“', '@', '$', '#', 'r', 'f', 'b', 'N'])
        .trim_end();
    is_assignment(target).then_some(WrappingKind::Assignment)
}

/// Reads the lines before a payload as an HTTP message. Returns its kind, and whether every line belongs to it or is
/// a comment; `None` if there is no request or status line.
fn http_message(before: &str, evidence: &mut Evidence) -> Option<(WrappingKind, bool)> {
    let mut found = None;
    let mut is_recognized = true;
    for line in before
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
    {
        // `curl -v` prints `<` or `>` before each line.
        let line = line
            .strip_prefix("< ")
            .or_else(|| line.strip_prefix("> "))
            .unwrap_or(line);
        let read = Line::read(line);
        if let Some(read) = &read {
            evidence.add_line(read);
        }
        match read {
            Some(Line::Request { .. }) => found = Some(WrappingKind::HttpRequest),
            Some(Line::Status) => found = Some(WrappingKind::HttpResponse),
            Some(Line::Header | Line::Path(_)) => {}
            None => is_recognized &= line.starts_with("//") || line.starts_with('#'),
        }
    }
    found.map(|kind| (kind, is_recognized))
}

/// Whether a line ends with a YAML block scalar indicator, such as `body: |-`.
fn is_block_scalar(line: &str) -> bool {
    let start = line.trim_end_matches(|c: char| "+-".contains(c) || c.is_ascii_digit());
    let Some(key) = start.strip_suffix(['|', '>']) else {
        return false;
    };
    // A tag may precede the indicator.
    let key = key.trim_end();
    let key = match key.rsplit_once(' ') {
        Some((key, tag)) if tag.starts_with('!') => key,
        _ => key,
    };
    key.ends_with(':') || key == "-" || key == "---"
}

/// Whether a line ends with an HTML tag.
fn is_html_tag(line: &str) -> bool {
    let Some(open) = line
        .strip_suffix('>')
        .and_then(|rest| rest.rfind('<').map(|at| &rest[at + 1..]))
    else {
        return false;
    };
    let name = open
        .trim_start_matches('/')
        .split([' ', '\t'])
        .next()
        .unwrap_or_default();
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether the text before the payload on its line ends with an assignment: `const body =`, `payload :=`.
fn is_assignment(text: &str) -> bool {
    let Some(target) = text.strip_suffix('=') else {
        return false;
    };
    let target = target.strip_suffix(':').unwrap_or(target).trim_end();
    !target.is_empty() && !target.ends_with(['!', '<', '>', '='])
}

/// Whether the text before the payload on its line is only `media/type=` or `name =`.
fn is_label(text: &str) -> bool {
    let name = text.strip_suffix('=').unwrap_or(text).trim_end();
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_$.+-".contains(&byte))
    };
    match name.split_once('/') {
        Some((kind, subtype)) => is_part(kind) && is_part(subtype),
        None => is_part(name),
    }
}

/// The text before the first parenthesis of a line that is not closed, if a function is called there: `callback` of
/// `callback(`.
fn open_callee(line: &str) -> Option<&str> {
    let mut open = Vec::new();
    for (at, character) in line.char_indices() {
        match character {
            '(' => open.push(at),
            ')' => drop(open.pop()),
            _ => {}
        }
    }
    let callee = &line[..*open.first()?];
    callee
        .ends_with(|c: char| c.is_alphanumeric() || "_$!)".contains(c))
        .then_some(callee)
}

/// Whether a line looks like a line of a log: with a level or a time among its first words, a Rust panic, or a
/// container name and a vertical bar at its start.
fn is_log_line(line: &str) -> bool {
    const LEVELS: [&str; 14] = [
        "trace", "debug", "dbug", "info", "inf", "notice", "warn", "warning", "wrn", "error",
        "err", "fail", "fatal", "critical",
    ];
    let is_level = |(index, word): (usize, &str)| {
        let word = word.split(':').next().unwrap_or(word);
        let is_written_as_level = index == 0 || !word.contains(char::is_lowercase);
        is_written_as_level && LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word))
    };
    words_of(line).enumerate().any(is_level)
        || words_of(line).any(is_time)
        || line.contains(" panicked at ")
        || is_container_prefix(line)
}

/// The first eight words of a line.
fn words_of(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| c.is_whitespace() || "[]()|".contains(c))
        .map(|word| word.trim_matches([':', ',', '-', '"', '\'']))
        .filter(|word| !word.is_empty())
        .take(8)
}

/// Whether a word is or contains a time of day, such as `10:00:00`.
fn is_time(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.windows(8).any(|window| {
        window.iter().enumerate().all(|(index, byte)| match index {
            2 | 5 => *byte == b':',
            _ => byte.is_ascii_digit(),
        })
    })
}

/// Whether a line starts with a container name and a vertical bar, as Docker Compose prints it.
fn is_container_prefix(line: &str) -> bool {
    line.split_once('|').is_some_and(|(name, _)| {
        let name = name.trim_end();
        !name.is_empty() && !name.contains(char::is_whitespace)
    })
}
