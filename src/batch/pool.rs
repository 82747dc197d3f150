//! A worker pool that checks chunks on several threads and returns the results in the order of submission.

use std::collections::VecDeque;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Scope;

use super::check_chunk::{ChunkChecker, FileContext};
use super::chunk_result::ChunkResult;
use super::chunks::Chunk;
use super::decompress::DecompressError;
use crate::engine::Engine;
use crate::json::Tape;
use crate::path::InputError;

/// The maximum number of bytes in flight per thread: submitted, but not yet returned. One chunk may exceed
/// it.
const MAX_BYTES_IN_FLIGHT: usize = 192 << 10;

/// The maximum number of chunks in flight, whatever their size.
const MAX_CHUNKS_IN_FLIGHT: usize = 4096;

/// The minimum number of bytes that are sent to a worker at a time. Small files are batched.
const MIN_BATCH_BYTES: usize = 48 << 10;

/// A checked chunk or an event, in the order of submission.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "chunks are far more frequent than events"
)]
pub(super) enum Item {
    Chunk(Arc<FileContext>, Chunk, ChunkResult),
    Event(Event),
}

/// An event between chunks.
#[derive(Debug)]
pub(super) enum Event {
    /// A file starts.
    FileStart(Arc<FileContext>),
    /// Decompressing a file failed after its last chunk.
    DecompressFailed(Arc<FileContext>, DecompressError),
    /// A file ends.
    FileEnd(Arc<FileContext>),
    /// A file could not be read, or not to its end.
    FileFailed(InputError),
}

/// A chunk with its sequence number.
type Task = (u64, Arc<FileContext>, Chunk);
type TaskResult = (u64, Arc<FileContext>, Chunk, ChunkResult);

/// The worker pool and the items in flight.
pub(super) struct Pool<'s, 'e> {
    engine: &'e Engine,
    /// `None` until the first batch is sent; always `None` if there is only one job.
    workers: Option<Workers>,
    scope: &'s Scope<'s, 'e>,
    jobs: usize,
    tape: Tape,
    /// The items in order; `None` for a chunk that is not checked yet.
    items: VecDeque<Option<Item>>,
    /// The sequence number of the first of `items`.
    first: u64,
    /// The number of bytes in flight.
    bytes: usize,
    max_bytes: usize,
    /// Tasks that are not sent to the workers yet.
    batch: Vec<Task>,
    batch_bytes: usize,
}

