// "Check Workspace": the command line on each folder, and its findings on the files that are not open.
import {
  Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, languages, Location, ProgressLocation, Range, Uri, window,
  workspace, type CancellationToken, type Disposable, type LogOutputChannel, type TextDocument,
} from "vscode";
import { resolve } from "node:path";
import { currentSettings, program } from "./configuration";
import { counted, FileFindings, messageOf, positions, summary, type Finding } from "./findings";
import { run } from "./program";
import { selector, type Server } from "./server";
import { checkFlags } from "./settings";

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

export class WorkspaceCheck implements Disposable {
  private readonly shown = languages.createDiagnosticCollection("countersign-workspace");
  /** What the last check found, by URI. Of these the files that are open are left to the server. */
  private readonly found = new Map<string, Diagnostic[]>();
  private readonly parts: Disposable[];
  private running: Promise<void> | undefined;

  constructor(server: Server, private readonly output: LogOutputChannel) {
    const watcher = workspace.createFileSystemWatcher("**/{*.json,*.jsonl,*.ndjson,*.gz,*.zst,countersign.toml}", true);
    // What was found in a file holds no longer once the file changes or the server tells of it.
    const forget = (uri: Uri) => {
      this.found.delete(uri.toString());
      this.shown.delete(uri);
    };
    this.parts = [
      this.shown,
      watcher,
      watcher.onDidChange(forget),
      watcher.onDidDelete(forget),
      server.onDidTell(forget),
      workspace.onDidOpenTextDocument((document) => {
        if (isServed(document)) this.shown.delete(document.uri);
      }),
      workspace.onDidCloseTextDocument(({ uri }) => this.shown.set(uri, this.found.get(uri.toString()))),
    ];
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }

  /** One check at a time: whoever asks meanwhile gets the one that runs. */
  check(): Promise<void> {
    return (this.running ??= this.withProgress().finally(() => (this.running = undefined)));
  }

  private async withProgress(): Promise<void> {
    const command = program(this.output);
    if (command === undefined) return;
    const options = { location: ProgressLocation.Notification, title: "countersign: checking the workspace", cancellable: true };
    const told = await window.withProgress(options, (progress, token) =>
      this.checkFolders(command, token, (message) => progress.report({ message })),
    );
    if (told !== undefined) void window.showInformationMessage(`countersign: ${told}`);
  }

  /** Returns what there is to tell, nothing if the user broke off. */
  private async checkFolders(
    command: string, token: CancellationToken, report: (message: string) => void,
  ): Promise<string | undefined> {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const settings = currentSettings();
    const files = new Map<string, FileFindings>();
    const problems: string[] = [];
    for (const folder of workspace.workspaceFolders ?? []) {
      const args = ["check", "--format", "ndjson", "--quiet", "--no-progress", ...checkFlags(settings), "."];
      let reported = 0;
      const { code, stderr } = await run(command, args, folder.uri.fsPath, abort.signal, (line) => {
        const finding = JSON.parse(line) as Finding;
        const file = resolve(folder.uri.fsPath, finding.file);
        if (!files.has(file)) files.set(file, new FileFindings(settings.maxFindings ?? 500));
        files.get(file)!.add(finding);
        if (Date.now() - reported < 200) return;
        reported = Date.now();
        report(`${folder.name}, ${finding.file}`);
      });
      if (token.isCancellationRequested) return undefined;
      if (code !== 0 && code !== 1) problems.push(stderr || `the check of ${folder.name} broke off`);
    }
    const own = new Map([...files].filter(([, findings]) => !findings.foreign));
    this.show(own);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return summary([...own.values()]);
  }

  private show(files: Map<string, FileFindings>): void {
    this.shown.clear();
    this.found.clear();
    const open = new Set(workspace.textDocuments.filter(isServed).map(({ uri }) => uri.toString()));
    for (const [file, findings] of files) {
      const uri = Uri.file(file);
      const isOpen = open.has(uri.toString());
      // The server tells of a configuration that it read, open or not.
      if (!isOpen && languages.getDiagnostics(uri).some(({ source }) => source === "countersign")) continue;
      const diagnostics = findings.kept().map((finding) => diagnosticOf(finding, uri));
      if (findings.leftOut > 0) {
        const message = `${counted(findings.leftOut, "finding")} of this file left out`;
        diagnostics.push(new Diagnostic(new Range(0, 0, 0, 0), message, severities.info));
      }
      for (const diagnostic of diagnostics) diagnostic.source = "countersign";
      this.found.set(uri.toString(), diagnostics);
      if (!isOpen) this.shown.set(uri, diagnostics);
    }
  }
}

function isServed(document: TextDocument): boolean {
  return languages.match(selector, document) > 0;
}

function diagnosticOf(finding: Finding, uri: Uri): Diagnostic {
  const diagnostic = new Diagnostic(new Range(...positions(finding.range)), messageOf(finding), severities[finding.level]);
  diagnostic.code = finding.url === null ? finding.rule : { value: finding.rule, target: Uri.parse(finding.url) };
  diagnostic.relatedInformation = finding.labels.map(
    ({ range, message }) => new DiagnosticRelatedInformation(new Location(uri, new Range(...positions(range))), message),
  );
  return diagnostic;
}
