//! Runs of the library's batch check over a file or a payload, and runs over many payloads.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use countersign::batch::{FixMode, Input, ReportOptions, Run};
use countersign::config_file::LoadedConfig;
use countersign::engine::Engine;
use countersign::finding::Safety;
use countersign::json::Tape;
use countersign::output::{Report, Reporter, Summary};
use countersign::path::{InputError as PathError, ReportRoot};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyList};

use crate::errors::{InputError, guarded};
use crate::payload;
use crate::reports::{PAYLOAD, append_findings, as_array, findings_of};
use crate::stream::RunState;

/// The maximum size of a payload that is checked without the batch check, in bytes.
const MAX_OBJECT: usize = 64 << 10;

/// The result of fixing a payload.
pub(crate) struct Fixed {
    pub(crate) text: Vec<u8>,
    /// The findings about the text, as a JSON array.
    pub(crate) findings: Vec<u8>,
    /// The number of fixes that were applied.
    pub(crate) applied: usize,
}

/// Collects findings as JSON.
struct Collector<'f> {
    findings: &'f mut Vec<u8>,
    /// The name of the payload instead of that of the file.
    name: Option<&'static str>,
    /// The file whose findings are left out: the configuration, which is no payload.
    excluded: Option<String>,
}

impl Reporter for Collector<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        if self.excluded.as_deref() != Some(report.file) {
            let report = Report {
                file: self.name.unwrap_or(report.file),
                ..*report
            };
            append_findings(self.findings, &report);
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}

/// The findings about a payload, as a JSON array.
pub(crate) fn check_payload(engine: &Engine, payload: &[u8]) -> PyResult<Vec<u8>> {
    if is_one_object(payload)
        && let Some(mut checked) = payload::check(engine, payload, &mut Tape::default(), false)
    {
        payload::relate_alone(engine, &mut checked);
        let rule_pages = engine.config().rule_pages.as_deref();
        return Ok(findings_of(checked.text, &checked.outcome, 0, rule_pages));
    }
    let job = Job::new(engine, Input::Standard(None));
    Ok(job.run(payload, FixMode::Report)?.findings)
}

/// Whether a payload is one document for the batch check too, which reads larger texts in chunks and several lines as
/// several records. It needs fifty times as long for a small payload, because it is made for files.
fn is_one_object(payload: &[u8]) -> bool {
    let text = payload.trim_ascii();
    payload.len() <= MAX_OBJECT
        && text.starts_with(b"{")
        && !text.iter().any(|byte| matches!(byte, b'\n' | b'\r' | 0))
        && std::str::from_utf8(text).is_ok()
}

/// Fixes a payload.
pub(crate) fn fix_payload(engine: &Engine, payload: &[u8], allows_unsafe: bool) -> PyResult<Fixed> {
    let safety = match allows_unsafe {
        true => Safety::Unsafe,
        false => Safety::Safe,
    };
    Job::new(engine, Input::Standard(None)).run(payload, FixMode::Apply(safety))
}

/// The findings about a file, as a JSON array.
pub(crate) fn check_file(
    engine: &Engine,
    config_file: Option<&LoadedConfig>,
    path: PathBuf,
    jobs: usize,
) -> PyResult<Vec<u8>> {
    let job = Job {
        config_file,
        jobs,
        ..Job::new(engine, Input::File(path))
    };
    Ok(job.run(b"", FixMode::Report)?.findings)
}

/// A run over one input.
struct Job<'j> {
    engine: &'j Engine,
    config_file: Option<&'j LoadedConfig>,
    input: Input,
    jobs: usize,
}

impl<'j> Job<'j> {
    fn new(engine: &'j Engine, input: Input) -> Self {
        Self {
            engine,
            config_file: None,
            input,
            jobs: 1,
        }
    }

    fn run(self, payload: &[u8], fix_mode: FixMode) -> PyResult<Fixed> {
        let path = match &self.input {
            Input::File(path) => path.clone(),
            _ => Path::new(".").to_owned(),
        };
        let is_file = matches!(self.input, Input::File(_));
        let (mut text, mut findings) = (Vec::new(), Vec::new());
        let is_interrupted = AtomicBool::new(false);
        let mut interruption = None;
        let mut unreadable = None;
        let root = ReportRoot::find(&path);
        let mut run = Run {
            config_file: self.config_file,
            fix_mode,
            is_interrupted: &is_interrupted,
            jobs: self.jobs,
            on_progress: Box::new(|_| {
                if is_file && let Err(error) = Python::attach(|py| py.check_signals()) {
                    is_interrupted.store(true, Ordering::Relaxed);
                    interruption = Some(error);
                }
            }),
            out: Box::new(&mut text),
            on_error: Box::new(|PathError(message)| unreadable = Some(message.clone())),
            ..Run::new(self.engine, &root)
        };
        let collector = Collector {
            findings: &mut findings,
            name: (!is_file).then_some(PAYLOAD),
            excluded: self.config_file.map(|loaded| loaded.name.clone()),
        };
        let mut reporters: Vec<Box<dyn Reporter + '_>> = vec![Box::new(collector)];
        let mut input = payload;
        let summary = run.check(
            &[Ok(self.input)],
            &mut input,
            &mut ReportOptions::default(),
            &mut reporters,
        );
        drop((run, reporters));
        if let Some(error) = interruption {
            return Err(error);
        }
        if let Some(message) = unreadable {
            return Err(InputError::new_err(message));
        }
        let summary = summary.map_err(|error| InputError::new_err(error.to_string()))?;
        Ok(Fixed {
            text,
            findings: as_array(findings),
            applied: summary.fixed,
        })
    }
}

/// A run over many payloads, which are given to it in batches.
#[pyclass(frozen, module = "countersign._native")]
pub(crate) struct PayloadRun {
    engine: Arc<Engine>,
    jobs: usize,
    state: Mutex<RunState>,
}

impl PayloadRun {
    pub(crate) fn new(engine: Arc<Engine>, jobs: usize) -> Self {
        Self {
            engine,
            jobs,
            state: Mutex::default(),
        }
    }
}

#[pymethods]
impl PayloadRun {
    /// The findings about each of the next payloads, as a JSON array, or `None` without findings.
    fn check<'py>(
        &self,
        py: Python<'py>,
        payloads: Vec<PyBackedBytes>,
    ) -> PyResult<Bound<'py, PyList>> {
        guarded(|| {
            let findings = py.detach(|| {
                let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                let first = state.payloads;
                let bytes: Vec<Option<&[u8]>> =
                    payloads.iter().map(|bytes| Some(bytes.as_ref())).collect();
                let mut findings: Vec<Option<Vec<u8>>> = vec![None; bytes.len()];
                let rule_pages = self.engine.config().rule_pages.as_deref();
                state.check(
                    &self.engine,
                    &bytes,
                    self.jobs,
                    |index, records, payload| {
                        let (text, outcome) = (payload.text, &payload.outcome);
                        findings[index - first] =
                            Some(findings_of(text, outcome, records, rule_pages));
                    },
                );
                findings
            });
            let findings = findings.into_iter();
            PyList::new(
                py,
                findings
                    .map(|json| json.map(|json| PyBytes::new(py, &json)))
                    .collect::<Vec<_>>(),
            )
        })
    }
}
