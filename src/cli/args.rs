//! The command line arguments. Their doc comments are the help texts.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::civil::Date;

use crate::batch;
use crate::context;
use crate::finding;
use crate::output::Format;
use crate::payload;
use crate::registry::Registry;
use crate::rule::Rule;

/// Checks order, certificate and qualification payloads before anyone submits them.
///
/// Reads JSON as it comes, says in one run everything that is wrong with it, points at the exact
/// characters, and says what to do.
#[derive(Debug, Parser)]
#[command(
    name = "countersign",
    version = VERSION.as_str(),
    after_help = EXIT_CODES,
    after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"),
    max_term_width = 100
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The package version, with the commit if `COUNTERSIGN_COMMIT` was set at build time.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let version = env!("CARGO_PKG_VERSION");
    match option_env!("COUNTERSIGN_COMMIT") {
        Some(commit) => format!("{version} ({commit})"),
        None => version.to_owned(),
    }
});

const EXAMPLES: &str = "Examples:
  countersign check order.json            one payload
  countersign check exports/              the payloads of a folder, compressed ones too
  countersign check --staged              what the next commit holds
  countersign check --fix order.json      make the fixes that keep the meaning
  countersign check --format pretty --format sarif=out.sarif exports/
  countersign explain order/mpn-shape     what a rule says, and why
  countersign lsp                         for an editor to start";

const EXIT_CODES: &str = "Exit codes:
  0  nothing at or above --fail-on
  1  findings
  2  the work could not be done: usage, unreadable input, a broken configuration or schema,
     output not writable
  130  interrupted; what was found so far is told";

impl Cli {
    /// The command line for the kinds and rules of a registry.
    pub(super) fn command_for(registry: &Registry) -> clap::Command {
        let kinds = || PossibleValuesParser::new(registry.kinds().iter().map(|kind| kind.id()));
        let rules = RuleParser(registry.rules().to_vec());
        // In place, so that commands and arguments keep their order.
        let command = Cli::command().name(registry.program());
        command.mut_subcommands(|command| {
            command.mut_args(|arg| match arg.get_id().as_str() {
                "kind" => arg.value_parser(kinds()),
                "rule" => arg.value_parser(rules.clone()),
                _ => arg,
            })
        })
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check payloads
    Check(Box<CheckArgs>),
    /// List every rule with its level and what it says
    Rules {
        /// How to list them
        #[arg(long, value_enum, default_value = "pretty")]
        format: RulesFormat,
    },
    /// Print the page of a rule: what it says, why, and examples
    Explain {
        /// The rule's id, such as order/agreement-date-format
        #[arg(hide_possible_values = true)]
        rule: String,
    },
    /// Serve an editor: a language server on standard input and output
    #[cfg(feature = "lsp")]
    Lsp {
        /// What some clients say of how they talk; there is no other way
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Print the completions of a shell: bash, zsh, fish, powershell or elvish
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
    /// Write a countersign.toml in which every setting is explained, into this folder
    Init,
    /// Print the embedded JSON Schema of a kind of payload
    Schema {
        /// The kind
        kind: String,
    },
}

#[derive(Debug, Args)]
#[command(args_override_self = true)]
pub(super) struct CheckArgs {
    /// Files (whatever their suffix), folders (their *.json, *.ndjson and *.jsonl
    /// files), or - for standard input
    /// [default: the files that the configuration names, else .]
    pub(super) paths: Vec<PathBuf>,

    /// What the payloads are [default: told from their structure]
    #[arg(long)]
    pub(super) kind: Option<String>,

    /// Which way the payloads travel [default: told from their structure]
    #[arg(long)]
    pub(super) form: Option<Form>,

    /// What certificates are about to be used for [default: nothing is said]
    #[arg(long)]
    pub(super) operation: Option<Operation>,

    /// Check against this JSON Schema: alone, or beside everything else if --kind is given
    #[arg(long, value_name = "FILE")]
    pub(super) schema: Option<PathBuf>,

    /// How files are cut into records [default: lines in *.ndjson and *.jsonl, else told from the
    /// first bytes]
    #[arg(
        long,
        value_name = "HOW",
        hide_default_value = true,
        default_value = "auto"
    )]
    pub(super) records: Records,

    /// Check only what changed since this git revision, new files too
    #[arg(long, value_name = "REV", conflicts_with = "staged")]
    pub(super) since: Option<String>,

