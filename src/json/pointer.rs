//! JSON Pointers (RFC 6901): from a place in the text to the path of the value there.

use std::iter::Enumerate;

use super::children::{Elements, Members};
use super::node::Node;
use super::tape::Kind;
use crate::span::Span;

/// Tells the pointers of places in one value. Places that come in order of their starts are told
/// without walking again over what lies before them.
pub struct Pointers<'d> {
    root: Node<'d>,
    /// The containers around the place that was told last, from the outermost.
    levels: Vec<Level<'d>>,
    /// The pointer of the innermost of them.
    pointer: String,
}

/// A container and how far its children have been walked.
struct Level<'d> {
    container: Node<'d>,
    children: Children<'d>,
    current: Option<Child<'d>>,
    /// How long the pointer of the container around it is.
    outer_len: usize,
}

enum Children<'d> {
    Members(Members<'d>),
    Elements(Enumerate<Elements<'d>>),
}

#[derive(Clone, Copy)]
struct Child<'d> {
    /// The member's name, or the element's index.
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
    /// Walks into a container; `None` for any other value.
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

    /// The child that holds a place, its name included.
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
    /// Tells pointers relative to `root`.
    pub fn new(root: Node<'d>) -> Self {
        Self {
            root,
            levels: Vec::new(),
            pointer: String::new(),
        }
    }

    /// The pointer of the innermost value that `span` lies in; a member's name counts as its value.
    pub fn pointer_to(&mut self, span: Span) -> String {
        let is_before = |level: &Level<'d>| {
            level.current.is_some_and(|child| {
                span.start < child.value.span().start && !child.is_named_at(span)
            })
        };
        // Behind a place that came before, what has been walked over may be asked for again.
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
        // A value that is met holds nothing to walk through.
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

/// The pointer, relative to `root`, of the innermost value that `span` lies in; a member's name
/// counts as its value.
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

/// The value at a pointer, relative to `root`.
pub fn resolve<'d>(root: Node<'d>, pointer: &str) -> Option<Node<'d>> {
    let mut node = root;
    for segment in pointer.split('/').skip(1) {
        node = node.child(&segment.replace("~1", "/").replace("~0", "~"))?;
    }
    Some(node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Tape, parse};

    /// Whatever came before, a place has the pointer that it has alone.
    #[test]
    fn pointers_are_the_same_in_any_order() {
        let text = r#"{"a": [1, {"b/c": "d", "e": []}, [[2], 3]], "f": {"g": null}, "h": 4}"#;
        let (parsed, _) = parse(text, Tape::default());
        let root = parsed.roots().next().expect("a value");
        let places: Vec<Span> = (0..text.len() as u32)
            .flat_map(|start| [1, 2, 9].map(|len| Span::new(start, start + len)))
            .collect();
        let alone: Vec<String> = places
            .iter()
            .map(|place| pointer_to(root, *place))
            .collect();
        let mut teller = Pointers::new(root);
        let forward: Vec<String> = places
            .iter()
            .map(|place| teller.pointer_to(*place))
            .collect();
        assert_eq!(forward, alone);
        let mut backward: Vec<String> = places
            .iter()
            .rev()
            .map(|place| teller.pointer_to(*place))
            .collect();
        backward.reverse();
        assert_eq!(backward, alone);
        assert!(alone.contains(&"/a/1/b~1c".to_owned()) && alone.contains(&"/a/2/0/0".to_owned()));
    }
}
