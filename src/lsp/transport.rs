//! Messages as the protocol frames them: headers, an empty line, and a JSON text of the length that a header states.
//!
//! A client that sends something else gets an error and is served on: after a faulty header, reading goes on at the next
//! `Content-Length`.

use std::io::{self, BufRead, Read};

use lsp_server::{ErrorCode, Message};
use serde::de::IgnoredAny;

/// The maximum length of a message in bytes. The greatest document that is checked fits, with its escapes.
const MAX_LENGTH: u64 = 1 << 30;

/// The maximum length of a line of headers in bytes.
const MAX_HEADER: u64 = 4 << 10;

const CONTENT_LENGTH: &str = "content-length:";

/// What was read from a client.
pub(super) enum Received {
    Message(Message),
    /// Something else, which gets an error response without the ID of a request.
    Invalid {
        code: ErrorCode,
        message: String,
    },
}

impl Received {
    fn invalid(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::Invalid {
            code,
            message: message.into(),
        }
    }
}

/// Reads the next message; `None` at the end of the input.
///
/// # Errors
/// If the input cannot be read.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Received>> {
    let length = match read_headers(input)? {
        None => return Ok(None),
        Some(Ok(length)) => length,
        Some(Err(message)) => {
            return Ok(Some(Received::invalid(ErrorCode::ParseError, message)));
        }
    };
    // Grows as bytes arrive, so that a wrong length reserves no memory.
    let mut body = Vec::new();
    let read = input.take(length).read_to_end(&mut body)?;
    if (read as u64) < length {
        return Ok(None);
    }
    Ok(Some(parse(&body)))
}

fn parse(body: &[u8]) -> Received {
    match serde_json::from_slice::<Message>(body) {
        Ok(message) => Received::Message(message),
        Err(_) => match serde_json::from_slice::<IgnoredAny>(body) {
            Ok(_) => Received::invalid(
                ErrorCode::InvalidRequest,
                "the message is neither a request, a notification nor a response",
            ),
            Err(error) => {
                let message = format!("the message is not JSON: {error}");
                Received::invalid(ErrorCode::ParseError, message)
            }
        },
    }
}

/// Reads headers and the empty line after them. Returns the length of the message, or what is wrong with the headers;
/// `None` at the end of the input.
fn read_headers(input: &mut impl BufRead) -> io::Result<Option<Result<u64, String>>> {
    let mut length = None;
    let mut error = None;
    loop {
        let mut line = Vec::new();
        if (&mut *input)
            .take(MAX_HEADER)
            .read_until(b'\n', &mut line)?
            == 0
        {
            return Ok(error.map(Err));
        }
        let line = String::from_utf8_lossy(&line).to_ascii_lowercase();
        let line = line.trim();
        if line.is_empty() {
            match (length, error) {
                (Some(length), _) => return Ok(Some(Ok(length))),
                (None, Some(message)) => return Ok(Some(Err(message))),
                // Empty lines between messages do no harm.
                (None, None) => {}
            }
            error = None;
            continue;
        }
        // After a faulty header, the next one can follow the rest of a message on the same line.
        match line.find(CONTENT_LENGTH) {
            Some(start) => {
                let value = line[start + CONTENT_LENGTH.len()..].trim();
                match value.parse::<u64>() {
                    Ok(value) if value <= MAX_LENGTH => length = Some(value),
                    _ => {
                        length = None;
                        error = Some(format!(
                            "the header states `{value}` as the length of the message; expected at \
                             most {MAX_LENGTH} bytes"
                        ));
                    }
                }
            }
            None if is_other_header(line) => {}
            None => error = Some("expected the header `Content-Length`".to_owned()),
        }
    }
}

/// Whether a line is another header, in small letters.
fn is_other_header(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read from these bytes: the methods of notifications, and the codes of errors.
    fn read_all(mut bytes: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        while let Some(received) = read(&mut bytes).unwrap() {
            found.push(match received {
                Received::Message(Message::Notification(notification)) => notification.method,
                Received::Message(_) => "other".to_owned(),
                Received::Invalid { code, .. } => (code as i32).to_string(),
            });
        }
        found
    }

    #[test]
    fn reads_on_after_anything_that_is_not_a_message() {
        let message = r#"{"jsonrpc":"2.0","method":"exit"}"#;
        let framed = format!("Content-Length: {}\r\n\r\n{message}", message.len());
        for (before, expected) in [
            ("", vec!["exit"]),
            // Other headers, letter case, line ends and empty lines.
            (
                "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n",
                vec!["exit"],
            ),
            ("\r\n\n", vec!["exit"]),
            ("content-length:2\n\n{}", vec!["-32600", "exit"]),
            // Lengths that no message has.
            (
                "Content-Length: 999999999999999999\r\n\r\n{}",
                vec!["-32700", "exit"],
            ),
            (
                "Content-Length: 99999999999999999999999\r\n\r\n{}",
                vec!["-32700", "exit"],
            ),
            ("Content-Length: -1\r\n\r\n", vec!["-32700", "exit"]),
            ("Content-Length: many\r\n\r\n", vec!["-32700", "exit"]),
            // No length.
            (
                "Content-Type: text/plain\r\n\r\n{\"id\":1}\r\n\r\n",
                vec!["-32700", "exit"],
            ),
            ("hello\r\n\r\n", vec!["-32700", "exit"]),
            // Not JSON, not UTF-8, not a message.
            ("Content-Length: 1\r\n\r\n{", vec!["-32700", "exit"]),
            ("Content-Length: 2\r\n\r\n[]", vec!["-32600", "exit"]),
        ] {
            let bytes = [before.as_bytes(), framed.as_bytes()].concat();
            assert_eq!(read_all(&bytes), expected, "{before:?}");
        }
        assert_eq!(
            read_all(&[b"Content-Length: 2\r\n\r\n\xff\xff", framed.as_bytes()].concat()),
            ["-32700", "exit"]
        );
    }

    #[test]
    fn a_cut_off_message_is_the_end() {
        for bytes in ["Content-Length: 100\r\n\r\n{", "Content-Length: 3", ""] {
            assert_eq!(
                read_all(bytes.as_bytes()),
                Vec::<String>::new(),
                "{bytes:?}"
            );
        }
    }
}
