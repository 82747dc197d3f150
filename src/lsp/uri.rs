//! Conversion of document URIs to paths.

use std::path::{Path, PathBuf};

use lsp_types::Uri;

/// Returns the path of a `file` URI; `None` for other schemes and for paths that are not UTF-8.
pub(super) fn file_path(uri: &Uri) -> Option<PathBuf> {
    let is_file = uri.scheme()?.eq_lowercase("file");
    let bytes = uri.path().as_estr().decode().into_bytes();
    let path = std::str::from_utf8(&bytes).ok().filter(|_| is_file)?;
    // `file:///C:/order.json` has the path `C:/order.json`.
    let relative = path.strip_prefix('/').unwrap_or(path);
    let has_drive = relative.as_bytes().get(1) == Some(&b':');
    Some(Path::new(if has_drive { relative } else { path }).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_file_uris_to_paths() {
        for (uri, path) in [
            ("file:///x/a%20b/%C3%BC.json", Some("/x/a b/ü.json")),
            ("file:///C:/x/y.json", Some("C:/x/y.json")),
            ("FILE:///c%3A/x.json", Some("c:/x.json")),
            ("untitled:Untitled-1", None),
            ("file:///x/%FF.json", None),
        ] {
            let uri = uri.parse().expect(uri);
            assert_eq!(file_path(&uri), path.map(PathBuf::from));
        }
    }
}
