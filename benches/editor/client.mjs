// A language client, used for every server that is measured.

import { spawn } from "node:child_process";

const TIMEOUT_MS = 10_000;
const HEADER_END = Buffer.from("\r\n\r\n");

/** A server process, connected by pipes. */
export class Server {
  #process;
  #buffer = Buffer.alloc(0);
  #lastId = 0;
  #waiting;
  #failed;

  constructor(name, command, args) {
    this.name = name;
    this.#process = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#process.stdout.on("data", (bytes) => this.#receive(bytes));
    // A broken pipe follows the exit of the process, which is the better message.
    this.#process.stdin.on("error", () => {});
    this.#process.on("error", (error) => this.#fail(error.message));
    this.#process.on("exit", (code, signal) => this.#fail(`ended with ${signal ?? `code ${code}`}`));
  }

  async start(initializationOptions) {
    // Without `textDocument.diagnostic`, the server pushes diagnostics.
    const capabilities = {
      general: { positionEncodings: ["utf-16"] },
      textDocument: { publishDiagnostics: { versionSupport: true, relatedInformation: true } },
    };
    const response = await this.request("initialize", { processId: process.pid, rootUri: null, capabilities, initializationOptions });
    if (response.error) throw new Error(`${this.name}: ${response.error.message}`);
    this.notify("initialized", {});
  }

  async stop() {
    await this.request("shutdown");
    this.#failed = "stopped";
    this.notify("exit");
    if (this.#process.exitCode === null) await new Promise((ended) => this.#process.once("exit", ended));
  }

  kill() {
    this.#process.kill();
  }

  notify(method, params) {
    this.#write({ jsonrpc: "2.0", method, params });
  }

  request(method, params) {
    const id = (this.#lastId += 1);
    const response = this.#next((message) => message.id === id && message.method === undefined);
    this.#write({ jsonrpc: "2.0", id, method, params });
    return response;
  }

  /** Sends a notification about a document, and waits for the diagnostics of that version of it. */
  async diagnosticsAfter(method, params) {
    const { uri, version } = params.textDocument;
    const published = this.#next(
      (message) =>
        message.method === "textDocument/publishDiagnostics" &&
        message.params.uri === uri &&
        message.params.version === version,
    );
    this.notify(method, params);
    return (await published).params.diagnostics;
  }

  #write(message) {
    const body = JSON.stringify(message);
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  // Waits for a message; there is only one wait at a time, as each edit waits for its diagnostics.
  #next(matches) {
    return new Promise((resolve, reject) => {
      if (this.#failed) return reject(new Error(`${this.name}: ${this.#failed}`));
      const timer = setTimeout(() => this.#fail("no response"), TIMEOUT_MS);
      const settle = (end) => (value) => {
        clearTimeout(timer);
        this.#waiting = undefined;
        end(value);
      };
      this.#waiting = { matches, resolve: settle(resolve), reject: settle(reject) };
    });
  }

  #fail(reason) {
    this.#failed ??= reason;
    this.#waiting?.reject(new Error(`${this.name}: ${this.#failed}`));
  }

  #receive(bytes) {
    this.#buffer = this.#buffer.length === 0 ? bytes : Buffer.concat([this.#buffer, bytes]);
    for (;;) {
      const headerEnd = this.#buffer.indexOf(HEADER_END);
      if (headerEnd < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(this.#buffer.toString("latin1", 0, headerEnd))[1]);
      const bodyStart = headerEnd + HEADER_END.length;
      if (this.#buffer.length < bodyStart + length) return;
      const message = JSON.parse(this.#buffer.toString("utf8", bodyStart, bodyStart + length));
      this.#buffer = this.#buffer.subarray(bodyStart + length);
      if (this.#waiting?.matches(message)) this.#waiting.resolve(message);
      // Any request of the server, such as for its settings, gets an empty result.
      else if (message.method !== undefined && message.id !== undefined) {
        const result = message.method === "workspace/configuration" ? message.params.items.map(() => null) : null;
        this.#write({ jsonrpc: "2.0", id: message.id, result });
      }
    }
  }
}
