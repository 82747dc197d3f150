// The item in the status bar.
import { DiagnosticSeverity, languages, StatusBarAlignment, ThemeColor, window, type Disposable } from "vscode";
import type { Counts } from "./findings";
import { selector, type Server } from "./server";
import { statusText } from "./statusText";

export function statusItem(server: Server): Disposable[] {
  const item = window.createStatusBarItem("countersign.status", StatusBarAlignment.Right, 100);
  item.name = "countersign";
  item.command = "countersign.showOutput";
  const show = () => {
    const { text, tooltip, alarm } = statusText(server.state, activeCounts());
    item.text = text;
    item.tooltip = tooltip;
    item.backgroundColor = alarm ? new ThemeColor("statusBarItem.warningBackground") : undefined;
  };
  show();
  item.show();
  return [
    item,
    server.onDidChangeState(show),
    window.onDidChangeActiveTextEditor(show),
    languages.onDidChangeDiagnostics(({ uris }) => {
      const active = window.activeTextEditor?.document.uri.toString();
      if (uris.some((uri) => uri.toString() === active)) show();
    }),
  ];
}

function activeCounts(): Counts | undefined {
  const document = window.activeTextEditor?.document;
  if (document === undefined || languages.match(selector, document) === 0) return undefined;
  const own = languages.getDiagnostics(document.uri).filter(({ source }) => source === "countersign");
  const count = (level: DiagnosticSeverity) => own.filter(({ severity }) => severity === level).length;
  return {
    error: count(DiagnosticSeverity.Error),
    warning: count(DiagnosticSeverity.Warning),
    info: count(DiagnosticSeverity.Information),
  };
}
