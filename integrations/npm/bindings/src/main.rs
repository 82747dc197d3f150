//! Writes the JavaScript bindings of the engine, as the program `wasm-bindgen` does, which has many more dependencies.
//!
//! Usage: `countersign-bindings ENGINE.wasm FOLDER`

use std::env;
use std::error::Error;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let (Some(engine), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("expected ENGINE.wasm and FOLDER".into());
    };
    Bindgen::new()
        .input_path(engine)
        .web(true)?
        .omit_default_module_path(true)
        .typescript(false)
        .out_name("engine")
        .generate(folder)?;
    Ok(())
}
