//! The configuration file on disk: finds `countersign.toml`, reads it together with the files that it
//! names, and resolves paths against its folder. Its text is parsed by [`crate::config`].

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use crate::answer::Answer;
use crate::catalogue_file::CatalogueReader;
use crate::config::{self, Config, LevelOverride, ParsedConfig};
use crate::context::Operation;
use crate::document::Document;
use crate::engine::Engine;
use crate::finding::{Finding, Level};
use crate::line_index::LineIndex;
pub use crate::path::CONFIG_FILE_NAME;
use crate::path::{InputError, ReportRoot, absolute, relative_to_current_dir};
use crate::payload::Declared;
use crate::registry::Registry;
use crate::rule::RuleReporter;
use crate::rules::config::STALE_PRICE_SHEET;
use crate::schema::{Schema, SchemaOptions};
use crate::schema_file::{add_reference, read_schema};
use crate::span::Span;
use crate::text_file::read_text;

/// A configuration file that was read from disk, with the files that it names.
pub struct LoadedConfig {
    /// The file's path as reports show it.
    pub name: String,
    /// The file's absolute path.
    pub path: PathBuf,
    /// The file's text.
    pub text: String,
    /// The parsed configuration, including the catalogue.
    pub config: Config,
    /// The findings for the file itself.
    pub findings: Vec<Finding>,
    /// The absolute path of the file's folder.
    folder: PathBuf,
    /// The schemas that the file names, each with its path as written in the file.
    pub schemas: Vec<(String, Schema)>,
    /// The documents that schemas can refer to.
    pub schema_options: SchemaOptions,
    /// The answers of the marketplace that the file names, each with its path as written in the file.
    answers: Vec<(String, Arc<Answer>)>,
}

/// The files that a configuration file names, each with the span of its path.
struct NamedFiles {
    catalogue: Vec<(String, Span)>,
    schemas: Vec<(String, Span)>,
    /// Each also has its URI, in front.
    schema_refs: Vec<(String, String, Span)>,
    answers: Vec<(String, Span)>,
}

impl NamedFiles {
    /// One of the files.
    fn first(&self) -> Option<(&str, Span)> {
        let plain = [&self.catalogue, &self.schemas, &self.answers];
        let mut plain = plain.into_iter().flatten();
        let first = plain.next().map(|(path, span)| (path.as_str(), *span));
        let reference = self.schema_refs.first();
        first.or_else(|| reference.map(|(_, path, span)| (path.as_str(), *span)))
    }
}

impl LoadedConfig {
    /// Finds the configuration file that applies to `path`: the one in the nearest folder that contains it.
    pub fn find(path: &Path) -> Option<PathBuf> {
        let path = absolute(path);
        let mut candidates = path.ancestors().map(|folder| folder.join(CONFIG_FILE_NAME));
        candidates
            // What is no file is found too, so that it is reported rather than ignored.
            .find(|candidate| candidate.symlink_metadata().is_ok())
            .map(|found| relative_to_current_dir(&found))
    }

    /// Reads a configuration file and, unless it has errors, the files that it names.
    ///
    /// # Errors
    /// If one of these files cannot be read, or a schema is not usable.
    pub fn read(path: &Path, today: Option<Date>, registry: &Registry) -> Result<Self, InputError> {
        let text = read_text(path)?;
        let (mut loaded, files) = Self::parse(path, text, today, registry);
        if loaded.has_errors() {
            return Ok(loaded);
        }
        let NamedFiles {
            catalogue,
            schemas,
            schema_refs,
            answers,
        } = files;
        loaded.read_catalogue(&catalogue, today)?;
        for (uri, path, span) in schema_refs {
            let path = relative_to_current_dir(&loaded.folder.join(path));
            add_reference(&uri, &path, &mut loaded.schema_options.references)
                .map_err(|error| loaded.named_at(error, span))?;
        }
        for (path, span) in schemas {
            let file = relative_to_current_dir(&loaded.folder.join(&path));
            let schema = read_schema(&file, &loaded.schema_options);
            let schema = schema.map_err(|error| loaded.named_at(error, span))?;
            loaded.schemas.push((path, schema));
        }
        for (path, span) in answers {
            let text = loaded.read_referenced(&path, span)?;
            let answer = answer_in(&Document::parse(&text), &path, registry);
            let answer = answer.map_err(|error| loaded.named_at(error, span))?;
            loaded.answers.push((path, Arc::new(answer)));
        }
        Ok(loaded)
    }

