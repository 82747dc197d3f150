//! The arguments of `countersign check`. Their doc comments are the help texts.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Args, ValueEnum};
use jiff::civil::Date;

use crate::batch;
use crate::config;
use crate::context;
use crate::finding;
use crate::output::Format;
use crate::payload;

#[derive(Debug, Args)]
#[command(args_override_self = true)]
pub(super) struct CheckArgs {
    /// Files, folders, glob patterns, or - for standard input. In a folder, *.json, *.ndjson and
    /// *.jsonl files are checked, also compressed as .gz or .zst, unless git ignores them
    /// [default: the files that the configuration lists, else .]
    pub(super) paths: Vec<PathBuf>,

    /// The kind of all payloads [default: detected by their content]
    #[arg(long, help_heading = PAYLOADS)]
    pub(super) kind: Option<String>,

    /// The form of all payloads [default: detected by their content]
    #[arg(long, help_heading = PAYLOADS)]
    pub(super) form: Option<Form>,

    /// The operation that certificates are checked for
    #[arg(long, help_heading = PAYLOADS)]
    pub(super) operation: Option<Operation>,

    /// Report at the lines of the order what the marketplace refuses in this response to
    /// POST /validation/parameters
    #[arg(long, value_name = "FILE", help_heading = PAYLOADS)]
    pub(super) answer: Option<PathBuf>,

    /// Validate against this JSON Schema instead of the built-in rules, or in addition with --kind
    #[arg(long, value_name = "FILE", help_heading = PAYLOADS)]
    pub(super) schema: Option<PathBuf>,

