//! Unified diffs of fixes, against those of the crate similar.

use countersign::finding::Edit;
use countersign::fix::{DiffStyle, UnifiedDiff};
use countersign::patch::Patch;
use countersign::span::Span;
use similar::TextDiff;

/// How a line is changed.
#[derive(Clone, Copy, Debug)]
enum Change {
    Replace,
    Remove,
    InsertBefore,
}

use Change::{InsertBefore, Remove, Replace};

/// Numbered lines, of which the last one has a line break or not.
fn numbered(lines: usize, ends_with_break: bool) -> String {
    let text: String = (0..lines).map(|line| format!("line {line}\n")).collect();
    match ends_with_break {
        true => text,
        false => text.trim_end().to_owned(),
    }
}

/// The bytes of a line, with its line break.
fn line_span(text: &str, line: usize) -> Span {
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let len = text[start..].split_inclusive('\n').next().unwrap().len();
    Span::new(start as u32, (start + len) as u32)
}

fn edit(text: &str, line: usize, change: Change) -> Edit {
    let span = line_span(text, line);
    match change {
        // The first word of the line.
        Replace => Edit::replace(Span::new(span.start, span.start + 4), "LINE"),
        Remove => Edit::remove(span),
        InsertBefore => Edit::insert(span.start, format!("before {line}\n")),
    }
}

/// The diff of a text that is added in two parts, divided at a byte that no edit contains.
fn diff(text: &str, edits: &[Edit], divided_at: usize) -> String {
    let mut diff = UnifiedDiff::new("orders/1.json", DiffStyle::Plain, Vec::new());
    let (first, second) = text.as_bytes().split_at(divided_at);
    for (part, start) in [(first, 0), (second, divided_at as u32)] {
        let end = start + part.len() as u32;
        // An insertion at the boundary belongs to the second part.
        let is_inside = |edit: &&Edit| {
            edit.span.start >= start && (edit.span.start < end || end as usize == text.len())
        };
        let of_part: Vec<Edit> = edits
            .iter()
            .filter(is_inside)
            .map(|edit| {
                let span = Span::new(edit.span.start - start, edit.span.end - start);
                Edit::replace(span, edit.text.clone())
            })
            .collect();
        let mut patch = Patch::unchanged(part.len() as u32);
        patch.apply(&of_part);
        diff.add(part, &patch).unwrap();
    }
    String::from_utf8(diff.finish().unwrap()).unwrap()
}

/// What similar writes, with the lengths that it leaves out if they are 1.
fn expected(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let diff = diff
        .unified_diff()
        .context_radius(3)
        .header("a/orders/1.json", "b/orders/1.json")
        .to_string();
    let with_length = |range: &str| match range.contains(',') {
        true => range.to_owned(),
        false => format!("{range},1"),
    };
    let lines =
        diff.split_inclusive('\n')
            .map(|line| match line.split(' ').collect::<Vec<_>>()[..] {
                ["@@", old, new, _] => format!("@@ {} {} @@\n", with_length(old), with_length(new)),
                _ => line.to_owned(),
            });
    lines.collect()
}

fn assert_diff(text: &str, changes: &[(usize, Change)]) {
    let edits: Vec<Edit> = changes
        .iter()
        .map(|&(line, change)| edit(text, line, change))
        .collect();
    let mut patch = Patch::unchanged(text.len() as u32);
    patch.apply(&edits);
    let expected = expected(text, &patch.text(text));
    let is_outside = |at: &usize| {
        let inside = |edit: &Edit| (edit.span.start as usize) < *at && *at < edit.span.end as usize;
        !edits.iter().any(inside)
    };
    // At the start of a line, and within one.
    for divided_at in (0..text.len()).step_by(5).filter(is_outside) {
        let found = diff(text, &edits, divided_at);
        assert_eq!(
            found, expected,
            "{changes:?} in {text:?}, divided at {divided_at}"
        );
    }
}

#[test]
fn two_changes_at_any_distance() {
    for ends_with_break in [true, false] {
        let text = numbered(14, ends_with_break);
        for first in [0, 1, 2, 3, 4, 5] {
            // Of adjacent lines, similar writes all that are removed first.
            for second in first + 2..14 {
                for changes in [
                    (Replace, Replace),
                    (Remove, Replace),
                    (InsertBefore, Remove),
                ] {
                    assert_diff(&text, &[(first, changes.0), (second, changes.1)]);
                }
            }
        }
    }
}

