"""The lifecycle of a session, from initialization to the exit code."""

import asyncio
import signal

import pytest
from lsprotocol import types

from client import (
    INVALID_REQUEST,
    SERVER_NOT_INITIALIZED,
    TIMEOUT,
    error_code,
    rule_ids,
)
from command_line import BINARY
from framing import split_messages
from payloads import NINE_MISTAKES, ORDER_WITH_WARNING, URI, VALID_ORDER, WARNING_RULE


async def test_capabilities(client):
    result = await client.start_session(pull=True)
    can = result.capabilities
    assert result.server_info.name == "countersign"
    assert result.server_info.version
    assert can.position_encoding == "utf-16"
    sync = can.text_document_sync
    assert sync.open_close is True
    assert sync.change == types.TextDocumentSyncKind.Incremental
    assert sync.save
    assert can.diagnostic_provider is not None
    assert can.diagnostic_provider.workspace_diagnostics is False
    assert set(can.code_action_provider.code_action_kinds) == {
        "quickfix",
        "source.fixAll.countersign",
    }
    assert can.hover_provider
    assert '"' in can.completion_provider.trigger_characters
    assert can.document_symbol_provider
    assert await client.end_session() == 0


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-8"], "utf-8"),
        (["utf-16", "utf-8"], "utf-16"),
        (["utf-32", "utf-8", "utf-16"], "utf-32"),
        (["ebcdic", "utf-8"], "utf-8"),
        (["ebcdic"], "utf-16"),
    ],
)
async def test_position_encoding(client, offered, taken):
    result = await client.start_session(encodings=offered)
    assert result.capabilities.position_encoding == taken
    assert await client.end_session() == 0


async def test_a_whole_session(client, tmp_path):
    path = tmp_path / "order.json"
    path.write_text(NINE_MISTAKES)
    uri = path.as_uri()
    await client.start_session()
    client.open(uri, NINE_MISTAKES)
    assert len(await client.wait_for_diagnostics(uri, 1)) == 9
    client.change(uri, 2, VALID_ORDER)
    assert await client.wait_for_diagnostics(uri, 2) == []
    client.change(uri, 3, ORDER_WITH_WARNING)
    assert rule_ids(await client.wait_for_diagnostics(uri, 3)) == [WARNING_RULE]
    path.write_text(ORDER_WITH_WARNING)
    client.save(uri)
    assert (await client.server_text(uri)) == (ORDER_WITH_WARNING, 3)
    client.close(uri)
    await client.wait_until(
        lambda: client.publications[-1].uri == uri and not client.publications[-1].diagnostics,
        "empty diagnostics of the closed document",
    )
    assert await client.request("countersign/text", {"textDocument": {"uri": uri}}) is None
    assert await client.end_session() == 0
    assert client.messages == []


async def test_exit_without_shutdown(client):
    await client.start_session()
    client.exit(None)
    assert await client.exit_code() == 1


async def test_exit_before_initialize(client):
    await client.start_io(BINARY, "lsp")
    client.exit(None)
    assert await client.exit_code() == 1


async def test_end_of_input(client):
    await client.start_session()
    client._server.stdin.close()
    assert await client.exit_code() == 1


async def test_end_of_input_in_the_middle_of_a_message(client):
    await client.start_session()
    client._server.stdin.write(b'Content-Length: 100\r\n\r\n{"jsonrpc"')
    client._server.stdin.close()
    assert await client.exit_code() == 1


async def test_stdio_is_accepted():
    process = await asyncio.create_subprocess_exec(
        BINARY,
        "lsp",
        "--stdio",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    body = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}'
    process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    body = b'{"jsonrpc":"2.0","id":"two","method":"shutdown"}'
    process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    body = b'{"jsonrpc":"2.0","method":"exit"}'
    process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    output, errors = await asyncio.wait_for(process.communicate(), TIMEOUT)
    assert process.returncode == 0
    assert errors == b""
    answers = split_messages(output)
    assert [answer["id"] for answer in answers] == [1, "two"]
    assert "capabilities" in answers[0]["result"]
    assert answers[1]["result"] is None


async def test_the_client_dies():
    """The server exits when the client closes the pipes."""
    process = await asyncio.create_subprocess_exec(
        BINARY,
        "lsp",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    process._transport.get_pipe_transport(1).close()
    body = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}'
    process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    process.stdin.close()
    code = await asyncio.wait_for(process.wait(), TIMEOUT)
    assert code not in (0, -signal.SIGABRT, -signal.SIGSEGV)


async def test_before_initialize(client):
    await client.start_io(BINARY, "lsp")
    for method in ("textDocument/hover", "shutdown", "countersign/rulePage", "no/such"):
        assert await error_code(client, method, {}) == SERVER_NOT_INITIALIZED, method
    # Notifications before `initialize` are dropped.
    client.send_notification("textDocument/didOpen", {"textDocument": {"uri": URI}})
    result = await client.request("initialize", {"capabilities": {}})
    assert result["capabilities"]
    assert await error_code(client, "initialize", {"capabilities": {}}) == INVALID_REQUEST


async def test_after_shutdown(client):
    await client.start_session()
    client.open(URI, NINE_MISTAKES)
    await client.wait_for_diagnostics(URI, 1)
    assert await client.request("shutdown", None) is None
    for method in ("textDocument/hover", "shutdown", "initialize", "no/such"):
        assert await error_code(client, method, {}) == INVALID_REQUEST, method
    client.change(URI, 2, VALID_ORDER)
    client.send_notification("exit", None)
    assert await client.exit_code() == 0
