//! Document symbols: the properties and elements of a document, named by the values that identify them.

use lsp_types::{
    DocumentSymbol, DocumentSymbolResponse, Location, SymbolInformation, SymbolKind, Uri,
};
use serde_json::{Value, json};

use super::capabilities::ClientCapabilities;
use super::document::DocumentKind;
use super::position::PositionMapper;
use crate::document::Document;
use crate::json::{Kind, Node};
use crate::span::Span;

/// The greatest number of symbols of a document.
const MAX_SYMBOLS: usize = 5000;
/// The greatest nesting depth of symbols.
const MAX_DEPTH: usize = 16;
/// The greatest number of characters of a string in the detail of a symbol.
const MAX_DETAIL_CHARS: usize = 80;
/// The properties that identify an object, in the order of preference.
const NAME_PROPERTIES: [&str; 8] = [
    "name",
    "mpn",
    "id",
    "key",
    "externalId",
    "qualification",
    "customerId",
    "type",
];

/// Returns the symbols of a document, nested if the client supports it; `null` for a configuration file.
pub(super) fn document_symbols(
    kind: DocumentKind,
    text: &str,
    mapper: &PositionMapper<'_>,
    uri: &Uri,
    client: &ClientCapabilities,
) -> Value {
    let mut collector = SymbolCollector {
        mapper,
        remaining: MAX_SYMBOLS,
        start: 0,
    };
    let mut symbols = Vec::new();
    match kind {
        DocumentKind::Config => return Value::Null,
        DocumentKind::Json => collector.collect(text, &mut symbols),
        DocumentKind::JsonLines => {
            for line in text.split_inclusive('\n') {
                collector.collect(line, &mut symbols);
                collector.start += line.len() as u32;
            }
        }
    }
    if client.nested_symbols {
        return json!(DocumentSymbolResponse::Nested(symbols));
    }
    let mut flat = Vec::new();
    flatten(symbols, uri, None, &mut flat);
    json!(DocumentSymbolResponse::Flat(flat))
}

struct SymbolCollector<'a> {
    mapper: &'a PositionMapper<'a>,
    /// The number of symbols that may still be added.
    remaining: usize,
    /// The offset of the current document in the text.
    start: u32,
}

impl SymbolCollector<'_> {
    /// Adds the symbols of a document, which is the whole text or a line of it.
    fn collect(&mut self, source: &str, symbols: &mut Vec<DocumentSymbol>) {
        let document = Document::parse(source);
        let roots: Vec<Node<'_>> = document.roots().collect();
        match roots[..] {
            // The only value of a file gets no symbol of its own, to save a level of nesting.
            [root] if self.start == 0 && root.span().len() * 2 > self.mapper.len() => {
                symbols.extend(self.children(root, 0));
            }
            _ => {
                for root in roots {
                    let name = name_of(root).unwrap_or_else(|| "record".into());
                    symbols.extend(self.symbol(name, root.opening(), root, 0));
                }
            }
        }
    }

    fn children(&mut self, node: Node<'_>, depth: usize) -> Vec<DocumentSymbol> {
        let mut symbols = Vec::new();
        if depth >= MAX_DEPTH {
            return symbols;
        }
        for property in node.members() {
            let name = property.name_text().into_owned();
            let symbol = self.symbol(name, property.name.span(), property.value, depth);
            symbols.extend(symbol);
        }
        for (index, element) in node.elements().enumerate() {
            let name = name_of(element).unwrap_or_else(|| index.to_string());
            symbols.extend(self.symbol(name, element.opening(), element, depth));
        }
        symbols
    }

    /// Returns the symbol of a value; `None` once the limit is reached.
    fn symbol(
        &mut self,
        name: String,
        selection: Span,
        value: Node<'_>,
        depth: usize,
    ) -> Option<DocumentSymbol> {
        self.remaining = self.remaining.checked_sub(1)?;
        let children = self.children(value, depth + 1);
        let whole = Span::new(
            selection.start.min(value.span().start),
            selection.end.max(value.span().end),
        );
        #[expect(
            deprecated,
            reason = "the type has a deprecated field without a default"
        )]
        Some(DocumentSymbol {
            // Clients reject a symbol whose name is empty or only whitespace.
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
            range: self.mapper.range(whole.shifted(self.start)),
            selection_range: self.mapper.range(selection.shifted(self.start)),
            children: (!children.is_empty()).then_some(children),
        })
    }
}

/// Returns the string that identifies a value: that of an identifying property, or the value itself.
fn name_of(value: Node<'_>) -> Option<String> {
    let string = |name: &&str| Some(value.get(name)?.as_text()?.into_owned());
    NAME_PROPERTIES
        .iter()
        .find_map(string)
        .or_else(|| Some(value.as_text()?.into_owned()))
}

/// Returns a scalar, or the scalar in the `value` property of an object; a long string is cut.
fn detail_of(value: Node<'_>) -> Option<String> {
    let scalar = match value.kind() {
        Kind::Object => value.get("value")?,
        Kind::Array => return None,
        _ => value,
    };
    (!matches!(scalar.kind(), Kind::Object | Kind::Array)).then(|| match scalar.as_text() {
        Some(string) => string.chars().take(MAX_DETAIL_CHARS).collect(),
        None => scalar.source().to_owned(),
    })
}

/// Converts nested symbols to a list, in which each symbol names its parent.
fn flatten(
    symbols: Vec<DocumentSymbol>,
    uri: &Uri,
    parent: Option<&str>,
    flat: &mut Vec<SymbolInformation>,
) {
    for symbol in symbols {
        #[expect(
            deprecated,
            reason = "the type has a deprecated field without a default"
        )]
        flat.push(SymbolInformation {
            name: symbol.name.clone(),
            kind: symbol.kind,
            tags: None,
            deprecated: None,
            location: Location::new(uri.clone(), symbol.range),
            container_name: parent.map(str::to_owned),
        });
        flatten(
            symbol.children.unwrap_or_default(),
            uri,
            Some(&symbol.name),
            flat,
        );
    }
}
