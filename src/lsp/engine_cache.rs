//! By what a text is judged: the configuration that counts where it lies, and the engine made of it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::civil::Date;

use super::client::{ConfigPath, Options, Today};
use crate::engine::Engine;
use crate::settings::{Overrides, Settings, engine_for};

/// What texts of one folder are judged by.
pub(super) struct FolderEngine {
    pub(super) settings: Option<Settings>,
    /// Why the configuration could not be read, if so.
    pub(super) trouble: Option<String>,
    pub(super) engine: Engine,
}

impl FolderEngine {
    /// The path of a file from the configuration's folder; empty for a text that is no file.
    pub(super) fn path_of(&self, path: Option<&Path>) -> String {
        match (&self.settings, path) {
            (Some(settings), Some(path)) => settings.path_of(path),
            _ => String::new(),
        }
    }
}

/// The engines that were needed so far.
pub(super) struct EngineCache {
    /// What stops their engines.
    stop: Arc<AtomicBool>,
    /// By configuration file.
    known: HashMap<Option<PathBuf>, Rc<FolderEngine>>,
    /// The configuration file that counts in each folder.
    found: HashMap<PathBuf, Option<PathBuf>>,
    today: Option<Date>,
}

impl EngineCache {
    /// None yet. Their engines judge no further while `stop` is set.
    pub(super) fn new(stop: Arc<AtomicBool>) -> Self {
        Self {
            stop,
            known: HashMap::new(),
            found: HashMap::new(),
            today: None,
        }
    }

    /// Forgets what was read: files may have changed.
    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.found.clear();
    }

    /// By what the text at a path is judged, and whether that was read for it. `root` stands in for the
    /// folder of a text that is no file, and is where a configuration that is named is looked for.
    pub(super) fn of(
        &mut self,
        path: Option<&Path>,
        root: Option<&Path>,
        options: &Options,
    ) -> (Rc<FolderEngine>, bool) {
        let today = match options.today {
            Today::System => Some(jiff::Zoned::now().date()),
            Today::Unset => None,
            Today::Day(day) => Some(day),
        };
        if self.today != today {
            self.clear();
            self.today = today;
        }
        let folder = path.and_then(Path::parent).or(root);
        let config = match (&options.config, folder) {
            (ConfigPath::File(config), _) => Some(root.unwrap_or(Path::new(".")).join(config)),
            (ConfigPath::Nearest, Some(folder)) => self.nearest(folder),
            _ => None,
        };
        if let Some(ground) = self.known.get(&config) {
            return (Rc::clone(ground), false);
        }
        let mut ground = ground_of(config.as_deref(), today, options);
        ground.engine = ground.engine.stopped_by(Arc::clone(&self.stop));
        let ground = Rc::new(ground);
        self.known.insert(config, Rc::clone(&ground));
        (ground, true)
    }

    fn nearest(&mut self, folder: &Path) -> Option<PathBuf> {
        let find = || Settings::find(folder);
        self.found
            .entry(folder.to_owned())
            .or_insert_with(find)
            .clone()
    }
}

fn ground_of(config: Option<&Path>, today: Option<Date>, options: &Options) -> FolderEngine {
    let read = config.map(|path| Settings::read(path, today));
    let (mut settings, trouble) = match read.transpose() {
        Ok(settings) => (settings, None),
        Err(trouble) => (None, Some(trouble.0)),
    };
    let overrides = Overrides {
        today,
        operation: options.operation,
        partner_domains: options.partner_domains.clone(),
        ..Overrides::default()
    };
    FolderEngine {
        engine: engine_for(settings.as_mut(), overrides),
        settings,
        trouble,
    }
}
