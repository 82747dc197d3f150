//! One run: a request, the run of the batch that carries it out, and its outcome.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use countersign::batch::{FixMode, Progress, RecordMode, ReportOptions, Run};
use countersign::config::{Config, FailOn};
use countersign::config_file::LoadedConfig;
use countersign::engine::Engine;
use countersign::finding::{Level, Safety};
use countersign::output::{Format, RenderOptions, Reporter, RunInfo};
use countersign::path::ReportRoot;
use countersign::registry::Registry;
use js_sys::Function;
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Checker;
use crate::content::Source;

/// What is asked for.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Request {
    /// The path of the payload, for reports and the configuration.
    file: Option<String>,
    records: Option<String>,
    max_findings: Option<usize>,
    redact: bool,
    fail_on: Option<String>,
    /// The format of the report; JSON without it.
    format: Option<String>,
    /// The safety up to which fixes are applied, `safe` or `unsafe`.
    fix: Option<String>,
    /// The date and time in UTC at which the run started, for reports that show it.
    started: Option<String>,
}

/// The outcome of a run.
#[derive(Default)]
pub(crate) struct Outcome {
    /// The report in the format of the request.
    pub(crate) report: Vec<u8>,
    /// The payload after its fixes.
    pub(crate) fixed: Vec<u8>,
    /// The texts about inputs that could not be read.
    pub(crate) errors: Vec<String>,
}

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since 1970.
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn now() -> f64;
}

impl Request {
    /// Carries the request out. If `on_progress` returns `false`, the run stops.
    pub(crate) fn check(
        &self,
        checker: &Checker,
        source: Source<'_>,
        on_progress: Option<&Function>,
    ) -> Result<Outcome, String> {
        let (format, record_mode) = (self.format()?, self.record_mode()?);
        let (fix_mode, fail_on) = (self.fix_mode()?, self.fail_on(&checker.engine)?);
        let mut outcome = Outcome::default();
        let is_interrupted = AtomicBool::new(false);
        let root = ReportRoot::find(Path::new("."));
        let mut run = Run {
            config_file: checker.config_file.as_ref(),
            fix_mode,
            record_mode,
            is_interrupted: &is_interrupted,
            tape: checker.tape.take(),
            on_progress: Box::new(|progress| {
                if !report_progress(on_progress, progress) {
                    is_interrupted.store(true, Ordering::Relaxed);
                }
            }),
            out: Box::new(&mut outcome.fixed),
            on_error: Box::new(|error| outcome.errors.push(error.0.clone())),
            ..Run::new(&checker.engine, &root)
        };
        let mut options = ReportOptions {
            fail_level: fail_on.level().unwrap_or(Level::Error),
            max_findings: self
                .max_findings
                .filter(|count| *count > 0)
                .unwrap_or(usize::MAX),
            is_redacted: self.redact,
            expected_records: source.expected_records(),
            ..ReportOptions::default()
        };
        let mut reporters = [self.reporter(format, &mut outcome.report, &checker.engine)];
        reporters[0].begin(&self.run_info(checker.config_file.as_ref()));
        let inputs = source.inputs(self.file.as_deref());
        let summary = run.check(
            &inputs,
            &mut source.standard_input(),
            &mut options,
            &mut reporters,
        );
        checker.tape.replace(std::mem::take(&mut run.tape));
        drop((run, reporters));
        summary.map_err(|error| error.to_string())?;
        Ok(outcome)
    }

    fn reporter<'w>(
        &self,
        format: Format,
        report: &'w mut Vec<u8>,
        engine: &'w Engine,
    ) -> Box<dyn Reporter + 'w> {
        let options = RenderOptions {
            is_redacted: self.redact,
            max_findings: self.max_findings.filter(|count| *count > 0),
            ..RenderOptions::default()
        };
        format.reporter(Box::new(report), options, engine.registry())
    }

    fn format(&self) -> Result<Format, String> {
        let name = self.format.as_deref().unwrap_or("json");
        let names = || Format::ALL.map(Format::as_str).join(", ");
        let format = name.parse();
        format.map_err(|()| format!("there is no format `{name}`; expected {}", names()))
    }

    fn record_mode(&self) -> Result<RecordMode, String> {
        match self.records.as_deref() {
            None | Some("auto") => Ok(RecordMode::Auto),
            Some("document") => Ok(RecordMode::Document),
            Some("lines") => Ok(RecordMode::Lines),
            Some("array") => Ok(RecordMode::Array),
            Some(name) => Err(format!(
                "`records` must be auto, document, lines or array, found `{name}`"
            )),
        }
    }

    fn fix_mode(&self) -> Result<FixMode, String> {
        match self.fix.as_deref() {
            None => Ok(FixMode::Report),
            Some("safe") => Ok(FixMode::Apply(Safety::Safe)),
            Some("unsafe") => Ok(FixMode::Apply(Safety::Unsafe)),
            Some(name) => Err(format!("`safety` must be safe or unsafe, found `{name}`")),
        }
    }

    /// Which findings make a record invalid.
    fn fail_on(&self, engine: &Engine) -> Result<FailOn, String> {
        let Some(name) = self.fail_on.as_deref() else {
            let configured = engine.config().fail_on;
            return Ok(configured.unwrap_or(FailOn::Level(Level::Error)));
        };
        let fail_on = name.parse();
        fail_on
            .map_err(|()| format!("`failOn` must be error, warning, info or never, found `{name}`"))
    }

    fn run_info(&self, config_file: Option<&LoadedConfig>) -> RunInfo {
        let start = now();
        RunInfo {
            started: self.started.clone().unwrap_or_default(),
            version: env!("CARGO_PKG_VERSION").into(),
            arguments: Vec::new(),
            config_file: config_file.map(|loaded| loaded.name.clone()),
            elapsed: Arc::new(move || Duration::from_secs_f64((now() - start).max(0.0) / 1000.0)),
        }
    }
}

/// Calls the function of the caller. Returns whether the run continues.
fn report_progress(on_progress: Option<&Function>, progress: Progress) -> bool {
    let Some(function) = on_progress else {
        return true;
    };
    let [bytes, records, findings] = [
        progress.bytes as f64,
        progress.records as f64,
        progress.findings as f64,
    ]
    .map(JsValue::from);
    let returned = function.call3(&JsValue::NULL, &bytes, &records, &findings);
    returned.is_ok_and(|value| value.as_bool() != Some(false))
}

/// The report about a configuration file that has errors, as JSON.
pub(crate) fn config_report(broken: &LoadedConfig, registry: &Arc<Registry>) -> String {
    let engine = Engine::with_registry(Arc::clone(registry), Config::default());
    let mut report = Vec::new();
    let root = ReportRoot::find(Path::new("."));
    let mut run = Run {
        config_file: Some(broken),
        ..Run::new(&engine, &root)
    };
    let reporter = Format::Json.reporter(Box::new(&mut report), RenderOptions::default(), registry);
    let options = &mut ReportOptions::default();
    // A buffer in memory can always be written.
    let _ = run.check(&[], &mut io::empty(), options, &mut [reporter]);
    String::from_utf8_lossy(&report).into_owned()
}
