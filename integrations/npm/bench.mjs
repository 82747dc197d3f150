// Measures how long the package takes to start, and the rate of countersign and of ajv in Node.js on the same orders, one
// thread each, in turns.
//
// Usage: rustc -O --edition 2024 benches/generate.rs -o GENERATE
//        GENERATE --records 20000 --out ORDERS.ndjson
//        node integrations/npm/bench.mjs ORDERS.ndjson [ROUNDS]
//
// ajv validates against benches/peers/order-with-parameters.schema.json, which expresses as much of the rules as a schema
// can. Each tool gets an order as a string, as a program has it that received a request.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { Checker } from "countersign";

const [path, rounds = "5"] = process.argv.slice(2);
const lines = readFileSync(path, "utf8").split("\n").filter((line) => line !== "");
const encoder = new TextEncoder();
const bytes = encoder.encode(lines.join("\n")).length;
const schema = JSON.parse(readFileSync(new URL("../../benches/peers/order-with-parameters.schema.json", import.meta.url), "utf8"));

const ajv = new Ajv({ strict: false });
addFormats(ajv);
const validate = ajv.compile(schema);
const checker = new Checker();

/** How many orders are measured at a time. The best time of each part counts, so that other programs disturb little. */
const PART = 1000;
const parts = Array.from({ length: Math.ceil(lines.length / PART) }, (_, index) => lines.slice(index * PART, (index + 1) * PART));
const texts = parts.map((part) => encoder.encode(`${part.join("\n")}\n`));

const contestants = {
  "ajv, order by order": (index) => parts[index].filter((line) => !validate(JSON.parse(line))).length,
  "countersign, order by order": (index) => parts[index].filter((line) => checker.check(line).summary.errors > 0).length,
  "countersign, 1,000 orders at a time": (index) => checker.check(texts[index], { records: "lines", maxFindings: 1 }).summary.records.invalid,
};

// The time of all threads, which other programs on the machine hardly change; the start itself takes less.
const start = "const before = process.cpuUsage(); await import('countersign'); const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000);";
const starts = Array.from({ length: 10 }, () => Number(spawnSync(process.execPath, ["--input-type=module", "-e", start], { cwd: import.meta.dirname }).stdout));
console.log(`start: ${Math.min(...starts).toFixed(1)} ms of processor time, best of ${starts.length}`);

const best = {};
for (let round = 0; round < Number(rounds); round += 1) {
  for (const index of parts.keys()) {
    for (const [name, run] of Object.entries(contestants)) {
      const start = performance.now();
      const invalid = run(index);
      const seconds = (performance.now() - start) / 1000;
      if (invalid !== 0) throw new Error(`${name} refuses ${invalid} of the orders, which are valid`);
      best[name] ??= [];
      best[name][index] = Math.min(best[name][index] ?? Infinity, seconds);
    }
  }
}
const totals = Object.entries(best).map(([name, times]) => [name, times.reduce((sum, time) => sum + time)]);
const [[, base]] = totals;
console.log(`${lines.length} orders, ${(bytes / 1e6).toFixed(1)} MB, Node.js ${process.version}, best of ${rounds}`);
for (const [name, seconds] of totals) {
  const rate = Math.round(lines.length / seconds).toLocaleString("en");
  console.log(`${name}: ${rate} orders a second, ${(bytes / 1e6 / seconds).toFixed(0)} MB/s, ${(base / seconds).toFixed(2)} times ajv`);
}
