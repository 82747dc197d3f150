//! The edits of the fixes of the `json/` rules: which characters of the text to replace.

use crate::finding::Edit;
use crate::json::NonJsonString;
use crate::span::Span;

/// The edits that put a string in straight double quotes and keep its content.
pub(super) fn requote(text: &str, string: &NonJsonString) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut replace = |span: Span, with: &str| {
        if span.of(text) != with {
            edits.push(Edit::replace(span, with));
        }
    };
    replace(string.opening, "\"");
    let content = Span::new(string.opening.end, string.closing.start);
    let mut is_escaped = false;
    for (offset, character) in content.of(text).char_indices() {
        let at = content.start + offset as u32;
        match character {
            '"' if !is_escaped => replace(Span::new(at, at + 1), "\\\""),
            '\'' if is_escaped => replace(Span::new(at - 1, at + 1), "'"),
            _ => {}
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    // The fix of the error `Unclosed` inserts a missing closing quote.
    if !string.closing.is_empty() {
        replace(string.closing, "\"");
    }
    edits
}

/// The end of the removal of text in front of a value: all whitespace up to the value is removed too, so that
/// a value on another line moves up.
pub(super) fn removal_end(text: &str, end: u32, value: u32) -> u32 {
    let between = Span::new(end, value.max(end)).of(text);
    let plain = between.len() - between.trim_start_matches([' ', '\t', '\r', '\n']).len();
    end + plain as u32
}

/// Removes a comment, and the spaces before a line comment. A block comment between two tokens becomes a
/// space.
pub(super) fn remove_comment(text: &str, span: Span) -> Edit {
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

/// The offset for a missing separator: the end of the token before `at`.
pub(super) fn end_of_token_before(text: &str, at: u32) -> u32 {
    let before = &text[..at as usize];
    let kept = before.trim_end_matches(|c: char| c.is_whitespace());
    let has_line_break = before[kept.len()..].contains('\n');
    if has_line_break {
        let line = &kept[kept.rfind('\n').map_or(0, |line| line + 1)..];
        // After a comment the separator would become a part of the comment.
        if line.contains("//") || line.contains('#') {
            return at;
        }
    }
    kept.len() as u32
}
