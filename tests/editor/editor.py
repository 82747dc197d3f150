"""A session with the server under test, by pytest-lsp's client."""

import asyncio
import uuid

from lsprotocol import types
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
from text import apply_edits

# With a debug binary on a busy machine nothing small takes longer.
PATIENCE = 30

REQUEST_CANCELLED = -32800
CONTENT_MODIFIED = -32801
SERVER_CANCELLED = -32802
SERVER_NOT_INITIALIZED = -32002
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602


class Protocol(LanguageClientProtocol):
    """Keeps every message that comes, so that a test can ask how often something was answered."""

    def structure_message(self, data):
        if "id" in data and data["id"] in self._server.plain and "result" in data:
            return JsonRPCResponseMessage(**data)
        return super().structure_message(data)

    def handle_message(self, message):
        self._server.received.append(message)
        super().handle_message(message)


class Editor(LanguageClient):
    def __init__(self):
        super().__init__(protocol_cls=Protocol, converter_factory=default_converter)
        self.received = []
        # The requests whose results are left as plain JSON.
        self.plain = set()
        self.sets = []
        self.registrations = []
        self.encoding = "utf-16"
        self._arrival = asyncio.Event()
        register_lsp_features(
            self,
            {
                **DEFAULT_CLIENT_FEATURES,
                # The client's library gives itself to a parameter of the name `ls`.
                types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: lambda ls, params: ls._published(params),
                types.WORKSPACE_DIAGNOSTIC_REFRESH: lambda ls, params: ls._refreshed(params),
                types.WORKSPACE_CONFIGURATION: lambda ls, params: ls._asked(params),
                types.CLIENT_REGISTER_CAPABILITY: lambda ls, params: ls._registered(params),
            },
        )
        self.settings = None
        self.settings_asked = 0

    # What the server sends.

    def _published(self, params):
        self.sets.append(params)
        self._arrival.set()

    def _refreshed(self, params):
        self.diagnostic_refresh_count += 1
        self._arrival.set()

    def _registered(self, params):
        self.registrations += params.registrations
        self._arrival.set()

    def _asked(self, params):
        self.settings_asked += 1
        self._arrival.set()
        assert [item.section for item in params.items] == ["countersign"]
        return [self.settings]

    async def until(self, condition, what, patience=PATIENCE):
        """Waits until the condition holds; it is looked at again after each arrival."""

        async def wait():
            while not condition():
                self._arrival.clear()
                await self._arrival.wait()

        try:
            await asyncio.wait_for(wait(), patience)
        except TimeoutError:
            raise AssertionError(f"within {patience} s there was not: {what}") from None

    async def published(self, uri, version, patience=PATIENCE):
        """The diagnostics published for that version of the document."""

        def matching():
            return [each for each in self.sets if each.uri == uri and each.version == version]

        await self.until(matching, f"a set of version {version} of {uri}", patience)
        return list(matching()[-1].diagnostics)

    # What the editor does.

    async def begin(self, settings=None, *, pull=False, encodings=None, root=None, **more):
        """Starts the server and initializes it. Settings are those of the plainest check unless
        they are given."""
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
            PATIENCE,
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
        """Each change is a whole text, or (line, character, end line, end character, new)."""
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

    def start_pull(self, uri, previous=None, request_id=None):
        """Sends a pull at once and returns the future of its answer."""
        sent = self.protocol.send_request(
            types.TEXT_DOCUMENT_DIAGNOSTIC,
            types.DocumentDiagnosticParams(
                types.TextDocumentIdentifier(uri), previous_result_id=previous
            ),
            msg_id=request_id,
        )
        return asyncio.wrap_future(sent)

    async def pull(self, uri, previous=None):
        """The report, with its diagnostics as a list."""
        report = await asyncio.wait_for(self.start_pull(uri, previous), PATIENCE)
        if report.kind == "full":
            report.items = list(report.items)
        return report

    async def text(self, uri):
        """The server's text of a document and its version."""
        answer = await self.ask("countersign/text", {"textDocument": {"uri": uri}})
        return answer["text"], answer["version"]

    async def actions(self, uri, span, diagnostics=(), only=None):
        (line, character), (end_line, end_character) = span
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
            PATIENCE,
        )
        return answer or []

    async def fix_all(self, uri, only="source.fixAll.countersign"):
        """The actions that mend the document as a whole."""
        return await self.actions(uri, ((0, 0), (0, 0)), only=[only])

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
            PATIENCE,
        )
        return getattr(answer, "items", answer) or []

    async def hover(self, uri, line, character):
        """The hover's text, or None."""
        answer = await asyncio.wait_for(
            self.text_document_hover_async(
                types.HoverParams(
                    types.TextDocumentIdentifier(uri), types.Position(line, character)
                )
            ),
            PATIENCE,
        )
        return answer.contents.value if answer else None

    # Messages as they stand, also such as no editor would send.

    def send_request(self, method, params, request_id=None):
        """Sends a request whose parameters are plain JSON; returns its id and its future."""
        request_id = request_id or str(uuid.uuid4())
        protocol = self.protocol
        message = JsonRPCRequestMessage(id=request_id, method=method, params=params, jsonrpc="2.0")
        future = self.expect(request_id)
        protocol._send_data(message)
        return request_id, future

    def expect(self, request_id):
        """The future of the answer to a request that is sent by other means."""
        future = asyncio.get_running_loop().create_future()
        self.protocol._request_futures[request_id] = future
        self.plain.add(request_id)
        return future

    async def ask(self, method, params):
        _, future = self.send_request(method, params)
        return await asyncio.wait_for(future, PATIENCE)

    def tell(self, method, params):
        self.protocol._send_data(JsonRPCNotification(method=method, params=params, jsonrpc="2.0"))

    def cancel(self, request_id):
        self.tell("$/cancelRequest", {"id": request_id})

    def answers_to(self, request_id):
        """How often a request was answered."""
        return sum(
            getattr(message, "id", None) == request_id and not hasattr(message, "method")
            for message in self.received
        )

    async def finish(self):
        """Ends the session as editors do; the exit code."""
        await asyncio.wait_for(self.shutdown_session(), PATIENCE)
        return await self.exit_code()

    async def exit_code(self):
        return await asyncio.wait_for(self._server.wait(), PATIENCE)

    @property
    def running(self):
        return self._server is not None and self._server.returncode is None

    def change_settings(self, settings):
        """What the person wants from now on."""
        params = types.DidChangeConfigurationParams(settings={"countersign": settings})
        self.workspace_did_change_configuration(params)

    async def put_away(self):
        """Whatever became of the session, nothing of it stays."""
        if self.running:
            self._server.kill()
        await self.stop()


async def finish_all(editors):
    """Ends sessions that several tests had in common."""
    for editor in editors:
        try:
            assert await editor.finish() == 0
        finally:
            await editor.put_away()


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
    """The capabilities of an editor that can everything, less what a test takes away."""
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


def told(diagnostic, uri):
    """A diagnostic in the form that command_line.expected() has."""
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


def pairs(span):
    return (span.start.line, span.start.character), (span.end.line, span.end.character)


def in_order(all_told):
    return sorted(all_told, key=lambda each: (each["range"], each["rule"], each["message"]))


def text_after(action, uri, text, encoding, version=None):
    """The text after an action's edits, which must be of this one document and of that version."""
    edit = action.edit
    assert edit is not None, f"{action.title} brings no edit"
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