#[test]
fn one_change_in_a_text_of_any_length() {
    for lines in 1..12 {
        for ends_with_break in [true, false] {
            let text = numbered(lines, ends_with_break);
            for line in 0..lines {
                for change in [Replace, Remove, InsertBefore] {
                    assert_diff(&text, &[(line, change)]);
                }
            }
        }
    }
}

#[test]
fn three_changes() {
    let text = numbered(40, true);
    for changes in [
        [(0, Replace), (7, Replace), (14, Replace)],
        [(0, Replace), (8, Replace), (15, Replace)],
        [(3, InsertBefore), (20, Remove), (39, Replace)],
        [(10, Remove), (11, Remove), (30, InsertBefore)],
    ] {
        assert_diff(&text, &changes);
    }
}

#[test]
fn no_change_is_no_diff() {
    assert_eq!(diff("{}\n", &[], 1), "");
    let same = [Edit::replace(Span::new(0, 2), "{}")];
    assert_eq!(diff("{}\n", &same, 0), "");
}

#[test]
fn names_are_quoted_as_git_does() {
    for (name, quoted) in [
        ("a.json", "--- a/a.json\n+++ b/a.json\n"),
        ("/tmp/a.json", "--- a/tmp/a.json\n+++ b/tmp/a.json\n"),
        ("a b.json", "--- a/a b.json\n+++ b/a b.json\n"),
        ("ä.json", "--- a/ä.json\n+++ b/ä.json\n"),
        (
            "\"a\".json",
            "--- \"a/\\\"a\\\".json\"\n+++ \"b/\\\"a\\\".json\"\n",
        ),
        (
            "a\\b.json",
            "--- \"a/a\\\\b.json\"\n+++ \"b/a\\\\b.json\"\n",
        ),
        (
            "a\nb.json",
            "--- \"a/a\\012b.json\"\n+++ \"b/a\\012b.json\"\n",
        ),
        (
            "a\u{85}b.json",
            "--- \"a/a\\302\\205b.json\"\n+++ \"b/a\\302\\205b.json\"\n",
        ),
    ] {
        let mut diff = UnifiedDiff::new(name, DiffStyle::Plain, Vec::new());
        let mut patch = Patch::unchanged(2);
        patch.apply(&[Edit::insert(1, " ")]);
        diff.add(b"{}", &patch).unwrap();
        let diff = String::from_utf8(diff.finish().unwrap()).unwrap();
        assert!(diff.starts_with(quoted), "{name:?}: {diff}");
    }
}

#[test]
fn a_terminal_gets_colours_but_no_control_characters() {
    let old = "{\"a\":\t\"\u{1b}[2J\"}\n";
    let write = |has_colors| {
        let style = DiffStyle::Terminal { has_colors };
        let mut diff = UnifiedDiff::new("a.json", style, Vec::new());
        let mut patch = Patch::unchanged(old.len() as u32);
        patch.apply(&[Edit::replace(Span::new(2, 3), "b")]);
        diff.add(old.as_bytes(), &patch).unwrap();
        String::from_utf8(diff.finish().unwrap()).unwrap()
    };
    let plain = "--- a/a.json\n+++ b/a.json\n@@ -1,1 +1,1 @@\n\
                 -{\"a\":    \"<U+001B>[2J\"}\n+{\"b\":    \"<U+001B>[2J\"}\n";
    assert_eq!(write(false), plain);
    let colored = "\u{1b}[1m--- a/a.json\u{1b}[0m\n\u{1b}[1m+++ b/a.json\u{1b}[0m\n\
                   \u{1b}[36m@@ -1,1 +1,1 @@\u{1b}[0m\n\
                   \u{1b}[31m-{\"a\":    \"<U+001B>[2J\"}\u{1b}[0m\n\
                   \u{1b}[32m+{\"b\":    \"<U+001B>[2J\"}\u{1b}[0m\n";
    assert_eq!(write(true), colored);
}
