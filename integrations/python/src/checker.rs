//! A compiled configuration.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use countersign::config_file::{ConfigOverrides, LoadedConfig, build_engine};
use countersign::engine::{Engine, Outcome};
use countersign::line_index::LineIndex;
use countersign::output::Report;
use countersign::payload::{Declared, Form, Kind};
use countersign::registry::Registry;
use jiff::civil::Date;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::arrow_input;
use crate::arrow_output::{ArrowFindings, DetachedColumns, FindingColumns, NoColumns};
use crate::errors::{ConfigError, InputError, UnknownNameError, guarded};
use crate::parallel::{check_all, jobs_or_default};
use crate::payload;
use crate::reports::{append_findings, as_array};
use crate::run::{self, Fixed, PayloadRun};
use crate::stream::RunState;

/// The engines of one configuration by the kind and form that are stated for the payloads.
type Engines = HashMap<(Option<&'static str>, Option<Form>), Arc<Engine>>;

/// A compiled configuration. Safe to use from any thread.
#[pyclass(frozen, module = "countersign._native")]
pub(crate) struct Checker {
    config: Option<PathBuf>,
    today: Option<Date>,
    registry: Arc<Registry>,
    /// The findings about the configuration itself, as a JSON array.
    config_findings: Vec<u8>,
    engines: Mutex<Engines>,
}

#[pymethods]
impl Checker {
    /// Reads and compiles a configuration. `today` is an ISO date, `None` disables the rules about future dates.
    #[new]
    #[pyo3(signature = (config, today))]
    fn new(py: Python<'_>, config: Option<PathBuf>, today: Option<&str>) -> PyResult<Self> {
        guarded(|| {
            let today = today.map(|day| {
                day.parse::<Date>().map_err(|_| {
                    ConfigError::new_err(format!("`{day}` is not a date; expected YYYY-MM-DD"))
                })
            });
            let mut checker = Self {
                config,
                today: today.transpose()?,
                registry: Registry::built_in(),
                config_findings: as_array(Vec::new()),
                engines: Mutex::default(),
            };
            let (engine, findings) = py.detach(|| checker.build(Declared::default()))?;
            checker.config_findings = findings;
            checker.engines_mut().insert((None, None), Arc::new(engine));
            Ok(checker)
        })
    }

    /// The findings about the configuration itself, as a JSON array.
    fn config_findings<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.config_findings)
    }

    /// The findings about a payload, as a JSON array.
    #[pyo3(signature = (payload, kind=None, form=None))]
    fn check<'py>(
        &self,
        py: Python<'py>,
        payload: &[u8],
        kind: Option<&str>,
        form: Option<&str>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        guarded(|| {
            let engine = self.engine(py, kind, form)?;
            let findings = py.detach(|| run::check_payload(&engine, payload))?;
            Ok(PyBytes::new(py, &findings))
        })
    }

    /// The findings about a file, as a JSON array.
    #[pyo3(signature = (path, kind=None, form=None, jobs=None))]
    fn check_file<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        kind: Option<&str>,
        form: Option<&str>,
        jobs: Option<usize>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        guarded(|| {
            let engine = self.engine(py, kind, form)?;
            let config = self.config.as_deref();
            let jobs = jobs_or_default(jobs);
            let findings = py.detach(|| {
                let loaded =
                    config.map(|path| LoadedConfig::read(path, self.today, &self.registry));
                let loaded = loaded
                    .transpose()
                    .map_err(|error| ConfigError::new_err(error.0))?;
                run::check_file(&engine, loaded.as_ref(), path, jobs)
            })?;
            Ok(PyBytes::new(py, &findings))
        })
    }

    /// The text of a payload after its fixes, the findings about it as a JSON array, and the number of fixes.
    #[pyo3(signature = (payload, allows_unsafe, kind=None, form=None))]
    fn fix<'py>(
        &self,
        py: Python<'py>,
        payload: &[u8],
        allows_unsafe: bool,
        kind: Option<&str>,
        form: Option<&str>,
    ) -> PyResult<(Bound<'py, PyBytes>, Bound<'py, PyBytes>, usize)> {
        guarded(|| {
            let engine = self.engine(py, kind, form)?;
            let Fixed {
                text,
                findings,
                applied,
            } = py.detach(|| run::fix_payload(&engine, payload, allows_unsafe))?;
            Ok((
                PyBytes::new(py, &text),
                PyBytes::new(py, &findings),
                applied,
            ))
        })
    }

    /// A run over many payloads.
    #[pyo3(signature = (kind=None, form=None, jobs=None))]
    fn run(
        &self,
        py: Python<'_>,
        kind: Option<&str>,
        form: Option<&str>,
        jobs: Option<usize>,
    ) -> PyResult<PayloadRun> {
        guarded(|| {
            Ok(PayloadRun::new(
                self.engine(py, kind, form)?,
                jobs_or_default(jobs),
            ))
        })
    }

    /// The findings about the payloads in an Arrow array, or in a column of a table.
    #[pyo3(signature = (data, column=None, kind=None, form=None, jobs=None))]
    fn check_arrow(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        column: Option<&str>,
        kind: Option<&str>,
        form: Option<&str>,
        jobs: Option<usize>,
    ) -> PyResult<ArrowFindings> {
        guarded(|| {
            let engine = self.engine(py, kind, form)?;
            let arrays = arrow_input::arrays_of(data)?;
            let jobs = jobs_or_default(jobs);
            py.detach(|| {
                let mut state = RunState::default();
                let mut columns = FindingColumns::new("row", engine.config().rule_pages.as_deref());
                for array in arrays {
                    let array = array.map_err(|error| InputError::new_err(error.to_string()))?;
                    let payloads = arrow_input::payloads_of(&array, column)?;
                    let payloads = payloads.values();
                    state.check(&engine, &payloads, jobs, |row, _, payload| {
                        columns.append_payload(row, payload);
                    });
                }
                Ok(columns.finish(None::<NoColumns>))
            })
        })
    }

    /// The findings about the payloads of an array and the facts of their records, for another process to relate. All of
    /// it happens on one thread.
    #[pyo3(signature = (data, relates, kind=None, form=None))]
    fn check_detached(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        relates: bool,
        kind: Option<&str>,
        form: Option<&str>,
    ) -> PyResult<ArrowFindings> {
        guarded(|| {
            let engine = self.engine(py, kind, form)?;
            let arrays = arrow_input::arrays_of(data)?;
            py.detach(|| {
                let rule_pages = engine.config().rule_pages.as_deref();
                let mut columns = FindingColumns::new("index", rule_pages);
                let mut detached = DetachedColumns::default();
                let mut rows = 0;
                for array in arrays {
                    let array = array.map_err(|error| InputError::new_err(error.to_string()))?;
                    let payloads = arrow_input::payloads_of(&array, None)?;
                    let payloads = payloads.values();
                    let checked = check_all(&engine, &payloads, 1, relates);
                    for (row, payload) in checked.into_iter().enumerate() {
                        let Some(mut payload) = payload else { continue };
                        if !relates {
                            // Without others, a payload with several records is a run of its own.
                            payload::relate_alone(&engine, &mut payload);
                        }
                        let row = rows + row;
                        detached.append_findings(columns.append_payload(row, &payload));
                        for (index, fact) in payload.facts.iter().enumerate() {
                            columns.append_row_only(row);
                            detached.append_fact(index, fact, payload.outcome.records.len());
                        }
                    }
                    rows += payloads.len();
                }
                Ok(columns.finish(Some(detached)))
            })
        })
    }

    /// Whether a rule is reported that relates the records of a run.
    fn relates_records(&self, py: Python<'_>) -> PyResult<bool> {
        guarded(|| {
            let engine = self.engine(py, None, None)?;
            let mut rules = self.registry.rules().iter();
            Ok(rules.any(|rule| {
                matches!(rule.check, countersign::rule::Check::CrossRecord(_))
                    && engine.config().level_of(rule.id, rule.level).is_some()
            }))
        })
    }
}