    /// Use this file, or the files below this folder, for references of schemas to the URI; repeatable
    #[arg(
        long = "schema-ref",
        value_name = "URI=PATH",
        value_parser = parse_schema_ref,
        help_heading = PAYLOADS
    )]
    pub(super) schema_refs: Vec<(String, PathBuf)>,

    /// Do not check `format` in the schema of --schema
    #[arg(long, requires = "schema", help_heading = PAYLOADS)]
    pub(super) disable_formats: bool,

    /// How files are split into records [default: lines in *.ndjson and *.jsonl, else detected]
    #[arg(
        long,
        value_name = "MODE",
        hide_default_value = true,
        default_value = "auto",
        help_heading = PAYLOADS
    )]
    pub(super) records: Records,

    /// Take this date (YYYY-MM-DD) as today, or "none" to disable the rules about future dates
    /// [default: the system date]
    #[arg(long, value_parser = parse_today, value_name = "DATE", help_heading = PAYLOADS)]
    pub(super) today: Option<Today>,

    /// A mail domain of the partner, which no customer may use; repeatable
    #[arg(
        long = "partner-domain",
        value_name = "DOMAIN",
        value_parser = parse_domain,
        help_heading = PAYLOADS
    )]
    pub(super) partner_domains: Vec<String>,

    /// Do not check files and folders that match this .gitignore pattern; repeatable
    #[arg(long, value_name = "GLOB", help_heading = FILES)]
    pub(super) exclude: Vec<String>,

    /// Apply exclude patterns also to files that are named, as pre-commit does
    #[arg(long, help_heading = FILES)]
    pub(super) force_exclude: bool,

    /// Check also what .gitignore, .ignore and .git/info/exclude ignore
    #[arg(long, help_heading = FILES)]
    pub(super) no_ignore: bool,

    /// Check also hidden files and folders
    #[arg(long, help_heading = FILES)]
    pub(super) hidden: bool,

    /// Check only files that changed since this git revision, new files included
    #[arg(long, value_name = "REV", conflicts_with = "staged", help_heading = FILES)]
    pub(super) since: Option<String>,

    /// Check only what is staged for the next git commit
    #[arg(long, conflicts_with = "fix", help_heading = FILES)]
    pub(super) staged: bool,

    /// The path of the payload on standard input, for reports and the configuration
    #[arg(long, value_name = "PATH", help_heading = FILES)]
    pub(super) stdin_filename: Option<PathBuf>,

    /// Read at most this much from a compressed file: bytes, or a number with K, M, G or T
    /// [default: 256G]
    #[arg(long, value_name = "SIZE", value_parser = parse_size, help_heading = FILES)]
    pub(super) max_decompressed: Option<u64>,

    /// Check again whenever a file changes, until interrupted
    #[arg(
        long,
        conflicts_with_all = ["since", "staged", "diff", "valid_out", "invalid_out", "write_baseline"],
        help_heading = FILES
    )]
    pub(super) watch: bool,

    /// Report only this rule, or a family as FAMILY/*; repeatable. Syntax errors are always reported
    #[arg(long, value_name = "RULE", help_heading = RULES)]
    pub(super) select: Vec<String>,

    /// Do not report this rule, or a family as FAMILY/*; repeatable
    #[arg(long, value_name = "RULE", help_heading = RULES)]
    pub(super) ignore: Vec<String>,

    /// Set the level of a rule or family: error, warning, info or off; repeatable
    #[arg(
        long = "level",
        value_name = "RULE=LEVEL",
        value_parser = parse_level,
        help_heading = RULES
    )]
    pub(super) levels: Vec<(String, Option<finding::Level>)>,

    /// The lowest level that makes the exit code 1 [default: error]
    #[arg(long, value_name = "LEVEL", help_heading = RULES)]
    pub(super) fail_on: Option<FailOn>,

    /// Do not report findings that this baseline contains
    #[arg(long, value_name = "FILE", help_heading = RULES)]
    pub(super) baseline: Option<PathBuf>,

    /// Write all findings to this file for use with --baseline; findings do not fail this run
    #[arg(long, value_name = "FILE", help_heading = RULES)]
    pub(super) write_baseline: Option<PathBuf>,

    /// Apply fixes to the files: safe ones, which keep the meaning, or with =unsafe also those that
    /// need review. Then report what is left. A payload on standard input is written to standard
    /// output, its findings to standard error
    #[arg(
        long,
        value_name = "SAFETY",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "safe",
        help_heading = FIXES
    )]
    pub(super) fix: Option<Safety>,

    /// Show what --fix would change as a unified diff, and write no file
    #[arg(
        long,
        conflicts_with_all = ["formats", "valid_out", "invalid_out", "write_baseline"],
        help_heading = FIXES
    )]
    pub(super) diff: bool,

    /// The format of the report, and the file it is written to [default: pretty, on standard
    /// output]; repeatable
    #[arg(
        long = "format",
        value_name = "FORMAT[=FILE]",
        value_parser = FormatParser,
        action = ArgAction::Append,
        help_heading = OUTPUT
    )]
    pub(super) formats: Vec<FormatArg>,

    /// Show at most this many findings, 0 for all [default: 50 on a terminal, else all]
    #[arg(long, value_name = "N", help_heading = OUTPUT)]
    pub(super) max_findings: Option<usize>,

    /// Mask the values of payloads in reports, so that they can be shared
    #[arg(long, conflicts_with = "diff", help_heading = OUTPUT)]
    pub(super) redact: bool,

    /// Write valid records (no finding at the level of --fail-on) to this file, one per line;
    /// compressed if it ends in .gz or .zst
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    pub(super) valid_out: Option<PathBuf>,

    /// Write the other records to this file, likewise
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    pub(super) invalid_out: Option<PathBuf>,

    /// Write each record of --invalid-out with its findings, as {"record": …, "findings": […]}
    #[arg(long, requires = "invalid_out", help_heading = OUTPUT)]
    pub(super) invalid_out_findings: bool,

    /// When to use colours
    #[arg(long, default_value = "auto", value_name = "WHEN", help_heading = OUTPUT)]
    pub(super) color: Color,

    /// Show no progress bar
    #[arg(long, help_heading = OUTPUT)]
    pub(super) no_progress: bool,

    /// Print only findings and errors, no summary
    #[arg(long, short, help_heading = OUTPUT)]
    pub(super) quiet: bool,

    /// List the files that are not recognised as payloads, and say which configuration is used
    #[arg(long, short, conflicts_with = "quiet", help_heading = OUTPUT)]
    pub(super) verbose: bool,

    /// Use this configuration file [default: the nearest countersign.toml above the first path]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,

    /// Use no configuration file
    #[arg(long)]
    pub(super) no_config: bool,

    /// The number of threads [default: the number of cores]; the output is the same
    #[arg(long, short, value_name = "N", value_parser = parse_jobs)]
    pub(super) jobs: Option<usize>,

    /// The arguments of the program, without its name, as reports show them
    #[arg(skip)]
    pub(super) command_line: Vec<OsString>,
}

// The groups of options in the help.
const PAYLOADS: &str = "Payloads";
const FILES: &str = "Files";
const RULES: &str = "Rules";
const FIXES: &str = "Fixes";
const OUTPUT: &str = "Output";

/// Parses `RULE=LEVEL`. The level is `None` for `off`.
fn parse_schema_ref(text: &str) -> Result<(String, PathBuf), String> {
    let parsed = text
        .rsplit_once('=')
        .filter(|(uri, path)| !uri.is_empty() && !path.is_empty());
    let parsed = parsed.map(|(uri, path)| (uri.to_owned(), PathBuf::from(path)));
    parsed.ok_or_else(|| "expected URI=PATH".into())
}

