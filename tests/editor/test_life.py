"""The life of a session, from start to exit code, and what a server must put up with."""

import asyncio
import json
import signal

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from command_line import BINARY, FIXTURES, ROOT, expected, findings
from editor import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    PATIENCE,
    SERVER_NOT_INITIALIZED,
    in_order,
    told,
)

WARNED = (FIXTURES / "invalid/order/company-abbreviation-word.json").read_text()
WARNING = "order/company-abbreviation-word"
MANY = (FIXTURES / "invalid/several/nine-mistakes.json").read_text()
GOOD = (FIXTURES / "valid/order/new-tenant-minimal.json").read_text()
HERE = "untitled:order.json"


def rules(diagnostics):
    return sorted(str(each.code) for each in diagnostics)


async def refused(editor, method, params):
    """The code of the error that answers a request."""
    with pytest.raises(JsonRpcException) as raised:
        await editor.ask(method, params)
    assert raised.value.message, "an error must say something"
    return raised.value.code


# Start and end.


async def test_capabilities(editor):
    result = await editor.begin(pull=True)
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
    assert await editor.finish() == 0


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
async def test_position_encoding(editor, offered, taken):
    result = await editor.begin(encodings=offered)
    assert result.capabilities.position_encoding == taken
    assert await editor.finish() == 0


async def test_whole_life(editor, tmp_path):
    path = tmp_path / "order.json"
    path.write_text(MANY)
    uri = path.as_uri()
    await editor.begin()
    editor.open(uri, MANY)
    assert len(await editor.published(uri, 1)) == 9
    editor.change(uri, 2, GOOD)
    assert await editor.published(uri, 2) == []
    editor.change(uri, 3, WARNED)
    assert rules(await editor.published(uri, 3)) == [WARNING]
    path.write_text(WARNED)
    editor.save(uri)
    assert (await editor.text(uri)) == (WARNED, 3)
    editor.close(uri)
    await editor.until(
        lambda: editor.sets[-1].uri == uri and not editor.sets[-1].diagnostics,
        "an empty set for the closed document",
    )
    assert await editor.ask("countersign/text", {"textDocument": {"uri": uri}}) is None
    assert await editor.finish() == 0
    assert editor.messages == []


async def test_exit_without_shutdown(editor):
    await editor.begin()
    editor.exit(None)
    assert await editor.exit_code() == 1


async def test_exit_before_initialize(editor):
    await editor.start_io(BINARY, "lsp")
    editor.exit(None)
    assert await editor.exit_code() == 1


async def test_end_of_input(editor):
    await editor.begin()
    editor._server.stdin.close()
    assert await editor.exit_code() == 1


async def test_end_of_input_in_the_middle_of_a_message(editor):
    await editor.begin()
    editor._server.stdin.write(b'Content-Length: 100\r\n\r\n{"jsonrpc"')
    editor._server.stdin.close()
    assert await editor.exit_code() == 1


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
    output, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0
    assert errors == b""
    answers = parts(output)
    assert [answer["id"] for answer in answers] == [1, "two"]
    assert "capabilities" in answers[0]["result"]
    assert answers[1]["result"] is None


def parts(output):
    """The messages of a server's whole output."""
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


async def test_the_editor_dies():
    """The server ends with its editor, whose end of the pipes is closed."""
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
    code = await asyncio.wait_for(process.wait(), PATIENCE)
    assert code not in (0, -signal.SIGABRT, -signal.SIGSEGV)


# Messages out of order and out of shape.


async def test_before_initialize(editor):
    await editor.start_io(BINARY, "lsp")
    for method in ("textDocument/hover", "shutdown", "countersign/rulePage", "no/such"):
        assert await refused(editor, method, {}) == SERVER_NOT_INITIALIZED, method
    # What is told before is dropped.
    editor.tell("textDocument/didOpen", {"textDocument": {"uri": HERE}})
    result = await editor.ask("initialize", {"capabilities": {}})
    assert result["capabilities"]
    assert await refused(editor, "initialize", {"capabilities": {}}) == INVALID_REQUEST


async def test_after_shutdown(editor):
    await editor.begin()
    editor.open(HERE, MANY)
    await editor.published(HERE, 1)
    assert await editor.ask("shutdown", None) is None
    for method in ("textDocument/hover", "shutdown", "initialize", "no/such"):
        assert await refused(editor, method, {}) == INVALID_REQUEST, method
    editor.change(HERE, 2, GOOD)
    editor.tell("exit", None)
    assert await editor.exit_code() == 0


