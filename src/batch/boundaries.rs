//! Element boundaries of a long array: finds the commas between its elements without parsing them.

use crate::json::find_special;

/// Scans one array incrementally, from its opening bracket on, for boundaries between elements.
#[derive(Debug, Default)]
pub(super) struct BoundaryScanner {
    /// The offset of the next byte to scan.
    offset: usize,
    /// The number of open brackets, including that of the array.
    depth: usize,
    is_in_string: bool,
    is_in_element: bool,
    /// The number of elements that started since the last boundary.
    elements: usize,
}

/// A position at which an array can be split.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Boundary {
    /// The offset of the comma or closing bracket.
    pub(super) offset: usize,
    /// Whether this is the closing bracket of the array.
    pub(super) is_end: bool,
    /// The number of elements between the last boundary and this one.
    pub(super) elements: usize,
}

impl BoundaryScanner {
    /// Creates a scanner for bytes that start at a boundary inside the array, not at its opening bracket.
    pub(super) fn inside_array() -> Self {
        Self {
            offset: 1,
            depth: 1,
            ..Self::default()
        }
    }

    /// Returns the next boundary at offset `min_offset` or later. `bytes` start at the last boundary; if
    /// the last call returned `None`, they are those of that call followed by more.
    pub(super) fn next_boundary(&mut self, bytes: &[u8], min_offset: usize) -> Option<Boundary> {
        while self.offset < bytes.len() {
            if self.is_in_string {
                if !self.skip_string(bytes) {
                    return None;
                }
                continue;
            }
            let offset = self.offset;
            let byte = bytes[offset];
            self.offset += 1;
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => {}
                b',' if self.depth == 1 => {
                    self.is_in_element = false;
                    if offset >= min_offset && offset > 0 {
                        return Some(self.boundary_at(offset, false));
                    }
                }
                b']' | b'}' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(self.boundary_at(offset, true));
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

    /// Creates a boundary, and resets the scanner for bytes that start there.
    fn boundary_at(&mut self, offset: usize, is_end: bool) -> Boundary {
        self.offset = 1;
        Boundary {
            offset,
            is_end,
            elements: std::mem::take(&mut self.elements),
        }
    }

    /// Skips to the end of the current string; an unclosed string ends with its line. Returns false if more
    /// bytes are needed, for example because an escape sequence is incomplete.
    fn skip_string(&mut self, bytes: &[u8]) -> bool {
        self.offset = find_special(bytes, self.offset);
        match bytes[self.offset..] {
            [] | [b'\\'] => return false,
            [b'\\', ..] => self.offset += 2,
            [byte, ..] => {
                self.is_in_string = !matches!(byte, b'"' | b'\n');
                self.offset += 1;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits an array at every boundary, and counts the elements of each part. Adds the bytes one by one.
    fn split_array(array: &str) -> Vec<(String, usize)> {
        let (mut scanner, mut bytes, mut parts) =
            (BoundaryScanner::default(), Vec::new(), Vec::new());
        for byte in array.bytes() {
            bytes.push(byte);
            while let Some(boundary) = scanner.next_boundary(&bytes, 1) {
                let rest = bytes.split_off(boundary.offset);
                let part = String::from_utf8(std::mem::replace(&mut bytes, rest)).unwrap();
                parts.push((part, boundary.elements));
                if boundary.is_end {
                    return parts;
                }
            }
        }
        parts
    }

    #[test]
    fn splits_at_the_commas_of_the_outer_array() {
        for (array, expected) in [
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
            let found = split_array(array);
            let found: Vec<_> = found
                .iter()
                .map(|(text, count)| (text.as_str(), *count))
                .collect();
            assert_eq!(found, expected, "{array}");
        }
    }
}
