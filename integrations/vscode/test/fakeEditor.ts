// As much of the `vscode` module as the extension needs to run without an editor. What is not here is a
// stub: a class, and a function that returns something to dispose of.
import { readFileSync } from "node:fs";
import Module from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const extension = resolve(__dirname, "..", "..");
export const manifest = JSON.parse(readFileSync(join(extension, "package.json"), "utf8"));

type Listener = (event: any) => unknown;

/** An object whose missing members are stubs. */
function filled(members: object): any {
  return new Proxy(members, { get: (target: any, name) => (name in target || typeof name === "symbol" ? target[name] : stub()) });
}

function stub(): unknown {
  return new Proxy(class { dispose() {} }, { apply: () => ({ dispose() {} }) });
}

class Uri {
  constructor(readonly scheme: string, readonly path: string) {}
  static file = (file: string) => new Uri("file", pathToFileURL(file).pathname);
  static from = ({ scheme, path }: Uri) => new Uri(scheme, path);
  static parse(text: string) {
    const [, scheme, path] = /^([a-z-]+):(?:\/\/)?(.*)$/.exec(text)!;
    return new Uri(scheme!, path!);
  }
  get fsPath() {
    return fileURLToPath(this.toString());
  }
  toString() {
    return `${this.scheme}://${this.path}`;
  }
  with() {
    return this;
  }
}

class EventEmitter {
  private listeners: Listener[] = [];
  event = (listener: Listener) => {
    this.listeners.push(listener);
    return { dispose: () => (this.listeners = this.listeners.filter((other) => other !== listener)) };
  };
  fire = (event?: unknown) => this.listeners.forEach((listener) => listener(event));
  dispose = () => (this.listeners = []);
}

class Position {
  constructor(readonly line: number, readonly character: number) {}
}

class Range {
  readonly numbers: number[];
  constructor(...numbers: number[]) {
    this.numbers = numbers;
  }
  contains = ({ line, character }: Position) => {
    const [startLine, start, endLine, end] = this.numbers as [number, number, number, number];
    return (line > startLine || (line === startLine && character >= start)) && (line < endLine || (line === endLine && character <= end));
  };
}

class Kind {
  constructor(readonly value: string) {}
  append = (part: string) => new Kind(this.value === "" ? part : `${this.value}.${part}`);
  contains = ({ value }: Kind) => `${value}.`.startsWith(`${this.value}.`);
}

/** A new editor with the settings of the manifest and those given, and the extension in it, not yet active. */
export function fakeEditor(settings: Record<string, unknown>, folder?: string) {
  const told: { kind: string; message: string; choices: string[] }[] = [];
  const executed: unknown[][] = [];
  const answers: Record<string, (...args: any[]) => unknown> = {};
  const commands: Record<string, (...args: unknown[]) => Promise<unknown>> = {};
  const providers: Record<string, any> = {};
  const shown = new Map<string, any[]>();
  const documents: any[] = [];
  const status = { text: "", tooltip: "", show() {}, dispose() {} };
  const events: Record<string, EventEmitter> = {};
  const on = (name: string) => (events[name] ??= new EventEmitter()).event;
  const editor = {
    choice: undefined as string | undefined,
    active: undefined as any,
    told, executed, answers, commands, providers, shown, documents, status, settings, Uri, Position, Range,
    fire: (name: string, event: unknown) => events[name]?.fire(event),
    log: [] as string[],
  };
  const show = (kind: string) => async (message: string, ...choices: string[]) => {
    told.push({ kind, message, choices });
    return editor.choice;
  };
  const write = (line: string) => editor.log.push(line);
  const output = filled({
    logLevel: 3, onDidChangeLogLevel: on("logLevel"), error: write, warn: write, info: write, debug: write, trace: write,
  });
  const get = (name: string, fallback?: unknown) =>
    settings[name] ?? manifest.contributes.configuration.properties[`countersign.${name}`]?.default ?? fallback;
  const vscode = filled({
    version: "1.97.0",
    Uri, EventEmitter, Position, Range,
    LogLevel: { Trace: 1, Info: 3 },
    DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
    ProgressLocation: { Notification: 15 },
    StatusBarAlignment: { Right: 2 },
    Disposable: { from: (...parts: { dispose(): void }[]) => ({ dispose: () => parts.forEach((part) => part.dispose()) }) },
    Diagnostic: class { constructor(readonly range: Range, readonly message: string, readonly severity: number) {} },
    CodeActionKind: { Empty: new Kind(""), QuickFix: new Kind("quickfix"), SourceFixAll: new Kind("source.fixAll") },
    env: { appName: "fake", language: "en" },
    commands: filled({
      registerCommand: (name: string, action: any) => ((commands[name] = action), { dispose() {} }),
      executeCommand: async (name: string, ...args: unknown[]) => (executed.push([name, ...args]), answers[name]?.(...args)),
    }),
    languages: filled({
      match: (_selector: unknown, { languageId }: { languageId: string }) => (languageId === "json" ? 10 : 0),
      getDiagnostics: (uri: Uri) => shown.get(uri.toString()) ?? [],
      onDidChangeDiagnostics: on("diagnostics"),
      createDiagnosticCollection: () => ({
        set: (uri: Uri, list?: any[]) => (list === undefined ? shown.delete(uri.toString()) : shown.set(uri.toString(), list)),
        delete: (uri: Uri) => shown.delete(uri.toString()),
        clear: () => shown.clear(),
        dispose() {},
      }),
    }),
    window: filled({
      get activeTextEditor() {
        return editor.active;
      },
      visibleTextEditors: [], tabGroups: filled({ all: [] }),
      createOutputChannel: () => output,
      createStatusBarItem: () => status,
      showErrorMessage: show("error"), showWarningMessage: show("warning"), showInformationMessage: show("information"),
      showQuickPick: async (items: unknown) => answers.pick?.(await items),
      withProgress: (_options: unknown, task: any) => {
        const token = { isCancellationRequested: false, onCancellationRequested: on("cancel") };
        on("cancel")(() => (token.isCancellationRequested = true));
        return task({ report() {} }, token);
      },
      onDidChangeActiveTextEditor: on("active"),
    }),
    workspace: filled({
      workspaceFolders: folder === undefined ? undefined : [{ uri: Uri.file(folder), name: "folder", index: 0 }],
      textDocuments: documents, notebookDocuments: [],
      getConfiguration: () => ({ get }),
      onDidOpenTextDocument: on("open"), onDidCloseTextDocument: on("close"), onDidChangeConfiguration: on("configuration"),
      createFileSystemWatcher: () => filled({ onDidChange: on("fileChange"), onDidDelete: on("fileDelete") }),
      registerTextDocumentContentProvider: (scheme: string, provider: any) => ((providers[scheme] = provider), { dispose() {} }),
      applyEdit: async (edit: unknown) => (executed.push(["applyEdit", edit]), true),
    }),
  });
  const load = (Module as any)._load;
  (Module as any)._load = (name: string, ...rest: unknown[]) => (name === "vscode" ? vscode : load(name, ...rest));
  const bundle = join(extension, "dist", "extension.js");
  delete require.cache[bundle];
  const { activate, deactivate } = require(bundle);
  (Module as any)._load = load;
  return { ...editor, editor, activate: () => activate({ subscriptions: [] }), deactivate: deactivate as () => Promise<void> };
}

/** Waits until something holds, ten seconds at most. */
export async function until(holds: () => boolean, what: () => unknown): Promise<void> {
  for (const end = Date.now() + 10_000; !holds(); ) {
    if (Date.now() > end) throw new Error(`still: ${JSON.stringify(what())}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}
