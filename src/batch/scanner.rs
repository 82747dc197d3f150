//! Finding where the elements of a long list part, without reading what they say.

use crate::json::find_special;

/// Looks for the commas of one list, from its opening bracket on, as its bytes come in.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    /// How far the bytes at hand have been looked at.
    at: usize,
    /// How many brackets are open, the list's own included.
    depth: usize,
    is_in_string: bool,
    is_in_element: bool,
    /// How many elements have begun since the last border.
    elements: usize,
}

/// A place at which a list can be cut.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Border {
    /// Where the comma stands, or the closing bracket.
    pub(super) at: usize,
    /// Whether it is the list's closing bracket.
    pub(super) is_end: bool,
    /// How many elements stand between the last border and this one.
    pub(super) elements: usize,
}

impl Scanner {
    /// One whose bytes begin at a border within the list rather than with its opening bracket.
    pub(super) fn within() -> Self {
        Self {
            at: 1,
            depth: 1,
            ..Self::default()
        }
    }

    /// Looks on for the first border at `least` or behind it. `bytes` are the list's from the last
    /// border on; those of the last call may have become more.
    pub(super) fn border(&mut self, bytes: &[u8], least: usize) -> Option<Border> {
        while self.at < bytes.len() {
            if self.is_in_string {
                if !self.skip_string(bytes) {
                    return None;
                }
                continue;
            }
            let at = self.at;
            let byte = bytes[at];
            self.at += 1;
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => {}
                b',' if self.depth == 1 => {
                    self.is_in_element = false;
                    if at >= least && at > 0 {
                        return Some(self.cut(at, false));
                    }
                }
                b']' | b'}' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(self.cut(at, true));
                    }
                    self.is_in_element &= self.depth > 1;
                }
                _ => {
                    if self.depth == 1 && !self.is_in_element {
                        self.elements += 1;
                        self.is_in_element = true;
                    }
                    match byte {
                        b'[' | b'{' => self.depth += 1,
                        b'"' => self.is_in_string = true,
                        _ => {}
                    }
                }
            }
        }
        None
    }

    /// A border; the bytes before it are gone at the next call.
    fn cut(&mut self, at: usize, is_end: bool) -> Border {
        self.at = 1;
        Border {
            at,
            is_end,
            elements: std::mem::take(&mut self.elements),
        }
    }

    /// Goes on to behind the string's end. One that nobody closed ends with its line. Tells whether
    /// there is more to look at: of an escape at the end, the second half has not come in yet.
    fn skip_string(&mut self, bytes: &[u8]) -> bool {
        self.at = find_special(bytes, self.at);
        match bytes[self.at..] {
            [] | [b'\\'] => return false,
            [b'\\', ..] => self.at += 2,
            [byte, ..] => {
                self.is_in_string = !matches!(byte, b'"' | b'\n');
                self.at += 1;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stretches of a list, cut wherever that is possible, with how many elements each has. The
    /// bytes come in one by one.
    fn stretches(list: &str) -> Vec<(String, usize)> {
        let (mut scanner, mut bytes, mut stretches) = (Scanner::default(), Vec::new(), Vec::new());
        for byte in list.bytes() {
            bytes.push(byte);
            while let Some(border) = scanner.border(&bytes, 1) {
                let rest = bytes.split_off(border.at);
                let stretch = String::from_utf8(std::mem::replace(&mut bytes, rest)).unwrap();
                stretches.push((stretch, border.elements));
                if border.is_end {
                    return stretches;
                }
            }
        }
        stretches
    }

    #[test]
    fn a_list_is_cut_at_its_own_commas() {
        for (list, expected) in [
            ("[]", vec![("[", 0)]),
            ("[1]", vec![("[1", 1)]),
            (
                r#"[{"a": [1, 2]}, "b,]\"c", [3, {}] ]"#,
                vec![
                    (r#"[{"a": [1, 2]}"#, 1),
                    (r#", "b,]\"c""#, 1),
                    (", [3, {}] ", 1),
                ],
            ),
            (r#"["\"", "]"]"#, vec![(r#"["\"""#, 1), (r#", "]""#, 1)]),
            ("[{} {}, {}]", vec![("[{} {}", 2), (", {}", 1)]),
            (
                "[{\"a\": \"b\n}, {}]",
                vec![("[{\"a\": \"b\n}", 1), (", {}", 1)],
            ),
        ] {
            let found = stretches(list);
            let found: Vec<_> = found
                .iter()
                .map(|(text, count)| (text.as_str(), *count))
                .collect();
            assert_eq!(found, expected, "{list}");
        }
    }
}
