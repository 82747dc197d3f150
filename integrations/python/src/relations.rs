//! Relates the detached facts of records that other processes have checked.

use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, StructArray};
use countersign::engine::{DetachedRecord, DetachedRelations, Engine};
use pyo3::prelude::*;

use crate::arrow_input;
use crate::arrow_output::{ArrowFindings, FindingColumns, RelatedColumns};
use crate::checker::Checker;
use crate::errors::{InputError, guarded};

/// The facts of the records of one partition, sorted by subject and then in the order of the records.
#[pyclass(frozen, module = "countersign._native")]
pub(crate) struct Relations {
    engine: Arc<Engine>,
    state: Mutex<DetachedRelations>,
    /// The record to which the last row of the previous batch belongs, with its facts.
    pending: Mutex<Option<PendingRecord>>,
}

/// The rows of one record about one subject.
#[derive(Debug)]
struct PendingRecord {
    subject: i64,
    row: i64,
    record: i32,
    records: i32,
    name: String,
    /// The position of the last of its rows among all rows so far.
    position: usize,
    /// The index of each fact among those of its payload, and the fact.
    facts: Vec<(i32, Vec<u8>)>,
}

/// The columns that are read.
struct FactColumns<'a>(&'a StructArray);

impl FactColumns<'_> {
    fn column(&self, name: &str) -> PyResult<&dyn Array> {
        let column = self.0.column_by_name(name);
        let column =
            column.ok_or_else(|| InputError::new_err(format!("the column `{name}` is missing")));
        Ok(column?.as_ref())
    }
}

#[pymethods]
impl Relations {
    #[new]
    fn new(py: Python<'_>, checker: &Checker) -> PyResult<Self> {
        guarded(|| {
            Ok(Self {
                engine: checker.engine(py, None, None)?,
                state: Mutex::default(),
                pending: Mutex::default(),
            })
        })
    }

    /// The findings about records of a struct array of facts that are due to earlier records, with the position of the
    /// record's row among all rows since `first`. The last record waits for the next array, unless this is the last one.
    fn relate(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        first: usize,
        is_last: bool,
    ) -> PyResult<ArrowFindings> {
        guarded(|| {
            let arrays = arrow_input::arrays_of(data)?;
            py.detach(|| {
                let rule_pages = self.engine.config().rule_pages.as_deref();
                let mut columns = FindingColumns::new("index", rule_pages);
                let mut related = RelatedColumns::default();
                let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
                let mut position = first;
                for array in arrays {
                    let array = array.map_err(|error| InputError::new_err(error.to_string()))?;
                    let rows = array.as_struct_opt();
                    let rows =
                        rows.ok_or_else(|| InputError::new_err("expected a table of facts"))?;
                    let records = records_in(&FactColumns(rows), position)?;
                    for record in records {
                        if let Some(pending) = pending.as_mut()
                            && pending.is_same(&record)
                        {
                            pending.extend(record);
                        } else if let Some(complete) = pending.replace(record) {
                            self.relate_record(&complete, &mut columns, &mut related)?;
                        }
                    }
                    position += rows.len();
                }
                if is_last && let Some(complete) = pending.take() {
                    self.relate_record(&complete, &mut columns, &mut related)?;
                }
                Ok(columns.finish(Some(related)))
            })
        })
    }
}

impl PendingRecord {
    fn is_same(&self, other: &Self) -> bool {
        let identity = |record: &Self| (record.subject, record.row, record.record);
        identity(self) == identity(other)
    }

    /// Adds further rows of the same record.
    fn extend(&mut self, next: Self) {
        self.position = next.position;
        self.facts.extend(next.facts);
    }

    /// The record in messages.
    fn title(&self) -> String {
        match self.records {
            1 => format!("record {}", self.name),
            _ => format!("element {} of record {}", self.record + 1, self.name),
        }
    }
}

impl Relations {
    fn relate_record(
        &self,
        record: &PendingRecord,
        columns: &mut FindingColumns<'_>,
        related: &mut RelatedColumns,
    ) -> PyResult<()> {
        let facts: Vec<&[u8]> = record
            .facts
            .iter()
            .map(|(_, fact)| fact.as_slice())
            .collect();
        let title = record.title();
        let detached = DetachedRecord {
            name: &title,
            subject: record.subject.cast_unsigned(),
            facts: &facts,
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let found = state.relate(&self.engine, &detached).map_err(|_| {
            InputError::new_err(
                "the facts of a record cannot be read; install the same version of countersign on all machines",
            )
        })?;
        for finding in found {
            columns.append_related(record.position, &finding);
            let fact = record.facts.get(finding.fact).map(|(index, _)| *index);
            related.append(
                fact.filter(|_| finding.is_once_per_record),
                finding.is_reported,
            );
        }
        Ok(())
    }
}

/// The records of an array of facts, each with its facts that follow each other.
fn records_in(columns: &FactColumns<'_>, first: usize) -> PyResult<Vec<PendingRecord>> {
    let subject = columns.column("subject")?.as_primitive::<Int64Type>();
    let row = columns.column("row")?.as_primitive::<Int64Type>();
    let record = columns.column("record")?.as_primitive::<Int32Type>();
    let records = columns.column("records")?.as_primitive::<Int32Type>();
    let fact = columns.column("fact")?.as_primitive::<Int32Type>();
    let name = columns.column("name")?.as_string::<i32>();
    let detached = columns.column("detached")?.as_binary::<i32>();
    let mut found: Vec<PendingRecord> = Vec::new();
    for index in 0..subject.len() {
        let next = PendingRecord {
            subject: subject.value(index),
            row: row.value(index),
            record: record.value(index),
            records: records.value(index),
            name: name.value(index).to_owned(),
            position: first + index,
            facts: vec![(fact.value(index), detached.value(index).to_vec())],
        };
        match found.last_mut() {
            Some(last) if last.is_same(&next) => last.extend(next),
            _ => found.push(next),
        }
    }
    Ok(found)
}
