//! Rewrites the source of countersign so that one build holds many mutants, each of which an environment variable turns on.
//!
//! `instrument-mutants ROOT MUTANTS SKIPPED` reads the list that `cargo mutants --list --json` prints (`MUTANTS`; the id of a
//! mutant is its index) and the ids to leave out (`SKIPPED`, a JSON array), and rewrites the files below `ROOT`. It prints a
//! JSON object: the ids that cannot be expressed as a switch, and where the code of the others is now, to attribute errors of
//! the compiler.

#![expect(clippy::disallowed_methods, reason = "this program rewrites files")]

mod locate;
mod rewrite;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

use serde::{Deserialize, Serialize};

/// An entry of `cargo mutants --list --json`.
#[derive(Deserialize)]
struct Listed {
    file: String,
    genre: String,
    replacement: String,
    span: ListedSpan,
}

#[derive(Deserialize)]
struct ListedSpan {
    start: ListedPosition,
}

/// Line and column, both from 1.
#[derive(Deserialize)]
struct ListedPosition {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Output {
    unplaced: Vec<u32>,
    /// In each file.
    regions: BTreeMap<String, Vec<locate::Region>>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let [root, mutants, skipped]: [String; 3] = env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "usage: instrument-mutants ROOT MUTANTS SKIPPED")?;
    let root = Path::new(&root);
    let listed: Vec<Listed> = serde_json::from_str(&fs::read_to_string(mutants)?)?;
    let skipped: Vec<u32> = serde_json::from_str(&fs::read_to_string(skipped)?)?;

    let mut by_file: BTreeMap<&str, Vec<rewrite::Mutant>> = BTreeMap::new();
    for (id, mutant) in (0..).zip(&listed) {
        if !skipped.contains(&id) {
            let position = (mutant.span.start.line, mutant.span.start.column - 1);
            let replacement = mutant.replacement.clone();
            by_file
                .entry(&mutant.file)
                .or_default()
                .push(rewrite::Mutant {
                    id,
                    genre: mutant.genre.clone(),
                    position,
                    replacement,
                });
        }
    }

    let mut output = Output {
        unplaced: Vec::new(),
        regions: BTreeMap::new(),
    };
    for (file, mutants) in by_file {
        let path = root.join(file);
        let (text, unplaced) = rewrite::rewrite(&fs::read_to_string(&path)?, mutants)?;
        output.unplaced.extend(unplaced);
        output
            .regions
            .insert(file.to_owned(), locate::regions(&text)?);
        fs::write(path, text)?;
    }
    let library = root.join("src/lib.rs");
    fs::write(
        &library,
        fs::read_to_string(&library)? + "\n#[path = \"mutant.rs\"]\nmod mutant;\n",
    )?;
    fs::write(root.join("src/mutant.rs"), include_str!("switch.rs"))?;
    println!("{}", serde_json::to_string(&output)?);
    Ok(())
}
