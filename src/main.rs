//! The `countersign` program: runs the command line of the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    countersign::cli::main()
}
