//! What the page says about the run.

use std::time::Duration;

use super::chart::plural;
use crate::output::{RunInfo, Summary, escape_unprintable};

/// The facts about the run, ready to be shown.
pub(super) struct RunFacts {
    pub(super) started: String,
    pub(super) duration: String,
    pub(super) version: String,
    pub(super) command: String,
    /// The path of the configuration file; empty if there is none.
    pub(super) config_file: String,
}

impl RunFacts {
    /// The facts about a run of `program`. If `is_redacted`, arguments that may be payloads are masked.
    pub(super) fn new(run: &RunInfo, program: &str, is_redacted: bool) -> Self {
        let config_file = run.config_file.as_deref().unwrap_or_default();
        Self {
            started: run.started.clone(),
            duration: duration_phrase((run.elapsed)()),
            version: run.version.clone(),
            command: command_line(program, &run.arguments, is_redacted),
            config_file: escape_unprintable(config_file).into_owned(),
        }
    }
}

/// Whether the whole input was checked, in a few words.
pub(super) fn status(summary: &Summary) -> String {
    match (summary.is_interrupted, summary.unreadable) {
        (true, _) => "interrupted".into(),
        (false, 0) => "complete".into(),
        (false, count) => format!("incomplete: {} could not be read", plural(count, "file")),
    }
}

/// The command line as it can be pasted into a shell.
fn command_line(program: &str, arguments: &[String], is_redacted: bool) -> String {
    let shown = |argument: &String| match argument {
        argument if is_redacted && may_be_payload(argument) => "(masked)".into(),
        argument => quoted(&escape_unprintable(argument)),
    };
    let arguments = arguments.iter().map(shown);
    let words: Vec<String> = std::iter::once(program.to_owned())
        .chain(arguments)
        .collect();
    words.join(" ")
}

/// Whether an argument looks like JSON that was given in place of a path.
fn may_be_payload(argument: &str) -> bool {
    argument.contains(['"', '\n']) || argument.contains('{') && argument.contains(':')
}

/// An argument in the quotes that a POSIX shell needs.
fn quoted(argument: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=:,+@%".contains(c);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', r"'\''"))
}

/// A duration with three significant digits, or in whole seconds from a minute on.
fn duration_phrase(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let exact = duration.as_secs_f64();
    match seconds {
        0..10 => format!("{exact:.2} s"),
        10..60 => format!("{exact:.1} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_durations_in_readable_units() {
        for (seconds, phrase) in [
            (0.004, "0.00 s"),
            (1.234, "1.23 s"),
            (59.94, "59.9 s"),
            (125.7, "2 min 5 s"),
            (3725.0, "1 h 2 min"),
        ] {
            assert_eq!(duration_phrase(Duration::from_secs_f64(seconds)), phrase);
        }
    }

    #[test]
    fn quotes_arguments_and_masks_payloads() {
        let arguments = [
            "check",
            "it's\u{202e}.json",
            "*.json",
            "",
            r#"{"a":"jane"}"#,
        ];
        let arguments = arguments.map(str::to_owned);
        let line = |is_redacted| command_line("countersign", &arguments, is_redacted);
        assert_eq!(
            line(false),
            r#"countersign check 'it'\''s<U+202E>.json' '*.json' '' '{"a":"jane"}'"#
        );
        assert_eq!(
            line(true),
            r"countersign check 'it'\''s<U+202E>.json' '*.json' '' (masked)"
        );
    }
}
