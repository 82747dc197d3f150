//! The native half of the Python package `countersign`: the checks of the library, for the modules in
//! `python/countersign`, which give them their Python interface.

mod arrow_input;
mod arrow_output;
mod checker;
mod errors;
mod parallel;
mod payload;
mod relations;
mod reports;
mod run;
mod stream;

use pyo3::prelude::*;

/// The functions and classes of the module. They are for the other modules of the package, which document them.
#[pymodule]
mod _native {
    use std::ffi::OsString;

    use countersign::registry::Registry;
    use countersign::{cli, config, output};
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::arrow_output::ArrowFindings;
    #[pymodule_export]
    use crate::checker::Checker;
    #[pymodule_export]
    use crate::relations::Relations;
    #[pymodule_export]
    use crate::run::PayloadRun;

    use crate::errors::{UnknownNameError, guarded, keep_panics_quiet};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        keep_panics_quiet();
        module.add("VERSION", env!("CARGO_PKG_VERSION"))
    }

    /// Runs the command line and returns its exit code.
    #[pyfunction]
    fn run_cli(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<u8> {
        guarded(|| Ok(py.detach(|| cli::run_with_arguments(&Registry::built_in(), arguments))))
    }

    /// The id, the level, the summary and the page of each rule, sorted by id.
    #[pyfunction]
    fn rules() -> PyResult<Vec<(&'static str, &'static str, &'static str, &'static str)>> {
        guarded(|| {
            let registry = Registry::built_in();
            let rules = registry.rules().iter();
            let rows = rules.map(|rule| (rule.id, rule.level.as_str(), rule.summary(), rule.page));
            Ok(rows.collect())
        })
    }

    /// The page of a rule.
    #[pyfunction]
    fn explain(id: &str) -> PyResult<&'static str> {
        guarded(|| {
            let registry = Registry::built_in();
            if let Some(rule) = registry.rule(id) {
                return Ok(rule.page);
            }
            let hint = match registry.nearest_rule(id) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`countersign.rules()` lists them".into(),
            };
            Err(UnknownNameError::new_err(format!(
                "there is no rule `{id}`; {hint}"
            )))
        })
    }

    /// The text of the schema of a kind, of the configuration or of the findings.
    #[pyfunction]
    fn schema(name: &str) -> PyResult<String> {
        guarded(|| {
            let registry = Registry::built_in();
            match name {
                "config" => return Ok(config::schema_text(&registry)),
                "findings" => return Ok(output::FINDINGS_SCHEMA.to_owned()),
                _ => {}
            }
            let kind = registry.kind(name);
            let text = kind.map(|kind| kind.schema_text().to_owned());
            text.ok_or_else(|| {
                let kinds = registry.kinds().iter().map(|kind| kind.id());
                let known: Vec<&str> = kinds.chain(["config", "findings"]).collect();
                let known = known.join(", ");
                UnknownNameError::new_err(format!(
                    "there is no schema `{name}`; expected one of {known}"
                ))
            })
        })
    }

    /// The paths and globs of the files that the text of a configuration names, from its folder.
    #[pyfunction]
    fn config_paths(text: &str) -> PyResult<Vec<String>> {
        guarded(|| {
            let parsed = config::read(text, None, &Registry::built_in());
            let named = [parsed.catalogue, parsed.schemas, parsed.answers];
            let named = named.into_iter().flatten().map(|(path, _)| path);
            let references = parsed.schema_refs.into_iter().map(|(_, path, _)| path);
            Ok(named.chain(references).collect())
        })
    }

    /// Panics, for the test that no panic reaches Python.
    #[pyfunction]
    fn panic_for_test() -> PyResult<()> {
        guarded(|| panic!("the text of a payload"))
    }
}
