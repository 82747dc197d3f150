//! The `sarif` format: SARIF 2.1.0 with one run, for code scanning.

use std::io::{self, Write};

use serde::Serialize;

use super::escaped_json;
use super::{
    Report, Reporter, Summary, file_uri, fingerprint, rule_page_url, with_thousands_separator,
};
use crate::finding::{Finding, Fix, Level};
use crate::line_index::LineIndex;
use crate::registry::Registry;
use crate::rule::Rule;
use crate::span::Span;

/// The home page of the tool, unless the configuration names a folder of rule pages.
const HOME_PAGE: &str = "https://countersign.dev";

/// The URI base ID of the folder that relative paths start from.
const URI_BASE_ID: &str = "%SRCROOT%";

/// Writes a SARIF log with one run.
pub(super) struct Sarif<'w> {
    out: Box<dyn Write + 'w>,
    registry: &'w Registry,
    has_started: bool,
    has_results: bool,
    /// The maximum number of results. `None` for all.
    max_results: Option<usize>,
    /// With a maximum, the results so far by level, the most severe level first.
    kept: [Vec<Vec<u8>>; Level::ALL.len()],
    /// The number of findings so far.
    count: usize,
}

impl<'w> Sarif<'w> {
    pub(super) fn new(
        out: Box<dyn Write + 'w>,
        max_results: Option<usize>,
        registry: &'w Registry,
    ) -> Self {
        Self {
            out,
            registry,
            has_started: false,
            has_results: false,
            max_results,
            kept: Default::default(),
            count: 0,
        }
    }

    /// Writes a serialized result.
    fn write_result(&mut self, result: &[u8]) -> io::Result<()> {
        let separator: &[u8] = match std::mem::replace(&mut self.has_results, true) {
            true => b",\n",
            false => b"\n",
        };
        self.out.write_all(separator)?;
        self.out.write_all(result)
    }

    /// Keeps a result if it belongs to the most severe ones so far.
    fn keep_result(
        &mut self,
        level: Level,
        limit: usize,
        result: impl FnOnce() -> io::Result<Vec<u8>>,
    ) -> io::Result<()> {
        let index = Level::ALL.iter().position(|known| *known == level);
        let index = index.unwrap_or_default();
        let at_least: usize = self.kept[..=index].iter().map(Vec::len).sum();
        if at_least >= limit {
            return Ok(());
        }
        self.kept[index].push(result()?);
        let total: usize = self.kept.iter().map(Vec::len).sum();
        if total > limit {
            // The lowest level has a result, because the others have fewer than the limit.
            let mut lowest = self.kept.iter_mut().rev();
            if let Some(results) = lowest.find(|results| !results.is_empty()) {
                results.pop();
            }
        }
        Ok(())
    }

    /// Writes whether the run is complete, and what is not in the log.
    fn write_invocation(&mut self, summary: &Summary, written: usize) -> io::Result<()> {
        let omitted = self.count - written;
        let omission = (omitted > 0).then(|| {
            let omitted = with_thousands_separator(omitted);
            format!(
                "{omitted} more findings are not in this log, which has the most severe ones; write \
                 all of them with --max-findings 0, or as HTML or NDJSON"
            )
        });
        let texts = summary.interruption().into_iter().chain(omission);
        let notifications: Vec<Notification> = texts
            .map(|text| Notification {
                level: "warning",
                message: message(&text),
            })
            .collect();
        let invocation = Invocation {
            execution_successful: !summary.is_interrupted,
            tool_execution_notifications: notifications,
        };
        self.out.write_all(b",\"invocations\":[")?;
        escaped_json::to_writer(&mut self.out, &invocation)?;
        self.out.write_all(b"]")
    }

    /// Writes everything before the first result, once.
    fn start(&mut self, rule_pages: Option<&str>) -> io::Result<()> {
        if std::mem::replace(&mut self.has_started, true) {
            return Ok(());
        }
        let driver = Driver {
            name: "countersign",
            semantic_version: env!("CARGO_PKG_VERSION"),
            information_uri: rule_pages.unwrap_or(HOME_PAGE).to_owned(),
            rules: self
                .registry
                .rules()
                .iter()
                .map(|rule| RuleRow::new(rule, rule_pages))
                .collect(),
        };
        write!(
            self.out,
            "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\
             \"runs\":[{{\"tool\":{{\"driver\":"
        )?;
        escaped_json::to_writer(&mut self.out, &driver)?;
        write!(
            self.out,
            "}},\"automationDetails\":{{\"id\":\"countersign/\"}},\"columnKind\":\"unicodeCodePoints\",\"originalUriBaseIds\":{{\"{URI_BASE_ID}\":\
             {{\"description\":{{\"text\":\"The root of the repository.\"}}}}}},\
             \"results\":["
        )
    }
}

