//! Work on many payloads at a time, in their order.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use countersign::engine::Engine;
use countersign::json::Tape;

use crate::payload::{self, CheckedPayload};

/// The number of payloads that a thread takes at a time.
const BLOCK: usize = 64;

/// Checks payloads on `jobs` threads, this one included. A payload that is `None` or whitespace has no result.
pub(crate) fn check_all<'b>(
    engine: &Engine,
    payloads: &[Option<&'b [u8]>],
    jobs: usize,
    detaches_facts: bool,
) -> Vec<Option<CheckedPayload<'b>>> {
    let blocks: Vec<&[Option<&'b [u8]>]> = payloads.chunks(BLOCK).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut tape = Tape::default();
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(block) = blocks.get(index) else {
                return done;
            };
            let results = block.iter().map(|bytes| {
                bytes.and_then(|bytes| payload::check(engine, bytes, &mut tape, detaches_facts))
            });
            done.push((index, results.collect::<Vec<_>>()));
        }
    };
    let jobs = jobs.clamp(1, blocks.len().max(1));
    let mut done = thread::scope(|scope| {
        let workers: Vec<_> = (1..jobs).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for worker in workers {
            match worker.join() {
                Ok(results) => done.extend(results),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().flat_map(|(_, results)| results).collect()
}

/// The number of threads, unless the caller gives another one.
pub(crate) fn jobs_or_default(jobs: Option<usize>) -> usize {
    jobs.filter(|jobs| *jobs > 0)
        .unwrap_or_else(|| thread::available_parallelism().map_or(1, std::num::NonZero::get))
}
