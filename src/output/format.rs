//! The report formats and their names.

use std::io::Write;
use std::str::FromStr;

use crate::registry::Registry;

use super::reporter::{RenderOptions, Reporter};
use super::{
    checkstyle, concise, github, gitlab, html, json, junit, limited, markdown, ndjson, pretty,
    rdjson, sarif,
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
            Format::Pretty => "For people, with the source lines of each finding",
            Format::Concise => "path:line:column: level[rule] message",
            Format::Json => "One JSON object for the run",
            Format::Ndjson => "One JSON object per finding, one per line",
            Format::Html => "A web page in one file",
            Format::Sarif => "SARIF 2.1.0 for code scanning",
            Format::Github => "Annotations for GitHub Actions",
            Format::Gitlab => "Code quality report for GitLab",
            Format::Junit => "JUnit XML with one test case per record",
            Format::Checkstyle => "Checkstyle XML",
            Format::Rdjson => "Diagnostics and suggestions for reviewdog",
            Format::Markdown => "A summary for a job page or a pull request",
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
            Format::Pretty => {
                let pretty = pretty::Pretty::new(options, registry.program());
                Box::new(limited::Limited::new(out, pretty, options.max_findings))
            }
            Format::Concise => Box::new(limited::Limited::new(
                out,
                concise::Concise,
                options.max_findings,
            )),
            Format::Json => Box::new(json::Json::new(out)),
            Format::Ndjson => Box::new(ndjson::Ndjson::new(out)),
            Format::Html => Box::new(html::Html::new(out, options.is_redacted, registry)),
            Format::Sarif => Box::new(sarif::Sarif::new(out, options.max_results, registry)),
            Format::Github => Box::new(github::Github::new(out)),
            Format::Gitlab => Box::new(gitlab::Gitlab::new(out)),
            Format::Junit => Box::new(junit::Junit::new(out)),
            Format::Checkstyle => Box::new(checkstyle::Checkstyle::new(out)),
            Format::Rdjson => Box::new(rdjson::Rdjson::new(out)),
            Format::Markdown => Box::new(markdown::Markdown::new(out)),
        }
    }
}
