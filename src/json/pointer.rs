//! JSON Pointers (RFC 6901): from a span to the pointer of the value there, and back.

use std::iter::Enumerate;

use super::children::{Elements, Members};
use super::entry::Kind;
use super::node::Node;
use crate::span::Span;

/// Computes the pointers of spans in one value. For spans in ascending order it walks over each value only
/// once.
pub struct Pointers<'d> {
    root: Node<'d>,
    /// The containers around the last span, the outermost first.
    levels: Vec<Level<'d>>,
    /// The pointer of the innermost container.
    pointer: String,
}

/// A container and the position in its children.
struct Level<'d> {
    container: Node<'d>,
    children: Children<'d>,
    current: Option<Child<'d>>,
    /// The length of the pointer of the container around it.
    outer_len: usize,
}

enum Children<'d> {
    Members(Members<'d>),
    Elements(Enumerate<Elements<'d>>),
}

#[derive(Clone, Copy)]
struct Child<'d> {
    /// The name of a property, or the index of an element.
    name: Result<Node<'d>, usize>,
    value: Node<'d>,
}

impl<'d> Iterator for Children<'d> {
    type Item = Child<'d>;

    fn next(&mut self) -> Option<Child<'d>> {
        match self {
            Children::Members(members) => members.next().map(|member| Child {
                name: Ok(member.name),
                value: member.value,
            }),
            Children::Elements(elements) => elements.next().map(|(index, value)| Child {
                name: Err(index),
                value,
            }),
        }
    }
}

impl Child<'_> {
    fn is_named_at(&self, span: Span) -> bool {
        self.name.is_ok_and(|name| name.span().contains(span))
    }
}

impl<'d> Level<'d> {
    /// Enters a container; `None` for any other value.
    fn of(container: Node<'d>, outer_len: usize) -> Option<Self> {
        let mut children = match container.kind() {
            Kind::Object => Children::Members(container.members()),
            Kind::Array => Children::Elements(container.elements().enumerate()),
            _ => return None,
        };
        Some(Self {
            container,
            current: children.next(),
            children,
            outer_len,
        })
    }

    /// The child that contains `span`, in its value or its name.
    fn child_at(&mut self, span: Span) -> Option<Child<'d>> {
        while self
            .current
            .is_some_and(|child| child.value.span().end <= span.start)
        {
            self.current = self.children.next();
        }
        self.current
            .filter(|child| child.is_named_at(span) || child.value.span().contains(span))
    }
}

impl<'d> Pointers<'d> {
    /// Computes pointers relative to `root`.
    pub fn new(root: Node<'d>) -> Self {
        Self {
            root,
            levels: Vec::new(),
            pointer: String::new(),
        }
    }

    /// The pointer of the innermost value that contains `span`; a property name belongs to its value.
    pub fn pointer_to(&mut self, span: Span) -> String {
        let is_before = |level: &Level<'d>| {
            level.current.is_some_and(|child| {
                span.start < child.value.span().start && !child.is_named_at(span)
            })
        };
        // A span before the last one can be in a child that has been passed: leave the containers that are
        // beyond it.
        while let Some(level) = self.levels.last() {
            if level.container.span().contains(span) && !is_before(level) {
                break;
            }
            self.pointer.truncate(level.outer_len);
            self.levels.pop();
        }
        if self.levels.is_empty() {
            self.levels.extend(Level::of(self.root, 0));
        }
        // Stop at a container that equals the span: its children are smaller.
        while let Some(level) = self.levels.last_mut() {
            if level.container.span() == span {
                break;
            }
            let Some(child) = level.child_at(span) else {
                break;
            };
            let outer_len = self.pointer.len();
            match child.name {
                Ok(name) => push_segment(&mut self.pointer, &name.as_text().unwrap_or_default()),
                Err(index) => push_segment(&mut self.pointer, &index.to_string()),
            }
            let inner = Level::of(child.value, outer_len).filter(|_| !child.is_named_at(span));
            match inner {
                Some(inner) => self.levels.push(inner),
                None => {
                    let pointer = self.pointer.clone();
                    self.pointer.truncate(outer_len);
                    return pointer;
                }
            }
        }
        self.pointer.clone()
    }
}

/// The pointer, relative to `root`, of the innermost value that contains `span`; a property name belongs to
/// its value.
pub fn pointer_to(root: Node<'_>, span: Span) -> String {
    Pointers::new(root).pointer_to(span)
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

/// The value that a pointer addresses, relative to `root`.
pub fn resolve<'d>(root: Node<'d>, pointer: &str) -> Option<Node<'d>> {
    let mut node = root;
    for segment in pointer.split('/').skip(1) {
        node = node.child(&segment.replace("~1", "/").replace("~0", "~"))?;
    }
    Some(node)
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::super::tape::Tape;
    use super::super::vocabulary::Vocabulary;
    use super::*;

    static NO_NAMES: Vocabulary = Vocabulary::new(&[]);

    #[test]
    fn the_order_of_the_spans_does_not_change_a_pointer() {
        let text = r#"{"a": [1, {"b/c": "d", "e": []}, [[2], 3]], "f": {"g": null}, "h": 4}"#;
        let (parsed, _) = parse(text, &NO_NAMES, Tape::default());
        let root = parsed.roots().next().expect("a value");
        let spans: Vec<Span> = (0..text.len() as u32)
            .flat_map(|start| [1, 2, 9].map(|len| Span::new(start, start + len)))
            .collect();
        let alone: Vec<String> = spans.iter().map(|span| pointer_to(root, *span)).collect();
        let mut pointers = Pointers::new(root);
        let forward: Vec<String> = spans
            .iter()
            .map(|span| pointers.pointer_to(*span))
            .collect();
        assert_eq!(forward, alone);
        let mut backward: Vec<String> = spans
            .iter()
            .rev()
            .map(|span| pointers.pointer_to(*span))
            .collect();
        backward.reverse();
        assert_eq!(backward, alone);
        assert!(alone.contains(&"/a/1/b~1c".to_owned()) && alone.contains(&"/a/2/0/0".to_owned()));
    }
}
