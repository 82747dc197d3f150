//! Judging and answering: what is done with one text at a time.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use lsp_types::{MessageType, Uri};
use serde_json::{Value, json};

use super::client::path_of;
use super::code_action::Offer;
use super::completion::Completer;
use super::document::Subject;
use super::engine_cache::{Ground, Grounds};
use super::position::Places;
use super::scheduler::{Desk, Job, Question};
use super::to_proto::Teller;
use super::{document_symbol, hover};
use crate::engine::Verdict;
use crate::output::uri_of;

/// What the judging thread has at hand.
pub(super) struct Bench<'d> {
    desk: &'d Desk,
    grounds: Grounds,
    /// That of what is known.
    generation: u64,
    checked: HashMap<Uri, Checked>,
    /// The settings that are not open and of which something was told.
    told: HashSet<Uri>,
    /// Why a configuration could not be read, as it was told last.
    trouble: Option<String>,
}

/// What is known of a text in one state.
#[derive(Clone)]
struct Checked {
    serial: u64,
    verdict: Rc<Verdict>,
    ground: Rc<Ground>,
}

impl<'d> Bench<'d> {
    /// An empty one, which judges no further while `stop` is set.
    pub(super) fn new(desk: &'d Desk, stop: Arc<AtomicBool>) -> Self {
        Self {
            desk,
            grounds: Grounds::new(stop),
            generation: 0,
            checked: HashMap::new(),
            told: HashSet::new(),
            trouble: None,
        }
    }

    /// Judges a text, tells the client if it does not ask, and answers a question if there is one.
    pub(super) fn carry_out(&mut self, job: &Job) -> Option<Value> {
        if self.generation != job.generation {
            self.generation = job.generation;
            self.grounds.clear();
            self.checked.clear();
        }
        self.checked.retain(|uri, _| job.is_open.contains(uri));
        self.withdraw_from_open(job);
        let path = path_of(&job.uri);
        let client = &self.desk.client;
        let text = &*job.open.text;
        let places = Places::new(text, client.encoding);
        let checked = self.check(job, path.as_ref());
        let subject = Subject::new(&checked.ground, path.as_deref());
        let teller = Teller {
            client,
            uri: &job.uri,
            places: &places,
            rule_pages: checked.ground.engine.config().rule_pages.as_deref(),
        };
        let Some(asked) = &job.question else {
            let diagnostics = teller.diagnostics(&checked.verdict, job.options.max_findings);
            self.desk.tell(job, diagnostics);
            return None;
        };
        let answer = match &asked.question {
            Question::Diagnostics(previous) => {
                let id = format!("{}.{}", job.open.serial, job.generation);
                if previous.as_ref() == Some(&id) {
                    json!({ "kind": "unchanged", "resultId": id })
                } else {
                    let limit = job.options.max_findings;
                    let items = teller.diagnostics(&checked.verdict, limit);
                    json!({ "kind": "full", "resultId": id, "items": items })
                }
            }
            Question::Actions(range, only) => {
                let offer = Offer {
                    subject: &subject,
                    teller: &teller,
                    text,
                    version: job.open.version,
                    verdict: &checked.verdict,
                };
                json!(offer.actions(*range, only.as_deref()))
            }
            Question::Hover(position) => {
                json!(hover::hover(
                    &subject,
                    &checked.verdict,
                    &teller,
                    text,
                    *position
                ))
            }
            Question::Completion(position) => {
                let completer = Completer {
                    subject: &subject,
                    client,
                    places: &places,
                    text,
                };
                json!(completer.complete(*position))
            }
            Question::Symbols => {
                document_symbol::symbols(subject.holds, text, &places, &job.uri, client)
            }
        };
        Some(answer)
    }

    /// What is wrong with a text, known or found out.
    fn check(&mut self, job: &Job, path: Option<&PathBuf>) -> Checked {
        let known = self.checked.get(&job.uri);
        if let Some(checked) = known.filter(|checked| checked.serial == job.open.serial) {
            return checked.clone();
        }
        let path = path.map(PathBuf::as_path);
        let root = self.desk.client.root.as_deref();
        let (ground, is_new) = self.grounds.of(path, root, &job.options);
        if is_new {
            self.tell_of_settings(&ground, job);
        }
        let verdict = Subject::new(&ground, path).judge(&job.open.text);
        let checked = Checked {
            serial: job.open.serial,
            verdict: Rc::new(verdict),
            ground,
        };
        if !checked.ground.engine.is_stopped() {
            self.checked.insert(job.uri.clone(), checked.clone());
        }
        checked
    }

    /// Takes back what was told of settings that are open by now: they speak for themselves.
    fn withdraw_from_open(&mut self, job: &Job) {
        let desk = self.desk;
        self.told.retain(|uri| {
            let is_open = job.is_open.contains(uri);
            if is_open && desk.client.pulls {
                desk.publish(uri.clone(), None, Vec::new());
            }
            !is_open
        });
    }

    /// Tells what is wrong with settings that were read, unless they are open themselves.
    fn tell_of_settings(&mut self, ground: &Ground, job: &Job) {
        if self.trouble != ground.trouble {
            self.trouble.clone_from(&ground.trouble);
            if let Some(trouble) = &ground.trouble {
                self.desk.outbox.show(MessageType::ERROR, trouble.clone());
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
        if job.is_open.contains(&uri) || settings.findings.is_empty() && !was_told {
            return;
        }
        let places = Places::new(&settings.text, self.desk.client.encoding);
        let teller = Teller {
            client: &self.desk.client,
            uri: &uri,
            places: &places,
            rule_pages: ground.engine.config().rule_pages.as_deref(),
        };
        let verdict = Verdict {
            findings: settings.findings.clone(),
            ..Verdict::default()
        };
        let diagnostics = teller.diagnostics(&verdict, job.options.max_findings);
        if !diagnostics.is_empty() {
            self.told.insert(uri.clone());
        }
        self.desk.publish(uri, None, diagnostics);
    }
}
