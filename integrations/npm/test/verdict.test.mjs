// The verdict in Node.js and in Chromium equals that of the command line on every fixture.
// COUNTERSIGN is the program (default: the debug build), CHROMIUM the browser.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { Checker } from "countersign";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const program = resolve(process.env.COUNTERSIGN ?? join(root, "target/debug/countersign"));
const today = "2026-01-01";

/** The files below a folder, as paths from the root of the repository. */
function filesIn(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const paths = entries.map((entry) => [`${folder}/${entry.name}`, entry.isDirectory()]);
  return paths.flatMap(([path, isFolder]) => (isFolder ? filesIn(path) : [path])).sort();
}

/** What the command line says about a file, by itself. */
function byCommandLine(path, flags) {
  const run = spawnSync(program, ["check", "--no-config", "--today", today, "--quiet", "--format", "json", ...flags, path], { cwd: root, encoding: "utf8" });
  assert.ok(run.status === 0 || run.status === 1, `${path}: ${run.error ?? run.stderr}`);
  return JSON.parse(run.stdout);
}

const fixtures = filesIn("fixtures");
const expected = new Map(fixtures.map((path) => [path, byCommandLine(path, [])]));
const failing = fixtures.filter((path) => expected.get(path).findings.length > 0);

test("there is something to compare", () => {
  assert.ok(fixtures.length > 250 && failing.length > 200 && failing.length < fixtures.length);
});

test("the report in Node.js is that of the command line", () => {
  const checker = new Checker(undefined, { today });
  for (const file of fixtures) {
    assert.deepEqual(checker.check(readFileSync(join(root, file)), { file }), expected.get(file), file);
  }
});

test("the report on a text is that on its bytes", () => {
  const checker = new Checker(undefined, { today });
  for (const file of fixtures) {
    const bytes = readFileSync(join(root, file));
    const text = bytes.toString();
    // Only what is UTF-8 can be a string.
    if (Buffer.from(text).equals(bytes)) assert.deepEqual(checker.check(text, { file }), expected.get(file), file);
  }
});

test("one run over all files is that of the command line", () => {
  const run = spawnSync(program, ["check", "--no-config", "--today", today, "--quiet", "--format", "json", ...fixtures], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  const files = fixtures.map((path) => ({ path, content: readFileSync(join(root, path)) }));
  const { report, errors } = new Checker(undefined, { today }).checkFiles(files);
  assert.deepEqual(errors, []);
  assert.deepEqual(report, JSON.parse(run.stdout));
});

for (const safety of ["safe", "unsafe"]) {
  test(`the text after ${safety} fixes is that of the command line`, () => {
    const checker = new Checker(undefined, { today });
    for (const file of failing) {
      const input = readFileSync(join(root, file));
      const flags = [`--fix=${safety}`, "--stdin-filename", file, "-"];
      const run = spawnSync(program, ["check", "--no-config", "--today", today, "--quiet", ...flags], { cwd: root, input });
      assert.equal(checker.fix(input, { file, safety }).text, run.stdout.toString(), file);
    }
  });
}

test("the report in Chromium is that of the command line", async () => {
  const { outputFiles: [bundle] } = await build({
    stdin: { contents: `export * from "countersign/inline";`, resolveDir: fileURLToPath(new URL("..", import.meta.url)) },
    bundle: true, format: "esm", target: "chrome110", write: false, logLevel: "warning",
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    const page = await browser.newPage();
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    const payloads = fixtures.map((path) => [path, readFileSync(join(root, path)).toString("base64")]);
    const found = await page.evaluate(async ([code, payloads, today]) => {
      const { Checker } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
      const checker = new Checker(undefined, { today });
      return payloads.map(([file, payload]) => checker.check(Uint8Array.from(atob(payload), (c) => c.charCodeAt(0)), { file }));
    }, [bundle.text, payloads, today]);
    for (const [index, file] of fixtures.entries()) assert.deepEqual(found[index], expected.get(file), file);
    assert.deepEqual(requests.filter((url) => !url.startsWith("blob:")), [], "nothing is fetched");
  } finally {
    await browser.close();
  }
});
