//! The path of a value in words of its kind, such as `line 1 › parameter customer_email`.

use crate::json::{self, Node, Resolver};
use crate::payload::{Kind, ListLabel};

/// What separates the parts of a path.
pub const PATH_SEPARATOR: &str = " › ";

/// The properties that name an element of a list, in the order of preference.
const NAME_PROPERTIES: [&str; 5] = ["externalId", "name", "mpn", "qualification", "id"];

/// The maximum number of characters of a name in a path.
const MAX_NAME_CHARS: usize = 60;

/// The path of the value at `pointer`, a JSON Pointer from `record` on. Empty for the record itself.
pub(super) fn value_path<'d>(
    kind: Option<&Kind>,
    record: Node<'d>,
    pointer: &str,
    resolver: &mut Resolver<'d>,
) -> String {
    let labels = kind.map_or(&[][..], Kind::list_labels);
    let mut parts: Vec<String> = Vec::new();
    // The property names since the last element of a list.
    let mut names: Vec<String> = Vec::new();
    let mut label: Option<&ListLabel> = None;
    let mut node = Some(record);
    let mut segments = pointer.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        let is_list = node.is_some_and(|node| node.kind() == json::Kind::Array);
        // The value of the last property does not matter.
        let child = node.filter(|_| is_list || segments.peek().is_some());
        let child = child.and_then(|node| resolver.child(node, &segment));
        let index = segment.parse::<usize>().ok().filter(|_| is_list);
        let (Some(index), Some(element)) = (index, child) else {
            node = child;
            label = labels.iter().find(|label| label.list == segment);
            names.push(segment);
            continue;
        };
        node = Some(element);
        match label.take() {
            Some(label) => {
                names.pop();
                push_names(&mut parts, &mut names);
                let name = match label.name {
                    Some(property) => name_of(element, &[property]),
                    None => None,
                };
                let name = name.unwrap_or_else(|| (index + 1).to_string());
                parts.push(format!("{} {name}", label.label));
            }
            None => {
                push_names(&mut parts, &mut names);
                let name = name_of(element, &NAME_PROPERTIES);
                parts.push(name.unwrap_or_else(|| (index + 1).to_string()));
            }
        }
    }
    // The value of a named element is the element in the words of the kind.
    if names == ["value"] && !parts.is_empty() {
        names.clear();
    }
    push_names(&mut parts, &mut names);
    parts.join(PATH_SEPARATOR)
}

fn push_names(parts: &mut Vec<String>, names: &mut Vec<String>) {
    if !names.is_empty() {
        parts.push(names.join("."));
        names.clear();
    }
}

/// The value of the first of these properties that is a string.
fn name_of(element: Node<'_>, properties: &[&str]) -> Option<String> {
    let mut values = properties
        .iter()
        .filter_map(|name| element.get(name)?.as_text());
    let name = values.find(|name| !name.trim().is_empty())?;
    Some(match name.char_indices().nth(MAX_NAME_CHARS) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.into_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::kinds::order::ORDER;

    #[test]
    fn names_lines_and_parameters() {
        let text = r#"{
            "products": [{ "parameters": [{ "name": "customer_email", "value": "x" }, { "value": "y" }] }],
            "parameters": { "fulfillment": [{ "externalId": "tenant_id", "value": "z" }] },
            "subscriptionPeriod": { "type": "year" },
            "list": [[1]]
        }"#;
        let document = Document::parse(text);
        let record = document.roots().next().expect("a record");
        let mut resolver = Resolver::default();
        for (pointer, path) in [
            ("", ""),
            ("/subscriptionPeriod/type", "subscriptionPeriod.type"),
            ("/products", "products"),
            ("/products/0", "line 1"),
            ("/products/0/mpn", "line 1 › mpn"),
            (
                "/products/0/parameters/0/value",
                "line 1 › parameter customer_email",
            ),
            (
                "/products/0/parameters/0/name",
                "line 1 › parameter customer_email › name",
            ),
            ("/products/0/parameters/1/value", "line 1 › parameter 2"),
            (
                "/parameters/fulfillment/0/value",
                "parameters.fulfillment › tenant_id",
            ),
            ("/list/0/0", "list › 1 › 1"),
            ("/missing/0", "missing.0"),
        ] {
            let found = value_path(Some(&ORDER), record, pointer, &mut resolver);
            assert_eq!(found, path, "{pointer}");
        }
    }
}
