//! Did you mean: which known word somebody was about to write.

use strsim::osa_distance;

/// Whether `written` is `known` misspelt: other letter case, blanks around it, or at most two slips in
/// a word more than twice as long as the slips.
pub fn is_near(written: &str, known: &str) -> bool {
    if written.trim().eq_ignore_ascii_case(known) {
        return written != known;
    }
    // A slip changes the length by one at most; counting slips is dear.
    if written.len().abs_diff(known.len()) > 2 * 4 {
        return false;
    }
    let distance = osa_distance(&written.to_lowercase(), &known.to_lowercase());
    distance <= 2 && 2 * distance < known.chars().count()
}

/// The known word that is nearest to `written`, if one is near.
pub fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known
        .into_iter()
        .filter(|known| is_near(written, known))
        .min_by_key(|known| osa_distance(&written.to_lowercase(), &known.to_lowercase()))
}

/// Whether two words differ in letter case, blanks, hyphens and underscores only.
pub fn is_same_but_for_style(left: &str, right: &str) -> bool {
    fn letters(word: &str) -> impl Iterator<Item = char> {
        word.chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_'))
            .flat_map(char::to_lowercase)
    }
    letters(left).eq(letters(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_slips_in_a_long_word_are_near() {
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
    fn style_is_case_and_separators() {
        assert!(is_same_but_for_style("In Review", "InReview"));
        assert!(is_same_but_for_style("statement-day", "STATEMENT_DAY"));
        assert!(!is_same_but_for_style("Denied", "Deny"));
    }
}
