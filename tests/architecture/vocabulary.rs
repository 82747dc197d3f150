//! The vocabulary of the code: names and comments use the standard terms of the field.

use crate::source::{separate, source_files};

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
            let (code, mut comments) = separate(&file.text);
            if file.path.ends_with("src/cli/args.rs") {
                // The doc comments of arguments are help texts, which users read.
                comments = comments
                    .lines()
                    .filter(|line| !line.starts_with("///"))
                    .collect();
            }
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
