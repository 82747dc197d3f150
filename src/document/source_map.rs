//! A decoded text, and a map from its positions to those in the text that it was decoded from.

use crate::span::Span;

/// A decoded text, with the position of each of its characters in the source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DecodedText {
    text: String,
    /// In order and without gaps in the decoded text.
    runs: Vec<Run>,
}

/// A part of a decoded text and what it was decoded from. If both are equally long, their bytes correspond.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Run {
    decoded: Span,
    source: Span,
}

impl DecodedText {
    /// The decoded text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Appends a part of the source unchanged.
    pub(super) fn push_verbatim(&mut self, source: &str, span: Span) {
        self.push(span.of(source), span);
    }

    /// Appends the decoded form of a part of the source.
    pub(super) fn push(&mut self, decoded: &str, source: Span) {
        let start = self.text.len() as u32;
        self.text.push_str(decoded);
        let decoded = Span::new(start, self.text.len() as u32);
        let is_linear = |run: &Run| run.decoded.len() == run.source.len();
        let added = Run { decoded, source };
        match self.runs.last_mut() {
            Some(last)
                if is_linear(last) && is_linear(&added) && last.source.end == source.start =>
            {
                last.decoded.end = decoded.end;
                last.source.end = source.end;
            }
            _ if decoded.is_empty() => {}
            _ => self.runs.push(added),
        }
    }

    /// The span in the source of a span of the decoded text. A span inside one escape sequence becomes the span of
    /// the whole sequence.
    pub fn source_span(&self, span: Span) -> Span {
        let start = self.source_start(span.start);
        if span.is_empty() {
            return Span::empty(start);
        }
        Span::new(start, self.source_end(span.end).max(start))
    }

    fn run_at(&self, at: u32) -> Option<&Run> {
        let after = self.runs.partition_point(|run| run.decoded.start <= at);
        self.runs.get(after.checked_sub(1)?)
    }

    fn source_start(&self, at: u32) -> u32 {
        match self.run_at(at) {
            Some(run) if at >= run.decoded.end => run.source.end,
            Some(run) if run.decoded.len() == run.source.len() => {
                run.source.start + (at - run.decoded.start)
            }
            Some(run) => run.source.start,
            None => 0,
        }
    }

    fn source_end(&self, end: u32) -> u32 {
        match self.run_at(end.saturating_sub(1)) {
            Some(run) if run.decoded.len() == run.source.len() => {
                run.source.start + (end.min(run.decoded.end) - run.decoded.start)
            }
            Some(run) => run.source.end,
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lead_back_to_the_source() {
        let source = "a&quot;bc&amp;d";
        let mut decoded = DecodedText::default();
        decoded.push_verbatim(source, Span::new(0, 1));
        decoded.push("\"", Span::new(1, 7));
        decoded.push_verbatim(source, Span::new(7, 9));
        decoded.push("&", Span::new(9, 14));
        decoded.push_verbatim(source, Span::new(14, 15));
        assert_eq!(decoded.as_str(), "a\"bc&d");
        for (span, expected) in [
            ((0, 6), (0, 15)),
            ((1, 2), (1, 7)),
            ((2, 4), (7, 9)),
            ((3, 5), (8, 14)),
            ((4, 4), (9, 9)),
            ((6, 6), (15, 15)),
        ] {
            let source = decoded.source_span(Span::new(span.0, span.1));
            assert_eq!((source.start, source.end), expected, "{span:?}");
        }
    }
}
