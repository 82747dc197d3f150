//! HTTP messages around a payload and commands that send it: its direction and target.

/// What the text around a payload says about it. It stays valid when a fix removes that text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The direction that an HTTP message or a command states.
    pub direction: Option<HttpDirection>,
    /// Whether the payload is the response to a GET request, which may return a list.
    pub is_get: bool,
    /// The last GUID in the target of a request.
    pub tenant: Option<String>,
    /// The path of a request, without its query.
    pub path: Option<String>,
}

/// The direction in which a payload travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpDirection {
    /// To the platform.
    Request,
    /// From the platform.
    Response,
}

/// A line of an HTTP message before a payload.
pub(super) enum Line<'t> {
    /// `POST target`.
    Request {
        /// The target.
        target: &'t str,
        /// The direction of a payload with this method.
        direction: Option<HttpDirection>,
    },
    /// `:path: target`.
    Path(&'t str),
    /// `HTTP/1.1 200 OK`.
    Status,
    /// `Name: value`.
    Header,
}

impl<'t> Line<'t> {
    /// Reads a line of an HTTP message; `None` if it is not one.
    pub(super) fn read(line: &'t str) -> Option<Line<'t>> {
        if line.starts_with("HTTP/") && line[5..].starts_with(|c: char| c.is_ascii_digit()) {
            return Some(Line::Status);
        }
        // The HTTP/2 pseudo-header fields that replace the request line.
        if let Some(direction) = line
            .strip_prefix(":method:")
            .and_then(|method| direction_of(method.trim()))
        {
            return Some(Line::Request {
                target: "",
                direction,
            });
        }
        if let Some(target) = line.strip_prefix(":path:") {
            return Some(Line::Path(target.trim()));
        }
        if line.starts_with(":status:") {
            return Some(Line::Status);
        }
        let line = line.strip_prefix(':').unwrap_or(line);
        let mut words = line.split_whitespace();
        let method = words.next()?;
        let direction = direction_of(method);
        if let (Some(direction), Some(target)) = (direction, words.next()) {
            let version = words.next();
            if version.is_none_or(|version| version.starts_with("HTTP/")) && words.next().is_none()
            {
                return Some(Line::Request { target, direction });
            }
        }
        let (name, value) = line.split_once(':')?;
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (is_name && !starts_payload(value.trim())).then_some(Line::Header)
    }
}

/// The direction of the payload of an HTTP method. `None` if the word is not a method, `Some(None)` if the method has
/// no payload.
fn direction_of(method: &str) -> Option<Option<HttpDirection>> {
    match method.to_ascii_uppercase().as_str() {
        "POST" | "PUT" | "PATCH" => Some(Some(HttpDirection::Request)),
        "GET" => Some(Some(HttpDirection::Response)),
        "DELETE" => Some(None),
        _ => None,
    }
}

impl Evidence {
    /// Adds what a line of an HTTP message says.
    pub(super) fn add_line(&mut self, line: &Line<'_>) {
        match *line {
            Line::Request { target, direction } => {
                self.direction = direction.or(self.direction);
                self.is_get = direction == Some(HttpDirection::Response);
                self.add_target(target);
            }
            Line::Status => self.direction = Some(HttpDirection::Response),
            Line::Path(target) => self.add_target(target),
            Line::Header => {}
        }
    }

    /// Adds what a command such as `curl` says about the payload that it sends: the direction, which is a request
    /// unless the method says otherwise, and the target.
    pub(super) fn add_command(&mut self, command: &str) {
        let words = || command.split(|c: char| c.is_whitespace() || "'\"`=".contains(c));
        let method = words().find_map(direction_of);
        self.direction = method.unwrap_or(Some(HttpDirection::Request));
        self.is_get = false;
        words()
            .filter(|word| word.contains("://") || word.starts_with('/'))
            .for_each(|target| self.add_target(target));
    }

    fn add_target(&mut self, target: &str) {
        let tenant = last_guid(target).map(|at| target[at..at + GUID_LEN].to_owned());
        self.tenant = tenant.or(self.tenant.take());
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let path = path.trim_end_matches('/');
        if path.contains('/') {
            self.path = Some(path.to_owned());
        }
    }
}

/// Whether the text after a colon is a payload rather than the value of a header, such as `{token}`.
fn starts_payload(value: &str) -> bool {
    match value.strip_prefix(['{', '[']) {
        Some(rest) => rest.is_empty() || rest.trim_start().starts_with(['"', '{', '[', '}', ']']),
        None => false,
    }
}

/// The length of a GUID, in bytes.
const GUID_LEN: usize = 36;

/// The offset of the last GUID in `text`.
fn last_guid(text: &str) -> Option<usize> {
    let is_guid = |window: &[u8]| {
        window.iter().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    };
    text.as_bytes().windows(GUID_LEN).rposition(is_guid)
}
