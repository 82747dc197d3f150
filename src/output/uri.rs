//! Conversion of file paths to URIs.

/// The URI reference of a file path, and whether the reference is relative.
pub fn file_uri(file: &str) -> (String, bool) {
    let path = file.replace('\\', "/");
    let is_absolute = path.starts_with('/') || path.as_bytes().get(1) == Some(&b':');
    let mut uri = match (is_absolute, path.starts_with('/')) {
        (true, true) => "file://".to_owned(),
        (true, false) => "file:///".to_owned(),
        _ => String::new(),
    };
    for byte in path.bytes() {
        let is_unreserved = byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte);
        if is_unreserved || byte == b':' && is_absolute {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    (uri, !is_absolute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_paths_to_uris() {
        for (path, uri, is_relative) in [
            ("a/b.json", "a/b.json", true),
            ("<stdin>", "%3Cstdin%3E", true),
            ("a b/ü:%.json", "a%20b/%C3%BC%3A%25.json", true),
            ("/x/y.json", "file:///x/y.json", false),
            ("C:\\x\\y.json", "file:///C:/x/y.json", false),
        ] {
            assert_eq!(file_uri(path), (uri.to_owned(), is_relative));
        }
    }
}
