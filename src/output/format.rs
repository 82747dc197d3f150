//! The report formats and their names.

use std::io::Write;
use std::str::FromStr;

use crate::registry::Registry;

use super::reporter::{RenderOptions, Reporter};
use super::{
    checkstyle, concise, github, gitlab, html, json, junit, markdown, ndjson, pretty, rdjson, sarif,
};

/// A report format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text for people: each finding with the source lines around it.
    Pretty,
    /// Text for people and editors: one line per finding.
    Concise,
    /// One JSON object for the run.
    Json,
    /// One JSON object per finding, each on its own line.
    Ndjson,
    /// A self-contained HTML page.
    Html,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
    /// A GitLab code quality report.
    Gitlab,
    /// JUnit XML with one test case per record.
    Junit,
    /// Checkstyle XML.
    Checkstyle,
    /// The diagnostic format of reviewdog, with suggestions.
    Rdjson,
    /// A Markdown summary for a job page or a pull request.
    Markdown,
}

impl FromStr for Format {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        let mut formats = Format::ALL.into_iter();
        formats.find(|format| format.as_str() == name).ok_or(())
    }
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 12] = [
        Format::Pretty,
        Format::Concise,
        Format::Json,
        Format::Ndjson,
        Format::Html,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Junit,
        Format::Checkstyle,
        Format::Rdjson,
        Format::Markdown,
    ];

    /// The name of the format on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Pretty => "pretty",
            Format::Concise => "concise",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Html => "html",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Junit => "junit",
            Format::Checkstyle => "checkstyle",
            Format::Rdjson => "rdjson",
            Format::Markdown => "markdown",
        }
    }

    /// The help text of the format on the command line.
    pub fn summary(self) -> &'static str {
        match self {
            Format::Pretty => "For people, with the lines around each finding",
            Format::Concise => "path:line:column: level[rule] message",
            Format::Json => "One JSON object",
            Format::Ndjson => "One JSON object a finding, each on a line",
            Format::Html => "A page to look at, in one file",
            Format::Sarif => "For code scanning: SARIF 2.1.0",
            Format::Github => "For GitHub Actions: annotations",
            Format::Gitlab => "For GitLab: a code quality report",
            Format::Junit => "For test reports: JUnit's XML, a case a record",
            Format::Checkstyle => "For what reads Checkstyle's XML",
            Format::Rdjson => "For reviewdog, with suggestions",
            Format::Markdown => "For a job's page or a pull request: a summary",
        }
    }

    /// Creates a reporter that writes to `out`. The registry is that of the engine.
    pub fn reporter<'w>(
        self,
        out: Box<dyn Write + 'w>,
        options: RenderOptions,
        registry: &'w Registry,
    ) -> Box<dyn Reporter + 'w> {
        match self {
            Format::Pretty => Box::new(pretty::Pretty::new(out, options, registry.program())),
            Format::Concise => Box::new(concise::Concise::new(out)),
            Format::Json => Box::new(json::Json::new(out)),
            Format::Ndjson => Box::new(ndjson::Ndjson::new(out)),
            Format::Html => Box::new(html::Html::new(out, options.is_redacted, registry)),
            Format::Sarif => Box::new(sarif::Sarif::new(out, registry)),
            Format::Github => Box::new(github::Github::new(out)),
            Format::Gitlab => Box::new(gitlab::Gitlab::new(out)),
            Format::Junit => Box::new(junit::Junit::new(out)),
            Format::Checkstyle => Box::new(checkstyle::Checkstyle::new(out)),
            Format::Rdjson => Box::new(rdjson::Rdjson::new(out)),
            Format::Markdown => Box::new(markdown::Markdown::new(out)),
        }
    }
}
