//! `countersign man` and `countersign completions`: texts generated from the arguments.

use std::io::{self, Write};

use clap_complete::Shell;
use clap_mangen::Man;

use super::args::{Cli, EXAMPLES};
use super::error::{CliError, EXIT_OK};
use super::streams::Streams;
use crate::registry::Registry;

/// Prints the completion script of a shell.
pub(super) fn print_completions(
    shell: Shell,
    registry: &Registry,
    streams: &mut Streams<'_>,
) -> Result<u8, CliError> {
    // The generator panics if it cannot write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(
        shell,
        &mut Cli::command_for(registry),
        registry.program(),
        &mut script,
    );
    streams.output.write_all(&script)?;
    streams.output.flush()?;
    Ok(EXIT_OK)
}

/// Prints one manual page for the program and all its commands.
pub(super) fn print_man_page(
    registry: &Registry,
    streams: &mut Streams<'_>,
) -> Result<u8, CliError> {
    let mut program = Cli::command_for(registry);
    program.build();
    let mut page = Vec::new();
    let man = Man::new(program.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    for command in program.get_subcommands() {
        if command.get_name() != "help" {
            write_command_section(registry.program(), command, &mut page)?;
        }
    }
    page.write_all(sections(registry.program()).as_bytes())?;
    streams.output.write_all(&page)?;
    streams.output.flush()?;
    Ok(EXIT_OK)
}

/// The sections of the page that are not about arguments.
fn sections(program: &str) -> String {
    let escaped = |text: &str| text.replace('\\', "\\e").replace('-', "\\-");
    let mut page = String::new();
    let mut section = |title: &str, entries: &[(&str, &str)]| {
        page.push_str(&format!(".SH \"{title}\"\n"));
        for (term, text) in entries {
            page.push_str(&format!(
                ".TP\n\\fB{}\\fR\n{}\n",
                escaped(term),
                escaped(text)
            ));
        }
    };
    section("EXIT STATUS", &EXIT_STATUS);
    section("ENVIRONMENT", &ENVIRONMENT);
    section("FILES", &FILES);
    page.push_str(".SH \"EXAMPLES\"\n.nf\n");
    for line in EXAMPLES.lines().skip(1) {
        let line = line.replacen("countersign", program, 1);
        page.push_str(&format!("{}\n", escaped(&line)));
    }
    page.push_str(".fi\n");
    page
}

const EXIT_STATUS: [(&str, &str); 4] = [
    (
        "0",
        "No finding has the level of --fail-on or a higher one.",
    ),
    ("1", "At least one finding has this level."),
    (
        "2",
        "The check could not be done: wrong usage, unreadable input, an invalid configuration or schema, or output \
         that cannot be written.",
    ),
    (
        "130",
        "The run was interrupted. The findings so far are reported.",
    ),
];

const ENVIRONMENT: [(&str, &str); 4] = [
    (
        "NO_COLOR",
        "If it is set and not empty, no colours are used. It precedes the other variables.",
    ),
    (
        "FORCE_COLOR",
        "If it is set and neither empty nor 0, colours are used even if the output is not a terminal.",
    ),
    (
        "CLICOLOR_FORCE, CLICOLOR",
        "Force colours, or disable them with CLICOLOR=0.",
    ),
    ("TERM", "With the value dumb, no colours are used."),
];

const FILES: [(&str, &str); 2] = [
    (
        "countersign.toml",
        "The configuration: the nearest one in the folder of the first path or above it.",
    ),
    (
        ".gitignore, .ignore, .git/info/exclude",
        "Files that are not checked when a folder is, unless --no-ignore is given.",
    ),
];

/// Writes a section for a command, with the usual sections of a page as its subsections.
fn write_command_section(
    program: &str,
    command: &clap::Command,
    page: &mut Vec<u8>,
) -> io::Result<()> {
    let name = format!("{program} {}", command.get_name()).to_uppercase();
    writeln!(page, ".SH \"{name}\"")?;
    let man = Man::new(command.clone());
    let mut sections = Vec::new();
    man.render_synopsis_section(&mut sections)?;
    man.render_description_section(&mut sections)?;
    man.render_options_section(&mut sections)?;
    let subsections = String::from_utf8_lossy(&sections).replace("\n.SH ", "\n.SS ");
    let subsections = subsections
        .strip_prefix(".SH ")
        .map_or_else(|| subsections.clone(), |rest| format!(".SS {rest}"));
    page.write_all(subsections.as_bytes())
}