    /// Check only what is staged for the next git commit, as it is staged
    #[arg(long, conflicts_with = "fix")]
    pub(super) staged: bool,

    /// Make the fixes that keep the meaning, or with =unsafe also those that a person must look at;
    /// what is reported then is what is left. A payload from standard input goes to standard output,
    /// and its findings to standard error
    #[arg(
        long,
        value_name = "SAFETY",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "safe"
    )]
    pub(super) fix: Option<Safety>,

    /// Write no file; show what --fix would change as a unified diff, instead of findings
    #[arg(
        long,
        conflicts_with_all = ["formats", "valid_out", "invalid_out", "write_baseline"]
    )]
    pub(super) diff: bool,

    /// How to report findings, and the file that the report goes to unless it is standard output;
    /// repeatable, each with a file but one
    #[arg(
        long = "format",
        value_name = "FORMAT[=FILE]",
        value_parser = FormatParser,
        action = ArgAction::Append
    )]
    pub(super) formats: Vec<FormatArg>,

    /// Replace the payloads' values in every report, so that it can be handed on
    #[arg(long, conflicts_with = "diff")]
    pub(super) redact: bool,

    /// Write records without a finding at --fail-on or above into this file, a line each; compressed
    /// if it ends in .gz or .zst
    #[arg(long, value_name = "FILE")]
    pub(super) valid_out: Option<PathBuf>,

    /// Write all other records into this file, likewise
    #[arg(long, value_name = "FILE")]
    pub(super) invalid_out: Option<PathBuf>,

    /// Neither tell nor count the findings that this file knows
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    /// Write every finding into this file, so that --baseline knows it from then on; findings do not
    /// fail this run
    #[arg(long, value_name = "FILE")]
    pub(super) write_baseline: Option<PathBuf>,

    /// The lowest level that makes the exit code 1
    #[arg(long, default_value = "error", value_name = "LEVEL")]
    pub(super) fail_on: FailOn,

    /// The day that counts as today, as YYYY-MM-DD, or none to leave dates of the future alone
    /// [default: the system's date]
    #[arg(long, value_parser = parse_today, value_name = "DATE")]
    pub(super) today: Option<Today>,

    /// A mail domain of the partner, at which no customer may be; repeatable
    #[arg(long = "partner-domain", value_name = "DOMAIN", value_parser = parse_domain)]
    pub(super) partner_domains: Vec<String>,

    /// How many threads judge payloads [default: as many as there are cores]; the output is the same
    #[arg(long, short, value_name = "N", value_parser = parse_jobs)]
    pub(super) jobs: Option<usize>,

    /// Read no more than this out of a compressed file: bytes, or with K, M, G or T after the number
    /// [default: 256G]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub(super) max_decompressed: Option<u64>,

    /// Show no more findings than this; all are counted
    #[arg(long, value_name = "N")]
    pub(super) max_findings: Option<usize>,

    /// When to use colours
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    pub(super) color: Color,

    /// Read this configuration file [default: the nearest countersign.toml, upward from the first
    /// PATH]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,

    /// Read no configuration file
    #[arg(long)]
    pub(super) no_config: bool,

    /// Show no progress
    #[arg(long)]
    pub(super) no_progress: bool,

    /// Print findings and errors only, no summary
    #[arg(long, short)]
    pub(super) quiet: bool,
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
    /// Keeps the meaning
    Safe,
    /// Likely right; a person must look
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
    /// By suffix and first bytes
    Auto,
    /// The whole file is one document
    Document,
    /// Each line is one
    Lines,
    /// The elements of a list, or of an envelope's, one after the other
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

/// Accepts any string, because `explain` suggests the most similar rule where clap would list all rules.
/// Completion scripts contain the list.
#[derive(Clone, Debug)]
struct RuleParser(Vec<&'static Rule>);

impl TypedValueParser for RuleParser {
    type Value = String;

    fn parse_ref(
        &self,
        _: &clap::Command,
        _: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        Ok(value.to_string_lossy().into_owned())
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let value = |rule: &&'static Rule| PossibleValue::new(rule.id).help(rule.summary());
        Some(Box::new(self.0.iter().map(value)))
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
pub(super) enum RulesFormat {
    Pretty,
    Json,
    Markdown,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}
