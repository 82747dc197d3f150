//! The documents that a schema refers to. Nothing is fetched: every document is handed in.

use std::collections::BTreeMap;
use std::sync::Arc;

use jsonschema::{Retrieve, Uri};
use serde_json::Value;

/// Schema documents by their URIs, for the `$ref` of other schemas.
///
/// ```
/// use countersign::schema::{References, Schema, SchemaOptions};
/// use serde_json::json;
///
/// let mut references = References::default();
/// references.add("https://example.com/amount.json", json!({ "type": "integer" }));
/// let schema = json!({ "properties": { "total": { "$ref": "https://example.com/amount.json" } } });
/// let options = SchemaOptions { references, ..SchemaOptions::default() };
/// assert!(Schema::compile_with(schema, &options).is_ok());
/// ```
#[derive(Clone, Debug, Default)]
pub struct References {
    documents: Arc<BTreeMap<String, Value>>,
}

impl References {
    /// Adds a document with its URI. It is also found by its own `$id` (`id` in draft 4).
    pub fn add(&mut self, uri: &str, document: Value) {
        let own = own_uri(&document).map(str::to_owned);
        let documents = Arc::make_mut(&mut self.documents);
        if let Some(own) = own.filter(|own| own.contains(':')) {
            documents.insert(own, document.clone());
        }
        let uri = without_fragment(uri);
        // A relative reference in a schema without a URI of its own.
        let uri = match uri.contains(':') {
            true => uri.to_owned(),
            false => format!("json-schema:///{}", uri.trim_start_matches("./")),
        };
        documents.insert(uri, document);
    }

    /// The document of this URI.
    pub(super) fn document(&self, uri: &str) -> Option<&Value> {
        self.documents.get(uri)
    }
}

impl Retrieve for References {
    fn retrieve(
        &self,
        uri: &Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let document = self.documents.get(without_fragment(uri.as_str()));
        document.cloned().ok_or_else(|| {
            "nothing is fetched; name a file for it with --schema-ref, or under [schema-refs]"
                .into()
        })
    }
}

/// The URI that a schema document gives itself, without a fragment.
pub(super) fn own_uri(document: &Value) -> Option<&str> {
    let mut keywords = ["$id", "id"].iter();
    let uri = keywords.find_map(|keyword| document.get(keyword)?.as_str())?;
    Some(without_fragment(uri))
}

/// A URI without its fragment.
pub(super) fn without_fragment(uri: &str) -> &str {
    uri.split('#').next().unwrap_or(uri)
}
