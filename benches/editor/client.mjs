// The client's end of the protocol, the same for every server that is measured.

import { spawn } from "node:child_process";

const LONGEST_WAIT_MS = 10_000;
const HEAD_END = Buffer.from("\r\n\r\n");

/** A server as a process, spoken to over pipes. */
export class Server {
  #process;
  #read = Buffer.alloc(0);
  #lastId = 0;
  #waiting;
  #failed;

  constructor(name, command, args) {
    this.name = name;
    this.#process = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#process.stdout.on("data", (bytes) => this.#take(bytes));
    // A pipe breaks because the process has ended, which says more.
    this.#process.stdin.on("error", () => {});
    this.#process.on("error", (error) => this.#fail(error.message));
    this.#process.on("exit", (code, signal) => this.#fail(`ended with ${signal ?? `code ${code}`}`));
  }

  async start(initializationOptions) {
    // No `textDocument.diagnostic`: diagnostics are to be pushed.
    const capabilities = {
      general: { positionEncodings: ["utf-16"] },
      textDocument: { publishDiagnostics: { versionSupport: true, relatedInformation: true } },
    };
    const answer = await this.ask("initialize", { processId: process.pid, rootUri: null, capabilities, initializationOptions });
    if (answer.error) throw new Error(`${this.name}: ${answer.error.message}`);
    this.tell("initialized", {});
  }

  async stop() {
    await this.ask("shutdown");
    this.#failed = "stopped";
    this.tell("exit");
    if (this.#process.exitCode === null) await new Promise((ended) => this.#process.once("exit", ended));
  }

  kill() {
    this.#process.kill();
  }

  tell(method, params) {
    this.#write({ jsonrpc: "2.0", method, params });
  }

  ask(method, params) {
    const id = (this.#lastId += 1);
    const answer = this.#next((message) => message.id === id && message.method === undefined);
    this.#write({ jsonrpc: "2.0", id, method, params });
    return answer;
  }

  /** Tells the server of a text, and waits for the diagnostics of just this version of it. */
  async diagnosticsAfter(method, params) {
    const { uri, version } = params.textDocument;
    const published = this.#next(
      (message) =>
        message.method === "textDocument/publishDiagnostics" &&
        message.params.uri === uri &&
        message.params.version === version,
    );
    this.tell(method, params);
    return (await published).params.diagnostics;
  }

  #write(message) {
    const body = JSON.stringify(message);
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  // One thing at a time is waited for, as one edit at a time is made.
  #next(isIt) {
    return new Promise((resolve, reject) => {
      if (this.#failed) return reject(new Error(`${this.name}: ${this.#failed}`));
      const timer = setTimeout(() => this.#fail("no answer"), LONGEST_WAIT_MS);
      const settle = (end) => (value) => {
        clearTimeout(timer);
        this.#waiting = undefined;
        end(value);
      };
      this.#waiting = { isIt, resolve: settle(resolve), reject: settle(reject) };
    });
  }

  #fail(reason) {
    this.#failed ??= reason;
    this.#waiting?.reject(new Error(`${this.name}: ${this.#failed}`));
  }

  #take(bytes) {
    this.#read = this.#read.length === 0 ? bytes : Buffer.concat([this.#read, bytes]);
    for (;;) {
      const headEnd = this.#read.indexOf(HEAD_END);
      if (headEnd < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(this.#read.toString("latin1", 0, headEnd))[1]);
      const bodyStart = headEnd + HEAD_END.length;
      if (this.#read.length < bodyStart + length) return;
      const message = JSON.parse(this.#read.toString("utf8", bodyStart, bodyStart + length));
      this.#read = this.#read.subarray(bodyStart + length);
      if (this.#waiting?.isIt(message)) this.#waiting.resolve(message);
      // Whatever else a server asks, such as for its settings, is answered with nothing.
      else if (message.method !== undefined && message.id !== undefined) {
        const result = message.method === "workspace/configuration" ? message.params.items.map(() => null) : null;
        this.#write({ jsonrpc: "2.0", id: message.id, result });
      }
    }
  }
}
