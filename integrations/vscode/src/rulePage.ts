// The pages of the rules, as virtual documents that the Markdown preview shows.
import {
  commands, languages, Uri, window, workspace, type Disposable, type LogOutputChannel, type QuickPickItem,
} from "vscode";
import { program } from "./configuration";
import { run } from "./program";
import type { Server } from "./server";

const scheme = "countersign-rule";

export function rulePages(server: Server): Disposable {
  return workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => server.rulePage(uri.path.replace(/^\/|\.md$/g, "")),
  });
}

/** Shows the page of the rule at the cursor, or of one that is picked. */
export async function showRule(server: Server, output: LogOutputChannel): Promise<void> {
  const here = rulesAtCursor().map((label) => ({ label }));
  const choices: QuickPickItem[] = here.length > 0 ? here : await allRules(output);
  const options = { title: "countersign: Show Rule", placeHolder: "Which rule?", matchOnDetail: true };
  const rule = (choices.length > 1 ? await window.showQuickPick(choices, options) : choices[0])?.label;
  if (rule === undefined) return;
  // Asked for here already, so that a failure is told in a message instead of in an empty preview.
  await server.rulePage(rule);
  await commands.executeCommand("markdown.showPreview", Uri.from({ scheme, path: `/${rule}.md` }));
}

function rulesAtCursor(): string[] {
  const editor = window.activeTextEditor;
  if (editor === undefined) return [];
  const rules = languages
    .getDiagnostics(editor.document.uri)
    .filter(({ source, range }) => source === "countersign" && range.contains(editor.selection.active))
    .map(({ code }) => (typeof code === "object" ? code.value : code))
    .filter((code) => typeof code === "string");
  return [...new Set(rules)];
}

async function allRules(output: LogOutputChannel): Promise<QuickPickItem[]> {
  const command = program(output);
  if (command === undefined) return [];
  let text = "";
  const { code, stderr } = await run(command, ["rules", "--format", "json"], undefined, undefined, (line) => (text += line));
  if (code !== 0) throw new Error(stderr);
  const rules = JSON.parse(text) as { id: string; level: string; summary: string }[];
  return rules.map(({ id, level, summary }) => ({ label: id, description: level, detail: summary }));
}