impl Checker {
    fn engines_mut(&self) -> std::sync::MutexGuard<'_, Engines> {
        self.engines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The engine for payloads of a kind and form, if they are stated.
    pub(crate) fn engine(
        &self,
        py: Python<'_>,
        kind: Option<&str>,
        form: Option<&str>,
    ) -> PyResult<Arc<Engine>> {
        let declared = Declared {
            kind: kind.map(|id| self.kind(id)).transpose()?,
            form: form.map(form_of).transpose()?,
        };
        let key = (declared.kind.map(Kind::id), declared.form);
        if let Some(engine) = self.engines_mut().get(&key) {
            return Ok(Arc::clone(engine));
        }
        let (engine, _) = py.detach(|| self.build(declared))?;
        let engine = Arc::new(engine);
        self.engines_mut().insert(key, Arc::clone(&engine));
        Ok(engine)
    }

    fn kind(&self, id: &str) -> PyResult<&'static Kind> {
        self.registry.kind(id).ok_or_else(|| {
            let kinds: Vec<&str> = self.registry.kinds().iter().map(|kind| kind.id()).collect();
            let known = kinds.join(", ");
            UnknownNameError::new_err(format!("there is no kind `{id}`; expected one of {known}"))
        })
    }

    /// Reads the configuration and builds an engine. Returns the findings about the configuration too.
    fn build(&self, declared: Declared) -> PyResult<(Engine, Vec<u8>)> {
        let loaded = self.config.as_deref();
        let loaded = loaded.map(|path| LoadedConfig::read(path, self.today, &self.registry));
        let mut loaded = loaded
            .transpose()
            .map_err(|error| ConfigError::new_err(error.0))?;
        let findings = match &loaded {
            Some(loaded) if loaded.has_errors() => {
                return Err(ConfigError::new_err(describe_errors(loaded)));
            }
            Some(loaded) => config_findings(loaded),
            None => as_array(Vec::new()),
        };
        let overrides = ConfigOverrides {
            today: self.today,
            declared,
            ..ConfigOverrides::default()
        };
        Ok((
            build_engine(&self.registry, loaded.as_mut(), overrides),
            findings,
        ))
    }
}