fn parse_level(text: &str) -> Result<(String, Option<finding::Level>), String> {
    let parsed = text.split_once('=').and_then(|(rule, level)| {
        let level = match level {
            "off" => None,
            level => Some(level.parse().ok()?),
        };
        Some((rule.to_owned(), level))
    });
    parsed.ok_or_else(|| "expected RULE=LEVEL with the level error, warning, info or off".into())
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Today {
    Unset,
    Day(Date),
}

fn parse_today(text: &str) -> Result<Today, String> {
    if text == "none" {
        return Ok(Today::Unset);
    }
    // `jiff` accepts more forms than the documented one.
    let has_length = text.len() == 10;
    let day: Option<Date> = text.parse().ok().filter(|_| has_length);
    day.map(Today::Day)
        .ok_or_else(|| "expected a day as YYYY-MM-DD, or none".into())
}

fn parse_jobs(text: &str) -> Result<usize, String> {
    let jobs = text.parse().ok().filter(|jobs| (1..=256).contains(jobs));
    jobs.ok_or_else(|| "expected a number from 1 to 256".into())
}

fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match &text[digits.len()..] {
        "" => 0,
        "K" | "k" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => u32::MAX,
    };
    let size = digits.parse::<u64>().ok();
    let size = size.and_then(|size| size.checked_mul(1_u64.checked_shl(shift)?));
    size.ok_or_else(|| "expected bytes, such as 512M or 20G".into())
}

fn parse_domain(text: &str) -> Result<String, String> {
    let domain = text.strip_prefix('@').unwrap_or(text).to_lowercase();
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let is_domain = domain.contains('.') && domain.split('.').all(is_label);
    if is_domain {
        Ok(domain)
    } else {
        Err("expected a mail domain such as fabrikam.com".into())
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Form {
    Request,
    Response,
    Estimate,
    Validation,
}

impl From<Form> for payload::Form {
    fn from(form: Form) -> Self {
        match form {
            Form::Request => Self::Request,
            Form::Response => Self::Response,
            Form::Estimate => Self::Estimate,
            Form::Validation => Self::Validation,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Operation {
    Create,
    ReEnroll,
}

impl From<Operation> for context::Operation {
    fn from(operation: Operation) -> Self {
        match operation {
            Operation::Create => Self::Create,
            Operation::ReEnroll => Self::ReEnroll,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Safety {
    /// Fixes that keep the meaning
    Safe,
    /// Also fixes that need review
    Unsafe,
}

impl From<Safety> for finding::Safety {
    fn from(safety: Safety) -> Self {
        match safety {
            Safety::Safe => Self::Safe,
            Safety::Unsafe => Self::Unsafe,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Records {
    /// Detected by the suffix and the first bytes
    Auto,
    /// The file is one document
    Document,
    /// Each line is a record
    Lines,
    /// Each element of an array, or of the array in an envelope, is a record
    Array,
}

impl From<Records> for batch::RecordMode {
    fn from(records: Records) -> Self {
        match records {
            Records::Auto => Self::Auto,
            Records::Document => Self::Document,
            Records::Lines => Self::Lines,
            Records::Array => Self::Array,
        }
    }
}

/// The file name that means standard output.
const STANDARD_OUTPUT: &str = "-";

/// A report format and the file that the report is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FormatArg {
    pub(super) format: Format,
    /// `None` is standard output.
    pub(super) file: Option<PathBuf>,
}

impl FormatArg {
    /// Parses `FORMAT` or `FORMAT=FILE` of a configuration file in `folder`. `None` if there is no such format.
    pub(super) fn from_config(text: &str, folder: &Path) -> Option<Self> {
        let (name, file) = text
            .split_once('=')
            .map_or((text, None), |(name, file)| (name, Some(file)));
        Some(Self {
            format: name.parse().ok()?,
            file: file
                .filter(|file| *file != STANDARD_OUTPUT)
                .map(|file| folder.join(file)),
        })
    }
}

/// Parses `FORMAT` and `FORMAT=FILE`.
#[derive(Clone, Debug)]
struct FormatParser;

impl TypedValueParser for FormatParser {
    type Value = FormatArg;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<FormatArg, clap::Error> {
        let bytes = value.as_encoded_bytes();
        let text = value.to_string_lossy();
        let (name, file) = match text.split_once('=') {
            Some((name, _)) => {
                let file = OsStr::new(&text[name.len() + 1..]);
                (
                    name,
                    Some(PathBuf::from(file)).filter(|_| file != STANDARD_OUTPUT),
                )
            }
            None => (&*text, None),
        };
        let has_name = file
            .as_ref()
            .is_none_or(|file| !file.as_os_str().is_empty());
        // The lossy conversion of a path that is not UTF-8 names another file.
        let is_utf8 = bytes == text.as_bytes();
        match name.parse() {
            Ok(format) if has_name && is_utf8 => Ok(FormatArg { format, file }),
            _ => {
                // This error lists the possible values and suggests the most similar one.
                let names = Format::ALL.map(Format::as_str);
                PossibleValuesParser::new(names).parse_ref(
                    command,
                    argument,
                    OsStr::new(&*text),
                )?;
                Err(clap::Error::new(ErrorKind::InvalidValue).with_cmd(command))
            }
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let value = |format: Format| PossibleValue::new(format.as_str()).help(format.summary());
        Some(Box::new(Format::ALL.into_iter().map(value)))
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl From<FailOn> for config::FailOn {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Level(finding::Level::Error),
            FailOn::Warning => Self::Level(finding::Level::Warning),
            FailOn::Info => Self::Level(finding::Level::Info),
            FailOn::Never => Self::Never,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}
