//! The check of one payload among many: a Python string, or a value of an Arrow column.

use countersign::document::Document;
use countersign::engine::{DetachedFact, Engine, Outcome, catch_panic, panicked_outcome};
use countersign::finding::Level;
use countersign::json::Tape;
use countersign::line_index::LineIndex;
use countersign::payload::DocumentPart;
use countersign::rules::export::cross_record::CrossRecordState;

/// The rule that reports a payload of an unknown kind.
const UNKNOWN_KIND: &str = "payload/unknown-kind";

/// A payload that was checked.
pub(crate) struct CheckedPayload<'b> {
    /// The text to which the spans of the outcome refer.
    pub(crate) text: &'b str,
    pub(crate) outcome: Outcome,
    /// The facts of its records, if they were asked for.
    pub(crate) facts: Vec<DetachedFact>,
}

/// Checks the bytes of a payload as the command line checks a file that is named. The tape is a reusable allocation.
/// Returns `None` for whitespace, which is passed over like an empty line.
pub(crate) fn check<'b>(
    engine: &Engine,
    bytes: &'b [u8],
    tape: &mut Tape,
    detaches_facts: bool,
) -> Option<CheckedPayload<'b>> {
    if bytes.trim_ascii().is_empty() {
        return None;
    }
    let reused = std::mem::take(tape);
    let Some(document) = catch_panic(|| Document::parse_bytes_onto(bytes, reused)) else {
        return Some(CheckedPayload {
            text: "",
            outcome: panicked_outcome(""),
            facts: Vec::new(),
        });
    };
    let mut outcome = engine.check_file(&document, "", DocumentPart::Whole);
    let is_payload = outcome.has_payload() || engine.validates_against_own_schema("");
    for finding in &mut outcome.findings {
        // A payload that was handed over must be one.
        if finding.rule == UNKNOWN_KIND {
            let level = engine.config().level_of(UNKNOWN_KIND, Level::Error);
            finding.level = level.unwrap_or(finding.level);
        }
        // A text without a payload belongs to another program.
        if !is_payload {
            finding.fix = None;
        }
    }
    let text = document.text();
    let facts = match detaches_facts {
        true => engine.detach_facts(&document, &outcome, &LineIndex::new(text)),
        false => Vec::new(),
    };
    *tape = document.into_tape();
    Some(CheckedPayload {
        text,
        outcome,
        facts,
    })
}

/// Relates the records of a payload to each other, as a run of its own.
pub(crate) fn relate_alone(engine: &Engine, payload: &mut CheckedPayload<'_>) {
    if payload.outcome.records.len() > 1 {
        let mut state = CrossRecordState::default();
        engine.check_cross_record(&mut state, &mut payload.outcome, payload.text, "");
    }
}
