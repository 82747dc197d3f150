// The interface of the package in Node.js.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import * as countersign from "countersign";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const { Checker, ConfigError, check, explain, fix, report, rules, schema } = countersign;
const fixture = (path) => readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url), "utf8");
const today = "2026-01-01";
const order = fixture("invalid/order/agreement-date-format.json");
const ruleIds = (found) => found.findings.map((finding) => finding.rule);

test("a report has the documented format", () => {
  const validate = addFormats(new Ajv({ strict: false })).compile(schema("findings"));
  for (const payload of [order, fixture("invalid/several/nine-mistakes.json"), "{", "", fixture("pasted/curl-bash.sh")]) {
    const found = check(payload, { today });
    assert.ok(validate(found), JSON.stringify(validate.errors));
  }
});

test("a payload is a string, bytes or a buffer, also compressed", () => {
  const found = check(order, { today });
  assert.deepEqual(ruleIds(found), ["order/agreement-date-format"]);
  const bytes = new TextEncoder().encode(order);
  assert.deepEqual(check(bytes, { today }), found);
  assert.deepEqual(check(bytes.buffer, { today }), found);
  assert.deepEqual(check(gzipSync(order), { today }), found);
  assert.throws(() => check(null), new TypeError("a payload must be a string, a Uint8Array or an ArrayBuffer"));
});

test("fixes are applied by safety", () => {
  const { text, fixed, report: left } = fix(fixture("invalid/json/trailing-comma.json"), { today });
  assert.equal(fixed, 1);
  assert.deepEqual(left.findings, []);
  assert.doesNotThrow(() => JSON.parse(text));
  const unsafe = order.replace("2025", "2025");
  assert.equal(fix("{}", { today }).text, "{}");
  assert.throws(() => fix(unsafe, { safety: "all" }), /^Error: `safety` must be safe or unsafe, found `all`$/);
});

test("edits can be applied to a string by line and UTF-16 column", () => {
  const payload = `{"note": "🦆", ${fixture("invalid/json/trailing-comma.json").trimStart().slice(1)}`;
  const finding = check(payload, { today }).findings.find(({ rule }) => rule === "json/trailing-comma");
  const lines = payload.split("\n");
  const at = ({ line, utf16 }) => lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + utf16 - 1;
  const [edit] = finding.fix.edits;
  const fixed = payload.slice(0, at(edit.range.start)) + edit.text + payload.slice(at(edit.range.end));
  assert.ok(!ruleIds(check(fixed, { today })).includes("json/trailing-comma"));
});

test("options choose what is checked", () => {
  const ids = (options) => ruleIds(check(order, { today, ...options }));
  assert.deepEqual(ids({ ignore: "order/*" }), []);
  assert.deepEqual(ids({ select: ["certificate/*"] }), []);
  assert.equal(check(order, { today, levels: { "order/agreement-date-format": "info" } }).findings[0].level, "info");
  assert.ok(ids({ kind: "certificate" }).length > 1);
  assert.deepEqual(ids({ schema: { type: "array" } }), ["schema/type"]);
  assert.equal(check(order, { today, file: "orders/1.json" }).findings[0].file, "orders/1.json");
  assert.equal(check(order, { today, maxFindings: 1 }).summary.hidden, 0);
  assert.ok(!JSON.stringify(check(order, { today, redact: true })).includes(check(order, { today }).summary.rules[0].example.line === 0));
  const lines = `${JSON.stringify(JSON.parse(order))}\n`.repeat(3);
  assert.equal(check(lines, { today, file: "orders.ndjson" }).summary.records.order, 3);
  assert.equal(check(lines, { today, records: "lines" }).summary.records.order, 3);
});

test("today is the day here, unless an option says otherwise", () => {
  const now = new Date();
  const day = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
  const future = fixture("invalid/order/agreement-date-in-future.json");
  assert.deepEqual(check(future), check(future, { today: day }));
  assert.deepEqual(check(future, { today: now }), check(future, { today: day }));
  assert.deepEqual(ruleIds(check(future, { today: "none" })), []);
  assert.deepEqual(ruleIds(check(future, { today })), ["order/agreement-date-in-future"]);
});

test("a checker is made from a text or an object", () => {
  const object = { rules: { "order/agreement-date-format": "warning" }, "partner-domains": ["fabrikam.com"], ignore: [{ rule: "order/mpn-shape", reason: "\u007f \"known\"" }] };
  const text = "partner-domains = [\"fabrikam.com\"]\n[rules]\n\"order/agreement-date-format\" = \"warning\"\n";
  for (const config of [object, text]) {
    const checker = new Checker(config, { today });
    assert.equal(checker.check(order).findings.find(({ rule }) => rule.startsWith("order/")).level, "warning");
  }
  assert.throws(() => new Checker(7), new TypeError("a configuration must be the text of a countersign.toml, or an object"));
});

