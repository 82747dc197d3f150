// The service as a language server that validates after every change, without a delay.

import { createConnection, TextDocuments, TextDocumentSyncKind } from "vscode-languageserver/node";
import { service, TextDocument } from "./service.mjs";

const connection = createConnection(process.stdin, process.stdout);
const documents = new TextDocuments(TextDocument);
let diagnostics;

connection.onInitialize(({ initializationOptions }) => {
  diagnostics = service(initializationOptions.schema);
  return { capabilities: { textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental } } };
});
documents.onDidChangeContent(async ({ document }) => {
  const { uri, version } = document;
  connection.sendDiagnostics({ uri, version, diagnostics: await diagnostics(document) });
});
documents.listen(connection);
connection.listen();
