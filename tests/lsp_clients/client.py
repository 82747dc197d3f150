"""A session with the server under test, built on the client of pytest-lsp."""

import asyncio
import uuid

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import default_converter
from pygls.protocol.json_rpc import (
    JsonRPCNotification,
    JsonRPCRequestMessage,
    JsonRPCResponseMessage,
)
from pytest_lsp import LanguageClient
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features
from pytest_lsp.protocol import LanguageClientProtocol

from command_line import BINARY
from text_document import apply_edits

# Seconds; no small request takes longer, even with a debug binary on a busy machine.
TIMEOUT = 30

REQUEST_CANCELLED = -32800
CONTENT_MODIFIED = -32801
SERVER_CANCELLED = -32802
SERVER_NOT_INITIALIZED = -32002
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602


class Protocol(LanguageClientProtocol):
    """Records every message received, so that a test can count the responses to a request."""

    def structure_message(self, data):
        if "id" in data and data["id"] in self._server.raw_requests and "result" in data:
            return JsonRPCResponseMessage(**data)
        return super().structure_message(data)

    def handle_message(self, message):
        self._server.received.append(message)
        super().handle_message(message)


class Client(LanguageClient):
    def __init__(self):
        super().__init__(protocol_cls=Protocol, converter_factory=default_converter)
        self.received = []
        # The ids of the requests whose results are not converted from JSON.
        self.raw_requests = set()
        self.publications = []
        self.registrations = []
        self.encoding = "utf-16"
        self._message_received = asyncio.Event()
        register_lsp_features(
            self,
            {
                **DEFAULT_CLIENT_FEATURES,
                # The library passes the client to a parameter called `ls`.
                types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: lambda ls, params: (
                    ls._on_publish_diagnostics(params)
                ),
                types.WORKSPACE_DIAGNOSTIC_REFRESH: lambda ls, params: ls._on_diagnostic_refresh(
                    params
                ),
                types.WORKSPACE_CONFIGURATION: lambda ls, params: ls._on_configuration_request(
                    params
                ),
                types.CLIENT_REGISTER_CAPABILITY: lambda ls, params: ls._on_register_capability(
                    params
                ),
            },
        )
        self.settings = None
        self.configuration_requests = 0

    # Messages from the server.

    def _on_publish_diagnostics(self, params):
        self.publications.append(params)
        self._message_received.set()

    def _on_diagnostic_refresh(self, params):
        self.diagnostic_refresh_count += 1
        self._message_received.set()

    def _on_register_capability(self, params):
        self.registrations += params.registrations
        self._message_received.set()

    def _on_configuration_request(self, params):
        self.configuration_requests += 1
        self._message_received.set()
        assert [item.section for item in params.items] == ["countersign"]
        return [self.settings]

    async def wait_until(self, condition, what, timeout=TIMEOUT):
        """Waits until the condition is true; it is evaluated again after each message."""

        async def wait():
            while not condition():
                self._message_received.clear()
                await self._message_received.wait()

        try:
            await asyncio.wait_for(wait(), timeout)
        except TimeoutError:
            raise AssertionError(f"not within {timeout} s: {what}") from None

    async def wait_for_diagnostics(self, uri, version, timeout=TIMEOUT):
        """Returns the diagnostics published for a version of the document."""

        def matching():
            return [
                each for each in self.publications if each.uri == uri and each.version == version
            ]

        await self.wait_until(matching, f"diagnostics of version {version} of {uri}", timeout)
        return list(matching()[-1].diagnostics)

    # Messages to the server.

    async def start_session(self, settings=None, *, pull=False, encodings=None, root=None, **more):
        """Starts and initializes the server. Without settings, there is no date and no
        configuration file, as with the options `PLAIN` of the command line."""
        await self.start_io(BINARY, "lsp")
        if settings is None:
            settings = {"today": "none", "config": "none"}
        result = await asyncio.wait_for(
            self.initialize_session(
                types.InitializeParams(
                    capabilities=capabilities(pull=pull, encodings=encodings, **more),
                    initialization_options=settings,
                    root_uri=root,
                    workspace_folders=[types.WorkspaceFolder(uri=root, name="root")]
                    if root
                    else None,
                )
            ),
            TIMEOUT,
        )
        self.encoding = result.capabilities.position_encoding or "utf-16"
        return result

    def open(self, uri, text, version=1, language="json"):
        self.text_document_did_open(
            types.DidOpenTextDocumentParams(
                types.TextDocumentItem(uri=uri, language_id=language, version=version, text=text)
            )
        )

    def change(self, uri, version, *changes):
        """Each change is a complete text or (line, character, end line, end character, text)."""
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(uri=uri, version=version),
                [content_change(change) for change in changes],
            )
        )

    def save(self, uri):
        self.text_document_did_save(
            types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri))
        )

    def close(self, uri):
        self.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )

    def send_pull(self, uri, previous=None, request_id=None):
        """Sends a pull request and returns the future of its response."""
        sent = self.protocol.send_request(
            types.TEXT_DOCUMENT_DIAGNOSTIC,
            types.DocumentDiagnosticParams(
                types.TextDocumentIdentifier(uri), previous_result_id=previous
            ),
            msg_id=request_id,
        )
        return asyncio.wrap_future(sent)

    async def pull(self, uri, previous=None):
        """Returns the report, with its diagnostics as a list."""
        report = await asyncio.wait_for(self.send_pull(uri, previous), TIMEOUT)
        if report.kind == "full":
            report.items = list(report.items)
        return report

    async def server_text(self, uri):
        """Returns the text of a document and its version as the server has them."""
        answer = await self.request("countersign/text", {"textDocument": {"uri": uri}})
        return answer["text"], answer["version"]

    async def code_actions(self, uri, lsp_range, diagnostics=(), only=None):
        (line, character), (end_line, end_character) = lsp_range
        answer = await asyncio.wait_for(
            self.text_document_code_action_async(
                types.CodeActionParams(
                    types.TextDocumentIdentifier(uri),
                    types.Range(
                        types.Position(line, character), types.Position(end_line, end_character)
                    ),
                    types.CodeActionContext(list(diagnostics), only=only),
                )
            ),
            TIMEOUT,
        )
        return answer or []

    async def fix_all_actions(self, uri, only="source.fixAll.countersign"):
        """Returns the actions that fix the whole document."""
        return await self.code_actions(uri, ((0, 0), (0, 0)), only=[only])

    async def completions(self, uri, line, character, trigger=None):
        context = types.CompletionContext(types.CompletionTriggerKind.Invoked)
        if trigger:
            context = types.CompletionContext(types.CompletionTriggerKind.TriggerCharacter, trigger)
        answer = await asyncio.wait_for(
            self.text_document_completion_async(
                types.CompletionParams(
                    types.TextDocumentIdentifier(uri), types.Position(line, character), context
                )
            ),
            TIMEOUT,
        )
        return getattr(answer, "items", answer) or []

    async def hover(self, uri, line, character):
        """Returns the content of the hover, or None."""
        answer = await asyncio.wait_for(
            self.text_document_hover_async(
                types.HoverParams(
                    types.TextDocumentIdentifier(uri), types.Position(line, character)
                )
            ),
            TIMEOUT,
        )
        return answer.contents.value if answer else None

    # Messages with plain JSON, including invalid ones.

    def send_request(self, method, params, request_id=None):
        """Sends a request with plain JSON as its parameters; returns its id and the future of its
        response."""
        request_id = request_id or str(uuid.uuid4())
        protocol = self.protocol
        message = JsonRPCRequestMessage(id=request_id, method=method, params=params, jsonrpc="2.0")
        future = self.expect_response(request_id)
        protocol._send_data(message)
        return request_id, future

    def expect_response(self, request_id):
        """Returns the future of the response to a request that is sent by other means."""
        future = asyncio.get_running_loop().create_future()
        self.protocol._request_futures[request_id] = future
        self.raw_requests.add(request_id)
        return future

    async def request(self, method, params):
        _, future = self.send_request(method, params)
        return await asyncio.wait_for(future, TIMEOUT)

    def send_notification(self, method, params):
        self.protocol._send_data(JsonRPCNotification(method=method, params=params, jsonrpc="2.0"))

    def cancel(self, request_id):
        self.send_notification("$/cancelRequest", {"id": request_id})

    def response_count(self, request_id):
        """Returns the number of responses to a request."""
        return sum(
            getattr(message, "id", None) == request_id and not hasattr(message, "method")
            for message in self.received
        )

    async def end_session(self):
        """Shuts the server down and returns its exit code."""
        await asyncio.wait_for(self.shutdown_session(), TIMEOUT)
        return await self.exit_code()

    async def exit_code(self):
        return await asyncio.wait_for(self._server.wait(), TIMEOUT)

    @property
    def is_running(self):
        return self._server is not None and self._server.returncode is None

    def change_settings(self, settings):
        """Sends other settings."""
        params = types.DidChangeConfigurationParams(settings={"countersign": settings})
        self.workspace_did_change_configuration(params)

    async def clean_up(self):
        """Kills the server if it still runs, and stops the client."""
        if self.is_running:
            self._server.kill()
        await self.stop()