async def test_unknown_methods(editor):
    await editor.begin()
    for method in ("no/such", "textDocument/definition", "$/no/such", "workspace/executeCommand"):
        assert await refused(editor, method, {"a": 1}) == METHOD_NOT_FOUND, method
    received = len(editor.received)
    for method in ("no/such", "$/no/such", "$/setTrace", "workspace/didCreateFiles"):
        editor.tell(method, {"a": 1})
    editor.cancel("nobody asked that")
    editor.cancel(17)
    assert await editor.ask("countersign/rulePage", {"rule": WARNING})
    assert len(editor.received) == received + 1, "a notification was answered"
    assert await editor.finish() == 0


TEXT_DOCUMENT = {"textDocument": {"uri": HERE}}
BROKEN = [
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
BROKEN_NOTIFICATIONS = [
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
async def test_broken_parameters(editor, pull):
    await editor.begin(pull=pull)
    editor.open(HERE, MANY)
    for method, params in BROKEN:
        code = await refused(editor, method, params)
        assert code == INVALID_PARAMS, f"{method} {params}: {code}"
    for method, params in BROKEN_NOTIFICATIONS:
        editor.tell(method, params)
        assert (await editor.text(HERE)) == (MANY, 1), f"{method} {params}"
    editor.change(HERE, 2, GOOD)
    assert (await editor.text(HERE)) == (GOOD, 2)
    assert await editor.finish() == 0


async def test_a_document_that_is_not_open(editor):
    await editor.begin(pull=True)
    nowhere = {"textDocument": {"uri": "untitled:never-opened.json"}}
    position = {"position": {"line": 0, "character": 0}}
    spot = {"line": 0, "character": 0}
    for method, params in [
        ("textDocument/hover", position),
        ("textDocument/completion", position),
        ("textDocument/documentSymbol", {}),
        ("textDocument/diagnostic", {}),
        (
            "textDocument/codeAction",
            {"range": {"start": spot, "end": spot}, "context": {"diagnostics": []}},
        ),
        ("countersign/text", {}),
    ]:
        request_id, future = editor.send_request(method, {**nowhere, **params})
        try:
            answer = await asyncio.wait_for(future, PATIENCE)
        except JsonRpcException as refusal:
            assert refusal.code == INVALID_PARAMS, method
        else:
            assert not answer or answer == {"kind": "full", "items": []}, (method, answer)
        assert editor.answers_to(request_id) == 1
    assert await editor.finish() == 0


def framed(body, head=None):
    return (head or f"Content-Length: {len(body)}\r\n\r\n".encode()) + body


async def test_broken_messages(editor):
    """What is no JSON, or no message, is refused; the next message counts again."""
    await editor.begin(pull=True)
    write = editor.protocol.writer.write
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
        write(framed(body))
        answer = await editor.ask("countersign/rulePage", {"rule": WARNING})
        assert answer["rule"] == WARNING, body
    assert editor.running


async def test_heads_of_messages(editor):
    """Other fields, other cases and other orders are all allowed by the protocol."""
    await editor.begin(pull=True)
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
                "params": {"rule": WARNING},
            }
        ).encode()
        future = editor.expect(f"head-{number}")
        editor.protocol.writer.write(framed(body, head % len(body)))
        answer = await asyncio.wait_for(future, PATIENCE)
        assert answer["rule"] == WARNING, head
    assert await editor.finish() == 0


async def test_a_message_in_many_pieces(editor):
    await editor.begin(pull=True)
    body = json.dumps(
        {
            "jsonrpc": "2.0",
            "method": "textDocument/didOpen",
            "params": {
                "textDocument": {
                    "uri": HERE,
                    "languageId": "json",
                    "version": 1,
                    "text": "🦉雪",
                }
            },
        },
        ensure_ascii=False,
    ).encode()
    for byte in framed(body):
        editor.protocol.writer.write(bytes([byte]))
        await editor.protocol.writer.drain()
    assert await editor.text(HERE) == ("🦉雪", 1)