fn form_of(name: &str) -> PyResult<Form> {
    name.parse().map_err(|()| {
        let known: Vec<&str> = Form::ALL.iter().map(|form| form.as_str()).collect();
        let known = known.join(", ");
        UnknownNameError::new_err(format!(
            "there is no form `{name}`; expected one of {known}"
        ))
    })
}

/// The errors of a configuration file, one a line, as `file:line:column: message`.
fn describe_errors(loaded: &LoadedConfig) -> String {
    let lines = LineIndex::new(&loaded.text);
    let errors = loaded.findings.iter();
    let errors = errors.filter(|finding| finding.level == countersign::finding::Level::Error);
    let errors = errors.map(|finding| {
        let position = lines.position(finding.span.start);
        let help = finding.help.as_ref();
        let help = help.map_or_else(String::new, |help| format!("; {help}"));
        let (name, message) = (&loaded.name, &finding.message);
        format!(
            "{name}:{}:{}: {message}{help}",
            position.line, position.column
        )
    });
    errors.collect::<Vec<_>>().join("\n")
}

/// The findings about a configuration file, as a JSON array.
fn config_findings(loaded: &LoadedConfig) -> Vec<u8> {
    let mut findings = Vec::new();
    let outcome = Outcome {
        findings: loaded.findings.clone(),
        ..Outcome::default()
    };
    append_findings(
        &mut findings,
        &Report {
            file: &loaded.name,
            lines: &LineIndex::new(&loaded.text),
            outcome: &outcome,
            first_record: 0,
            shown: usize::MAX,
            rule_pages: loaded.config.rule_pages.as_deref(),
        },
    );
    as_array(findings)
}
