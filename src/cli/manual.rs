//! `countersign man` and `countersign completions`: texts generated from the arguments.

use std::io::{self, Write};

use clap_complete::Shell;
use clap_mangen::Man;

use super::args::Cli;
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
    man.render_extra_section(&mut page)?;
    streams.output.write_all(&page)?;
    streams.output.flush()?;
    Ok(EXIT_OK)
}

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
