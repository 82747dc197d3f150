"""The framing of messages: a header with the length, and the body."""

import json


def frame(body, head=None):
    """Returns the bytes of a message, by default with a header that has only the length."""
    return (head or f"Content-Length: {len(body)}\r\n\r\n".encode()) + body


def split_messages(output):
    """Returns the messages in the output of a server."""
    messages = []
    while output:
        head, _, rest = output.partition(b"\r\n\r\n")
        [length] = [
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ]
        messages.append(json.loads(rest[:length]))
        output = rest[length:]
    return messages
