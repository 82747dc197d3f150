//! Findings as an Arrow record batch with a fixed schema, for the Arrow C data interface.

use std::ffi::CStr;
use std::sync::Arc;

use arrow_array::builder::{
    BinaryBuilder, BooleanBuilder, Int32Builder, Int64Builder, StringBuilder,
};
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchIterator, StructArray};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use countersign::engine::{DetachedFact, RelatedFinding};
use countersign::finding::{Finding, Fix};
use countersign::line_index::{LineIndex, Position};
use countersign::output::{Fingerprint, Report, fingerprint, rule_page_url};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::errors::{InternalError, guarded};
use crate::payload::CheckedPayload;
use crate::reports::PAYLOAD;

/// A finding as a row.
struct Row<'a> {
    finding: &'a Finding,
    url: Option<String>,
    record_key: Option<&'a str>,
    kind: Option<&'a str>,
    form: Option<&'a str>,
    path: &'a str,
    start: Position,
    end: Position,
    fingerprint: Fingerprint,
}

/// The columns of findings, in the order of the schema.
pub(crate) struct FindingColumns<'a> {
    rule_pages: Option<&'a str>,
    /// The name of the first column.
    row_name: &'static str,
    row: Int64Builder,
    rule: StringBuilder,
    level: StringBuilder,
    message: StringBuilder,
    help: StringBuilder,
    url: StringBuilder,
    record_key: StringBuilder,
    kind: StringBuilder,
    form: StringBuilder,
    pointer: StringBuilder,
    path: StringBuilder,
    /// The offset, line and column of the start, then those of the end.
    positions: [Int64Builder; 6],
    fix_title: StringBuilder,
    fix_safety: StringBuilder,
    fingerprint: StringBuilder,
}

/// The names of the columns of positions.
const POSITIONS: [&str; 6] = [
    "offset",
    "line",
    "column",
    "end_offset",
    "end_line",
    "end_column",
];

impl<'a> FindingColumns<'a> {
    /// No finding yet. `row_name` is the name of the column with the index of the payload.
    pub(crate) fn new(row_name: &'static str, rule_pages: Option<&'a str>) -> Self {
        Self {
            rule_pages,
            row_name,
            row: Int64Builder::new(),
            rule: StringBuilder::new(),
            level: StringBuilder::new(),
            message: StringBuilder::new(),
            help: StringBuilder::new(),
            url: StringBuilder::new(),
            record_key: StringBuilder::new(),
            kind: StringBuilder::new(),
            form: StringBuilder::new(),
            pointer: StringBuilder::new(),
            path: StringBuilder::new(),
            positions: std::array::from_fn(|_| Int64Builder::new()),
            fix_title: StringBuilder::new(),
            fix_safety: StringBuilder::new(),
            fingerprint: StringBuilder::new(),
        }
    }

    /// Adds the findings about a payload, and returns how many there are.
    pub(crate) fn append_payload(&mut self, row: usize, payload: &CheckedPayload<'_>) -> usize {
        let outcome = &payload.outcome;
        if outcome.findings.is_empty() {
            return 0;
        }
        let lines = LineIndex::new(payload.text);
        let report = Report {
            file: PAYLOAD,
            lines: &lines,
            outcome,
            first_record: 0,
            shown: usize::MAX,
            rule_pages: self.rule_pages,
        };
        for finding in report.findings() {
            let record = outcome.record_at(finding.span);
            let record = record.map(|index| &outcome.records[index]);
            self.append(
                row,
                &Row {
                    finding,
                    url: report.rule_url(finding.rule),
                    record_key: record.and_then(|record| record.key.as_deref()),
                    kind: record.and_then(|record| record.kind).map(|kind| kind.id()),
                    form: record
                        .and_then(|record| record.form)
                        .map(|form| form.as_str()),
                    path: &report.path_of(finding),
                    start: lines.position(finding.span.start),
                    end: lines.position(finding.span.end),
                    fingerprint: fingerprint(&report, finding),
                },
            );
        }
        outcome.findings.len()
    }

    /// Adds a finding that relates a record to an earlier one.
    pub(crate) fn append_related(&mut self, row: usize, related: &RelatedFinding) {
        let finding = &related.finding;
        let pointer = finding.pointer.strip_prefix(&*related.record_pointer);
        let pointer = pointer.unwrap_or(&finding.pointer);
        let key = related.key.as_deref();
        let fingerprint = Fingerprint::of_parts(
            PAYLOAD,
            key.unwrap_or_default(),
            finding.rule,
            pointer,
            &related.source,
        );
        self.append(
            row,
            &Row {
                finding,
                url: self
                    .rule_pages
                    .map(|pages| rule_page_url(pages, finding.rule)),
                record_key: key,
                kind: related.kind.map(|kind| kind.id()),
                form: related.form.map(|form| form.as_str()),
                path: &finding.path,
                start: related.start,
                end: related.end,
                fingerprint,
            },
        );
    }

