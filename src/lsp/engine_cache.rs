//! Cache of engines, keyed by the configuration file that applies to a document.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::civil::Date;

use super::options::{ConfigPath, Options, Today};
use crate::config_file::{ConfigOverrides, LoadedConfig, build_engine};
use crate::engine::Engine;
use crate::registry::Registry;

/// The engine for the documents that share a configuration file, or that have none.
pub(super) struct FolderEngine {
    /// The configuration file, if there is one that could be read.
    pub(super) config: Option<LoadedConfig>,
    /// The error of a configuration file that could not be read.
    pub(super) config_error: Option<String>,
    pub(super) engine: Engine,
}

impl FolderEngine {
    /// Loads a configuration file and creates its engine.
    fn load(
        registry: &Arc<Registry>,
        path: Option<&Path>,
        today: Option<Date>,
        options: &Options,
    ) -> Self {
        let config = path.map(|path| LoadedConfig::read(path, today, registry));
        let (mut config, config_error) = match config.transpose() {
            Ok(config) => (config, None),
            Err(error) => (None, Some(error.0)),
        };
        let overrides = ConfigOverrides {
            today,
            operation: options.operation,
            partner_domains: options.partner_domains.clone(),
            ..ConfigOverrides::default()
        };
        Self {
            engine: build_engine(registry, config.as_mut(), overrides),
            config,
            config_error,
        }
    }

    /// Returns a path relative to the folder of the configuration file; empty if there is no path or no
    /// configuration file.
    pub(super) fn relative_path(&self, path: Option<&Path>) -> String {
        match (&self.config, path) {
            (Some(config), Some(path)) => config.relative_path(path),
            _ => String::new(),
        }
    }
}

/// The engines loaded so far.
pub(super) struct EngineCache {
    registry: Arc<Registry>,
    /// The cancel flag of all engines.
    cancel: Arc<AtomicBool>,
    /// The engines by configuration file; `None` is the engine without one.
    engines: HashMap<Option<PathBuf>, Rc<FolderEngine>>,
    /// The nearest configuration file by folder.
    nearest_config: HashMap<PathBuf, Option<PathBuf>>,
    /// The date that the engines count as today.
    today: Option<Date>,
}

impl EngineCache {
    /// Creates an empty cache. Its engines stop early while `cancel` is set.
    pub(super) fn new(registry: Arc<Registry>, cancel: Arc<AtomicBool>) -> Self {
        Self {
            registry,
            cancel,
            engines: HashMap::new(),
            nearest_config: HashMap::new(),
            today: None,
        }
    }

    /// Removes all engines, because configuration files may have changed.
    pub(super) fn clear(&mut self) {
        self.engines.clear();
        self.nearest_config.clear();
    }

    /// Returns the engine for the document at a path, and whether it was loaded by this call. `root` is
    /// used as the folder of a document without a path, and as the base of a relative configuration path
    /// in the options.
    pub(super) fn get_or_load(
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
            (ConfigPath::Nearest, Some(folder)) => self.nearest_config(folder),
            _ => None,
        };
        if let Some(engine) = self.engines.get(&config) {
            return (Rc::clone(engine), false);
        }
        let mut loaded = FolderEngine::load(&self.registry, config.as_deref(), today, options);
        loaded.engine = loaded.engine.with_cancellation(Arc::clone(&self.cancel));
        let loaded = Rc::new(loaded);
        self.engines.insert(config, Rc::clone(&loaded));
        (loaded, true)
    }

    fn nearest_config(&mut self, folder: &Path) -> Option<PathBuf> {
        self.nearest_config
            .entry(folder.to_owned())
            .or_insert_with(|| LoadedConfig::find(folder))
            .clone()
    }
}
