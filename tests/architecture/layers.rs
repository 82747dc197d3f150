//! The architecture: which file may name which, and what the core may not do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::source::{SourceFile, code_of, program_files};

/// The modules of `lib.rs`, each with its layer: empty lines separate layers.
fn layers() -> BTreeMap<String, usize> {
    let text = fs::read_to_string(crate::source::folder("src").join("lib.rs")).unwrap();
    let mut layers = BTreeMap::new();
    let mut layer = 0;
    for line in text.lines() {
        if line.is_empty() {
            layer += 1;
        }
        let module = line
            .strip_prefix("pub mod ")
            .or(line.strip_prefix("pub(crate) mod "))
            .and_then(|rest| rest.strip_suffix(';'));
        if let Some(name) = module {
            layers.insert(name.to_owned(), layer);
        }
    }
    layers
}

/// The paths in `text` that start at `crate`, `self` or `super`, as segments, with groups expanded.
fn paths_in(text: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    for start in ["crate", "self", "super"] {
        for (at, _) in text.match_indices(&format!("{start}::")) {
            // A path is collected from its first segment.
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| is_name(c) || c == ':' || c == '$') {
                continue;
            }
            expand(&text[at..], &mut Vec::new(), &mut paths);
        }
    }
    paths
}

/// Adds the paths of a use tree at the start of `text`, below `prefix`. Returns how many bytes the tree takes.
fn expand(text: &str, prefix: &mut Vec<String>, paths: &mut Vec<Vec<String>>) -> usize {
    let depth = prefix.len();
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let rest = &text[at..];
        if rest.starts_with('{') {
            at += 1;
            loop {
                at += text[at..].len() - text[at..].trim_start().len();
                match text[at..].chars().next() {
                    Some('}') => {
                        at += 1;
                        break;
                    }
                    Some(',') => at += 1,
                    Some(_) => {
                        let taken = expand(&text[at..], prefix, paths);
                        if taken == 0 {
                            break;
                        }
                        at += taken;
                    }
                    None => break,
                }
            }
            break;
        }
        let name: String = rest
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        if name.is_empty() {
            if rest.starts_with('*') {
                at += 1;
            }
            paths.push(prefix.clone());
            break;
        }
        at += name.len();
        prefix.push(name);
        if text[at..].starts_with("::") {
            at += 2;
        } else {
            if let Some(renamed) = text[at..].strip_prefix(" as ") {
                let alias = renamed
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_');
                at += 4 + alias.count();
            }
            paths.push(prefix.clone());
            break;
        }
    }
    prefix.truncate(depth);
    at
}

/// The files of `src`, and which of them each names.
struct Graph {
    files: BTreeMap<Vec<String>, SourceFile>,
    /// For each module the names that it re-exports or imports from its children, with the child.
    from_children: BTreeMap<Vec<String>, BTreeMap<String, String>>,
}

impl Graph {
    fn read() -> Self {
        let files: BTreeMap<_, _> = program_files()
            .into_iter()
            .map(|file| (file.module.clone(), file))
            .collect();
        let mut from_children: BTreeMap<Vec<String>, BTreeMap<String, String>> = BTreeMap::new();
        for (module, file) in &files {
            let code = code_of(&file.text);
            let children: Vec<String> = files
                .keys()
                .filter(|other| other.len() == module.len() + 1 && other.starts_with(module))
                .map(|child| child.last().unwrap().clone())
                .collect();
            for child in children {
                for (at, _) in code.match_indices(&format!("use {child}::")) {
                    let mut paths = Vec::new();
                    expand(&code[at + 4..], &mut Vec::new(), &mut paths);
                    for path in paths {
                        let name = path.last().unwrap().clone();
                        from_children
                            .entry(module.clone())
                            .or_default()
                            .insert(name, child.clone());
                    }
                }
            }
        }
        Self {
            files,
            from_children,
        }
    }

    /// The modules of the files that a file names, itself excluded.
    fn targets(&self, module: &[String]) -> BTreeSet<Vec<String>> {
        let code = code_of(&self.files[module].text);
        let resolve = |path: &Vec<String>| {
            let mut at: Vec<String> = Vec::new();
            let mut rest = &path[..];
            match rest[0].as_str() {
                "crate" => {}
                _ => at = module.to_vec(),
            }
            while let Some(first) = rest.first() {
                match first.as_str() {
                    "super" => {
                        at.pop();
                    }
                    "crate" | "self" => {}
                    _ => break,
                }
                rest = &rest[1..];
            }
            for name in rest {
                let child = self
                    .from_children
                    .get(&at)
                    .and_then(|names| names.get(name));
                at.push(child.unwrap_or(name).clone());
                if !self.files.contains_key(&at) {
                    at.pop();
                    break;
                }
            }
            at
        };
        let mut targets: BTreeSet<_> = paths_in(&code).iter().map(resolve).collect();
        targets.remove(module);
        targets
    }
}