    fn append(&mut self, row: usize, found: &Row<'_>) {
        let finding = found.finding;
        let fix: Option<&Fix> = finding.fix.as_ref();
        self.row.append_value(row as i64);
        self.rule.append_value(finding.rule);
        self.level.append_value(finding.level.as_str());
        self.message.append_value(&finding.message);
        self.help.append_option(finding.help.as_deref());
        self.url.append_option(found.url.as_deref());
        self.record_key.append_option(found.record_key);
        self.kind.append_option(found.kind);
        self.form.append_option(found.form);
        self.pointer.append_value(&finding.pointer);
        self.path.append_value(found.path);
        let (start, end) = (found.start, found.end);
        let positions = [
            start.offset,
            start.line,
            start.column,
            end.offset,
            end.line,
            end.column,
        ];
        for (column, position) in self.positions.iter_mut().zip(positions) {
            column.append_value(position as i64);
        }
        self.fix_title
            .append_option(fix.map(|fix| fix.title.as_str()));
        self.fix_safety
            .append_option(fix.map(|fix| fix.safety.as_str()));
        self.fingerprint.append_value(found.fingerprint.to_string());
    }

    /// Adds a row without a finding.
    pub(crate) fn append_row_only(&mut self, row: usize) {
        self.row.append_value(row as i64);
        for column in self.texts() {
            column.append_null();
        }
        for column in &mut self.positions {
            column.append_null();
        }
    }

    fn texts(&mut self) -> [&mut StringBuilder; 13] {
        [
            &mut self.rule,
            &mut self.level,
            &mut self.message,
            &mut self.help,
            &mut self.url,
            &mut self.record_key,
            &mut self.kind,
            &mut self.form,
            &mut self.pointer,
            &mut self.path,
            &mut self.fix_title,
            &mut self.fix_safety,
            &mut self.fingerprint,
        ]
    }

    /// The record batch, with further columns if the rows have them.
    pub(crate) fn finish(mut self, further: Option<impl Columns>) -> ArrowFindings {
        let has_further = further.is_some();
        let mut columns: Vec<(&str, ArrayRef, bool)> = vec![
            (self.row_name, Arc::new(self.row.finish()), false),
            ("rule", Arc::new(self.rule.finish()), has_further),
            ("level", Arc::new(self.level.finish()), has_further),
            ("message", Arc::new(self.message.finish()), has_further),
            ("help", Arc::new(self.help.finish()), true),
            ("url", Arc::new(self.url.finish()), true),
            ("record_key", Arc::new(self.record_key.finish()), true),
            ("kind", Arc::new(self.kind.finish()), true),
            ("form", Arc::new(self.form.finish()), true),
            ("pointer", Arc::new(self.pointer.finish()), has_further),
            ("path", Arc::new(self.path.finish()), has_further),
        ];
        for (name, mut column) in POSITIONS.into_iter().zip(self.positions) {
            columns.push((name, Arc::new(column.finish()), has_further));
        }
        columns.push(("fix_title", Arc::new(self.fix_title.finish()), true));
        columns.push(("fix_safety", Arc::new(self.fix_safety.finish()), true));
        columns.push((
            "fingerprint",
            Arc::new(self.fingerprint.finish()),
            has_further,
        ));
        columns.extend(further.into_iter().flat_map(Columns::finish));
        let fields = columns.iter().map(|(name, array, is_nullable)| {
            Field::new(*name, array.data_type().clone(), *is_nullable)
        });
        let schema = Schema::new(fields.collect::<Vec<_>>());
        let arrays = columns.into_iter().map(|(_, array, _)| array).collect();
        let batch = RecordBatch::try_new(Arc::new(schema), arrays);
        ArrowFindings(batch.expect("the columns have the lengths and types of their builders"))
    }
}

