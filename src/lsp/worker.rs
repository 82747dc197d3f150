//! The worker: checks documents, publishes their diagnostics and computes the results of requests, one
//! task at a time.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use lsp_types::{MessageType, Uri};
use serde_json::{Value, json};

use super::code_action::CodeActionBuilder;
use super::completion::Completer;
use super::document::{DocumentChecker, DocumentKind};
use super::engine_cache::{EngineCache, FolderEngine};
use super::half_typed::{Baseline, Shown};
use super::ignore_action::IgnoreTarget;
use super::position::PositionMapper;
use super::scheduler::{RequestKind, Scheduler, Task};
use super::to_proto::DiagnosticConverter;
use super::uri::file_path;
use super::{document_symbol, half_typed, hover};
use crate::engine::{Outcome, catch_panic};
use crate::output::file_uri;
use crate::registry::Registry;

/// Carries out tasks until the scheduler is shut down.
pub(super) fn run(scheduler: &Scheduler, registry: &Arc<Registry>) {
    let mut worker = Worker::new(scheduler, registry);
    // The user is still opening the first document.
    for kind in registry.kinds() {
        kind.compile_definitions();
    }
    while let Some(task) = scheduler.next_task() {
        let result = catch_panic(|| worker.handle(&task));
        scheduler.finish_task(result.flatten());
    }
}

/// The caches of the worker.
struct Worker<'s> {
    scheduler: &'s Scheduler,
    engines: EngineCache,
    /// The configuration revision of the caches.
    config_revision: u64,
    outcomes: HashMap<Uri, CachedOutcome>,
    /// The last text of each document in which nothing was half-typed.
    baselines: HashMap<Uri, Baseline>,
    /// The configuration files that are not open and have published diagnostics.
    published_configs: HashSet<Uri>,
    /// The error of the last configuration that could not be read; it is shown once.
    last_config_error: Option<String>,
}

/// The outcome of checking one revision of a text.
#[derive(Clone)]
struct CachedOutcome {
    text_revision: u64,
    outcome: Rc<Outcome>,
    /// The findings that are shown as diagnostics.
    shown: Rc<Outcome>,
    folder: Rc<FolderEngine>,
}

impl<'s> Worker<'s> {
    fn new(scheduler: &'s Scheduler, registry: &Arc<Registry>) -> Self {
        Self {
            scheduler,
            engines: EngineCache::new(Arc::clone(registry), scheduler.cancel_flag()),
            config_revision: 0,
            outcomes: HashMap::new(),
            baselines: HashMap::new(),
            published_configs: HashSet::new(),
            last_config_error: None,
        }
    }

    /// Checks the document of a task and returns the result of its request. A task without a request
    /// publishes the diagnostics and returns `None`.
    fn handle(&mut self, task: &Task) -> Option<Value> {
        self.drop_stale(task);
        let path = file_path(&task.uri);
        let client = &self.scheduler.client;
        let mapper = PositionMapper::new(&task.document.text, client.encoding);
        let cached = self.check(task, path.as_ref());
        let converter = DiagnosticConverter {
            client,
            uri: &task.uri,
            mapper: &mapper,
            rule_pages: cached.folder.engine.config().rule_pages.as_deref(),
        };
        let Some(request) = &task.request else {
            let diagnostics = converter.diagnostics(&cached.shown, task.options.max_findings);
            self.scheduler.publish_if_current(task, diagnostics);
            return None;
        };
        let context = RequestContext {
            task,
            checker: &DocumentChecker::new(&cached.folder, path.as_deref()),
            converter: &converter,
            outcome: &cached.outcome,
            shown: &cached.shown,
            folder: &cached.folder,
            path: path.as_deref(),
            scheduler: self.scheduler,
        };
        Some(context.result(&request.kind))
    }

    /// Removes what an earlier configuration or a closed document has left in the caches.
    fn drop_stale(&mut self, task: &Task) {
        if self.config_revision != task.config_revision {
            self.config_revision = task.config_revision;
            self.engines.clear();
            self.outcomes.clear();
            self.baselines.clear();
        }
        self.outcomes.retain(|uri, _| task.open_uris.contains(uri));
        self.baselines.retain(|uri, _| task.open_uris.contains(uri));
        self.clear_config_diagnostics(task);
    }

    /// Returns the outcome of checking the document, from the cache if its text has not changed.
    fn check(&mut self, task: &Task, path: Option<&PathBuf>) -> CachedOutcome {
        let text_revision = task.document.text_revision;
        let cached = self.outcomes.get(&task.uri);
        if let Some(cached) = cached.filter(|cached| cached.text_revision == text_revision) {
            return cached.clone();
        }
        let path = path.map(PathBuf::as_path);
        let root = self.scheduler.client.root.as_deref();
        let (folder, is_new) = self.engines.get_or_load(path, root, &task.options);
        if is_new {
            self.publish_config_diagnostics(&folder, task);
        }
        let outcome = DocumentChecker::new(&folder, path).check(&task.document.text);
        let mut checked = CachedOutcome {
            text_revision,
            outcome: Rc::new(outcome),
            shown: Rc::default(),
            folder,
        };
        checked.shown = Rc::clone(&checked.outcome);
        // The outcome of a cancelled check is incomplete.
        if !checked.folder.engine.is_cancelled() {
            checked.shown = self.shown_outcome(task, &checked);
            self.outcomes.insert(task.uri.clone(), checked.clone());
        }
        checked
    }