/// The worker threads, apart from the thread that owns the pool.
struct Workers {
    queue: Arc<Queue>,
    results: Receiver<Vec<TaskResult>>,
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// The queue of batches, shared by all workers.
#[derive(Default)]
struct Queue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Default)]
struct QueueState {
    batches: VecDeque<Vec<Task>>,
    is_closed: bool,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, batch: Vec<Task>) {
        self.state().batches.push_back(batch);
        self.changed.notify_one();
    }

    /// Returns the next batch if the queue is not empty.
    fn try_pop(&self) -> Option<Vec<Task>> {
        self.state().batches.pop_front()
    }

    /// Waits for the next batch. Returns `None` once the queue is closed and empty.
    fn pop(&self) -> Option<Vec<Task>> {
        let mut state = self.state();
        loop {
            if let Some(batch) = state.batches.pop_front() {
                return Some(batch);
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
    /// Creates a pool of `jobs` threads. The calling thread is one of them: it checks chunks when it would
    /// have to wait. The others start with the first full batch, and end when the pool is dropped.
    pub(super) fn new(
        scope: &'s Scope<'s, 'e>,
        engine: &'e Engine,
        jobs: usize,
        tape: Tape,
    ) -> Self {
        Self {
            engine,
            workers: None,
            scope,
            jobs,
            tape,
            items: VecDeque::new(),
            first: 0,
            bytes: 0,
            max_bytes: jobs * MAX_BYTES_IN_FLIGHT,
            batch: Vec::new(),
            batch_bytes: 0,
        }
    }

    /// Ends the pool and returns the tape of the calling thread.
    pub(super) fn into_tape(self) -> Tape {
        self.tape
    }

    /// Adds an event after the chunks submitted so far.
    pub(super) fn push_event(&mut self, event: Event) {
        self.items.push_back(Some(Item::Event(event)));
    }

    /// Submits a chunk to be checked. With a single job, it is checked at once.
    pub(super) fn submit(&mut self, file: &Arc<FileContext>, chunk: Chunk) {
        if self.jobs == 1 {
            let checker = ChunkChecker {
                engine: self.engine,
                file,
            };
            let result = checker.check(&chunk, &mut self.tape);
            let item = Item::Chunk(Arc::clone(file), chunk, result);
            self.items.push_back(Some(item));
            return;
        }
        let sequence = self.first + self.items.len() as u64;
        self.bytes += chunk.bytes.len();
        self.batch_bytes += chunk.bytes.len();
        self.batch.push((sequence, Arc::clone(file), chunk));
        self.items.push_back(None);
        if self.batch_bytes >= MIN_BATCH_BYTES {
            self.send_batch();
        }
    }

    /// Returns the next item if it is ready. Waits for it if too many chunks are in flight.
    pub(super) fn next_ready(&mut self) -> Option<Item> {
        let is_full = self.bytes > self.max_bytes || self.items.len() > MAX_CHUNKS_IN_FLIGHT;
        self.next(is_full)
    }

    /// Waits for the next item. Returns `None` once all items were returned.
    pub(super) fn wait_next(&mut self) -> Option<Item> {
        self.next(true)
    }

    fn next(&mut self, waits: bool) -> Option<Item> {
        while let Some(None) = self.items.front() {
            for (sequence, file, chunk, result) in self.next_results(waits)? {
                self.bytes -= chunk.bytes.len();
                self.items[(sequence - self.first) as usize] =
                    Some(Item::Chunk(file, chunk, result));
            }
        }
        let item = self.items.pop_front()??;
        self.first += 1;
        Some(item)
    }

    /// Returns results of the workers. If there are none and `waits` is set, checks a batch on this thread
    /// or, if none is left, waits for the workers.
    fn next_results(&mut self, waits: bool) -> Option<Vec<TaskResult>> {
        let workers = self.workers.as_ref();
        let ready = workers.and_then(|workers| workers.results.try_recv().ok());
        if ready.is_some() || !waits {
            return ready;
        }
        let batch = match workers.and_then(|workers| workers.queue.try_pop()) {
            Some(batch) => batch,
            None => self.take_batch(),
        };
        if batch.is_empty() {
            return self.workers.as_ref()?.results.recv().ok();
        }
        Some(check_batch(self.engine, batch, &mut self.tape))
    }

    /// Sends the current batch to the workers, and starts them if necessary.
    fn send_batch(&mut self) {
        let batch = self.take_batch();
        let (scope, engine, jobs) = (self.scope, self.engine, self.jobs);
        let workers = self
            .workers
            .get_or_insert_with(|| Workers::start(scope, engine, jobs));
        workers.queue.push(batch);
    }

    fn take_batch(&mut self) -> Vec<Task> {
        self.batch_bytes = 0;
        std::mem::take(&mut self.batch)
    }
}

impl Workers {
    /// Starts `jobs - 1` threads.
    fn start<'s, 'e>(scope: &'s Scope<'s, 'e>, engine: &'e Engine, jobs: usize) -> Self {
        let queue = Arc::new(Queue::default());
        let (sender, results) = mpsc::channel();
        for _ in 1..jobs {
            let (queue, sender) = (Arc::clone(&queue), sender.clone());
            scope.spawn(move || {
                let mut tape = Tape::default();
                while let Some(batch) = queue.pop() {
                    let results = check_batch(engine, batch, &mut tape);
                    if sender.send(results).is_err() {
                        return;
                    }
                }
            });
        }
        Self { queue, results }
    }
}

fn check_batch(engine: &Engine, batch: Vec<Task>, tape: &mut Tape) -> Vec<TaskResult> {
    let check = |(sequence, file, chunk): Task| {
        let checker = ChunkChecker {
            engine,
            file: &file,
        };
        let result = checker.check(&chunk, tape);
        (sequence, file, chunk, result)
    };
    batch.into_iter().map(check).collect()
}