async def end_sessions(clients):
    """Ends sessions that several tests shared."""
    for client in clients:
        try:
            assert await client.end_session() == 0
        finally:
            await client.clean_up()


def content_change(change):
    if isinstance(change, str):
        return types.TextDocumentContentChangeWholeDocument(text=change)
    line, character, end_line, end_character, new = change
    return types.TextDocumentContentChangePartial(
        range=types.Range(types.Position(line, character), types.Position(end_line, end_character)),
        text=new,
    )


def capabilities(
    *,
    pull=False,
    encodings=None,
    snippets=True,
    document_changes=True,
    configuration=False,
    watched_files=False,
    refresh=True,
    hierarchical=True,
    documentation=None,
):
    """The capabilities of a client that supports everything except what a test excludes."""
    text = types.TextDocumentClientCapabilities(
        synchronization=types.TextDocumentSyncClientCapabilities(did_save=True),
        publish_diagnostics=types.PublishDiagnosticsClientCapabilities(
            related_information=True,
            tag_support=types.ClientDiagnosticsTagOptions(
                [types.DiagnosticTag.Unnecessary, types.DiagnosticTag.Deprecated]
            ),
            version_support=True,
            code_description_support=True,
            data_support=True,
        ),
        code_action=types.CodeActionClientCapabilities(
            code_action_literal_support=types.ClientCodeActionLiteralOptions(
                types.ClientCodeActionKindOptions(
                    [
                        types.CodeActionKind.QuickFix,
                        types.CodeActionKind.Source,
                        types.CodeActionKind.SourceFixAll,
                    ]
                )
            ),
            is_preferred_support=True,
            data_support=True,
        ),
        completion=types.CompletionClientCapabilities(
            completion_item=types.ClientCompletionItemOptions(
                snippet_support=snippets,
                documentation_format=documentation
                or [types.MarkupKind.Markdown, types.MarkupKind.PlainText],
            )
        ),
        hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
        document_symbol=types.DocumentSymbolClientCapabilities(
            hierarchical_document_symbol_support=hierarchical
        ),
        diagnostic=types.DiagnosticClientCapabilities(
            related_information=True,
            tag_support=types.ClientDiagnosticsTagOptions([types.DiagnosticTag.Unnecessary]),
            code_description_support=True,
            data_support=True,
        )
        if pull
        else None,
    )
    workspace = types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=document_changes),
        configuration=configuration,
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(
            dynamic_registration=watched_files
        ),
        diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=refresh),
    )
    return types.ClientCapabilities(
        text_document=text,
        workspace=workspace,
        general=types.GeneralClientCapabilities(position_encodings=encodings),
    )


