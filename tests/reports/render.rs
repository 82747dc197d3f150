//! The format of the files: a text, and what is said about it.

use std::fmt::Write as _;

use countersign::config::Config;
use countersign::document::Document;
use countersign::engine::{Engine, Outcome};
use countersign::finding::{Finding, Safety};
use countersign::fix::{MAX_ROUNDS, apply_fixes};
use countersign::schema::{Schema, SchemaError};

use super::facts;

/// Precedes each line of a text.
const MARGIN: &str = "  | ";
/// The first line of a case.
const START: &str = "===";
/// The line before what is derived.
const DERIVED: &str = "---";

/// A text, and what is known about it.
pub(crate) struct Case {
    pub(crate) text: String,
    /// As the `.facts` files of the fixtures have them.
    pub(crate) facts: String,
    /// A schema, as `--schema` gets it.
    pub(crate) schema: Option<String>,
}

impl Case {
    /// The cases of a file.
    pub(crate) fn parse_all(file: &str) -> Vec<Self> {
        let mut cases: Vec<Self> = Vec::new();
        let mut is_derived = true;
        for line in file.lines() {
            if line == START {
                is_derived = false;
                cases.push(Self {
                    text: String::new(),
                    facts: String::new(),
                    schema: None,
                });
            } else if line == DERIVED {
                is_derived = true;
            } else if !is_derived {
                cases.last_mut().expect("a start").add_line(line);
            }
        }
        for case in &mut cases {
            case.text.pop();
        }
        cases
    }

    fn add_line(&mut self, line: &str) {
        if let Some(line) = line.strip_prefix(MARGIN) {
            self.text += &unescape(line);
            self.text.push('\n');
        } else if let Some(facts) = line.strip_prefix("facts: ") {
            self.facts = facts.to_owned();
        } else if let Some(schema) = line.strip_prefix("schema: ") {
            self.schema = Some(unescape(schema));
        } else {
            panic!("neither a text nor a fact: {line}");
        }
    }

    /// The engine that knows the facts and the schema, or why there can be none with this schema.
    fn engine(&self) -> Result<Engine, SchemaError> {
        let mut config = Config::default();
        facts::apply(
            "today=2026-01-01 partner-domain=fabrikam-partner.com",
            &mut config,
        );
        facts::apply(&self.facts, &mut config);
        let engine = Engine::new(config);
        match &self.schema {
            Some(schema) => {
                Schema::parse(schema, &Default::default()).map(|schema| engine.with_schema(schema))
            }
            None => Ok(engine),
        }
    }

    /// The case as its file has it.
    pub(crate) fn render(&self) -> String {
        let mut out = format!("{START}\n");
        if !self.facts.is_empty() {
            writeln!(out, "facts: {}", self.facts).expect("memory");
        }
        if let Some(schema) = &self.schema {
            writeln!(out, "schema: {}", escape(schema)).expect("memory");
        }
        push_text(&mut out, &self.text);
        writeln!(out, "{DERIVED}").expect("memory");
        match self.engine() {
            Ok(engine) => self.push_report(&engine, &mut out),
            Err(error) => {
                writeln!(out, "the schema is refused: {}", escape(&error.to_string()))
                    .expect("memory");
            }
        }
        out
    }

    fn push_report(&self, engine: &Engine, out: &mut String) {
        let check = |text: &str| engine.check(&Document::parse(text));
        let outcome = check(&self.text);
        push_outcome(out, &outcome);
        let mut last = None;
        for (limit, title) in [(Safety::Safe, "safe"), (Safety::Unsafe, "all")] {
            let fixed = apply_fixes(&self.text, &outcome, limit, MAX_ROUNDS, check)
                .map(|result| result.text);
            if let Some(text) = &fixed
                && fixed != last
            {
                writeln!(out, "after {title} fixes:").expect("memory");
                push_text(out, text);
            }
            last = fixed;
        }
    }
}

fn push_outcome(out: &mut String, outcome: &Outcome) {
    for record in &outcome.records {
        let kind = record.kind.map_or("no kind", |kind| kind.id());
        let form = record.form.map_or("", |form| form.as_str());
        let key = record.key.as_deref().unwrap_or_default();
        let (span, pointer) = (record.span, &record.pointer);
        writeln!(
            out,
            "record {}..{} {pointer:?}: {kind} {form} {key:?}",
            span.start, span.end
        )
        .expect("memory");
    }
    for finding in &outcome.findings {
        push_finding(out, finding);
    }
}

fn push_finding(out: &mut String, finding: &Finding) {
    let Finding {
        span,
        level,
        rule,
        pointer,
        path,
        message,
        ..
    } = finding;
    let message = escape(message);
    let place = if path.is_empty() {
        format!("{pointer:?}")
    } else {
        format!("{pointer:?} ({path})")
    };
    writeln!(
        out,
        "{}..{} {} {rule} {place}: {message}",
        span.start,
        span.end,
        level.as_str()
    )
    .expect("memory");
    for label in &finding.labels {
        writeln!(
            out,
            "    label {}..{}: {}",
            label.span.start,
            label.span.end,
            escape(&label.message)
        )
        .expect("memory");
    }
    if let Some(help) = &finding.help {
        writeln!(out, "    help: {}", escape(help)).expect("memory");
    }
    if let Some(fix) = &finding.fix {
        let safety = fix.safety.as_str();
        let edits: Vec<String> = fix
            .edits
            .iter()
            .map(|edit| format!("{}..{} {:?}", edit.span.start, edit.span.end, edit.text))
            .collect();
        writeln!(
            out,
            "    {safety} fix: {}: {}",
            escape(&fix.title),
            edits.join(", ")
        )
        .expect("memory");
    }
}

fn push_text(out: &mut String, text: &str) {
    for line in text.split('\n') {
        writeln!(out, "{MARGIN}{}", escape(line)).expect("memory");
    }
}

/// Writes what cannot be seen as its code point, such as `⟨00A0⟩`.
fn escape(text: &str) -> String {
    let mut out = String::new();
    let end = text.trim_end_matches(' ').len();
    for (at, character) in text.char_indices() {
        let is_visible = character.is_ascii_graphic()
            || character == ' ' && at < end
            || character.is_alphanumeric()
            || "“”‘’«»：，；＂…›".contains(character);
        if is_visible {
            out.push(character);
        } else {
            write!(out, "⟨{:04X}⟩", u32::from(character)).expect("memory");
        }
    }
    out
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('⟨') {
        let (code, after) = after.split_once('⟩').expect("a code point");
        let character = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
        out += before;
        out.push(character.expect("a code point"));
        rest = after;
    }
    out + rest
}
