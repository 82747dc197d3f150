//! What is in a text, for a client's outline: products and parameters by their names.

use lsp_types::{
    DocumentSymbol, DocumentSymbolResponse, Location, SymbolInformation, SymbolKind, Uri,
};
use serde_json::{Value, json};

use super::client::ClientCapabilities;
use super::document::DocumentKind;
use super::position::PositionMapper;
use crate::document::Document;
use crate::json::{Kind, Node};
use crate::span::Span;

/// No outline is read beyond so many lines.
const SHOWN: usize = 5000;
/// What stands deeper is not shown.
const DEPTH: usize = 16;
/// The members by which people know an object, the best first.
const LABELS: [&str; 8] = [
    "name",
    "mpn",
    "id",
    "key",
    "externalId",
    "qualification",
    "customerId",
    "type",
];

/// The outline of a text.
pub(super) fn symbols(
    holds: DocumentKind,
    text: &str,
    places: &PositionMapper<'_>,
    uri: &Uri,
    client: &ClientCapabilities,
) -> Value {
    let mut outliner = Outliner {
        places,
        left: SHOWN,
        start: 0,
    };
    let mut symbols = Vec::new();
    match holds {
        DocumentKind::Settings => return Value::Null,
        DocumentKind::Document => outliner.outline(text, &mut symbols),
        DocumentKind::Lines => {
            for line in text.split_inclusive('\n') {
                outliner.outline(line, &mut symbols);
                outliner.start += line.len() as u32;
            }
        }
    }
    if client.takes_nested_symbols {
        return json!(DocumentSymbolResponse::Nested(symbols));
    }
    let mut flat = Vec::new();
    flatten(symbols, uri, None, &mut flat);
    json!(DocumentSymbolResponse::Flat(flat))
}

struct Outliner<'a> {
    places: &'a PositionMapper<'a>,
    /// How many symbols may still be told.
    left: usize,
    /// Where in the whole text the one at hand begins.
    start: u32,
}

impl Outliner<'_> {
    fn outline(&mut self, text: &str, symbols: &mut Vec<DocumentSymbol>) {
        let document = Document::parse(text);
        let roots: Vec<Node<'_>> = document.roots().collect();
        match roots[..] {
            // The only value needs no line of its own.
            [root] if self.start == 0 && root.span().len() * 2 > self.places.len() => {
                symbols.extend(self.children(root, 0));
            }
            _ => {
                for root in roots {
                    let name = label_of(root).unwrap_or_else(|| "record".into());
                    symbols.extend(self.symbol(name, root.opening(), root, 0));
                }
            }
        }
    }

    fn children(&mut self, node: Node<'_>, depth: usize) -> Vec<DocumentSymbol> {
        let mut symbols = Vec::new();
        if depth >= DEPTH {
            return symbols;
        }
        for member in node.members() {
            let name = member.name_text().into_owned();
            let symbol = self.symbol(name, member.name.span(), member.value, depth);
            symbols.extend(symbol);
        }
        for (index, element) in node.elements().enumerate() {
            let name = label_of(element).unwrap_or_else(|| index.to_string());
            symbols.extend(self.symbol(name, element.opening(), element, depth));
        }
        symbols
    }

    fn symbol(
        &mut self,
        name: String,
        selected: Span,
        value: Node<'_>,
        depth: usize,
    ) -> Option<DocumentSymbol> {
        self.left = self.left.checked_sub(1)?;
        let children = self.children(value, depth + 1);
        let whole = Span::new(
            selected.start.min(value.span().start),
            selected.end.max(value.span().end),
        );
        #[expect(
            deprecated,
            reason = "the type has a field that it asks nobody to fill"
        )]
        Some(DocumentSymbol {
            // Clients refuse a name without a letter.
            name: if name.trim().is_empty() {
                "\"\"".into()
            } else {
                name
            },
            detail: detail_of(value),
            kind: match value.kind() {
                Kind::Object => SymbolKind::OBJECT,
                Kind::Array => SymbolKind::ARRAY,
                Kind::String => SymbolKind::STRING,
                Kind::Number => SymbolKind::NUMBER,
                Kind::True | Kind::False => SymbolKind::BOOLEAN,
                Kind::Null => SymbolKind::NULL,
            },
            tags: None,
            deprecated: None,
            range: self.places.range(whole.shifted(self.start)),
            selection_range: self.places.range(selected.shifted(self.start)),
            children: (!children.is_empty()).then_some(children),
        })
    }
}

/// What people call a value by.
fn label_of(value: Node<'_>) -> Option<String> {
    let text = |name: &&str| Some(value.get(name)?.as_text()?.into_owned());
    LABELS
        .iter()
        .find_map(text)
        .or_else(|| Some(value.as_text()?.into_owned()))
}

/// A value in a few words: of an entry the value in it.
fn detail_of(value: Node<'_>) -> Option<String> {
    let inner = match value.kind() {
        Kind::Object => value.get("value")?,
        Kind::Array => return None,
        _ => value,
    };
    (!matches!(inner.kind(), Kind::Object | Kind::Array)).then(|| match inner.as_text() {
        Some(text) => text.chars().take(80).collect(),
        None => inner.source().to_owned(),
    })
}

fn flatten(
    symbols: Vec<DocumentSymbol>,
    uri: &Uri,
    container: Option<&str>,
    flat: &mut Vec<SymbolInformation>,
) {
    for symbol in symbols {
        #[expect(
            deprecated,
            reason = "the type has a field that it asks nobody to fill"
        )]
        flat.push(SymbolInformation {
            name: symbol.name.clone(),
            kind: symbol.kind,
            tags: None,
            deprecated: None,
            location: Location::new(uri.clone(), symbol.range),
            container_name: container.map(str::to_owned),
        });
        flatten(
            symbol.children.unwrap_or_default(),
            uri,
            Some(&symbol.name),
            flat,
        );
    }
}