def diagnostic_fields(diagnostic, uri):
    """Returns a diagnostic in the format of command_line.expected_diagnostic()."""
    assert diagnostic.source == "countersign"
    for information in diagnostic.related_information or []:
        assert information.location.uri == uri
    return {
        "rule": diagnostic.code,
        "severity": diagnostic.severity,
        "range": pairs(diagnostic.range),
        "message": diagnostic.message,
        "related": [
            (pairs(information.location.range), information.message)
            for information in diagnostic.related_information or []
        ],
        "unnecessary": types.DiagnosticTag.Unnecessary in (diagnostic.tags or []),
    }


def pairs(lsp_range):
    return (lsp_range.start.line, lsp_range.start.character), (
        lsp_range.end.line,
        lsp_range.end.character,
    )


def sorted_by_range(all_fields):
    return sorted(all_fields, key=lambda each: (each["range"], each["rule"], each["message"]))


def rule_ids(diagnostics):
    """Returns the sorted rule ids of diagnostics."""
    return sorted(str(each.code) for each in diagnostics)


async def error_code(client, method, params):
    """Returns the code of the error response to a request."""
    with pytest.raises(JsonRpcException) as raised:
        await client.request(method, params)
    assert raised.value.message, "the error has no message"
    return raised.value.code


def text_after(action, uri, text, encoding, version=None):
    """Returns the text after the edits of an action, all of which must be of this document and
    version."""
    edit = action.edit
    assert edit is not None, f"{action.title} has no edit"
    if edit.document_changes is not None:
        assert edit.changes is None
        [change] = edit.document_changes
        assert change.text_document.uri == uri
        assert change.text_document.version == version
        edits = change.edits
    else:
        assert list(edit.changes) == [uri]
        edits = edit.changes[uri]
    return apply_edits(
        text,
        [
            (
                each.range.start.line,
                each.range.start.character,
                each.range.end.line,
                each.range.end.character,
                each.new_text,
            )
            for each in edits
        ],
        encoding,
    )
