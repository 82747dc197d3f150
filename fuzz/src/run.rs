//! Runs over standard input, in this process.

use std::io::Read;
use std::path::Path;
use std::sync::LazyLock;

use countersign::batch::{ChunkLimits, Input, RecordMode, ReportOptions, Run};
use countersign::output::{Format, RenderOptions, Reporter, Summary};
use countersign::path::ReportRoot;

use super::engine::ENGINE;

static ROOT: LazyLock<ReportRoot> = LazyLock::new(|| ReportRoot::find(Path::new(".")));

/// The reports of a run, in the order of the formats, its summary and its errors.
pub(crate) struct Outcome {
    pub(crate) reports: Vec<String>,
    pub(crate) summary: Summary,
    pub(crate) errors: Vec<String>,
}

/// Checks some bytes as standard input.
pub(crate) fn run(
    bytes: &[u8],
    record_mode: RecordMode,
    limits: ChunkLimits,
    formats: &[Format],
    is_redacted: bool,
) -> Outcome {
    let mut outputs = vec![Vec::new(); formats.len()];
    let mut errors = Vec::new();
    let render_options = RenderOptions {
        is_redacted,
        ..RenderOptions::default()
    };
    let summary = {
        let pairs = formats.iter().zip(&mut outputs);
        let mut reporters: Vec<Box<dyn Reporter + '_>> = pairs
            .map(|(format, out)| format.reporter(Box::new(out), render_options, ENGINE.registry()))
            .collect();
        let mut run = Run {
            record_mode,
            limits,
            max_decompressed: 1 << 24,
            on_error: Box::new(|error| errors.push(error.0.clone())),
            ..Run::new(&ENGINE, &ROOT)
        };
        let mut options = ReportOptions {
            is_redacted,
            ..ReportOptions::default()
        };
        let mut input: &[u8] = bytes;
        let input: &mut dyn Read = &mut input;
        run.check(
            &[Ok(Input::Standard(None))],
            input,
            &mut options,
            &mut reporters,
        )
        .expect("reports are written to memory")
    };
    let text = |bytes| String::from_utf8(bytes).expect("a report is UTF-8");
    Outcome {
        reports: outputs.into_iter().map(text).collect(),
        summary,
        errors,
    }
}