impl Reporter for Sarif<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        self.start(report.rule_pages)?;
        for finding in report.findings() {
            self.count += 1;
            let registry = self.registry;
            let result = || {
                let row = ResultRow::new(report, finding, registry);
                escaped_json::to_string(&row).map(String::into_bytes)
            };
            match self.max_results {
                Some(limit) => self.keep_result(finding.level, limit, result)?,
                None => self.write_result(&result()?)?,
            }
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.start(None)?;
        let mut written = self.count;
        if self.max_results.is_some() {
            written = self.kept.iter().map(Vec::len).sum();
            for result in std::mem::take(&mut self.kept).into_iter().flatten() {
                self.write_result(&result)?;
            }
        }
        self.out.write_all(b"\n]")?;
        self.write_invocation(summary, written)?;
        self.out.write_all(b"}]}\n")?;
        self.out.flush()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    information_uri: String,
    rules: Vec<RuleRow>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleRow {
    id: &'static str,
    short_description: Message,
    full_description: Message,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Properties {
    tags: [&'static str; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: &'static str,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

/// Escapes the braces of SARIF placeholders and the brackets of embedded links in a message.
fn message(text: &str) -> Message {
    let text = text.replace('{', "{{").replace('}', "}}");
    Message {
        text: text.replace("](", "\\]("),
    }
}

/// The summary of a rule and the first paragraph of the reason for it.
fn full_description(rule: &Rule) -> String {
    let reason = rule
        .page
        .split("\n## Why it matters\n")
        .nth(1)
        .unwrap_or_default();
    let paragraph = reason.trim_start().split("\n\n").next().unwrap_or_default();
    let is_text = !paragraph.starts_with(['#', '-', '`']);
    match is_text {
        true => format!("{} {paragraph}", rule.summary()),
        false => rule.summary().to_owned(),
    }
}

/// The SARIF name of a level.
fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

impl RuleRow {
    fn new(rule: &'static Rule, rule_pages: Option<&str>) -> Self {
        Self {
            id: rule.id,
            short_description: message(rule.summary()),
            full_description: message(&full_description(rule)),
            help: Help {
                text: message(rule.page).text,
                markdown: rule.page,
            },
            help_uri: rule_pages.map(|rule_pages| rule_page_url(rule_pages, rule.id)),
            default_configuration: Configuration {
                level: level_name(rule.level),
            },
            properties: Properties {
                tags: [rule.family(), "correctness"],
            },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultRow {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixRow>,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "countersign/v1")]
    countersign: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u64,
    start_column: u64,
    end_line: u64,
    end_column: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FixRow {
    description: Message,
    artifact_changes: [ArtifactChange; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Content,
}

#[derive(Serialize)]
struct Content {
    text: String,
}

impl ArtifactLocation {
    fn from_file(file: &str) -> Self {
        let (uri, is_relative) = file_uri(file);
        Self {
            uri,
            uri_base_id: is_relative.then_some(URI_BASE_ID),
        }
    }
}

impl Region {
    fn of(span: Span, lines: &LineIndex<'_>) -> Self {
        let (start, end) = (lines.position(span.start), lines.position(span.end));
        Self {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

impl ResultRow {
    fn new(report: &Report<'_>, finding: &Finding, registry: &Registry) -> Self {
        let location = |span: Span| PhysicalLocation {
            artifact_location: ArtifactLocation::from_file(report.file),
            region: Region::of(span, report.lines),
        };
        let text = match &finding.help {
            Some(help) => format!("{}; {help}", finding.message),
            None => finding.message.clone(),
        };
        Self {
            rule_id: finding.rule,
            rule_index: registry.rule_index(finding.rule),
            level: level_name(finding.level),
            message: message(&text),
            locations: [Location {
                physical_location: location(finding.span),
                logical_locations: vec![LogicalLocation {
                    fully_qualified_name: finding.pointer.clone(),
                }],
                message: None,
            }],
            partial_fingerprints: Fingerprints {
                countersign: fingerprint(report, finding).to_string(),
            },
            related_locations: finding
                .labels
                .iter()
                .map(|label| Location {
                    physical_location: location(label.span),
                    logical_locations: Vec::new(),
                    message: Some(message(&label.message)),
                })
                .collect(),
            fixes: finding
                .fix
                .iter()
                .map(|fix| FixRow::new(report, fix))
                .collect(),
        }
    }
}

impl FixRow {
    fn new(report: &Report<'_>, fix: &Fix) -> Self {
        let replacement = |edit: &crate::finding::Edit| Replacement {
            deleted_region: Region::of(edit.span, report.lines),
            inserted_content: Content {
                text: edit.text.clone(),
            },
        };
        Self {
            description: message(&format!("{} ({} fix)", fix.title, fix.safety.as_str())),
            artifact_changes: [ArtifactChange {
                artifact_location: ArtifactLocation::from_file(report.file),
                replacements: fix.edits.iter().map(replacement).collect(),
            }],
        }
    }
}
