// The language server: started, restarted and stopped one after the other, never twice at once.
import { setTimeout } from "node:timers/promises";
import { EventEmitter, LogLevel, workspace, type Disposable, type LogOutputChannel, type Uri } from "vscode";
import {
  CloseAction, DidChangeConfigurationNotification, ErrorAction, LanguageClient, RevealOutputChannelOn, State as ClientState,
  type ErrorHandler, type LanguageClientOptions,
} from "vscode-languageclient/node";
import { currentSettings, program } from "./configuration";
import type { State } from "./statusText";

/** What countersign looks at: files, and what is pasted into a new editor. */
export const selector = [
  ...["json", "jsonc", "jsonl", "ndjson"].flatMap((language) => [
    { scheme: "file", language },
    { scheme: "untitled", language },
  ]),
  { scheme: "file", pattern: "**/countersign.toml" },
];

export class Server implements Disposable {
  state: State = "stopped";
  private client: LanguageClient | undefined;
  private turn = Promise.resolve();
  private started = Promise.resolve();
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeState = this.changed.event;
  private readonly told = new EventEmitter<Uri>();
  /** The server has told unasked of a file that is not open: of a configuration that it read. */
  readonly onDidTell = this.told.event;

  constructor(private readonly output: LogOutputChannel) {}

  async restart(): Promise<void> {
    await (this.turn = this.turn.then(() => this.end()).then(() => this.begin()));
    await this.started;
  }

  stop(): Promise<void> {
    return (this.turn = this.turn.then(() => this.end()));
  }

  /** The page of a rule, as Markdown. */
  async rulePage(rule: string): Promise<string> {
    await this.turn;
    await this.started;
    if (this.client === undefined || this.state !== "ready") throw new Error("the server is not running");
    const { page } = await this.client.sendRequest<{ page: string }>("countersign/rulePage", { rule });
    return page;
  }

  dispose(): void {
    this.changed.dispose();
    this.told.dispose();
  }

  private become(state: State): void {
    this.state = state;
    this.changed.fire();
  }

  private begin(): void {
    const command = program(this.output);
    if (command === undefined) return this.become("failed");
    this.output.info(`starting ${command} lsp`);
    const client: LanguageClient = new LanguageClient(
      "countersign", "countersign", { command, args: ["lsp"] }, this.options(() => client),
    );
    let ran = false;
    client.onDidChangeState(({ newState }) => {
      if (client !== this.client) return;
      ran ||= newState === ClientState.Running;
      if (newState === ClientState.Starting) this.become("starting");
      else if (newState === ClientState.Running) this.become("ready");
      else this.become(ran ? "stopped" : "failed");
    });
    this.client = client;
    // The client itself tells the user of a start that fails, and its state becomes `failed`.
    this.started = client.start().catch((error: unknown) => this.output.error(String(error)));
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    // A client cannot be stopped while it starts. One that hangs there is ended by force when it is disposed of.
    await Promise.race([this.started, setTimeout(5000, undefined, { ref: false })]);
    if (!client?.needsStop()) return;
    await client.dispose().catch((error: unknown) => this.output.warn(String(error)));
    this.become("stopped");
  }

  private options(client: () => LanguageClient): LanguageClientOptions {
    return {
      documentSelector: selector,
      outputChannel: this.output,
      traceOutputChannel: this.traceChannel(),
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: currentSettings,
      initializationFailedHandler: () => false,
      synchronize: { configurationSection: "countersign" },
      errorHandler: errorHandler(client),
      middleware: {
        handleDiagnostics: (uri, diagnostics, next) => {
          next(uri, diagnostics);
          this.told.fire(uri);
        },
        workspace: {
          configuration: ({ items }) => items.map(({ section }) => (section === "countersign" ? currentSettings() : null)),
          didChangeConfiguration: () =>
            client().sendNotification(DidChangeConfigurationNotification.type, { settings: { countersign: currentSettings() } }),
        },
      },
    };
  }

  /** The client traces only into a channel whose log level is `Trace`; here the setting alone shall do. */
  private traceChannel(): LogOutputChannel {
    if (workspace.getConfiguration("countersign").get("trace.server") === "off") return this.output;
    return Object.create(this.output, {
      logLevel: { value: LogLevel.Trace },
      trace: { value: (message: string) => this.output.info(message) },
    }) as LogOutputChannel;
  }
}

/**
 * A server that exits while it is running is started again a few times. One that does not even start is left alone,
 * and the client's own message reports it.
 *
 * An error with a code is one of the stream: the server is gone, and `closed` decides. The usual answer, a shutdown,
 * would leave the server stopped if the client notices the broken stream before the exit.
 */
function errorHandler(client: () => LanguageClient): ErrorHandler {
  let usual: ErrorHandler | undefined;
  const whileRunning = () => {
    usual ??= client().createDefaultErrorHandler();
    return client().state === ClientState.Running ? usual : undefined;
  };
  return {
    error: (error, message, count) =>
      ("code" in error ? undefined : whileRunning()?.error(error, message, count)) ?? { action: ErrorAction.Continue, handled: true },
    closed: () => whileRunning()?.closed() ?? { action: CloseAction.DoNotRestart, handled: true },
  };
}
