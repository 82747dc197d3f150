//! Taking members and elements out of a container, with the commas that are theirs.

use crate::finding::Edit;
use crate::json::{Member, Node};
use crate::span::Span;

/// The edits that take some members out of an object.
pub fn without_members<'d>(object: Node<'d>, is_gone: impl Fn(&Member<'d>) -> bool) -> Vec<Edit> {
    without(object.members().map(|member| {
        let whole = Span::new(member.name.span().start, member.value.span().end);
        (whole, is_gone(&member))
    }))
}

/// The edits that take some elements out of an array.
pub fn without_elements<'d>(array: Node<'d>, is_gone: impl Fn(Node<'d>) -> bool) -> Vec<Edit> {
    without(
        array
            .elements()
            .map(|element| (element.span(), is_gone(element))),
    )
}

/// The edits that take some of a container's parts away. What goes behind a part that stays takes the
/// comma in front of it along, what goes before all that stay the one behind it.
fn without(parts: impl Iterator<Item = (Span, bool)>) -> Vec<Edit> {
    let parts: Vec<(Span, bool)> = parts.collect();
    let mut edits: Vec<Edit> = Vec::new();
    let mut has_kept = false;
    for (place, &(span, is_gone)) in parts.iter().enumerate() {
        if !is_gone {
            has_kept = true;
            continue;
        }
        let cut = match (place.checked_sub(1), parts.get(place + 1)) {
            (Some(before), _) if has_kept => Span::new(parts[before].0.end, span.end),
            (_, Some((next, _))) => Span::new(span.start, next.start),
            (_, None) => span,
        };
        match edits.last_mut() {
            Some(last) if last.span.end == cut.start => last.span.end = cut.end,
            _ => edits.push(Edit::remove(cut)),
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Tape, parse};
    use crate::names::VOCABULARY;

    #[test]
    fn commas_go_with_what_is_taken_out() {
        for (gone, left) in [
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
                let (parsed, _) = parse(&text, &VOCABULARY, Tape::default());
                let root = parsed.roots().next().expect("a value");
                without_elements(root, |element| {
                    element
                        .as_text()
                        .is_some_and(|letter| gone.contains(&*letter))
                })
            };
            for edit in edits.iter().rev() {
                text.replace_range(edit.span.start as usize..edit.span.end as usize, "");
            }
            assert_eq!(text, left, "without {gone}");
        }
    }
}
