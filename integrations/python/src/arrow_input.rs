//! Payloads from the Arrow C data interface: arrays of any producer, without a copy and without a Python object each.

use std::ffi::CStr;

use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, ArrayRef, make_array};
use arrow_schema::{ArrowError, DataType, Fields};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};

use crate::errors::{ArrowTypeError, InputError};

/// The arrays of an object, one after the other.
type Arrays = Box<dyn Iterator<Item = Result<ArrayRef, ArrowError>> + Send>;

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// The arrays of an object with `__arrow_c_stream__` or `__arrow_c_array__`.
pub(crate) fn arrays_of(data: &Bound<'_, PyAny>) -> PyResult<Arrays> {
    if data.hasattr("__arrow_c_stream__")? {
        let capsule = data.call_method0("__arrow_c_stream__")?;
        let capsule = capsule.cast::<PyCapsule>()?;
        let stream = capsule
            .pointer_checked(Some(STREAM))?
            .cast::<FFI_ArrowArrayStream>();
        // SAFETY: a capsule of this name holds a stream; it is moved out and marked as released in the capsule.
        let stream = unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr()) };
        let reader = ArrayStreamReader::try_new(stream).map_err(to_input_error)?;
        return Ok(Box::new(reader));
    }
    if data.hasattr("__arrow_c_array__")? {
        let capsules = data.call_method0("__arrow_c_array__")?;
        let (schema, array): (Bound<'_, PyCapsule>, Bound<'_, PyCapsule>) = capsules.extract()?;
        let schema = schema
            .pointer_checked(Some(SCHEMA))?
            .cast::<FFI_ArrowSchema>();
        let array = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
        // SAFETY: capsules of these names hold an array and its schema; the array is moved out and marked as released
        // in the capsule, the schema is only read while the capsule lives.
        let data = unsafe { from_ffi(FFI_ArrowArray::from_raw(array.as_ptr()), schema.as_ref()) };
        let array = make_array(data.map_err(to_input_error)?);
        return Ok(Box::new([Ok(array)].into_iter()));
    }
    let found = data.get_type().name()?;
    Err(ArrowTypeError::new_err(format!(
        "expected Arrow data, found `{found}`; pass an array, a table or a data frame of pyarrow, polars, DuckDB or another \
         library with the Arrow PyCapsule interface (`__arrow_c_stream__` or `__arrow_c_array__`)"
    )))
}

fn to_input_error(error: ArrowError) -> PyErr {
    InputError::new_err(error.to_string())
}

/// An array of strings or bytes.
pub(crate) struct Payloads(ArrayRef);

/// The array itself, or the column of this name; without a name the only column of strings or bytes.
pub(crate) fn payloads_of(array: &ArrayRef, column: Option<&str>) -> PyResult<Payloads> {
    let payloads = match array.as_struct_opt() {
        Some(columns) => {
            let index = column_index(columns.fields(), column)?;
            std::sync::Arc::clone(columns.column(index))
        }
        None => std::sync::Arc::clone(array),
    };
    match payloads.data_type() {
        data_type if holds_payloads(data_type) => Ok(Payloads(payloads)),
        data_type => Err(ArrowTypeError::new_err(format!(
            "a column of payloads must hold strings or bytes, found {data_type}; cast it to a string"
        ))),
    }
}

fn holds_payloads(data_type: &DataType) -> bool {
    use DataType::{Binary, BinaryView, LargeBinary, LargeUtf8, Null, Utf8, Utf8View};
    matches!(
        data_type,
        Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView | Null
    )
}

fn column_index(fields: &Fields, column: Option<&str>) -> PyResult<usize> {
    let names = |fields: &mut dyn Iterator<Item = &str>| {
        fields
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    if let Some(column) = column {
        return fields
            .iter()
            .position(|field| field.name() == column)
            .ok_or_else(|| {
                let known = names(&mut fields.iter().map(|field| field.name().as_str()));
                ArrowTypeError::new_err(format!(
                    "there is no column `{column}`; the columns are {known}"
                ))
            });
    }
    let of_payloads = fields
        .iter()
        .enumerate()
        .filter(|(_, field)| holds_payloads(field.data_type()));
    let of_payloads: Vec<_> = of_payloads.collect();
    match of_payloads[..] {
        [(index, _)] => Ok(index),
        [] => Err(ArrowTypeError::new_err(
            "no column holds strings or bytes; cast the payloads to strings",
        )),
        _ => {
            let known = names(&mut of_payloads.iter().map(|(_, field)| field.name().as_str()));
            Err(ArrowTypeError::new_err(format!(
                "several columns can hold the payloads: {known}; name one with `column`"
            )))
        }
    }
}

impl Payloads {
    /// The bytes of each value; `None` for null.
    pub(crate) fn values(&self) -> Vec<Option<&[u8]>> {
        let array = &self.0;
        match array.data_type() {
            DataType::Utf8 => strings(array.as_string::<i32>().iter()),
            DataType::LargeUtf8 => strings(array.as_string::<i64>().iter()),
            DataType::Utf8View => strings(array.as_string_view().iter()),
            DataType::Binary => array.as_binary::<i32>().iter().collect(),
            DataType::LargeBinary => array.as_binary::<i64>().iter().collect(),
            DataType::BinaryView => array.as_binary_view().iter().collect(),
            _ => vec![None; array.len()],
        }
    }
}

fn strings<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Vec<Option<&'a [u8]>> {
    values.map(|value| value.map(str::as_bytes)).collect()
}
