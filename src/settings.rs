//! The configuration file as the shells meet it: found upward from what is checked, read together with
//! the files that it names, and asked about each file that is checked.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::config::{self, Config, ConfigFile};
use crate::engine::Engine;
use crate::files::{Trouble, absolute, reason, shortened};
use crate::finding::{Finding, Level};
use crate::line_index::LineIndex;
use crate::payload::Stated;
use crate::rule::Operation;
use crate::schema::Schema;
use crate::span::Span;

/// What a configuration file is called.
pub const FILE_NAME: &str = "countersign.toml";

/// The most bytes a configuration file, or a file that it names, may have.
const SIZE_LIMIT: u64 = 16 << 20;

/// A configuration file with what it names.
pub struct Settings {
    /// The file as reports name it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The decisions in it, the catalogue among them.
    pub config: Config,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    /// The absolute path of its folder.
    folder: PathBuf,
    /// The schemas that it names, each with its path as it is written there.
    pub schemas: Vec<(String, Schema)>,
}

impl Settings {
    /// The configuration file in the folder of `path` or in the nearest one above.
    pub fn find(path: &Path) -> Option<PathBuf> {
        let path = absolute(path);
        let mut candidates = path.ancestors().map(|folder| folder.join(FILE_NAME));
        candidates
            .find(|candidate| candidate.is_file())
            .map(|found| shortened(&found))
    }

    /// Reads a configuration file and, unless that is broken, the files that it names.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub fn read(path: &Path, today: Option<Date>) -> Result<Self, Trouble> {
        let text = text_of(path)?;
        let ConfigFile {
            config,
            catalogue,
            schemas,
            findings,
        } = config::read(&text, today);
        let mut folder = absolute(path);
        folder.pop();
        let mut settings = Self {
            name: path.to_string_lossy().into_owned(),
            text,
            config,
            findings,
            folder,
            schemas: Vec::new(),
        };
        if settings.is_broken() {
            return Ok(settings);
        }
        if let Some((path, place)) = catalogue {
            let text = settings.text_named(&path, place)?;
            settings.config.context.catalogue = Some(config::part_numbers(&text));
        }
        for (path, place) in schemas {
            let text = settings.text_named(&path, place)?;
            let schema = Schema::parse(&text).map_err(|error| {
                let place = settings.position_of(place);
                Trouble(format!(
                    "{path}, named at {place}: no usable schema: {error}"
                ))
            })?;
            settings.schemas.push((path, schema));
        }
        Ok(settings)
    }

    /// Its decisions, with the schemas that it names taken out of it.
    fn decisions(&mut self) -> (Config, Vec<(String, Schema)>) {
        (self.config.clone(), std::mem::take(&mut self.schemas))
    }

    /// Whether the file says something that cannot be meant: then nothing is checked by it.
    pub fn is_broken(&self) -> bool {
        let is_error = |finding: &Finding| finding.level == Level::Error;
        self.findings.iter().any(is_error)
    }

    /// The path of a file from the configuration's folder, its parts joined by `/`.
    pub fn path_of(&self, path: &Path) -> String {
        let path = absolute(path);
        let path = path.strip_prefix(&self.folder).unwrap_or(&path);
        path.to_string_lossy().replace('\\', "/")
    }

    /// Whether a path that is checked holds everything that the file is about.
    pub fn is_whole(&self, path: &Path) -> bool {
        self.folder.starts_with(absolute(path))
    }

    /// Whether an entry under `payloads` speaks of the file at `path`, as of one to check.
    pub fn names(&self, path: &Path) -> bool {
        let path = self.path_of(path);
        let entries = &self.config.payloads;
        path != FILE_NAME
            && !entries
                .iter()
                .any(|entry| entry.schema.as_deref() == Some(&path))
            && entries.iter().any(|entry| entry.files.matches(&path))
    }

    /// The folder, from the current one.
    pub fn folder(&self) -> PathBuf {
        let folder = shortened(&self.folder);
        if folder.as_os_str().is_empty() {
            return PathBuf::from(".");
        }
        folder
    }

    /// The text of a file that is named at a place of the configuration.
    fn text_named(&self, path: &str, place: Span) -> Result<String, Trouble> {
        text_of(&self.folder.join(path)).map_err(|Trouble(why)| {
            let place = self.position_of(place);
            Trouble(format!("{why} (named at {place})"))
        })
    }

    fn position_of(&self, place: Span) -> String {
        let position = LineIndex::new(&self.text).position(place.start);
        format!("{}:{}:{}", self.name, position.line, position.column)
    }
}

