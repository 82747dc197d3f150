"""Unknown, invalid and unusual messages."""

import asyncio
import json

import pytest
from pygls.exceptions import JsonRpcException

from client import (
    INVALID_PARAMS,
    METHOD_NOT_FOUND,
    TIMEOUT,
    error_code,
)
from command_line import BINARY
from framing import frame, split_messages
from payloads import NINE_MISTAKES, URI, VALID_ORDER, WARNING_RULE


async def test_unknown_methods(client):
    await client.start_session()
    for method in ("no/such", "textDocument/definition", "$/no/such", "workspace/executeCommand"):
        assert await error_code(client, method, {"a": 1}) == METHOD_NOT_FOUND, method
    received = len(client.received)
    for method in ("no/such", "$/no/such", "$/setTrace", "workspace/didCreateFiles"):
        client.send_notification(method, {"a": 1})
    client.cancel("unknown id")
    client.cancel(17)
    assert await client.request("countersign/rulePage", {"rule": WARNING_RULE})
    assert len(client.received) == received + 1, "a notification was answered"
    assert await client.end_session() == 0


TEXT_DOCUMENT = {"textDocument": {"uri": URI}}
INVALID_REQUESTS = [
    ("textDocument/hover", None),
    ("textDocument/hover", []),
    ("textDocument/hover", {}),
    ("textDocument/hover", {"textDocument": 3, "position": {"line": 0, "character": 0}}),
    ("textDocument/hover", {**TEXT_DOCUMENT, "position": {"line": -1, "character": 0}}),
    ("textDocument/hover", {**TEXT_DOCUMENT, "position": {"line": "0", "character": 0}}),
    ("textDocument/hover", {**TEXT_DOCUMENT, "position": {"line": 1.5, "character": 0}}),
    ("textDocument/completion", {**TEXT_DOCUMENT, "position": None}),
    ("textDocument/completion", {**TEXT_DOCUMENT, "position": {"line": 0}}),
    ("textDocument/codeAction", TEXT_DOCUMENT),
    ("textDocument/codeAction", {**TEXT_DOCUMENT, "range": 7, "context": {"diagnostics": []}}),
    ("textDocument/documentSymbol", {"textDocument": {"uri": 5}}),
    ("textDocument/documentSymbol", "all of them"),
    ("textDocument/diagnostic", {"textDocument": {}}),
    ("textDocument/diagnostic", {**TEXT_DOCUMENT, "previousResultId": 5}),
    ("countersign/rulePage", {"rule": 5}),
    ("countersign/rulePage", {}),
    ("countersign/text", {"textDocument": {"uri": ["a"]}}),
]
INVALID_NOTIFICATIONS = [
    ("textDocument/didOpen", None),
    ("textDocument/didOpen", {"textDocument": {"uri": "untitled:b.json"}}),
    ("textDocument/didOpen", {"textDocument": {"uri": 5, "version": "x", "text": 7}}),
    ("textDocument/didChange", {}),
    ("textDocument/didChange", {**TEXT_DOCUMENT, "contentChanges": "all"}),
    (
        "textDocument/didChange",
        {
            "textDocument": {"uri": "untitled:never-opened.json", "version": 2},
            "contentChanges": [{"text": "x"}],
        },
    ),
    ("textDocument/didSave", {"textDocument": None}),
    ("textDocument/didSave", {"textDocument": {"uri": "untitled:never-opened.json"}}),
    ("textDocument/didClose", {"textDocument": {"uri": "untitled:never-opened.json"}}),
    ("textDocument/didClose", 5),
    ("workspace/didChangeConfiguration", 5),
    ("workspace/didChangeConfiguration", {"settings": {"countersign": {"today": 5}}}),
    ("workspace/didChangeConfiguration", {"settings": {"countersign": "all"}}),
    ("workspace/didChangeWatchedFiles", {"changes": [{"uri": 5, "type": "x"}]}),
    ("workspace/didChangeWatchedFiles", None),
    ("$/cancelRequest", {"id": None}),
    ("$/cancelRequest", None),
    ("initialized", 7),
]


@pytest.mark.parametrize("pull", [True, False], ids=["pull", "push"])
async def test_invalid_parameters(client, pull):
    await client.start_session(pull=pull)
    client.open(URI, NINE_MISTAKES)
    for method, params in INVALID_REQUESTS:
        code = await error_code(client, method, params)
        assert code == INVALID_PARAMS, f"{method} {params}: {code}"
    for method, params in INVALID_NOTIFICATIONS:
        client.send_notification(method, params)
        assert (await client.server_text(URI)) == (NINE_MISTAKES, 1), f"{method} {params}"
    client.change(URI, 2, VALID_ORDER)
    assert (await client.server_text(URI)) == (VALID_ORDER, 2)
    assert await client.end_session() == 0


