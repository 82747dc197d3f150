//! The vocabulary of the code: names and comments use the standard terms of the field.

use std::fs;
use std::path::{Path, PathBuf};

use crate::source::{separate, source_files, string_literals};

/// Words that names and comments do not use, each with what to write instead.
const BANNED: [(&str, &str); 43] = [
    ("mend", "fix"),
    ("mends", "fixes"),
    ("mended", "fixed"),
    ("mending", "fixing"),
    ("tell", "report"),
    ("tells", "reports"),
    ("told", "reported"),
    ("telling", "reporting"),
    ("teller", "converter"),
    ("judge", "check"),
    ("judges", "checks"),
    ("judged", "checked"),
    ("judging", "checking"),
    ("verdict", "outcome"),
    ("verdicts", "outcomes"),
    ("blank", "space"),
    ("blanks", "spaces"),
    ("overtaken", "superseded"),
    ("rote", "cache"),
    ("heart", "cache"),
    ("desk", "scheduler"),
    ("bell", "signal"),
    ("outbox", "sender"),
    ("ledger", "report"),
    ("piece", "chunk"),
    ("pieces", "chunks"),
    ("stretch", "range"),
    ("stretches", "ranges"),
    ("patience", "budget"),
    ("lens", "view"),
    ("lenses", "views"),
    ("odd", "suspicious"),
    ("loud", "severe"),
    ("loudest", "highest"),
    ("shall", "must"),
    ("whoever", "the caller"),
    ("somebody", "the user"),
    ("nobody", "no one"),
    ("dear", "expensive"),
    ("beside", "with"),
    ("behind", "after"),
    ("stands", "is"),
    ("stand", "is"),
];

/// Names that contain such a word for a reason.
const ALLOWED: [&str; 1] = [
    // The static of the rule with this id.
    "company_blank",
];

/// The words of some code or prose, in lower case; a name in snake or camel case is several.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut was_lower = false;
    for c in text.chars() {
        let starts_new = !c.is_alphabetic() || c.is_uppercase() && was_lower;
        if starts_new && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphabetic() {
            word.extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase();
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

#[test]
fn names_and_comments_use_standard_terms() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "benches", "examples"] {
        for file in source_files(folder) {
            if file.path.ends_with("tests/vocabulary.rs") {
                continue;
            }
            let (code, comments) = separate(&file.text);
            for line in code.lines().chain(comments.lines()) {
                let mut line = line.to_owned();
                for name in ALLOWED {
                    line = line.replace(name, "").replace(&name.to_uppercase(), "");
                }
                for word in words(&line) {
                    if let Some((_, instead)) = BANNED.iter().find(|(banned, _)| *banned == word) {
                        let path = file.path.display();
                        wrong.push(format!(
                            "{path}: `{word}` (write {instead}): {}",
                            line.trim()
                        ));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} places\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Banned words that are ordinary words in prose.
const ALLOWED_IN_PROSE: [&str; 10] = [
    "beside", "behind", "dear", "heart", "odd", "patience", "piece", "pieces", "lens", "desk",
];

/// Words that users do not read, besides the banned ones, each with what to write instead.
const BANNED_IN_PROSE: [(&str, &str); 3] = [
    ("member", "property"),
    ("members", "properties"),
    ("spelt", "spelled"),
];

/// Names and terms that contain such a word for a reason.
const ALLOWED_TERMS: [&str; 3] = ["company-blank", "read-only-member", "misplaced-member"];

/// The files that users read, below the root of the project.
fn user_texts() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = ["rules", "schemas", "docs", "integrations"]
        .iter()
        .map(|folder| root.join(folder))
        .collect();
    let is_generated = |path: &Path| {
        let name = path.file_name().unwrap_or_default();
        ["node_modules", "out", "book", "__pycache__"]
            .iter()
            .any(|folder| name == *folder)
    };
    let is_text = |path: &Path| {
        let is_schema = path.to_string_lossy().ends_with(".schema.json");
        is_schema || path.extension().is_some_and(|suffix| suffix == "md")
    };
    let mut files = Vec::new();
    for name in fs::read_dir(root).expect("the project").flatten() {
        files.extend(Some(name.path()).filter(|path| is_text(path)));
    }
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !is_generated(&path) {
                folders.push(path);
            } else if is_text(&path) {
                files.push(path);
            }
        }
    }
    files
}

/// The prose of a page: what is neither code nor the address of a link.
fn prose(page: &str) -> String {
    let mut text = String::new();
    let mut is_code = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            for (index, part) in line.split('`').enumerate() {
                text.push_str(if index % 2 == 0 { part } else { " " });
            }
            text.push('\n');
        }
    }
    let mut shown = String::new();
    for part in text.split("](") {
        let rest = if shown.is_empty() {
            part
        } else {
            part.split_once(')').map_or("", |(_, rest)| rest)
        };
        shown.push_str(rest);
        shown.push(' ');
    }
    shown
}

#[test]
fn texts_for_users_use_plain_words() {
    let mut wrong = Vec::new();
    let mut look_at = |place: &str, text: &str| {
        for line in text.lines() {
            let mut line = line.to_owned();
            for term in ALLOWED_TERMS {
                line = line.replace(term, "");
            }
            for word in words(&line) {
                let banned = BANNED
                    .iter()
                    .filter(|(word, _)| !ALLOWED_IN_PROSE.contains(word));
                let mut all = banned.chain(&BANNED_IN_PROSE);
                if let Some((_, instead)) = all.find(|(banned, _)| *banned == word) {
                    wrong.push(format!(
                        "{place}: `{word}` (write {instead}): {}",
                        line.trim()
                    ));
                }
            }
        }
    };
    let files = user_texts();
    assert!(files.len() > 150, "{}", files.len());
    for path in files {
        let text = fs::read_to_string(&path).expect("a text");
        let is_page = path.extension().is_some_and(|suffix| suffix == "md");
        look_at(
            &path.display().to_string(),
            &if is_page { prose(&text) } else { text },
        );
    }
    for file in source_files("src") {
        // A unit test may quote anything.
        let code = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        for literal in string_literals(code) {
            let is_text = literal.contains(' ');
            look_at(
                &file.path.display().to_string(),
                if is_text { literal } else { "" },
            );
        }
    }
    assert!(
        wrong.is_empty(),
        "{} places\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn names_are_split_into_words() {
    assert_eq!(
        words("told_of(&OddString::HTTPHead, a-b)"),
        ["told", "of", "odd", "string", "httphead", "a", "b"]
    );
    let (code, comments) =
        separate("let a = \"told\"; // odd\nlet b = 'x'; let c: &'static str = r#\"told\"#;");
    assert!(!code.contains("told") && comments.contains("odd") && code.contains("'static"));
}