/// What is said beside a configuration file, and beats what it says.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The day that counts as today, which no file says.
    pub today: Option<Date>,
    /// What certificates are about to be used for.
    pub operation: Option<Operation>,
    /// The partner's mail domains.
    pub partner_domains: Option<Vec<String>>,
    /// What all payloads are.
    pub stated: Stated,
}

/// The engine that judges by a configuration file, if there is one, whose schemas it takes over, and by
/// what is said beside it.
pub fn engine_for(settings: Option<&mut Settings>, overrides: Overrides) -> Engine {
    let (mut config, schemas) = settings.map(Settings::decisions).unwrap_or_default();
    let context = &mut config.context;
    context.today = overrides.today;
    context.operation = overrides.operation.or(context.operation);
    if let Some(domains) = overrides.partner_domains {
        context.partner_domains = domains;
    }
    config.stated = overrides.stated;
    Engine::new(config).with_file_schemas(schemas)
}

fn text_of(path: &Path) -> Result<String, Trouble> {
    let trouble = |why: String| Trouble(format!("{}: {why}", shortened(path).display()));
    let metadata = fs::metadata(path).map_err(|error| trouble(reason(&error)))?;
    if !metadata.is_file() {
        return Err(trouble("not a file".into()));
    }
    if metadata.len() > SIZE_LIMIT {
        return Err(trouble("larger than 16 MiB, which no settings are".into()));
    }
    let bytes = fs::read(path).map_err(|error| trouble(reason(&error)))?;
    String::from_utf8(bytes).map_err(|_| trouble("not UTF-8 text; save it as UTF-8".into()))
}

#[cfg(test)]
mod tests {
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
    fn the_nearest_file_above_counts() {
        let folder = folder_with(&[
            (FILE_NAME, ""),
            ("a/b/order.json", "{}"),
            ("c/countersign.toml", ""),
            ("c/order.json", "{}"),
        ]);
        let found = |path: &str| Settings::find(&folder.path().join(path));
        let above = Some(folder.path().join(FILE_NAME));
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
    fn what_the_file_names_is_read_from_its_folder() {
        let folder = folder_with(&[
            (
                FILE_NAME,
                "catalogue = \"lists/numbers.txt\"\n[[payloads]]\nfiles = \"in/*\"\nschema = \"s.json\"\n",
            ),
            ("lists/numbers.txt", "# ours\nCFQ7TTC0LF8Q:0001\n"),
            ("s.json", "{}"),
            ("in/order.txt", "{}"),
            ("out/order.json", "{}"),
        ]);
        let settings = Settings::read(&folder.path().join(FILE_NAME), None)
            .unwrap_or_else(|Trouble(why)| panic!("{why}"));
        let catalogue = settings.config.context.catalogue.as_ref();
        assert!(catalogue.is_some_and(|numbers| numbers.contains("CFQ7TTC0LF8Q:0001")));
        assert_eq!(settings.schemas.len(), 1);
        for (path, is_named) in [("in/order.txt", true), ("out/order.json", false)] {
            let file = folder.path().join(path);
            assert_eq!(settings.path_of(&file), path);
            assert_eq!(settings.names(&file), is_named);
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_with_the_place_that_names_it() {
        let folder = folder_with(&[(FILE_NAME, "# ours\ncatalogue = \"numbers.txt\"\n")]);
        let trouble = Settings::read(&folder.path().join(FILE_NAME), None).err();
        let Some(Trouble(why)) = trouble else {
            panic!("the catalogue is missing")
        };
        assert!(why.contains("numbers.txt: no such file or folder"), "{why}");
        assert!(why.ends_with("countersign.toml:2:13)"), "{why}");
    }
}
