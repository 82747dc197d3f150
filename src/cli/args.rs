//! The commands and their arguments. The doc comments are the help texts.

use std::ffi::OsStr;
use std::sync::LazyLock;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::check_args::CheckArgs;
use crate::registry::Registry;
use crate::rule::Rule;

/// Check order, certificate and qualification payloads before they are submitted
///
/// Reads JSON payloads, finds everything that the platforms would refuse, shows the exact place of each
/// problem, and says how to fix it.
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
pub(super) static VERSION: LazyLock<String> = LazyLock::new(|| {
    let version = env!("CARGO_PKG_VERSION");
    match option_env!("COUNTERSIGN_COMMIT") {
        Some(commit) => format!("{version} ({commit})"),
        None => version.to_owned(),
    }
});

/// At most 60 columns wide, like the help around it in a narrow terminal.
pub(super) const EXAMPLES: &str = "Examples:
  Check one payload:
    countersign check order.json
  Check the payloads in a folder, also compressed ones:
    countersign check exports/
  Check what the next commit contains:
    countersign check --staged
  Apply the safe fixes:
    countersign check --fix order.json
  Write a SARIF report besides the one on the terminal:
    countersign check --format pretty \\
      --format sarif=out.sarif exports/
  Show the page of a rule:
    countersign explain order/mpn-shape
  Run the language server for an editor:
    countersign lsp";

const EXIT_CODES: &str = "Exit codes:
  0    no finding at the level of --fail-on or above
  1    findings
  2    the check could not be done: wrong usage, unreadable
       input, an invalid configuration or schema, output that
       cannot be written
  130  interrupted; the findings so far are reported";

/// What `countersign schema` calls the schema of the configuration.
pub(super) const CONFIG_SCHEMA: &str = "config";

/// What `countersign schema` calls the schema of the findings.
pub(super) const FINDINGS_SCHEMA: &str = "findings";

impl Cli {
    /// The command line for the kinds and rules of a registry.
    pub(super) fn command_for(registry: &Registry) -> clap::Command {
        let kinds = || PossibleValuesParser::new(registry.kinds().iter().map(|kind| kind.id()));
        let schemas = || {
            let kinds = registry.kinds().iter().map(|kind| kind.id());
            PossibleValuesParser::new(kinds.chain([CONFIG_SCHEMA, FINDINGS_SCHEMA]))
        };
        let rules = RuleParser(registry.rules().to_vec());
        // In place, so that commands and arguments keep their order.
        let command = Cli::command().name(registry.program());
        command.mut_subcommands(|command| {
            let is_schema = command.get_name() == "schema";
            command.mut_args(|arg| match arg.get_id().as_str() {
                "kind" if is_schema => arg.value_parser(schemas()),
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
    /// List the rules with their levels and summaries
    Rules {
        /// Only the rules of this family, such as order
        family: Option<String>,
        /// The format of the list
        #[arg(long, value_enum, default_value = "pretty")]
        format: RulesFormat,
    },
    /// Show the page of a rule, or list the rules of a family
    Explain {
        /// The ID of a rule, such as order/agreement-date-format, or a family, such as order
        #[arg(hide_possible_values = true)]
        rule: String,
    },
    /// Run the language server for an editor, on standard input and output
    #[cfg(feature = "lsp")]
    Lsp {
        /// Accepted because some clients pass it; there is no other transport
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
    /// Write a countersign.toml with every setting explained to the current folder
    Init,
    /// Print a JSON Schema: of a kind of payload, of the configuration, or of the findings
    Schema {
        /// The kind of payload, or config, or findings
        #[arg(value_name = "SCHEMA")]
        kind: String,
    },
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

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum RulesFormat {
    Pretty,
    Json,
    Markdown,
}
