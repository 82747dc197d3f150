//! The engine of countersign for JavaScript. What JavaScript sees of it is in `index.js` and `index.d.ts`; the functions
//! of this crate take and return JSON texts, and contents as bytes.

mod content;
mod run;
mod settings;

use std::cell::RefCell;
use std::sync::Arc;

use countersign::config;
use countersign::config_file::{self, LoadedConfig};
use countersign::engine::Engine;
use countersign::json::Tape;
use countersign::output::FINDINGS_SCHEMA;
use countersign::registry::{Explanation, Registry};
use countersign::rule::Rule;
use js_sys::{Array, Error, Function, Uint8Array};
use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use content::{File, Source};
use run::Request;
use settings::Settings;

/// The name of the schema of the configuration.
const CONFIG_SCHEMA: &str = "config";

/// The name of the schema of the findings.
const FINDINGS_SCHEMA_NAME: &str = "findings";

/// Checks payloads with one configuration.
#[wasm_bindgen]
pub struct Checker {
    engine: Engine,
    /// The text of a `countersign.toml`.
    config_file: Option<LoadedConfig>,
    /// The tape of the last run, for the next one.
    tape: RefCell<Tape>,
}

#[wasm_bindgen]
impl Checker {
    /// A checker with settings as JSON.
    ///
    /// # Errors
    /// If a setting is wrong. The error is a text, or for findings about the configuration a report in JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str) -> Result<Checker, JsValue> {
        let registry = Registry::built_in();
        let settings: Settings = parse(settings)?;
        let today = settings.today().map_err(error)?;
        let text = settings.config.clone();
        let config_file = text.map(|text| LoadedConfig::from_text(text, today, &registry));
        let mut config_file = config_file
            .transpose()
            .map_err(|failure| error(failure.0))?;
        if let Some(broken) = config_file.as_ref().filter(|loaded| loaded.has_errors()) {
            return Err(JsValue::from_str(&run::config_report(broken, &registry)));
        }
        let overrides = settings.overrides(&registry).map_err(error)?;
        let engine = config_file::build_engine(&registry, config_file.as_mut(), overrides);
        let engine = match settings.schema().map_err(error)? {
            Some(schema) => engine.with_schema(schema),
            None => engine,
        };
        Ok(Self {
            engine,
            config_file,
            tape: RefCell::default(),
        })
    }

    /// Checks one payload. Returns the report, and the payload with its fixes if the request asks for fixes.
    ///
    /// # Errors
    /// If the request is wrong or the payload cannot be checked.
    pub fn check(&self, payload: &[u8], request: &str) -> Result<Array, JsValue> {
        let request: Request = parse(request)?;
        let outcome = request.check(self, Source::Payload(payload), None);
        let outcome = outcome.map_err(error)?;
        match outcome.errors.into_iter().next() {
            Some(message) => Err(error(message)),
            None => Ok(Array::of2(
                &JsValue::from_str(&String::from_utf8_lossy(&outcome.report)),
                &Uint8Array::from(outcome.fixed.as_slice()),
            )),
        }
    }

    /// Checks files. Returns the report, the files with their fixes one after the other, and the texts about files that
    /// could not be read.
    ///
    /// # Errors
    /// If the request is wrong.
    #[wasm_bindgen(js_name = checkFiles)]
    pub fn check_files(
        &self,
        files: Vec<File>,
        request: &str,
        on_progress: Option<Function>,
    ) -> Result<Array, JsValue> {
        let request: Request = parse(request)?;
        let outcome = request.check(self, Source::Files(&files), on_progress.as_ref());
        let outcome = outcome.map_err(error)?;
        let errors: Array = outcome
            .errors
            .iter()
            .map(|text| JsValue::from_str(text))
            .collect();
        Ok(Array::of3(
            &JsValue::from_str(&String::from_utf8_lossy(&outcome.report)),
            &Uint8Array::from(outcome.fixed.as_slice()),
            &errors,
        ))
    }
}

/// The page of a rule, in Markdown. For a family, or an error code of Partner Center that several rules name, the list of
/// the rules.
///
/// # Errors
/// If there is no such rule.
#[wasm_bindgen]
pub fn explain(id: &str) -> Result<String, JsValue> {
    let line = |rule: &Rule| format!("- `{}`: {}\n", rule.id, rule.summary());
    let lines = |rules: Vec<&Rule>| rules.into_iter().map(line).collect::<String>();
    match Registry::built_in().explain(id).map_err(error)? {
        Explanation::Rule(rule) => Ok(rule.page.to_owned()),
        Explanation::Family(rules) => Ok(lines(rules)),
        Explanation::ErrorCode { heading, rules } => Ok(format!("{heading}\n\n{}", lines(rules))),
    }
}

/// The rules with their levels and summaries, as JSON.
#[wasm_bindgen]
pub fn rules() -> String {
    let registry = Registry::built_in();
    let row = |rule: &&Rule| json!({ "id": rule.id, "level": rule.level.as_str(), "summary": rule.summary() });
    let rows: Vec<_> = registry.rules().iter().map(row).collect();
    json!(rows).to_string()
}

/// The text of the JSON Schema of a kind of payload, of the configuration, or of the findings.
///
/// # Errors
/// If there is no such schema.
#[wasm_bindgen]
pub fn schema(name: &str) -> Result<String, JsValue> {
    let registry: Arc<Registry> = Registry::built_in();
    match name {
        CONFIG_SCHEMA => Ok(config::schema_text(&registry)),
        FINDINGS_SCHEMA_NAME => Ok(FINDINGS_SCHEMA.to_owned()),
        kind => match registry.kind(kind) {
            Some(kind) => Ok(kind.schema_text().to_owned()),
            None => Err(error(format!(
                "there is no schema `{name}`; expected {}, `{CONFIG_SCHEMA}` or `{FINDINGS_SCHEMA_NAME}`",
                settings::kinds(&registry)
            ))),
        },
    }
}

/// Parses what the JavaScript of the package wrote.
fn parse<'t, T: serde::Deserialize<'t>>(text: &'t str) -> Result<T, JsValue> {
    serde_json::from_str(text).map_err(|failure| {
        let message = failure.to_string();
        // The position is that in a text that the caller does not know.
        let end = message.rfind(" at line ").unwrap_or(message.len());
        error(&message[..end])
    })
}

/// A JavaScript error.
fn error(message: impl AsRef<str>) -> JsValue {
    Error::new(message.as_ref()).unchecked_into()
}
