// Measures the time from an edit to the diagnostics, and prints a table. See README.md.

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { Server } from "./client.mjs";
import { edits, isJson } from "./edits.mjs";
import { ORDER } from "./order.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const BLOCK = 25;
// A pause before each turn, so that the garbage collection of one side does not slow down another.
const PAUSE_MS = 20;
// The number of requests before the edits, which warm up the client and the servers.
const IDLE_REQUESTS = 1_000;
const SMALLEST = 2_800;
const LARGEST = 3_200;
const DOCUMENT = "file:///orders/order.json";
const SAME_TEXT = "file:///orders/same-text.json";
// The result does not depend on the environment: no configuration file, and no date from the clock.
const SETTINGS = { today: "2026-01-15", config: "none" };

/** A server that is measured over pipes, with its times and numbers of diagnostics. */
class OverPipes {
  times = [];
  counts = [];
  idle = [];
  #latest;

  constructor(name, server) {
    Object.assign(this, { name, server });
  }

  async start(options) {
    await this.server.start(options);
    await this.#open(DOCUMENT, ORDER);
    for (let left = IDLE_REQUESTS; left > 0; left -= 1) await this.#requestNothing();
  }

  #open(uri, text) {
    return this.server.diagnosticsAfter("textDocument/didOpen", {
      textDocument: { uri, languageId: "json", version: 1, text },
    });
  }

  // A server rejects an unknown request without work, which gives the time of the pipes alone.
  #requestNothing() {
    return this.server.request("bench/nothing");
  }

  async measure(block) {
    for (const { change, version } of block) {
      const params = { textDocument: { uri: DOCUMENT, version }, contentChanges: [change] };
      const start = performance.now();
      const found = await this.server.diagnosticsAfter("textDocument/didChange", params);
      this.times.push(performance.now() - start);
      this.counts.push(found.length);
      this.#latest = found;
    }
    const start = performance.now();
    await this.#requestNothing();
    this.idle.push(performance.now() - start);
  }

  /** Fails if the diagnostics after the edits differ from those of the same text in a new document. */
  async stop(text) {
    const opened = await this.#open(SAME_TEXT, text);
    if (digest(opened) !== digest(this.#latest)) {
      throw new Error(`${this.name}: the diagnostics after the edits differ from those of the same text in a new document`);
    }
    await this.server.stop();
  }
}

function digest(diagnostics) {
  return JSON.stringify(diagnostics.map(({ range, severity, code, message }) => [range, severity, code, message]));
}

class InProcess {
  times = [];
  counts = [];

  constructor(name, schema) {
    this.name = name;
    const workerData = { schema, uri: DOCUMENT, text: ORDER };
    this.thread = new Worker(new URL("service-thread.mjs", import.meta.url), { workerData });
  }

  async measure(block) {
    this.thread.postMessage(block);
    const [results] = await once(this.thread, "message");
    for (const { ms, diagnostics } of results) {
      this.times.push(ms);
      this.counts.push(diagnostics.length);
    }
  }

  stop() {
    return this.thread.terminate();
  }
}

/** Returns the smallest value that at least this share of the values does not exceed. */
function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const bytes = (text) => Buffer.byteLength(text);
const number = (value) => value.toLocaleString("en");
const milliseconds = (value) => value.toFixed(3);
const times = (value) => (value < 10 ? value.toFixed(2) : value.toFixed(1));

function versionOf(name) {
  return JSON.parse(readFileSync(join(HERE, "node_modules", name, "package.json"), "utf8")).version;
}

