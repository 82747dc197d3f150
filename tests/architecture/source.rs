//! The project's own source files, for tests about their form.

use std::fs;
use std::path::{Path, PathBuf};

/// One Rust file.
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    /// The path of its module below its folder; empty for `lib.rs`.
    pub(crate) module: Vec<String>,
    pub(crate) text: String,
}

/// A folder of the project.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The Rust files of a folder of the project, sorted.
pub(crate) fn source_files(name: &str) -> Vec<SourceFile> {
    let root = folder(name);
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let read = |path: PathBuf| {
        let inner = path.strip_prefix(&root).unwrap().with_extension("");
        let mut module: Vec<String> = inner
            .components()
            .map(|part| part.as_os_str().to_str().unwrap().to_owned())
            .collect();
        if module == ["lib"] {
            module.clear();
        }
        SourceFile {
            text: fs::read_to_string(&path).unwrap(),
            module,
            path,
        }
    };
    paths.into_iter().map(read).collect()
}

/// The Rust files of the program, without those that are unit tests only.
pub(crate) fn program_files() -> Vec<SourceFile> {
    let is_test = |file: &SourceFile| file.module.iter().any(|part| part == "tests");
    source_files("src")
        .into_iter()
        .filter(|file| !is_test(file))
        .collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|suffix| suffix == "rs") {
            paths.push(path);
        }
    }
}

/// The text of a file without its unit tests, comments, and the contents of its strings.
pub(crate) fn code_of(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap();
    separate(text).0
}

/// The code of a text without comments and the contents of its strings, and its comments.
pub(crate) fn separate(text: &str) -> (String, String) {
    let (mut code, mut comments) = (String::new(), String::new());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = if rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            comments.push_str(&rest[..end]);
            comments.push('\n');
            end
        } else if let Some(length) = string_length(rest) {
            let breaks = rest[..length].matches('\n').count();
            code.push_str("\"\"");
            code.push_str(&"\n".repeat(breaks));
            length
        } else {
            code.push(first);
            first.len_utf8()
        };
        rest = &rest[taken..];
    }
    (code, comments)
}

/// The string literals of some code, without their quotes.
pub(crate) fn string_literals(text: &str) -> Vec<&str> {
    let mut literals = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(length) = string_length(rest) {
            literals.push(rest[..length].trim_matches(['b', 'r', '#', '"', '\'']));
            length
        } else {
            first.len_utf8()
        };
        rest = &rest[taken..];
    }
    literals
}

/// The length of the string or character literal at the start of `text`, if there is one.
fn string_length(text: &str) -> Option<usize> {
    let raw = text.strip_prefix('b').unwrap_or(text);
    if let Some(hashes) = raw.strip_prefix('r') {
        let count = hashes.bytes().take_while(|byte| *byte == b'#').count();
        if hashes[count..].starts_with('"') {
            let begin = text.len() - hashes.len() + count + 1;
            let close = format!("\"{}", "#".repeat(count));
            return Some(begin + text[begin..].find(&close)? + close.len());
        }
    }
    if text.starts_with('"') {
        let mut is_escaped = false;
        for (at, c) in text.char_indices().skip(1) {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' => return Some(at + 1),
                _ => {}
            }
        }
        return None;
    }
    // A lifetime has no closing quote.
    let inner = text.strip_prefix('\'')?;
    let mut characters = inner.char_indices();
    let end = match characters.next()? {
        (_, '\\') => {
            let (_, escaped) = characters.next()?;
            let after = 1 + escaped.len_utf8();
            after + inner[after..].find('\'')?
        }
        (_, c) => c.len_utf8(),
    };
    inner[end..].starts_with('\'').then_some(end + 2)
}
