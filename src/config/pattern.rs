//! Globs over the paths of files.

use std::fmt;

use globset::{ErrorKind, GlobBuilder, GlobSet};

/// The maximum length of a glob in bytes: deeper nesting than this allows could exhaust the stack.
const LENGTH_LIMIT: usize = 1024;

/// A glob over paths that start from the configuration's folder: `*` and `?` stay within one part
/// of a path, `**` matches any number of them. A backslash separates parts like a slash, so that a
/// configuration means the same on every system.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    globs: GlobSet,
}

/// Why a string is not a glob, as a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError(String);

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PatternError {}

impl Pattern {
    /// Compiles a glob.
    ///
    /// # Errors
    /// If a bracket or brace is unmatched, or the glob is too long or too complex.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        if text.len() > LENGTH_LIMIT {
            return Err(PatternError(format!(
                "it is longer than {LENGTH_LIMIT} bytes"
            )));
        }
        let slashed = text.replace('\\', "/");
        let relative = slashed.strip_prefix("./").unwrap_or(&slashed);
        let refuse = |error: globset::Error| PatternError(reason(error.kind()));
        let glob = GlobBuilder::new(relative)
            .literal_separator(true)
            .build()
            .map_err(refuse)?;
        // A set returns an error for a glob that is too complex, where a single glob would panic.
        let globs = GlobSet::builder().add(glob).build().map_err(refuse)?;
        Ok(Self {
            text: text.to_owned(),
            globs,
        })
    }

    /// The glob as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the glob matches a path from the configuration's folder, its parts joined by `/`.
    pub fn matches(&self, path: &str) -> bool {
        self.globs.is_match(path)
    }
}

fn reason(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::UnclosedClass => "`[` is not closed".into(),
        ErrorKind::InvalidRange(first, last) => {
            format!("the range `{first}-{last}` is in reverse order")
        }
        ErrorKind::UnopenedAlternates => "`}` has no matching `{`".into(),
        ErrorKind::UnclosedAlternates => "`{` is not closed".into(),
        _ => "it is too complex".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_in_its_folder_and_two_go_through() {
        for (glob, path, fits) in [
            ("*.json", "order.json", true),
            ("*.json", "a/order.json", false),
            ("**/*.json", "order.json", true),
            ("**/*.json", "a/b/order.json", true),
            ("**", "a/b/order.json", true),
            ("exports/2025/**", "exports/2025/a/b.json", true),
            ("exports/2025/**", "exports/2025.json", false),
            ("exports/**/b.json", "exports/b.json", true),
            ("exports/**/b.json", "exports/a/c/b.json", true),
            (
                "partners/brassfinch/*.json",
                "partners/brassfinch/1.json",
                true,
            ),
            (
                "partners/brassfinch/*.json",
                "partners/brassfinch/a/1.json",
                false,
            ),
            ("{a,b}/?.json", "b/x.json", true),
            ("{a,b}/?.json", "c/x.json", false),
            ("[ab].json", "b.json", true),
            ("./order.json", "order.json", true),
            (r"training\*.json", "training/order.json", true),
            (r"training\*.json", "training/a/order.json", false),
        ] {
            let pattern = Pattern::new(glob).expect("a glob");
            assert_eq!(pattern.matches(path), fits, "{glob} on {path}");
            assert_eq!(pattern.as_str(), glob);
        }
    }

    #[test]
    fn what_is_no_glob_is_refused_with_a_reason() {
        for (glob, reason) in [
            ("a/[bc", "`[` is not closed"),
            ("[z-a].json", "the range `z-a` is in reverse order"),
            ("{a,b", "`{` is not closed"),
            ("a,b}", "`}` has no matching `{`"),
        ] {
            let error = Pattern::new(glob).expect_err(glob);
            assert_eq!(error.to_string(), reason);
        }
        assert!(Pattern::new(&"a".repeat(2000)).is_err());
    }

    #[test]
    fn what_is_nested_deeply_does_no_harm() {
        for depth in [200, 300, 500] {
            let _ = Pattern::new(&format!("{}a{}", "{".repeat(depth), "}".repeat(depth)));
        }
    }
}
