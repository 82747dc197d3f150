//! JSON Pointers (RFC 6901): from a place in the text to the path of the value there.

use super::node::Node;
use super::tape::Kind;
use crate::span::Span;

/// The pointer, relative to `root`, of the innermost value that `span` lies in; a member's name
/// counts as its value.
pub fn pointer_to(root: Node<'_>, span: Span) -> String {
    let mut pointer = String::new();
    let mut node = root;
    // A value that is met holds nothing to walk through.
    while node.span() != span {
        let next = match node.kind() {
            Kind::Object => node
                .members()
                .find(|member| holds(member.name, member.value, span))
                .map(|member| {
                    push_segment(&mut pointer, &member.name.as_text().unwrap_or_default());
                    (member.value, member.name.span().contains(span))
                }),
            Kind::Array => {
                let found = node
                    .elements()
                    .enumerate()
                    .find(|(_, element)| element.span().contains(span));
                found.map(|(index, element)| {
                    push_segment(&mut pointer, &index.to_string());
                    (element, false)
                })
            }
            _ => None,
        };
        match next {
            Some((value, false)) => node = value,
            _ => break,
        }
    }
    pointer
}

fn holds(name: Node<'_>, value: Node<'_>, span: Span) -> bool {
    name.span().contains(span) || value.span().contains(span)
}

fn push_segment(pointer: &mut String, segment: &str) {
    pointer.push('/');
    for character in segment.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            _ => pointer.push(character),
        }
    }
}

/// The value at a pointer, relative to `root`.
pub fn resolve<'d>(root: Node<'d>, pointer: &str) -> Option<Node<'d>> {
    let mut node = root;
    for segment in pointer.split('/').skip(1) {
        node = node.child(&segment.replace("~1", "/").replace("~0", "~"))?;
    }
    Some(node)
}