test("errors are those of the command line", () => {
  assert.throws(() => explain("order/mpn-shap"), new Error("there is no rule `order/mpn-shap`; did you mean `order/mpn-shape`?"));
  assert.throws(() => explain("600"), new Error("no rule names the error code `600`; `countersign rules` lists the rules"));
  assert.throws(() => check("{}", { select: "ordr/*" }), new Error("there is no rule or family `ordr/*`; did you mean `order/*`?"));
  assert.throws(() => check("{}", { kind: "invoice" }), /^Error: there is no kind `invoice`; expected `certificate`, /);
  assert.throws(() => check("{}", { today: "tomorrow" }), new Error("`today`: expected a day as YYYY-MM-DD, or none"));
  assert.throws(() => check("{}", { colour: "red" }), /^TypeError: there is no option `colour`; expected `config`, /);
  assert.throws(() => check("{}", { records: "array", file: "a.json" }), /^Error: a\.json: neither a list nor an object with a list/);
  assert.throws(() => check("{}", { schema: "{" }), /^Error: `schema`: not a valid schema: /);
  assert.throws(() => new Checker("catalogue = \"numbers.txt\""), new Error("numbers.txt: no file can be read here (named at countersign.toml:1:13)"));
  assert.throws(() => new Checker({ operation: "delete" }), (error) => {
    assert.ok(error instanceof ConfigError && error instanceof Error);
    assert.match(error.message, /^countersign\.toml:1:\d+: error\[schema\/[a-z-]+\] /);
    assert.equal(error.findings.length, 1);
    return true;
  });
});

test("rules, pages and schemas are those of the program", () => {
  const all = rules();
  assert.ok(all.length > 150);
  for (const { id, level, summary } of all) {
    assert.ok(explain(id).startsWith(`# ${id}\n`) && ["error", "warning", "info"].includes(level) && summary.length > 10);
  }
  assert.match(explain("qualification"), /^- `qualification\/[a-z-]+`: /);
  assert.match(explain("600049"), /^# (customer|order)\/|^These rules report/);
  for (const name of ["order", "certificate", "qualification", "customer", "config", "findings"]) {
    assert.equal(schema(name).$schema, "https://json-schema.org/draft/2020-12/schema");
  }
  assert.throws(() => schema("invoice"), /^Error: there is no schema `invoice`; expected /);
});

test("reports have the formats of the command line", () => {
  assert.match(report(order, "concise", { today, file: "a.json" }), /^a\.json:\d+:\d+: error\[order\/agreement-date-format\] /);
  assert.match(report(order, "html", { today }), /^<!DOCTYPE html>/i);
  assert.equal(JSON.parse(report(order, "sarif", { today })).version, "2.1.0");
  assert.throws(() => report(order, "pdf"), /^Error: there is no format `pdf`; expected pretty, /);
});

test("files are read part by part, with progress, and can be stopped", () => {
  const line = `${JSON.stringify(JSON.parse(order))}\n`;
  const bytes = new TextEncoder().encode(line.repeat(2000));
  const calls = [];
  const read = (offset, length) => bytes.subarray(offset, offset + length);
  const checker = new Checker(undefined, { today });
  const whole = checker.checkFiles([{ path: "orders.ndjson", read }], { maxFindings: 10, onProgress: (progress) => void calls.push(progress) });
  assert.deepEqual(whole.errors, []);
  assert.equal(whole.report.summary.records.order, 2000);
  assert.equal(whole.report.findings.length, 10);
  assert.equal(whole.report.summary.bytes, bytes.length);
  assert.ok(calls.length > 10 && calls.at(-1).bytes === bytes.length);
  const stopped = checker.checkFiles([{ path: "orders.ndjson", read }], { onProgress: ({ records }) => records < 100 });
  assert.equal(stopped.report.complete, false);
  const failing = () => { throw new Error("the disk is gone"); };
  assert.deepEqual(checker.checkFiles([{ path: "a.json", read: failing }]).errors, ["a.json: the disk is gone"]);
  const found = checker.checkFiles([{ path: "package.json", isNamed: false, content: "{\"name\": \"x\"}" }]);
  assert.deepEqual([found.report.findings, found.report.summary.unrecognised], [[], 1]);
});

test("CommonJS can require the package", { skip: process.features.require_module ? false : "this Node.js cannot require ES modules" }, () => {
  const require = createRequire(import.meta.url);
  assert.equal(require("countersign").check, check);
});

test("the engine weighs at most 1.5 MB compressed, as servers send it", () => {
  const engine = readFileSync(new URL("../dist/engine_bg.wasm", import.meta.url));
  const [brotli, gzip] = [brotliCompressSync(engine).length, gzipSync(engine, { level: 9 }).length];
  console.log(`engine: ${engine.length} bytes, ${brotli} with Brotli, ${gzip} with gzip`);
  assert.ok(brotli <= 1_500_000, `${brotli} bytes`);
});
