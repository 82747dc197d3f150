// The settings and the program as the editor knows them now.
import { homedir } from "node:os";
import { commands, env, window, workspace, type LogOutputChannel } from "vscode";
import { findProgram } from "./program";
import { serverSettings, type Base, type ServerSettings } from "./settings";

function base(): Base {
  return { folder: workspace.workspaceFolders?.[0]?.uri.fsPath, home: homedir() };
}

export function currentSettings(): ServerSettings {
  const configuration = workspace.getConfiguration("countersign");
  return serverSettings((name) => configuration.get(name), base());
}

/** The program to run; without one the user is told once, and how to mend it. */
export function program(output: LogOutputChannel): string | undefined {
  const setting = workspace.getConfiguration("countersign").get<string>("path", "countersign");
  const found = findProgram(setting, base());
  if (found === undefined) {
    const message = `countersign: there is no program \`${setting}\` to run. Install it, or let the setting countersign.path name it.`;
    output.error(message);
    // In a remote window the setting stands among those of the remote machine.
    const settingsEditor = `workbench.action.open${env.remoteName === undefined ? "" : "Remote"}Settings`;
    const remedy = "Open Settings";
    void window.showErrorMessage(message, remedy).then((choice) => {
      if (choice === remedy) void commands.executeCommand(settingsEditor, { query: "countersign.path" });
    });
  }
  return found;
}
