//! Judging pieces on several threads, and getting them back in the order in which they were read.

use std::collections::VecDeque;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Scope;

use super::expanded::Damage;
use super::judge::{Judge, Judged, Subject};
use super::pieces::Piece;
use crate::engine::Engine;
use crate::json::Tape;

/// For each thread, how many bytes may be on their way, read and not yet taken back. One piece may be
/// longer.
const IN_FLIGHT: usize = 512 << 10;

/// How many pieces may be on their way, however small.
const PIECES_IN_FLIGHT: usize = 4096;

/// So many bytes at least are handed to a thread at a time: small files go together.
const LOAD: usize = 64 << 10;

/// What is put in, and comes out in the same order.
#[derive(Debug)]
pub(super) enum Item<T> {
    /// A piece; once judged, with what was said of it.
    Piece(Arc<Subject>, Piece, T),
    /// Anything that comes between pieces.
    Mark(Mark),
}

/// What comes between pieces.
#[derive(Debug)]
pub(super) enum Mark {
    /// A file begins.
    Begin(Arc<Subject>),
    /// A file's data is broken; all pieces before that went by.
    Broken(Arc<Subject>, Damage),
    /// A file was read to its end, or why not.
    End(Result<(), super::Trouble>),
}

/// A piece with its place in the order.
type Task = (u64, Arc<Subject>, Piece);
type Done = (u64, Arc<Subject>, Piece, Judged);

/// The threads, and what is on its way.
pub(super) struct Pool<'e> {
    engine: &'e Engine,
    /// None if pieces are judged here and now.
    threads: Option<Threads>,
    tape: Tape,
    order: VecDeque<Option<Item<Judged>>>,
    /// The place of the first in `order`.
    first: u64,
    /// How many bytes are on their way, and how many may be.
    bytes: usize,
    limit: usize,
    load: Vec<Task>,
    load_bytes: usize,
}

struct Threads {
    tasks: Sender<Vec<Task>>,
    done: Receiver<Vec<Done>>,
}

impl<'e> Pool<'e> {
    /// Starts so many threads. They end when the pool is dropped.
    pub(super) fn new<'s>(scope: &'s Scope<'s, 'e>, engine: &'e Engine, jobs: usize) -> Self {
        Self {
            engine,
            threads: (jobs > 1).then(|| Threads::start(scope, engine, jobs)),
            tape: Tape::default(),
            order: VecDeque::new(),
            first: 0,
            bytes: 0,
            limit: jobs * IN_FLIGHT,
            load: Vec::new(),
            load_bytes: 0,
        }
    }

    /// Puts in what comes between pieces.
    pub(super) fn mark(&mut self, mark: Mark) {
        self.order.push_back(Some(Item::Mark(mark)));
    }

    /// Puts in a piece.
    pub(super) fn judge(&mut self, subject: &Arc<Subject>, piece: Piece) {
        if self.threads.is_none() {
            let judge = Judge {
                engine: self.engine,
                subject,
            };
            let judged = judge.judge(&piece, &mut self.tape);
            let item = Item::Piece(Arc::clone(subject), piece, judged);
            self.order.push_back(Some(item));
            return;
        }
        let place = self.first + self.order.len() as u64;
        self.bytes += piece.bytes.len();
        self.load_bytes += piece.bytes.len();
        self.load.push((place, Arc::clone(subject), piece));
        self.order.push_back(None);
        if self.load_bytes >= LOAD {
            self.hand_over();
        }
    }

    /// The next in order, if it is ready. Waits for it where too much is on its way.
    pub(super) fn next_ready(&mut self) -> Option<Item<Judged>> {
        let is_full = self.bytes > self.limit || self.order.len() > PIECES_IN_FLIGHT;
        self.next(is_full)
    }

    /// The next in order; `None` once all is out.
    pub(super) fn next_at_last(&mut self) -> Option<Item<Judged>> {
        self.next(true)
    }

    fn next(&mut self, waits: bool) -> Option<Item<Judged>> {
        while let Some(None) = self.order.front() {
            if waits {
                self.hand_over();
            }
            let threads = self.threads.as_ref()?;
            let done = if waits {
                threads.done.recv().ok()?
            } else {
                threads.done.try_recv().ok()?
            };
            for (place, subject, piece, judged) in done {
                self.bytes -= piece.bytes.len();
                self.order[(place - self.first) as usize] =
                    Some(Item::Piece(subject, piece, judged));
            }
        }
        let item = self.order.pop_front()??;
        self.first += 1;
        Some(item)
    }

    fn hand_over(&mut self) {
        if let (Some(threads), false) = (&self.threads, self.load.is_empty()) {
            self.load_bytes = 0;
            // The threads live as long as the pool.
            let _ = threads.tasks.send(std::mem::take(&mut self.load));
        }
    }
}

impl Threads {
    fn start<'s, 'e>(scope: &'s Scope<'s, 'e>, engine: &'e Engine, jobs: usize) -> Self {
        let (tasks, inbox) = mpsc::channel::<Vec<Task>>();
        let (outbox, done) = mpsc::channel();
        let inbox = Arc::new(Mutex::new(inbox));
        for _ in 0..jobs {
            let (inbox, outbox) = (Arc::clone(&inbox), outbox.clone());
            scope.spawn(move || {
                let mut tape = Tape::default();
                loop {
                    let next = inbox.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(tasks) = next else { return };
                    let judged = |(place, subject, piece): Task| {
                        let judge = Judge {
                            engine,
                            subject: &subject,
                        };
                        let judged = judge.judge(&piece, &mut tape);
                        (place, subject, piece, judged)
                    };
                    if outbox
                        .send(tasks.into_iter().map(judged).collect())
                        .is_err()
                    {
                        return;
                    }
                }
            });
        }
        Self { tasks, done }
    }
}
