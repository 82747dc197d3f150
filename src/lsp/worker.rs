//! Judging and answering: what is done with one text at a time.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use lsp_types::{MessageType, Uri};
use serde_json::{Value, json};

use super::client::path_of;
use super::code_action::CodeActionBuilder;
use super::completion::Completer;
use super::document::DocumentChecker;
use super::engine_cache::{EngineCache, FolderEngine};
use super::position::PositionMapper;
use super::scheduler::{RequestKind, Scheduler, Task};
use super::to_proto::DiagnosticConverter;
use super::{document_symbol, hover};
use crate::engine::Verdict;
use crate::output::uri_of;

/// What the judging thread has at hand.
pub(super) struct Worker<'d> {
    scheduler: &'d Scheduler,
    engines: EngineCache,
    /// That of what is known.
    generation: u64,
    checked: HashMap<Uri, CachedOutcome>,
    /// The settings that are not open and of which something was told.
    told: HashSet<Uri>,
    /// Why a configuration could not be read, as it was told last.
    trouble: Option<String>,
}

/// What is known of a text in one state.
#[derive(Clone)]
struct CachedOutcome {
    serial: u64,
    verdict: Rc<Verdict>,
    ground: Rc<FolderEngine>,
}

impl<'d> Worker<'d> {
    /// An empty one, which judges no further while `stop` is set.
    pub(super) fn new(scheduler: &'d Scheduler, stop: Arc<AtomicBool>) -> Self {
        Self {
            scheduler,
            engines: EngineCache::new(stop),
            generation: 0,
            checked: HashMap::new(),
            told: HashSet::new(),
            trouble: None,
        }
    }

    /// Judges a text, tells the client if it does not ask, and answers a question if there is one.
    pub(super) fn carry_out(&mut self, task: &Task) -> Option<Value> {
        if self.generation != task.generation {
            self.generation = task.generation;
            self.engines.clear();
            self.checked.clear();
        }
        self.checked.retain(|uri, _| task.is_open.contains(uri));
        self.withdraw_from_open(task);
        let path = path_of(&task.uri);
        let client = &self.scheduler.client;
        let text = &*task.open.text;
        let places = PositionMapper::new(text, client.encoding);
        let checked = self.check(task, path.as_ref());
        let subject = DocumentChecker::new(&checked.ground, path.as_deref());
        let converter = DiagnosticConverter {
            client,
            uri: &task.uri,
            places: &places,
            rule_pages: checked.ground.engine.config().rule_pages.as_deref(),
        };
        let Some(asked) = &task.question else {
            let diagnostics = converter.diagnostics(&checked.verdict, task.options.max_findings);
            self.scheduler.tell(task, diagnostics);
            return None;
        };
        let answer = match &asked.question {
            RequestKind::Diagnostics(previous) => {
                let id = format!("{}.{}", task.open.serial, task.generation);
                if previous.as_ref() == Some(&id) {
                    json!({ "kind": "unchanged", "resultId": id })
                } else {
                    let limit = task.options.max_findings;
                    let items = converter.diagnostics(&checked.verdict, limit);
                    json!({ "kind": "full", "resultId": id, "items": items })
                }
            }
            RequestKind::Actions(range, only) => {
                let offer = CodeActionBuilder {
                    subject: &subject,
                    converter: &converter,
                    text,
                    version: task.open.version,
                    verdict: &checked.verdict,
                };
                json!(offer.actions(*range, only.as_deref()))
            }
            RequestKind::Hover(position) => {
                json!(hover::hover(
                    &subject,
                    &checked.verdict,
                    &converter,
                    text,
                    *position
                ))
            }
            RequestKind::Completion(position) => {
                let completer = Completer {
                    subject: &subject,
                    client,
                    places: &places,
                    text,
                };
                json!(completer.complete(*position))
            }
            RequestKind::Symbols => {
                document_symbol::symbols(subject.holds, text, &places, &task.uri, client)
            }
        };
        Some(answer)
    }

    /// What is wrong with a text, known or found out.
    fn check(&mut self, task: &Task, path: Option<&PathBuf>) -> CachedOutcome {
        let known = self.checked.get(&task.uri);
        if let Some(checked) = known.filter(|checked| checked.serial == task.open.serial) {
            return checked.clone();
        }
        let path = path.map(PathBuf::as_path);
        let root = self.scheduler.client.root.as_deref();
        let (ground, is_new) = self.engines.of(path, root, &task.options);
        if is_new {
            self.tell_of_settings(&ground, task);
        }
        let verdict = DocumentChecker::new(&ground, path).judge(&task.open.text);
        let checked = CachedOutcome {
            serial: task.open.serial,
            verdict: Rc::new(verdict),
            ground,
        };
        if !checked.ground.engine.is_stopped() {
            self.checked.insert(task.uri.clone(), checked.clone());
        }
        checked
    }

    /// Takes back what was told of settings that are open by now: they speak for themselves.
    fn withdraw_from_open(&mut self, task: &Task) {
        let scheduler = self.scheduler;
        self.told.retain(|uri| {
            let is_open = task.is_open.contains(uri);
            if is_open && scheduler.client.pulls {
                scheduler.publish(uri.clone(), None, Vec::new());
            }
            !is_open
        });
    }

    /// Tells what is wrong with settings that were read, unless they are open themselves.
    fn tell_of_settings(&mut self, ground: &FolderEngine, task: &Task) {
        if self.trouble != ground.trouble {
            self.trouble.clone_from(&ground.trouble);
            if let Some(trouble) = &ground.trouble {
                self.scheduler
                    .sender
                    .show(MessageType::ERROR, trouble.clone());
            }
        }
        let Some(settings) = &ground.settings else {
            return;
        };
        let path = crate::files::absolute(settings.name.as_ref());
        let Ok(uri) = uri_of(&path.to_string_lossy()).0.parse::<Uri>() else {
            return;
        };
        let was_told = self.told.remove(&uri);
        if task.is_open.contains(&uri) || settings.findings.is_empty() && !was_told {
            return;
        }
        let places = PositionMapper::new(&settings.text, self.scheduler.client.encoding);
        let converter = DiagnosticConverter {
            client: &self.scheduler.client,
            uri: &uri,
            places: &places,
            rule_pages: ground.engine.config().rule_pages.as_deref(),
        };
        let verdict = Verdict {
            findings: settings.findings.clone(),
            ..Verdict::default()
        };
        let diagnostics = converter.diagnostics(&verdict, task.options.max_findings);
        if !diagnostics.is_empty() {
            self.told.insert(uri.clone());
        }
        self.scheduler.publish(uri, None, diagnostics);
    }
}
