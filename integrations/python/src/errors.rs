//! Errors as Python exceptions, among them panics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use pyo3::import_exception;
use pyo3::prelude::*;

import_exception!(countersign._errors, ArrowTypeError);
import_exception!(countersign._errors, ConfigError);
import_exception!(countersign._errors, InputError);
import_exception!(countersign._errors, InternalError);
import_exception!(countersign._errors, UnknownNameError);

/// Where the last panic was.
static LAST_PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Replaces the panic hook: a panic becomes an exception or a finding, and its message may contain values of a payload,
/// so that only its place is kept.
pub(crate) fn keep_panics_quiet() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location();
        let place = place.map(|place| format!("{}:{}", place.file(), place.line()));
        *LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
}

/// The result of `work`; a panic becomes an exception.
pub(crate) fn guarded<T>(work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let place = LAST_PANIC
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let place = place.map_or_else(String::new, |place| format!(" at {place}"));
        Err(InternalError::new_err(format!(
            "countersign failed{place}; report the defect to the developers of countersign"
        )))
    })
}