    /// Parses the text of a configuration file that is not on disk. Paths of payloads count from its folder.
    ///
    /// # Errors
    /// If it names other files, which cannot be read.
    pub fn from_text(
        text: String,
        today: Option<Date>,
        registry: &Registry,
    ) -> Result<Self, InputError> {
        let path = Path::new(CONFIG_FILE_NAME);
        let (loaded, files) = Self::parse(path, text, today, registry);
        match files.first().filter(|_| !loaded.has_errors()) {
            Some((path, span)) => {
                let message = format!("{path}: no file can be read here");
                Err(loaded.named_at(InputError(message), span))
            }
            None => Ok(loaded),
        }
    }

    /// Parses the text of the configuration file at `path`. Returns it with the files that it names.
    fn parse(
        path: &Path,
        text: String,
        today: Option<Date>,
        registry: &Registry,
    ) -> (Self, NamedFiles) {
        let ParsedConfig {
            config,
            catalogue,
            schemas,
            schema_refs,
            answers,
            findings,
        } = config::read(&text, today, registry);
        let mut folder = absolute(path);
        folder.pop();
        let loaded = Self {
            name: ReportRoot::find(path).name_of(path),
            path: absolute(path),
            text,
            config,
            findings,
            folder,
            schemas: Vec::new(),
            schema_options: SchemaOptions::default(),
            answers: Vec::new(),
        };
        let files = NamedFiles {
            catalogue,
            schemas,
            schema_refs,
            answers,
        };
        (loaded, files)
    }

    /// Returns whether the file has findings of level error. A run with such a file checks nothing.
    pub fn has_errors(&self) -> bool {
        let is_error = |finding: &Finding| finding.level == Level::Error;
        self.findings.iter().any(is_error)
    }

    /// Returns the path of a file relative to the configuration file's folder, with `/` as separator.
    pub fn relative_path(&self, path: &Path) -> String {
        let path = absolute(path);
        let path = path.strip_prefix(&self.folder).unwrap_or(&path);
        path.to_string_lossy().replace('\\', "/")
    }

    /// Returns whether `path` is the configuration file's folder or contains it, so that a run over it checks
    /// every file the configuration applies to.
    pub fn is_within(&self, path: &Path) -> bool {
        self.folder.starts_with(absolute(path))
    }

    /// Returns whether an entry under `payloads` matches the file at `path`. The configuration file itself
    /// and the schemas that it names never match.
    pub fn matches_payload(&self, path: &Path) -> bool {
        let path = self.relative_path(path);
        let entries = &self.config.payloads;
        path != CONFIG_FILE_NAME
            && !entries.iter().any(|entry| {
                let named = [entry.schema.as_deref(), entry.answer.as_deref()];
                named.contains(&Some(path.as_str()))
            })
            && entries.iter().any(|entry| entry.files.matches(&path))
    }

    /// The configuration file's folder, relative to the current folder if it lies inside it.
    pub fn folder(&self) -> PathBuf {
        let folder = relative_to_current_dir(&self.folder);
        if folder.as_os_str().is_empty() {
            return PathBuf::from(".");
        }
        folder
    }

    /// Reads the files of the catalogue.
    fn read_catalogue(
        &mut self,
        paths: &[(String, Span)],
        today: Option<Date>,
    ) -> Result<(), InputError> {
        if paths.is_empty() {
            return Ok(());
        }
        let mut reader = CatalogueReader::default();
        let mut findings = Vec::new();
        for (path, span) in paths {
            let stale = reader.read(&self.folder, path, today);
            for sheet in stale.map_err(|error| self.named_at(error, *span))? {
                let message = format!(
                    "all prices in {} have ended, the last one on {}",
                    sheet.file, sheet.end
                );
                RuleReporter::new(&STALE_PRICE_SHEET, &mut findings)
                    .report(*span, message)
                    .help("replace the file with the current price sheet from Partner Center");
            }
        }
        self.config.apply_levels(&mut findings);
        self.findings.append(&mut findings);
        self.config.context.catalogue = Some(Arc::new(reader.finish()));
        Ok(())
    }

    /// The error about a file with the place that names the file.
    fn named_at(&self, InputError(message): InputError, span: Span) -> InputError {
        let location = self.location_of(span);
        InputError(format!("{message} (named at {location})"))
    }

    /// Reads a file that the configuration names at `span`.
    fn read_referenced(&self, path: &str, span: Span) -> Result<String, InputError> {
        read_text(&self.folder.join(path)).map_err(|error| self.named_at(error, span))
    }

    /// Returns the start of a span of the file, as `name:line:column`.
    fn location_of(&self, span: Span) -> String {
        let position = LineIndex::new(&self.text).position(span.start);
        format!("{}:{}:{}", self.name, position.line, position.column)
    }
}

