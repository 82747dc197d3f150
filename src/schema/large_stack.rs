//! Runs a function on a stack that is large enough for deep recursion.

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// The size of the stack in bytes. Memory is used only as far as the recursion goes.
const STACK_SIZE: usize = 256 << 20;

/// Runs `function` on a large stack, or on that of the caller where there are no threads, as in WebAssembly.
pub(super) fn with_large_stack<T: Send>(function: impl FnOnce() -> T + Send) -> T {
    let function = Mutex::new(Some(function));
    let take = || {
        let mut function = function.lock().unwrap_or_else(PoisonError::into_inner);
        function.take()
    };
    let run = || take().map(|function| function());
    let result = thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(STACK_SIZE);
        let thread = builder.spawn_scoped(scope, run).ok()?;
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    });
    result
        .or_else(run)
        .expect("the function ran in the thread or here")
}