    /// Returns the findings that are shown: all of them, unless a part of the document is half-typed.
    fn shown_outcome(&mut self, task: &Task, checked: &CachedOutcome) -> Rc<Outcome> {
        let (text, outcome) = (&task.document.text, &checked.outcome);
        let registry = checked.folder.engine.registry();
        // What was closed and opened again was not typed.
        let opened_revision = task.document.opened_revision;
        let baseline = self.baselines.get(&task.uri);
        let baseline = baseline.filter(|baseline| baseline.opened_revision == opened_revision);
        let shown = baseline.map(|baseline| half_typed::shown(baseline, text, outcome, registry));
        if let Some(Shown::Reduced(findings)) = shown {
            return Rc::new(Outcome {
                findings,
                ..Outcome::default()
            });
        }
        if half_typed::is_complete(outcome) {
            let (text, outcome) = (Arc::clone(text), Rc::clone(outcome));
            let baseline = Baseline {
                opened_revision,
                text,
                outcome,
            };
            self.baselines.insert(task.uri.clone(), baseline);
        }
        Rc::clone(outcome)
    }

    /// Clears the diagnostics published for configuration files that are now open: they get diagnostics
    /// as documents.
    fn clear_config_diagnostics(&mut self, task: &Task) {
        let scheduler = self.scheduler;
        self.published_configs.retain(|uri| {
            let is_open = task.open_uris.contains(uri);
            if is_open && scheduler.client.pull_diagnostics {
                scheduler.publish(uri.clone(), None, Vec::new());
            }
            !is_open
        });
    }

    /// Shows the error of a configuration that could not be read, and publishes the diagnostics of a
    /// configuration file that is not open.
    fn publish_config_diagnostics(&mut self, folder: &FolderEngine, task: &Task) {
        self.show_config_error(folder);
        let Some(config) = &folder.config else {
            return;
        };
        let path = &config.path;
        let Ok(uri) = file_uri(&path.to_string_lossy()).0.parse::<Uri>() else {
            return;
        };
        let had_diagnostics = self.published_configs.remove(&uri);
        if task.open_uris.contains(&uri) || config.findings.is_empty() && !had_diagnostics {
            return;
        }
        let client = &self.scheduler.client;
        let mapper = PositionMapper::new(&config.text, client.encoding);
        let converter = DiagnosticConverter {
            client,
            uri: &uri,
            mapper: &mapper,
            rule_pages: folder.engine.config().rule_pages.as_deref(),
        };
        let outcome = Outcome {
            findings: config.findings.clone(),
            ..Outcome::default()
        };
        let diagnostics = converter.diagnostics(&outcome, task.options.max_findings);
        if !diagnostics.is_empty() {
            self.published_configs.insert(uri.clone());
        }
        self.scheduler.publish(uri, None, diagnostics);
    }

    fn show_config_error(&mut self, folder: &FolderEngine) {
        if self.last_config_error == folder.config_error {
            return;
        }
        self.last_config_error.clone_from(&folder.config_error);
        if let Some(error) = &folder.config_error {
            let sender = &self.scheduler.sender;
            sender.show_message(MessageType::ERROR, error.clone());
        }
    }
}

/// What the result of a request is computed from.
struct RequestContext<'a> {
    task: &'a Task,
    checker: &'a DocumentChecker<'a>,
    converter: &'a DiagnosticConverter<'a>,
    outcome: &'a Outcome,
    /// The findings that are shown as diagnostics.
    shown: &'a Outcome,
    folder: &'a FolderEngine,
    /// The path of the document, if it is a file.
    path: Option<&'a Path>,
    scheduler: &'a Scheduler,
}

impl RequestContext<'_> {
    fn result(&self, kind: &RequestKind) -> Value {
        let Self {
            task,
            checker,
            converter,
            outcome,
            ..
        } = self;
        let document = &task.document;
        match kind {
            RequestKind::Diagnostics(previous_id) => self.diagnostic_report(previous_id.as_deref()),
            RequestKind::CodeActions(range, only) => {
                let builder = CodeActionBuilder {
                    checker,
                    converter,
                    text: &document.text,
                    version: document.version,
                    outcome,
                    ignore_target: self.ignore_target(),
                };
                json!(builder.actions(*range, only.as_deref()))
            }
            RequestKind::Hover(position) => {
                let text = &document.text;
                json!(hover::hover(checker, outcome, converter, text, *position))
            }
            RequestKind::Completion(position) => {
                let completer = Completer {
                    checker,
                    client: converter.client,
                    mapper: converter.mapper,
                    text: &document.text,
                };
                json!(completer.complete(*position))
            }
            RequestKind::DocumentSymbols => document_symbol::document_symbols(
                checker.kind,
                &document.text,
                converter.mapper,
                &task.uri,
                converter.client,
            ),
        }
    }

    /// Returns the configuration file in which findings of the document can be ignored. A configuration file has none.
    fn ignore_target(&self) -> Option<IgnoreTarget> {
        if self.checker.kind == DocumentKind::Config {
            return None;
        }
        IgnoreTarget::find(self.folder, self.path, &self.task.options, self.scheduler)
    }

    /// Returns a full report, or `unchanged` if the client has the current one.
    fn diagnostic_report(&self, previous_id: Option<&str>) -> Value {
        let task = self.task;
        let id = format!("{}.{}", task.document.text_revision, task.config_revision);
        if previous_id == Some(&*id) {
            return json!({ "kind": "unchanged", "resultId": id });
        }
        let limit = task.options.max_findings;
        let items = self.converter.diagnostics(self.shown, limit);
        json!({ "kind": "full", "resultId": id, "items": items })
    }
}
