// The server itself, through the protocol library that the client uses.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  CodeActionRequest, createProtocolConnection, DidChangeTextDocumentNotification, DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest, ExitNotification, InitializedNotification, InitializeRequest, ShutdownRequest,
  StreamMessageReader, StreamMessageWriter, type CodeAction, type Diagnostic, type FullDocumentDiagnosticReport,
  type Range, type TextEdit,
} from "vscode-languageserver-protocol/node";
import { mistakes, order } from "./order";
import { program } from "./program";

const uri = pathToFileURL(join(mkdtempSync(join(tmpdir(), "countersign-lsp-")), "order.json")).href;

/** Positions count UTF-16 units, as indexes into a string do. */
function offset(text: string, { line, character }: Range["start"]): number {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return starts[line]! + character;
}

function slice(text: string, { start, end }: Range): string {
  return text.slice(offset(text, start), offset(text, end));
}

function apply(text: string, edits: TextEdit[]): string {
  const backwards = [...edits].sort((a, b) => offset(text, b.range.start) - offset(text, a.range.start));
  return backwards.reduce(
    (done, { range, newText }) => done.slice(0, offset(text, range.start)) + newText + done.slice(offset(text, range.end)),
    text,
  );
}

test("a session: open, pull, fix one, fix all, read a rule's page, leave", { timeout: 60_000 }, async (t) => {
  const child = spawn(program, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => child.kill());
  await once(child, "spawn");
  const exit = once(child, "exit");
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.listen();
  // So that a server that breaks off fails what waits for its answers.
  child.on("exit", () => connection.dispose());

  const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      general: { positionEncodings: ["utf-16"] },
      textDocument: { diagnostic: {}, codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } },
      workspace: { workspaceEdit: { documentChanges: true } },
    },
    initializationOptions: { today: "2026-01-01", config: "none" },
  });
  assert.equal(capabilities.positionEncoding ?? "utf-16", "utf-16");
  assert.ok(capabilities.diagnosticProvider);
  await connection.sendNotification(InitializedNotification.type, {});

  let text = order;
  let version = 1;
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: "json", version, text },
  });
  const textDocument = { uri };
  const pull = async () => {
    const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument });
    assert.equal(report.kind, "full");
    return (report as FullDocumentDiagnosticReport).items;
  };
  const rules = (diagnostics: Diagnostic[]) => diagnostics.map(({ code }) => code).sort();
  const actions = async (range: Range, diagnostics: Diagnostic[], kind: string) => {
    const params = { textDocument, range, context: { diagnostics, only: [kind] } };
    return (await connection.sendRequest(CodeActionRequest.type, params)) as CodeAction[];
  };
  const take = async (action: CodeAction | undefined) => {
    const [change, ...others] = action?.edit?.documentChanges ?? [];
    assert.ok(change !== undefined && "textDocument" in change && others.length === 0);
    assert.deepEqual(change.textDocument, { uri, version });
    text = apply(text, change.edits as TextEdit[]);
    version++;
    const contentChanges = [{ text }];
    await connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version }, contentChanges,
    });
  };

  const found = await pull();
  assert.deepEqual(rules(found), mistakes);
  assert.ok(found.every(({ source }) => source === "countersign"));

  const blank = found.find(({ code }) => code === "payload/surrounding-space")!;
  assert.equal(slice(text, blank.range), '"😀 PO-2214 "');
  const [quickFix, ...further] = await actions(blank.range, [blank], "quickfix");
  assert.deepEqual(further, []);
  assert.equal(quickFix?.isPreferred, true);
  await take(quickFix);
  assert.ok(text.includes('"poNumber": "😀 PO-2214", "subscriptionPeriod"'));
  assert.deepEqual(rules(await pull()), mistakes.filter((rule) => rule !== "payload/surrounding-space"));

  const everything = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const [fixAll] = await actions(everything, [], "source.fixAll.countersign");
  assert.equal(fixAll?.kind, "source.fixAll.countersign");
  await take(fixAll);
  assert.deepEqual(await pull(), []);
  assert.doesNotThrow(() => JSON.parse(text));
  assert.deepEqual(await actions(everything, [], "source.fixAll.countersign"), []);

  const { rule, page } = await connection.sendRequest<{ rule: string; page: string }>(
    "countersign/rulePage", { rule: "order/mpn-shape" },
  );
  assert.equal(rule, "order/mpn-shape");
  assert.match(page, /^#.*\bmpn-shape\b/);
  await assert.rejects(connection.sendRequest("countersign/rulePage", { rule: "order/nonsense" }), { code: -32602 });

  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  assert.deepEqual(await exit, [0, null]);
});
