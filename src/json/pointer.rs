//! JSON Pointers (RFC 6901): from a span to the pointer of the value there, and back.

use std::collections::HashMap;
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
    /// The end of the last child that was passed.
    passed: u32,
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

impl<'d> Children<'d> {
    /// The children of a container; `None` for any other value.
    fn of(container: Node<'d>) -> Option<Self> {
        match container.kind() {
            Kind::Object => Some(Children::Members(container.members())),
            Kind::Array => Some(Children::Elements(container.elements().enumerate())),
            _ => None,
        }
    }
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
        let mut children = Children::of(container)?;
        Some(Self {
            container,
            current: children.next(),
            children,
            passed: container.span().start,
            outer_len,
        })
    }

    /// The child that contains `span`, in its value or its name.
    fn child_at(&mut self, span: Span) -> Option<Child<'d>> {
        while let Some(child) = self.current
            && child.value.span().end <= span.start
        {
            self.passed = child.value.span().end;
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
        let is_before = |level: &Level<'d>| span.start < level.passed;
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

/// Finds values by pointers. For pointers in the order of the document it walks over the children of each container only
/// once.
#[derive(Default)]
pub struct Resolver<'d> {
    /// The position in the children of each container, by the index of its entry.
    cursors: HashMap<u32, Cursor<'d>>,
}

/// A position in the children of a container.
struct Cursor<'d> {
    children: Children<'d>,
    /// The child that was found last.
    current: Option<Child<'d>>,
}

impl<'d> Cursor<'d> {
    fn new(container: Node<'d>) -> Option<Self> {
        let mut children = Children::of(container)?;
        Some(Self {
            current: children.next(),
            children,
        })
    }

    /// The next child from the current one on for which `is_wanted` holds.
    fn advance_to(&mut self, is_wanted: impl Fn(&Child<'d>) -> bool) -> Option<Node<'d>> {
        while let Some(child) = self.current {
            if is_wanted(&child) {
                return Some(child.value);
            }
            self.current = self.children.next();
        }
        None
    }
}

impl<'d> Resolver<'d> {
    /// The child of a container that a segment of a pointer, without its escapes, names.
    pub fn child(&mut self, container: Node<'d>, segment: &str) -> Option<Node<'d>> {
        let index: Option<usize> = segment.parse().ok();
        let is_wanted = |child: &Child<'d>| match child.name {
            Ok(name) => name.is_text(segment),
            Err(position) => Some(position) == index,
        };
        if let Some(cursor) = self.cursors.get_mut(&container.index())
            && let Some(found) = cursor.advance_to(is_wanted)
        {
            return Some(found);
        }
        let mut cursor = Cursor::new(container)?;
        let found = cursor.advance_to(is_wanted);
        self.cursors.insert(container.index(), cursor);
        found
    }

    /// The value that a pointer addresses, relative to `root`.
    pub fn resolve(&mut self, root: Node<'d>, pointer: &str) -> Option<Node<'d>> {
        let mut segments = pointer.split('/').skip(1);
        segments.try_fold(root, |node, segment| {
            self.child(node, &segment.replace("~1", "/").replace("~0", "~"))
        })
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
    fn the_order_of_pointers_does_not_change_what_they_address() {
        let text =
            r#"{"a": [1, {"b/c": "d", "e": []}, [[2], 3]], "f": {"g": null}, "a": [5, 6], "h": 4}"#;
        let (parsed, _) = parse(text, &NO_NAMES, Tape::default());
        let root = parsed.roots().next().expect("a value");
        let pointers = [
            "", "/a", "/a/1", "/a/0", "/a/2", "/f/g", "/f/x", "/f", "/h", "/h/0", "/a/01",
        ];
        let mut resolver = Resolver::default();
        for pointer in pointers.iter().chain(pointers.iter().rev()) {
            assert_eq!(
                resolver.resolve(root, pointer),
                resolve(root, pointer),
                "{pointer}"
            );
        }
    }

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