function print(sides, typed, { countersign, schemaText, seed, warmUp }) {
  const [own] = sides;
  const measured = (values) => values.slice(warmUp);
  const median = (side) => percentile(measured(side.times), 0.5);
  const tail = (side) => percentile(measured(side.times), 0.99);
  const texts = measured(typed).map(({ text }) => text);
  const sizes = texts.map(bytes);

  console.log("| from an edit to the diagnostics | median, ms | 99th percentile, ms | median, ratio | 99th, ratio | diagnostics |");
  console.log("|---|--:|--:|--:|--:|--:|");
  for (const side of sides) {
    const ratios = [times(median(side) / median(own)), times(tail(side) / tail(own))];
    const cells = [side.name, milliseconds(median(side)), milliseconds(tail(side)), ...ratios, number(sum(measured(side.counts)))];
    console.log(`| ${cells.join(" | ")} |`);
  }
  const idle = sides.filter((side) => side.idle).map((side) => `${milliseconds(percentile(side.idle.slice(Math.ceil(warmUp / BLOCK)), 0.5))} ms for ${side.name}`);
  const clean = (side) => `${number(measured(side.counts).filter((count) => count === 0).length)} by ${side.name}`;
  console.log(`
Ratio: as a multiple of ${own.name}. A request that is refused without work takes ${idle.join(", ")} (median).

- the order: ${number(bytes(ORDER))} bytes at first, ${number(Math.min(...sizes))} to ${number(Math.max(...sizes))} while edited; the schema: ${number(bytes(schemaText))} bytes
- ${number(texts.length)} edits (seed ${seed}) after ${warmUp} to warm up, in blocks of ${BLOCK} in turn; ${number(texts.filter(isJson).length)} of the texts are JSON
- without a diagnostic: ${[own, sides.at(-1)].map(clean).join(", ")}
- ${execFileSync(countersign, ["--version"], { encoding: "utf8" }).trim()}; vscode-json-languageservice ${versionOf("vscode-json-languageservice")}, vscode-languageserver ${versionOf("vscode-languageserver")}, node ${process.version}
- ${cpus()[0].model}, ${cpus().length} cores, ${process.platform} ${process.arch}`);
}

async function main() {
  const { values } = parseArgs({
    options: {
      edits: { type: "string", default: "500" },
      "warm-up": { type: "string", default: "50" },
      seed: { type: "string", default: "1" },
    },
  });
  const [count, warmUp, seed] = [values.edits, values["warm-up"], values.seed].map(Number);
  const typed = edits(warmUp + count, seed);
  const outside = [ORDER, ...typed.map(({ text }) => text)].map(bytes).find((size) => size < SMALLEST || size > LARGEST);
  if (outside) throw new Error(`seed ${seed} leads to an order of ${outside} bytes`);

  const countersign = resolve(process.env.COUNTERSIGN || join(HERE, "../../target/release/countersign"));
  if (!existsSync(countersign)) throw new Error(`${countersign} does not exist: build it first, or set COUNTERSIGN`);
  const schemaText = execFileSync(countersign, ["schema", "order"], { encoding: "utf8" });
  const schema = JSON.parse(schemaText);

  const own = new OverPipes("countersign lsp, over pipes", new Server("countersign lsp", countersign, ["lsp"]));
  const serverFile = join(HERE, "service-server.mjs");
  const peer = new OverPipes(
    "the service, over pipes",
    new Server("service-server.mjs", process.execPath, [serverFile, "--stdio"]),
  );
  const inProcess = new InProcess("the service, in process", schema);
  const sides = [own, peer, inProcess];
  try {
    await own.start(SETTINGS);
    await peer.start({ schema });

    const blocks = typed.map(({ change }, at) => ({ change, version: at + 2 }));
    for (let at = 0, turn = 0; at < blocks.length; at += BLOCK, turn += 1) {
      // Each side goes first in turn.
      for (let index = 0; index < sides.length; index += 1) {
        await setTimeout(PAUSE_MS);
        await sides[(turn + index) % sides.length].measure(blocks.slice(at, at + BLOCK));
      }
    }
    if (!isDeepStrictEqual(peer.counts, inProcess.counts)) {
      throw new Error("the diagnostics of the service over pipes and in process differ");
    }
    for (const side of sides) await side.stop(typed.at(-1).text);
  } finally {
    own.server.kill();
    peer.server.kill();
    await inProcess.stop();
  }
  print(sides, typed, { countersign, schemaText, seed, warmUp });
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