async def test_a_document_that_is_not_open(client):
    await client.start_session(pull=True)
    unopened = {"textDocument": {"uri": "untitled:never-opened.json"}}
    position = {"position": {"line": 0, "character": 0}}
    start = {"line": 0, "character": 0}
    for method, params in [
        ("textDocument/hover", position),
        ("textDocument/completion", position),
        ("textDocument/documentSymbol", {}),
        ("textDocument/diagnostic", {}),
        (
            "textDocument/codeAction",
            {"range": {"start": start, "end": start}, "context": {"diagnostics": []}},
        ),
        ("countersign/text", {}),
    ]:
        request_id, future = client.send_request(method, {**unopened, **params})
        try:
            answer = await asyncio.wait_for(future, TIMEOUT)
        except JsonRpcException as error:
            assert error.code == INVALID_PARAMS, method
        else:
            assert not answer or answer == {"kind": "full", "items": []}, (method, answer)
        assert client.response_count(request_id) == 1
    assert await client.end_session() == 0


async def test_invalid_messages(client):
    """Invalid JSON and invalid messages do not affect the next message."""
    await client.start_session(pull=True)
    write = client.protocol.writer.write
    for body in [
        b"{",
        b"\xff\xfe",
        b"[]",
        b"7",
        b"null",
        b"{}",
        b'{"jsonrpc":"2.0"}',
        b'{"jsonrpc":"2.0","method":5}',
        b'{"jsonrpc":"2.0","id":"never sent","result":{}}',
        b'{"jsonrpc":"2.0","id":"never sent","error":{"code":1,"message":"x"}}',
        b'{"jsonrpc":"2.0","id":{},"method":"shutdown"}',
        b'{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":'
        b'{"uri":"untitled:s.json","languageId":"json","version":1,"text":"\\ud83d"}}}',
    ]:
        write(frame(body))
        answer = await client.request("countersign/rulePage", {"rule": WARNING_RULE})
        assert answer["rule"] == WARNING_RULE, body
    assert client.is_running


async def test_message_headers(client):
    """Header fields may have any order and any case, and other fields are allowed."""
    await client.start_session(pull=True)
    for number, head in enumerate(
        [
            b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: %d\r\n\r\n",
            b"Content-Length: %d\r\nContent-Type: application/vscode-jsonrpc; charset=utf8\r\n\r\n",
            b"content-length: %d\r\n\r\n",
            b"X-Other: yes\r\nContent-Length: %d\r\n\r\n",
        ]
    ):
        body = json.dumps(
            {
                "jsonrpc": "2.0",
                "id": f"head-{number}",
                "method": "countersign/rulePage",
                "params": {"rule": WARNING_RULE},
            }
        ).encode()
        future = client.expect_response(f"head-{number}")
        client.protocol.writer.write(frame(body, head % len(body)))
        answer = await asyncio.wait_for(future, TIMEOUT)
        assert answer["rule"] == WARNING_RULE, head
    assert await client.end_session() == 0


async def test_a_message_sent_byte_by_byte(client):
    await client.start_session(pull=True)
    body = json.dumps(
        {
            "jsonrpc": "2.0",
            "method": "textDocument/didOpen",
            "params": {
                "textDocument": {
                    "uri": URI,
                    "languageId": "json",
                    "version": 1,
                    "text": "🦉雪",
                }
            },
        },
        ensure_ascii=False,
    ).encode()
    for byte in frame(body):
        client.protocol.writer.write(bytes([byte]))
        await client.protocol.writer.drain()
    assert await client.server_text(URI) == ("🦉雪", 1)


async def test_standard_output_has_only_messages():
    """All bytes of the output belong to messages."""
    process = await asyncio.create_subprocess_exec(
        BINARY,
        "lsp",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    document = {"uri": URI, "languageId": "json", "version": 1, "text": NINE_MISTAKES}
    for message in [
        {"id": 1, "method": "initialize", "params": {"capabilities": {}}},
        {"method": "initialized", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": document}},
        {"id": 2, "method": "no/such"},
        {"id": 3, "method": "shutdown"},
        {"method": "exit"},
    ]:
        process.stdin.write(frame(json.dumps({"jsonrpc": "2.0", **message}).encode()))
    output, _ = await asyncio.wait_for(process.communicate(), TIMEOUT)
    assert process.returncode == 0
    messages = split_messages(output)
    assert all(message["jsonrpc"] == "2.0" for message in messages)
    assert [message["id"] for message in messages if "id" in message] == [1, 2, 3]
