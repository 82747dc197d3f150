//! Suggestions for misspelled words: "did you mean".

use strsim::osa_distance;

/// Whether `written` is a misspelling of `known`: it differs in letter case or surrounding whitespace, or by
/// at most two edits in a word of more than twice as many characters as edits.
pub fn is_near(written: &str, known: &str) -> bool {
    if written.trim().eq_ignore_ascii_case(known) {
        return written != known;
    }
    // An edit changes the length by one character, of four bytes at most. The distance is expensive.
    if written.len().abs_diff(known.len()) > 2 * 4 {
        return false;
    }
    let distance = osa_distance(&written.to_lowercase(), &known.to_lowercase());
    distance <= 2 && 2 * distance < known.chars().count()
}

/// The number of edits between `written` and a known word that is near, ignoring letter case.
pub fn distance(written: &str, known: &str) -> Option<usize> {
    is_near(written, known).then(|| osa_distance(&written.to_lowercase(), &known.to_lowercase()))
}

/// The known word nearest to `written`, if one is near.
pub fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known
        .into_iter()
        .filter_map(|known| Some((distance(written, known)?, known)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// Whether two words are equal apart from letter case, whitespace, hyphens and underscores.
pub fn eq_ignore_style(left: &str, right: &str) -> bool {
    fn letters(word: &str) -> impl Iterator<Item = char> {
        word.chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_'))
            .flat_map(char::to_lowercase)
    }
    letters(left).eq(letters(right))
}

/// Whether a text starts with `prefix`, ignoring the case of ASCII letters.
pub fn starts_with_ignore_case(text: &str, prefix: &str) -> bool {
    let start = text.get(..prefix.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_two_edits_in_a_long_word() {
        assert!(is_near("custmerID", "customerId"));
        assert!(is_near("Type", "type"));
        assert!(is_near("id ", "id"));
        assert!(!is_near("type", "type"));
        assert!(!is_near("tpey", "name"));
        assert!(!is_near("mpn", "id"));
        assert_eq!(
            nearest("prodcuts", ["parameters", "products"]),
            Some("products")
        );
    }

    #[test]
    fn ignores_case_and_separators() {
        assert!(eq_ignore_style("In Review", "InReview"));
        assert!(eq_ignore_style("statement-day", "STATEMENT_DAY"));
        assert!(!eq_ignore_style("Denied", "Deny"));
    }
}