/// Settings from the command line or the editor, which take precedence over the configuration file.
#[derive(Clone, Debug, Default)]
pub struct ConfigOverrides {
    /// The current date. The configuration file does not have it.
    pub today: Option<Date>,
    /// The operation that certificates are checked for.
    pub operation: Option<Operation>,
    /// The partner's mail domains.
    pub partner_domains: Option<Vec<String>>,
    /// What the marketplace answered to the validation of the order.
    pub answer: Option<Answer>,
    /// The kind and form of all payloads.
    pub declared: Declared,
    /// The only rules that are reported, see [`Config::selected`].
    pub selected: Vec<String>,
    /// Levels that override those of the configuration file; a later entry overrides an earlier one.
    pub levels: Vec<LevelOverride>,
}

/// Creates the engine for a configuration file and overrides. Takes the schemas out of the loaded file.
pub fn build_engine(
    registry: &Arc<Registry>,
    loaded: Option<&mut LoadedConfig>,
    overrides: ConfigOverrides,
) -> Engine {
    let (mut config, schemas, answers) = match loaded {
        Some(loaded) => (
            loaded.config.clone(),
            std::mem::take(&mut loaded.schemas),
            loaded.answers.clone(),
        ),
        None => Default::default(),
    };
    let context = &mut config.context;
    context.today = overrides.today;
    context.operation = overrides.operation.or(context.operation);
    if let Some(domains) = overrides.partner_domains {
        context.partner_domains = domains;
    }
    config.context.answer = overrides.answer.map(Arc::new);
    config.declared = overrides.declared;
    config.selected = overrides.selected;
    config.levels.extend(overrides.levels);
    Engine::with_registry(Arc::clone(registry), config)
        .with_file_schemas(schemas)
        .with_file_answers(answers)
}

/// What the marketplace answered to the validation of an order, in a document that is called `name`.
///
/// # Errors
///
/// If the document contains no answer.
pub fn answer_in(
    document: &Document<'_>,
    name: &str,
    registry: &Registry,
) -> Result<Answer, InputError> {
    registry.answer_in(document).ok_or_else(|| {
        InputError(format!(
            "{name}: contains no answer of the marketplace; expected the response to \
             `POST /validation/parameters`, with the results in `data`"
        ))
    })
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests write files")]
mod tests {
    use std::fs;

    use super::*;

    fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        folder
    }

    #[test]
    fn finds_the_nearest_file_above() {
        let folder = folder_with(&[
            (CONFIG_FILE_NAME, ""),
            ("a/b/order.json", "{}"),
            ("c/countersign.toml", ""),
            ("c/order.json", "{}"),
        ]);
        let found = |path: &str| LoadedConfig::find(&folder.path().join(path));
        let above = Some(folder.path().join(CONFIG_FILE_NAME));
        assert_eq!(found("a/b/order.json"), above);
        assert_eq!(found("a/b"), above);
        assert_eq!(found("c/../a"), above);
        assert_eq!(found("missing/order.json"), above);
        assert_eq!(
            found("c/order.json"),
            Some(folder.path().join("c/countersign.toml"))
        );
    }

    #[test]
    fn reads_referenced_files_from_its_folder() {
        let folder = folder_with(&[
            (
                CONFIG_FILE_NAME,
                "catalogue = \"lists/numbers.txt\"\n[[payloads]]\nfiles = \"in/*\"\nschema = \"s.json\"\n",
            ),
            ("lists/numbers.txt", "# ours\nCFQ7TTC0LF8Q:0001\n"),
            ("s.json", "{}"),
            ("in/order.txt", "{}"),
            ("out/order.json", "{}"),
        ]);
        let loaded = LoadedConfig::read(
            &folder.path().join(CONFIG_FILE_NAME),
            None,
            &Registry::built_in(),
        )
        .unwrap_or_else(|InputError(message)| panic!("{message}"));
        let catalogue = loaded.config.context.catalogue.as_ref();
        assert!(catalogue.is_some_and(|numbers| numbers.contains("CFQ7TTC0LF8Q:0001")));
        assert_eq!(loaded.schemas.len(), 1);
        for (path, is_matched) in [("in/order.txt", true), ("out/order.json", false)] {
            let file = folder.path().join(path);
            assert_eq!(loaded.relative_path(&file), path);
            assert_eq!(loaded.matches_payload(&file), is_matched);
        }
    }

    #[test]
    fn reports_an_unreadable_file_with_the_location_that_names_it() {
        let folder = folder_with(&[(CONFIG_FILE_NAME, "# ours\ncatalogue = \"numbers.txt\"\n")]);
        let error = LoadedConfig::read(
            &folder.path().join(CONFIG_FILE_NAME),
            None,
            &Registry::built_in(),
        )
        .err();
        let Some(InputError(message)) = error else {
            panic!("the catalogue is missing")
        };
        assert!(
            message.contains("numbers.txt: no such file or folder"),
            "{message}"
        );
        assert!(message.ends_with("countersign.toml:2:13)"), "{message}");
    }
}
