//! Contents that JavaScript has: a payload in memory, or files that are read part by part.

use std::io::{self, BufReader, Read};
use std::path::PathBuf;
use std::rc::Rc;

use countersign::batch::{Input, OpenContent, ProvidedFile};
use countersign::path::InputError;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// How much of a file is read from JavaScript at once, in bytes.
const BLOCK: usize = 1 << 20;

/// What is checked.
pub(crate) enum Source<'s> {
    /// One payload.
    Payload(&'s [u8]),
    /// Files.
    Files(&'s [File]),
}

#[wasm_bindgen]
extern "C" {
    /// A file of JavaScript, as the interface `File` in `index.js` describes it.
    #[wasm_bindgen(js_name = Object)]
    #[derive(Clone)]
    pub type File;

    #[wasm_bindgen(method, getter)]
    fn path(this: &File) -> String;

    #[wasm_bindgen(method, getter, js_name = isNamed)]
    fn is_named(this: &File) -> bool;

    /// Reads bytes from an offset on: at most as many as asked for, and none at the end.
    #[wasm_bindgen(method, catch)]
    fn read(this: &File, offset: f64, length: u32) -> Result<Uint8Array, JsValue>;
}

impl Source<'_> {
    /// The inputs of a run. The payload is its standard input.
    pub(crate) fn inputs(&self, name: Option<&str>) -> Vec<Result<Input, InputError>> {
        match self {
            Source::Payload(_) => vec![Ok(Input::Standard(name.map(PathBuf::from)))],
            Source::Files(files) => files.iter().map(|file| Ok(input_of(file))).collect(),
        }
    }

    /// The number of records for which memory is allocated at once. Few records are smaller than this.
    pub(crate) fn expected_records(&self) -> usize {
        match self {
            Source::Payload(bytes) => bytes.len() / 64,
            Source::Files(_) => usize::MAX,
        }
    }

    /// The standard input of a run.
    pub(crate) fn standard_input(&self) -> &[u8] {
        match self {
            Source::Payload(bytes) => bytes,
            Source::Files(_) => &[],
        }
    }
}

fn input_of(file: &File) -> Input {
    let content = file.clone();
    let open = move || -> io::Result<Box<dyn Read>> {
        let reader = FileReader {
            file: content.clone(),
            offset: 0,
        };
        Ok(Box::new(BufReader::with_capacity(BLOCK, reader)))
    };
    let open: Rc<OpenContent> = Rc::new(open);
    Input::Provided(ProvidedFile {
        path: PathBuf::from(file.path()),
        is_named: file.is_named(),
        open,
    })
}

/// Reads a file from its start.
struct FileReader {
    file: File,
    offset: u64,
}

impl Read for FileReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = u32::try_from(buffer.len()).unwrap_or(u32::MAX);
        let read = self.file.read(self.offset as f64, length);
        let bytes = read.map_err(|error| io::Error::other(message_of(&error)))?;
        let length = bytes.length() as usize;
        bytes.copy_to(&mut buffer[..length]);
        self.offset += length as u64;
        Ok(length)
    }
}

/// The message of what JavaScript threw.
fn message_of(thrown: &JsValue) -> String {
    let error = thrown.dyn_ref::<js_sys::Error>();
    error.map_or_else(
        || format!("{thrown:?}"),
        |error| String::from(error.message()),
    )
}
