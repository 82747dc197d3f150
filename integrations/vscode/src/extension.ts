// Puts the parts together.
import { CodeActionKind, commands, languages, Range, window, workspace, type CodeAction, type ExtensionContext } from "vscode";
import { rulePages, showRule } from "./rulePage";
import { selector, Server } from "./server";
import { statusItem } from "./status";
import { WorkspaceCheck } from "./workspaceCheck";

let server: Server | undefined;

export function activate(context: ExtensionContext): void {
  const output = window.createOutputChannel("countersign", { log: true });
  const running = (server = new Server(output));
  const check = new WorkspaceCheck(running, output);
  const command = (name: string, action: () => unknown) =>
    commands.registerCommand(`countersign.${name}`, async () => {
      try {
        await action();
      } catch (error) {
        const message = `countersign: ${error instanceof Error ? error.message : String(error)}`;
        output.error(message);
        void window.showErrorMessage(message);
      }
    });
  context.subscriptions.push(
    output,
    running,
    check,
    rulePages(running),
    ...statusItem(running),
    command("checkWorkspace", () => check.check()),
    command("fixAll", fixAll),
    command("showRule", () => showRule(running, output)),
    command("restart", () => running.restart()),
    command("showOutput", () => output.show()),
    workspace.onDidChangeConfiguration((event) => {
      const needsRestart = ["countersign.path", "countersign.trace.server"].some((name) => event.affectsConfiguration(name));
      if (needsRestart) void running.restart();
    }),
  );
  // Not awaited: the editor need not wait for the server.
  void running.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

const fixAllKind = CodeActionKind.SourceFixAll.append("countersign");

async function fixAll(): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (document === undefined || languages.match(selector, document) === 0) {
    void window.showInformationMessage("countersign: the active editor shows no file to fix.");
    return;
  }
  const whole = new Range(0, 0, document.lineCount, 0);
  const actions = await commands.executeCommand<CodeAction[]>(
    "vscode.executeCodeActionProvider", document.uri, whole, fixAllKind.value,
  );
  const edit = actions.find(({ kind }) => kind !== undefined && fixAllKind.contains(kind))?.edit;
  if (edit === undefined) void window.showInformationMessage("countersign: there is no safe fix to make in this file.");
  else if (!(await workspace.applyEdit(edit))) throw new Error("the file changed meanwhile, so nothing was fixed");
}
