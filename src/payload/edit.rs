//! Edits that remove properties and elements together with their commas.

use crate::finding::Edit;
use crate::json::{Member, Node};
use crate::span::Span;

/// The edits that remove the properties of an object for which `is_removed` holds.
pub fn without_properties<'d>(
    object: Node<'d>,
    is_removed: impl Fn(&Member<'d>) -> bool,
) -> Vec<Edit> {
    removals(object.members().map(|member| {
        let span = Span::new(member.name.span().start, member.value.span().end);
        (span, is_removed(&member))
    }))
}

/// The edits that remove the elements of an array for which `is_removed` holds.
pub fn without_elements<'d>(array: Node<'d>, is_removed: impl Fn(Node<'d>) -> bool) -> Vec<Edit> {
    removals(
        array
            .elements()
            .map(|element| (element.span(), is_removed(element))),
    )
}

/// The edits that remove some items of a container. An item after a kept item is removed with the preceding
/// comma, an item before every kept item with the following comma.
fn removals(parts: impl Iterator<Item = (Span, bool)>) -> Vec<Edit> {
    let parts: Vec<(Span, bool)> = parts.collect();
    let mut edits: Vec<Edit> = Vec::new();
    let mut has_kept = false;
    for (index, &(span, is_removed)) in parts.iter().enumerate() {
        if !is_removed {
            has_kept = true;
            continue;
        }
        let removed_span = match (index.checked_sub(1), parts.get(index + 1)) {
            (Some(before), _) if has_kept => Span::new(parts[before].0.end, span.end),
            (_, Some((next, _))) => Span::new(span.start, next.start),
            (_, None) => span,
        };
        match edits.last_mut() {
            Some(last) if last.span.end == removed_span.start => last.span.end = removed_span.end,
            _ => edits.push(Edit::remove(removed_span)),
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Tape, parse};

    #[test]
    fn removes_the_commas_of_removed_elements() {
        for (removed, left) in [
            ("a", "[\"b\", \"c\", \"d\"]"),
            ("b", "[\"a\", \"c\", \"d\"]"),
            ("d", "[\"a\", \"b\", \"c\"]"),
            ("ab", "[\"c\", \"d\"]"),
            ("bd", "[\"a\", \"c\"]"),
            ("acd", "[\"b\"]"),
            ("abcd", "[]"),
        ] {
            let mut text = String::from("[\"a\", \"b\", \"c\", \"d\"]");
            let edits = {
                let (parsed, _) = parse(&text, &crate::names::VOCABULARY, Tape::default());
                let root = parsed.roots().next().expect("a value");
                without_elements(root, |element| {
                    element
                        .as_text()
                        .is_some_and(|letter| removed.contains(&*letter))
                })
            };
            for edit in edits.iter().rev() {
                text.replace_range(edit.span.start as usize..edit.span.end as usize, "");
            }
            assert_eq!(text, left, "without {removed}");
        }
    }
}