async def test_nothing_but_messages_on_standard_output():
    """Whatever the server has to tell, its output is frames from the first byte to the last."""
    process = await asyncio.create_subprocess_exec(
        BINARY,
        "lsp",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    document = {"uri": HERE, "languageId": "json", "version": 1, "text": MANY}
    for message in [
        {"id": 1, "method": "initialize", "params": {"capabilities": {}}},
        {"method": "initialized", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": document}},
        {"id": 2, "method": "no/such"},
        {"id": 3, "method": "shutdown"},
        {"method": "exit"},
    ]:
        process.stdin.write(framed(json.dumps({"jsonrpc": "2.0", **message}).encode()))
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0
    messages = parts(output)
    assert all(message["jsonrpc"] == "2.0" for message in messages)
    assert [message["id"] for message in messages if "id" in message] == [1, 2, 3]


# Settings.


async def test_settings_change(editor):
    await editor.begin({"today": "none", "config": "none"})
    text = (FIXTURES / "invalid/order/customer-email-partner.json").read_text()
    editor.open(HERE, text)
    assert await editor.published(HERE, 1) == []
    before = len(editor.sets)
    editor.change_settings(
        {"today": "none", "config": "none", "partnerDomains": ["fabrikam-partner.com"]}
    )
    await editor.until(
        lambda: (
            len(editor.sets) > before
            and rules(editor.sets[-1].diagnostics) == ["order/customer-email-partner"]
        ),
        "the finding that the new setting gives",
    )
    assert editor.sets[-1].version == 1
    editor.change_settings({"today": "none", "config": "none"})
    await editor.until(lambda: not editor.sets[-1].diagnostics, "an empty set again")
    assert await editor.finish() == 0


async def test_settings_are_asked_for(editor):
    text = (FIXTURES / "invalid/order/customer-email-partner.json").read_text()
    editor.settings = {
        "today": "none",
        "config": "none",
        "partnerDomains": ["fabrikam-partner.com"],
    }
    await editor.begin(configuration=True)
    await editor.until(lambda: editor.settings_asked == 1, "a question for the settings")
    editor.open(HERE, text)
    await editor.until(
        lambda: (
            editor.sets and rules(editor.sets[-1].diagnostics) == ["order/customer-email-partner"]
        ),
        "the finding that the asked setting gives",
    )
    editor.settings = {"today": "none", "config": "none"}
    editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=None))
    await editor.until(lambda: editor.settings_asked == 2, "another question for the settings")
    await editor.until(lambda: not editor.sets[-1].diagnostics, "an empty set")
    # An editor that has no settings leaves those that there are.
    editor.settings = None
    editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=None))
    await editor.until(lambda: editor.settings_asked == 3, "a third question")
    editor.change(HERE, 2, text + "\n")
    assert await editor.published(HERE, 2) == []
    assert await editor.finish() == 0


async def test_today(editor):
    text = (FIXTURES / "invalid/order/agreement-date-in-future.json").read_text()
    await editor.begin({"today": "2026-01-01", "config": "none"})
    editor.open(HERE, text)
    assert rules(await editor.published(HERE, 1)) == ["order/agreement-date-in-future"]
    assert await editor.finish() == 0


async def test_a_client_that_says_nothing(editor):
    """No settings and no capabilities at all are enough."""
    await editor.start_io(BINARY, "lsp")
    editor.capabilities = types.ClientCapabilities()
    result = await editor.ask(
        "initialize", {"processId": None, "rootUri": None, "capabilities": {}}
    )
    assert result["capabilities"]["positionEncoding"] == "utf-16"
    editor.tell("initialized", {})
    editor.open(HERE, MANY)
    assert len(await editor.published(HERE, 1)) == 9
    assert await editor.finish() == 0


@pytest.mark.parametrize(
    "settings",
    [5, "today", [], {"today": 5}, {"today": "tomorrow"}, {"maxFindings": -1}, {"today": None}],
    ids=json.dumps,
)
async def test_settings_that_make_no_sense(editor, settings):
    """They are passed over, and documents are judged nevertheless."""
    await editor.begin(settings)
    editor.open(HERE, MANY)
    assert len(await editor.published(HERE, 1)) == 9
    assert await editor.finish() == 0


# countersign.toml.

LEVEL = '[rules]\n"order/company-abbreviation-word" = "{}"\n'


def severities(diagnostics):
    return [int(each.severity) for each in diagnostics if each.code == WARNING]


async def test_configuration_on_disk(editor, tmp_path):
    config = tmp_path / "countersign.toml"
    order = tmp_path / "payloads" / "order.json"
    order.parent.mkdir()
    order.write_text(WARNED)
    uri = order.as_uri()
    await editor.begin({"today": "none"}, watched_files=True, root=tmp_path.as_uri())
    await editor.until(lambda: editor.registrations, "a registration for watched files")
    [watched] = [
        each
        for each in editor.registrations
        if each.method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    ]
    assert "countersign.toml" in json.dumps(
        editor.protocol._converter.unstructure(watched.register_options)
    )
    editor.open(uri, WARNED)
    assert severities(await editor.published(uri, 1)) == [2]

    def last():
        sets = [each for each in editor.sets if each.uri == uri]
        return severities(sets[-1].diagnostics)

    async def written(text, event):
        if text is None:
            config.unlink()
        else:
            config.write_text(text)
        editor.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams([types.FileEvent(config.as_uri(), event)])
        )

    await written(LEVEL.format("error"), types.FileChangeType.Created)
    await editor.until(lambda: last() == [1], "the level of the new configuration")
    await written(LEVEL.format("off"), types.FileChangeType.Changed)
    await editor.until(lambda: last() == [], "a rule that is off")
    await written(None, types.FileChangeType.Deleted)
    await editor.until(lambda: last() == [2], "the rule's own level again")
    # Clients that watch nothing are helped by any save.
    config.write_text(LEVEL.format("info"))
    editor.save(uri)
    await editor.until(lambda: last() == [3], "the level at a save")
    assert await editor.finish() == 0