#[test]
fn a_module_names_only_layers_above_its_own() {
    let layers = layers();
    assert!(layers.len() > 10, "lib.rs lists the modules");
    let graph = Graph::read();
    let mut wrong = Vec::new();
    for module in graph.files.keys().filter(|module| !module.is_empty()) {
        let Some(&own) = layers.get(&module[0]) else {
            assert_eq!(module, &["main"], "{module:?} is in no layer of lib.rs");
            continue;
        };
        for target in graph.targets(module) {
            let Some(name) = target.first() else { continue };
            let is_above = layers.get(name).is_some_and(|&layer| layer < own);
            if *name != module[0] && !is_above {
                wrong.push(format!("{} names {}", module.join("::"), target.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_files_of_a_folder_import_each_other_without_a_cycle() {
    let graph = Graph::read();
    // For each folder its files, with the siblings that each names, itself or in its own folder.
    let mut folders: BTreeMap<Vec<String>, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for module in graph.files.keys() {
        for target in graph.targets(module) {
            let common = module
                .iter()
                .zip(&target)
                .take_while(|(a, b)| a == b)
                .count();
            if common == 0 || common == module.len() || common == target.len() {
                continue;
            }
            folders
                .entry(module[..common].to_vec())
                .or_default()
                .entry(module[common].clone())
                .or_default()
                .insert(target[common].clone());
        }
    }
    assert!(folders.len() > 5, "files import their siblings");
    for (folder, mut imports) in folders {
        // Remove files that import nothing that is left, until nothing changes.
        loop {
            let free: Vec<String> = imports
                .iter()
                .filter(|(_, names)| names.iter().all(|name| !imports.contains_key(name)))
                .map(|(name, _)| name.clone())
                .collect();
            if free.is_empty() {
                break;
            }
            free.iter().for_each(|name| {
                imports.remove(name);
            });
        }
        assert!(
            imports.is_empty(),
            "the files of {} import each other in a cycle: {imports:?}",
            folder.join("::")
        );
    }
}

#[test]
fn paths_are_found_in_groups_too() {
    let text =
        "use crate::{json::{Node, Tape}, span::Span, finding};\nlet x = super::rule::find();";
    let paths = paths_in(text);
    let joined: Vec<String> = paths.iter().map(|path| path.join("::")).collect();
    assert_eq!(
        joined,
        [
            "crate::json::Node",
            "crate::json::Tape",
            "crate::span::Span",
            "crate::finding",
            "super::rule::find"
        ]
    );
}

/// The files up to and including a layer.
fn files_up_to(last: &str) -> Vec<SourceFile> {
    let layers = layers();
    program_files()
        .into_iter()
        .filter(|file| {
            let layer = file.module.first().and_then(|module| layers.get(module));
            layer.is_some_and(|&layer| layer <= layers[last])
        })
        .collect()
}

#[test]
fn the_core_knows_no_file_clock_environment_or_terminal() {
    for file in files_up_to("engine") {
        for outside in [
            "std::fs",
            "std::env",
            "std::io",
            "std::net",
            "std::process",
            "SystemTime",
            "Instant",
            "println!",
            "miette",
            "clap::",
            "serde::",
        ] {
            assert!(
                !file.text.contains(outside),
                "{} names {outside}",
                file.path.display()
            );
        }
    }
}

#[test]
fn only_rules_and_the_registry_name_kinds() {
    let free = ["kinds", "record_fact", "rules", "registry", "config"];
    let mut names = 0;
    for file in program_files() {
        let names_kinds = code_of(&file.text).contains("kinds::");
        let is_free = file
            .module
            .first()
            .is_some_and(|module| free.contains(&module.as_str()));
        assert!(
            is_free || !names_kinds,
            "{} names a kind",
            file.path.display()
        );
        names += usize::from(names_kinds);
    }
    assert!(names > 20, "rules name their kind otherwise now");
}

#[test]
fn only_the_language_server_knows_its_protocol() {
    let mut speakers = 0;
    for file in program_files() {
        let speaks = file.text.contains("lsp_types") || file.text.contains("lsp_server");
        let is_server = file.module.first().is_some_and(|module| module == "lsp");
        assert!(!speaks || is_server, "{}", file.path.display());
        speakers += usize::from(speaks);
    }
    assert!(speakers > 3, "the protocol's types are named otherwise now");
}

#[test]
fn files_stay_small_enough_to_read() {
    for file in program_files() {
        let lines = code_of(&file.text).lines().count();
        assert!(lines <= 510, "{} has {lines} lines", file.path.display());
        assert!(
            file.text.starts_with("//! "),
            "{} does not start with a module comment",
            file.path.display()
        );
    }
}

/// Functions that are longer, with the reason.
const LONG_FUNCTIONS: [(&str, &str); 0] = [];

#[test]
fn functions_stay_small_enough_to_read() {
    let mut long = Vec::new();
    for file in program_files() {
        let code = code_of(&file.text);
        let mut lines = code.lines().enumerate();
        while let Some((start, line)) = lines.next() {
            let indent = line.len() - line.trim_start().len();
            let signature = line.trim_start();
            let is_function = ["fn ", "pub fn ", "pub(", "const fn ", "pub const fn "]
                .iter()
                .any(|begin| signature.starts_with(begin))
                && signature.contains("fn ");
            if !is_function || line.trim_end().ends_with(';') {
                continue;
            }
            let closing = format!("{}}}", " ".repeat(indent));
            let mut rest = lines.clone();
            if let Some((end, _)) = rest.find(|(_, line)| *line == closing) {
                let name = signature.split("fn ").nth(1).unwrap_or_default();
                let name: String = name
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let length = end - start + 1;
                let place = format!("{}::{name}", file.module.join("::"));
                let is_excused = LONG_FUNCTIONS.iter().any(|(known, _)| *known == place);
                if length > 60 && !is_excused {
                    long.push(format!("{place}: {length} lines"));
                }
            }
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn a_file_is_found_by_its_module() {
    let find = |path: &str| -> Option<PathBuf> {
        let files = program_files();
        let wanted = Path::new(path);
        files
            .into_iter()
            .map(|file| file.path)
            .find(|path| path.ends_with(wanted))
    };
    assert!(find("src/json/node.rs").is_some() && find("src/lib.rs").is_some());
}
