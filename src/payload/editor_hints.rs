//! What an editor offers for a kind beyond what its schema says: templates, and the entries of arrays.

/// What an editor offers for a kind beyond what its schema says.
#[derive(Clone, Copy, Debug)]
pub struct EditorHints {
    /// Whole payloads to begin with.
    pub templates: &'static [Template],
    /// Arrays of entries that a property of their own names.
    pub named_entries: Option<&'static NamedEntries>,
    /// Properties that the schema knows and that are not offered, because another one is meant to be used.
    pub not_offered: &'static [&'static str],
}

impl EditorHints {
    /// No hints.
    pub const NONE: EditorHints = EditorHints {
        templates: &[],
        named_entries: None,
        not_offered: &[],
    };
}

/// The beginning of a payload, as a snippet.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// What it is, in a few words.
    pub label: &'static str,
    /// The properties, without the braces around them. `$1`, `$2` … are places to fill in, `${3:year}` is one with
    /// a default. `$entries` is replaced by the entries of `bundle`.
    pub snippet: &'static str,
    /// The entries that replace `$entries`.
    pub bundle: Option<&'static EntryBundle>,
}

/// An array whose elements are entries with a name and a value, such as the parameters of an order.
#[derive(Debug)]
pub struct NamedEntries {
    /// The property that holds the array.
    pub property: &'static str,
    /// The property of an entry that holds its name.
    pub name: &'static str,
    /// The property of an entry that holds its value.
    pub value: &'static str,
    /// The known entries, in the order in which they are offered.
    pub entries: &'static [NamedEntry],
    /// Complete lists of entries for an empty array.
    pub bundles: &'static [&'static EntryBundle],
}

/// A known entry of a [`NamedEntries`] array.
#[derive(Clone, Copy, Debug)]
pub struct NamedEntry {
    /// The name.
    pub name: &'static str,
    /// What it is for.
    pub summary: &'static str,
    /// The entry as a snippet: `$name` is replaced by the quoted name, `$1` is the only place to fill in.
    pub snippet: &'static str,
    /// The values that it can have, where they can be listed.
    pub choices: Choices,
    /// Texts for `$1`, at least one of which is valid wherever the entry is allowed.
    pub examples: &'static [&'static str],
    /// The names of the entries without which this one is incomplete.
    pub together_with: &'static [&'static str],
}

/// The values that an entry can have.
#[derive(Clone, Copy, Debug)]
pub enum Choices {
    /// These, the most common first. None if the values cannot be listed.
    Values(&'static [&'static str]),
    /// The codes of a list.
    Codes(CodeNames),
    /// The codes of one of several lists, which the value of another entry selects. Without that entry, the codes of
    /// every list.
    CodesBy {
        /// The name of the other entry.
        entry: &'static str,
        /// A value of the other entry, and its list.
        lists: &'static [(&'static str, CodeNames)],
    },
}

/// A list of codes with their names: lines such as `NY=New York`.
#[derive(Clone, Copy, Debug)]
pub struct CodeNames(pub &'static str);

/// A value that an entry can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value.
    pub value: &'static str,
    /// Its name, if it is a code.
    pub name: Option<&'static str>,
}

/// Entries that together make a complete list.
#[derive(Debug)]
pub struct EntryBundle {
    /// What they are for, in a few words.
    pub label: &'static str,
    /// What they are for, in a sentence.
    pub description: &'static str,
    /// The name of each entry, and its value where the purpose of the bundle decides it.
    pub entries: &'static [(&'static str, Option<&'static str>)],
}

impl NamedEntries {
    /// The entry of this name.
    pub fn entry(&self, name: &str) -> Option<&'static NamedEntry> {
        self.entries.iter().find(|entry| entry.name == name)
    }
}

impl CodeNames {
    fn choices(self) -> impl Iterator<Item = Choice> {
        self.0.lines().filter_map(|line| {
            let (code, name) = line.split_once('=')?;
            Some(Choice {
                value: code,
                name: Some(name),
            })
        })
    }
}

impl Choices {
    /// The values; empty if they cannot be listed. `value_of` returns the value of another entry of the array by its
    /// name.
    pub fn list(self, value_of: impl Fn(&str) -> Option<String>) -> Vec<Choice> {
        let plain = |&value: &&'static str| Choice { value, name: None };
        match self {
            Choices::Values(values) => values.iter().map(plain).collect(),
            Choices::Codes(codes) => codes.choices().collect(),
            Choices::CodesBy { entry, lists } => {
                let selected = value_of(entry).filter(|value| !value.is_empty());
                let is_selected = |value: &str| {
                    let selected = selected.as_deref();
                    selected.is_none_or(|selected| selected.trim().eq_ignore_ascii_case(value))
                };
                let lists = lists.iter().filter(|(value, _)| is_selected(value));
                lists.flat_map(|(_, codes)| codes.choices()).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_entry_selects_the_list_of_codes() {
        let choices = Choices::CodesBy {
            entry: "country",
            lists: &[
                ("US", CodeNames("NY=New York\n")),
                ("CA", CodeNames("ON=Ontario\nQC=Quebec\n")),
            ],
        };
        let codes = |country: Option<&str>| {
            let value_of = |name: &str| (name == "country").then(|| country.map(str::to_owned))?;
            let choices = choices.list(value_of).into_iter();
            choices.map(|choice| choice.value).collect::<Vec<_>>()
        };
        assert_eq!(codes(Some("us")), ["NY"]);
        assert_eq!(codes(Some("CA")), ["ON", "QC"]);
        assert!(codes(Some("DE")).is_empty());
        assert_eq!(codes(None), ["NY", "ON", "QC"]);
        assert_eq!(codes(Some("")), ["NY", "ON", "QC"]);
    }
}