async def test_mistakes_of_a_configuration_on_disk_are_told(editor, tmp_path):
    config = tmp_path / "countersign.toml"
    config.write_text('[rules]\n"order/no-such-rule" = "off"\n')
    order = tmp_path / "order.json"
    await editor.begin({"today": "none"}, root=tmp_path.as_uri())
    editor.open(order.as_uri(), WARNED)
    assert severities(await editor.published(order.as_uri(), 1)) == [2]

    def told_of_config():
        of_file = [each for each in editor.sets if each.uri == config.as_uri()]
        return (of_file and of_file[-1].diagnostics) or editor.messages

    await editor.until(told_of_config, "word of the mistake in countersign.toml")
    assert await editor.finish() == 0


CONFIGURATIONS = {
    "right": LEVEL.format("error"),
    "an unknown rule and an unknown level": '[rules]\n"order/none" = "off"\n"json/*" = "loud"\n',
    "no TOML": "[rules\n",
    "an unknown key behind other characters": 'x = "🦉" # 🦉\n[[payloads]]\nfiles = 5\n',
    "an ignore without a reason": '[[ignore]]\nrule = "order/sample-value"\n',
    "nothing": "",
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
async def test_configuration_as_a_document(editor, tmp_path, name):
    """What the command line says of its configuration, the editor shows in it."""
    text = CONFIGURATIONS[name]
    config = tmp_path / "countersign.toml"
    order = tmp_path / "order.json"
    order.write_text(GOOD)
    config.write_text(text)
    said = [
        expected(found, text.encode(), "utf-16")
        for found in findings(order, "--today", "none", "--config", config)
    ]
    assert bool(said) == (name not in ("right", "nothing"))
    config.write_text("")
    await editor.begin({"today": "none"}, root=tmp_path.as_uri())
    editor.open(config.as_uri(), text, language="toml")
    diagnostics = await editor.published(config.as_uri(), 1)
    assert in_order(told(each, config.as_uri()) for each in diagnostics) == in_order(said)
    editor.change(config.as_uri(), 2, "")
    assert await editor.published(config.as_uri(), 2) == []
    assert await editor.finish() == 0


async def test_pages_of_rules(editor, tmp_path):
    (tmp_path / "countersign.toml").write_text('rule-pages = "https://rules.fabrikam.com"\n')
    order = tmp_path / "order.json"
    await editor.begin({"today": "none"}, pull=True, root=tmp_path.as_uri())
    editor.open(order.as_uri(), WARNED)
    [diagnostic] = (await editor.pull(order.as_uri())).items
    assert (
        diagnostic.code_description.href
        == "https://rules.fabrikam.com/order/company-abbreviation-word.md"
    )
    page = await editor.ask("countersign/rulePage", {"rule": WARNING})
    assert page["rule"] == WARNING
    assert page["page"] == (ROOT / f"rules/{WARNING}.md").read_text()
    assert (
        await refused(editor, "countersign/rulePage", {"rule": "order/no-such"}) == INVALID_PARAMS
    )
    assert await editor.finish() == 0


async def test_a_kind_that_the_configuration_states(editor, tmp_path):
    """A file that nothing tells to be a payload is judged if it is said to be one."""
    (tmp_path / "countersign.toml").write_text(
        '[[payloads]]\nfiles = "orders/*.json"\nkind = "order"\n'
    )
    (tmp_path / "orders").mkdir()
    stated = (tmp_path / "orders" / "a.json").as_uri()
    other = (tmp_path / "a.json").as_uri()
    await editor.begin({"today": "none"}, pull=True, root=tmp_path.as_uri())
    for uri in (stated, other):
        editor.open(uri, "{}")
    assert (await editor.pull(other)).items == []
    assert "schema/required" in rules((await editor.pull(stated)).items)
    assert await editor.finish() == 0


async def test_the_setting_names_a_configuration(editor, tmp_path):
    config = tmp_path / "other.toml"
    config.write_text(LEVEL.format("error"))
    await editor.begin({"today": "none", "config": str(config)}, pull=True)
    editor.open(HERE, WARNED)
    [diagnostic] = (await editor.pull(HERE)).items
    assert told(diagnostic, HERE)["severity"] == 1
    assert await editor.finish() == 0
