//! Judging pieces on several threads, and getting them back in the order in which they were read.

use std::collections::VecDeque;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Scope;

use super::expanded::Damage;
use super::judge::{Judge, Judged, Subject};
use super::pieces::Piece;
use crate::engine::Engine;
use crate::json::Tape;

/// For each thread, how many bytes may be on their way, read and not yet taken back. One piece may be
/// longer.
const IN_FLIGHT: usize = 192 << 10;

/// How many pieces may be on their way, however small.
const PIECES_IN_FLIGHT: usize = 4096;

/// So many bytes at least are handed to a thread at a time: small files go together.
const LOAD: usize = 48 << 10;

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
    End(Result<(), super::InputError>),
}

/// A piece with its place in the order.
type Task = (u64, Arc<Subject>, Piece);
type Done = (u64, Arc<Subject>, Piece, Judged);

/// The threads, and what is on its way.
pub(super) struct Pool<'s, 'e> {
    engine: &'e Engine,
    /// None if pieces are judged here and now.
    threads: Option<Threads>,
    scope: &'s Scope<'s, 'e>,
    jobs: usize,
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
    queue: Arc<Queue>,
    done: Receiver<Vec<Done>>,
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// What is to be judged, for whoever comes first.
#[derive(Default)]
struct Queue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Default)]
struct QueueState {
    loads: VecDeque<Vec<Task>>,
    is_closed: bool,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, load: Vec<Task>) {
        self.state().loads.push_back(load);
        self.changed.notify_one();
    }

    /// The next load, if one is there.
    fn take(&self) -> Option<Vec<Task>> {
        self.state().loads.pop_front()
    }

    /// The next load, once one is there; `None` once no more will come.
    fn wait(&self) -> Option<Vec<Task>> {
        let mut state = self.state();
        loop {
            if let Some(load) = state.loads.pop_front() {
                return Some(load);
            }
            if state.is_closed {
                return None;
            }
            let woken = self.changed.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn close(&self) {
        self.state().is_closed = true;
        self.changed.notify_all();
    }
}

impl<'s, 'e> Pool<'s, 'e> {
    /// A pool of so many threads, the one that puts pieces in included: it judges too where it would
    /// have to wait. The others start when there is enough to do, and end when the pool is dropped.
    pub(super) fn new(scope: &'s Scope<'s, 'e>, engine: &'e Engine, jobs: usize) -> Self {
        Self {
            engine,
            threads: None,
            scope,
            jobs,
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
        if self.jobs == 1 {
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
            for (place, subject, piece, judged) in self.some_done(waits)? {
                self.bytes -= piece.bytes.len();
                self.order[(place - self.first) as usize] =
                    Some(Item::Piece(subject, piece, judged));
            }
        }
        let item = self.order.pop_front()??;
        self.first += 1;
        Some(item)
    }

    /// Pieces that were judged, if there are any; where `waits` says so, sees to it that there are.
    fn some_done(&mut self, waits: bool) -> Option<Vec<Done>> {
        let threads = self.threads.as_ref();
        let ready = threads.and_then(|threads| threads.done.try_recv().ok());
        if ready.is_some() || !waits {
            return ready;
        }
        let load = match threads.and_then(|threads| threads.queue.take()) {
            Some(load) => load,
            None => self.take_load(),
        };
        if load.is_empty() {
            return self.threads.as_ref()?.done.recv().ok();
        }
        Some(judge_all(self.engine, load, &mut self.tape))
    }

    fn hand_over(&mut self) {
        let load = self.take_load();
        let (scope, engine, jobs) = (self.scope, self.engine, self.jobs);
        let threads = self
            .threads
            .get_or_insert_with(|| Threads::start(scope, engine, jobs));
        threads.queue.push(load);
    }

    fn take_load(&mut self) -> Vec<Task> {
        self.load_bytes = 0;
        std::mem::take(&mut self.load)
    }
}

impl Threads {
    fn start<'s, 'e>(scope: &'s Scope<'s, 'e>, engine: &'e Engine, jobs: usize) -> Self {
        let queue = Arc::new(Queue::default());
        let (outbox, done) = mpsc::channel();
        for _ in 1..jobs {
            let (queue, outbox) = (Arc::clone(&queue), outbox.clone());
            scope.spawn(move || {
                let mut tape = Tape::default();
                while let Some(load) = queue.wait() {
                    let judged = judge_all(engine, load, &mut tape);
                    if outbox.send(judged).is_err() {
                        return;
                    }
                }
            });
        }
        Self { queue, done }
    }
}

fn judge_all(engine: &Engine, load: Vec<Task>, tape: &mut Tape) -> Vec<Done> {
    let judged = |(place, subject, piece): Task| {
        let judge = Judge {
            engine,
            subject: &subject,
        };
        let judged = judge.judge(&piece, tape);
        (place, subject, piece, judged)
    };
    load.into_iter().map(judged).collect()
}