/// Columns that some batches have next to those of the findings.
pub(crate) trait Columns {
    /// The name and the values of each, all of which can be null.
    fn finish(self) -> Vec<(&'static str, ArrayRef, bool)>;
}

/// No further columns.
pub(crate) enum NoColumns {}

impl Columns for NoColumns {
    fn finish(self) -> Vec<(&'static str, ArrayRef, bool)> {
        Vec::new()
    }
}

/// The facts of records, for another process to relate.
#[derive(Default)]
pub(crate) struct DetachedColumns {
    subject: Int64Builder,
    record: Int32Builder,
    records: Int32Builder,
    fact: Int32Builder,
    detached: BinaryBuilder,
}

impl DetachedColumns {
    /// Adds rows without a fact.
    pub(crate) fn append_findings(&mut self, findings: usize) {
        for _ in 0..findings {
            self.subject.append_null();
            self.record.append_null();
            self.records.append_null();
            self.fact.append_null();
            self.detached.append_null();
        }
    }

    /// Adds a fact of a payload with so many records.
    pub(crate) fn append_fact(&mut self, index: usize, fact: &DetachedFact, records: usize) {
        self.subject.append_value(fact.subject.cast_signed());
        self.record.append_value(fact.record as i32);
        self.records.append_value(records as i32);
        self.fact.append_value(index as i32);
        self.detached.append_value(&fact.bytes);
    }
}

impl Columns for DetachedColumns {
    fn finish(mut self) -> Vec<(&'static str, ArrayRef, bool)> {
        vec![
            ("subject", Arc::new(self.subject.finish()), true),
            ("record", Arc::new(self.record.finish()), true),
            ("records", Arc::new(self.records.finish()), true),
            ("fact", Arc::new(self.fact.finish()), true),
            ("detached", Arc::new(self.detached.finish()), true),
        ]
    }
}

/// What becomes of findings that relate records.
#[derive(Default)]
pub(crate) struct RelatedColumns {
    fact: Int32Builder,
    is_reported: BooleanBuilder,
}

impl RelatedColumns {
    /// Adds what becomes of a finding. `fact` is the index of its fact among those of the payload, where only the first
    /// of such findings of a record is reported.
    pub(crate) fn append(&mut self, fact: Option<i32>, is_reported: bool) {
        self.fact.append_option(fact);
        self.is_reported.append_value(is_reported);
    }
}

impl Columns for RelatedColumns {
    fn finish(mut self) -> Vec<(&'static str, ArrayRef, bool)> {
        vec![
            ("fact", Arc::new(self.fact.finish()), true),
            ("is_reported", Arc::new(self.is_reported.finish()), true),
        ]
    }
}

/// A record batch of findings.
#[pyclass(frozen, module = "countersign._native")]
pub(crate) struct ArrowFindings(pub(crate) RecordBatch);

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

type Capsule<'py> = Bound<'py, PyCapsule>;

fn to_internal_error(error: ArrowError) -> PyErr {
    InternalError::new_err(error.to_string())
}

impl ArrowFindings {
    fn schema_capsule<'py>(&self, py: Python<'py>) -> PyResult<Capsule<'py>> {
        let schema = FFI_ArrowSchema::try_from(self.0.schema().as_ref());
        PyCapsule::new_with_value(py, schema.map_err(to_internal_error)?, SCHEMA)
    }
}

#[pymethods]
impl ArrowFindings {
    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    /// The names of the columns.
    fn column_names(&self) -> Vec<String> {
        let fields = self.0.schema_ref().fields().iter();
        fields.map(|field| field.name().clone()).collect()
    }

    /// The name, the type and the nullability of each column.
    fn columns(&self) -> Vec<(String, &'static str, bool)> {
        let fields = self.0.schema_ref().fields().iter();
        let rows = fields.map(|field| {
            let data_type = match field.data_type() {
                DataType::Int64 => "int64",
                DataType::Int32 => "int32",
                DataType::Boolean => "bool",
                DataType::Binary => "binary",
                _ => "string",
            };
            (field.name().clone(), data_type, field.is_nullable())
        });
        rows.collect()
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Capsule<'py>> {
        guarded(|| self.schema_capsule(py))
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(Capsule<'py>, Capsule<'py>)> {
        // A producer may ignore the request.
        let _ = requested_schema;
        guarded(|| {
            let array = StructArray::from(self.0.clone());
            let array = FFI_ArrowArray::new(&array.to_data());
            Ok((
                self.schema_capsule(py)?,
                PyCapsule::new_with_value(py, array, ARRAY)?,
            ))
        })
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Capsule<'py>> {
        let _ = requested_schema;
        guarded(|| {
            let batches = [Ok(self.0.clone())];
            let reader = RecordBatchIterator::new(batches, self.0.schema());
            let stream = FFI_ArrowArrayStream::new(Box::new(reader));
            PyCapsule::new_with_value(py, stream, STREAM)
        })
    }
}
