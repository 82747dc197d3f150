// Tests the HTML report in headless Chromium, also with hostile payloads.
// Usage: node report.mjs [--screenshots FOLDER]
// COUNTERSIGN is the binary under test (default: the debug build), CHROMIUM the browser.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = process.env.COUNTERSIGN ?? join(root, "target/debug/countersign");
const screenshots = process.argv[2] === "--screenshots" ? process.argv[3] : null;
const folder = mkdtempSync(join(tmpdir(), "countersign-report-"));

/** Checks payloads and returns the URL of the report. */
function report(name, paths, flags = []) {
  const file = join(folder, `${name}.html`);
  const run = spawnSync(program, ["check", "--no-config", "--today", "2026-01-01", `--format=html=${file}`, ...flags, ...paths],
    { cwd: folder });
  assert.ok(run.status === 0 || run.status === 1, String(run.error ?? run.stderr));
  return pathToFileURL(file).href;
}

/** Interrupts a check of an endless input and returns the URL of its report. */
async function interruptedReport(name) {
  const file = join(folder, `${name}.html`);
  const run = spawn(program, ["check", "--no-config", "--records", "lines", `--format=html=${file}`, "-"]);
  const lines = readFileSync(many, "utf8");
  const write = () => { while (run.stdin.writable && run.stdin.write(lines)); };
  run.stdin.on("drain", write).on("error", () => {});
  write();
  setTimeout(() => run.kill("SIGINT"), 1500);
  const [code] = await once(run, "exit");
  assert.equal(code, 130);
  return pathToFileURL(file).href;
}

/** Downloads the CSV and returns its rows. */
async function downloadCsv(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#csv").press("Enter")]);
  assert.equal(download.suggestedFilename(), "findings.csv");
  const text = readFileSync(await download.path(), "utf8");
  assert.ok(text.startsWith("\uFEFF") && text.endsWith("\r\n"));
  return parseCsv(text.slice(1));
}

/** Parses CSV by RFC 4180; each row ends with CRLF. */
function parseCsv(text) {
  const rows = [];
  let row = [];
  let at = 0;
  while (at < text.length) {
    const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
    cell.lastIndex = at;
    const match = cell.exec(text);
    assert.ok(match, `not CSV: ${JSON.stringify(text.slice(at, at + 60))}`);
    row.push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    if (match[3] !== ",") {
      rows.push(row);
      row = [];
    }
    at = cell.lastIndex;
  }
  return rows;
}

const script = "<script>alert(1)</script>";
const hostile = join(folder, "hostile.json");
writeFileSync(hostile, JSON.stringify({
  customerId: "1000417733", type: script, products: [{ mpn: `\u202E${script}`, quantity: -1 }],
  "</script><img src=x onerror=alert(2)>": "\u0007",
}, null, 2));
const many = join(folder, "many.ndjson");
writeFileSync(many, '{"customerId":1,"type":"sale","products":[{"mpn":7,"quantity":-1}]}\n'.repeat(2600)
  + '{"customerId":"1000417733","type":"change","products":[{"mpn":"CFQ7TTC0LCHC:0002","quantity":1}]}\n');
const formula = '=HYPERLINK("x",1).json';
writeFileSync(join(folder, formula), readFileSync(many, "utf8").split("\n")[0]);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const problems = [];

/** Opens a report; console messages, errors, dialogs and requests are problems. */
async function open(url, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (message) => problems.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`error: ${error}`));
  page.on("dialog", (dialog) => { problems.push("a dialog"); dialog.dismiss(); });
  // The CSV is a download of data that the page has made.
  const isOwn = (requested) => requested.split("#")[0] === url.split("#")[0] || requested.startsWith("blob:");
  page.on("request", (request) => {
    if (!isOwn(request.url())) problems.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return page;
}

const status = (page) => page.locator("#status").textContent();
const column = (page, name) => page.locator(`tr.finding td.${name}`).allTextContents();

const tests = {
  async "values from payloads are shown as text"() {
    const page = await open(report("hostile", [hostile]));
    assert.match((await column(page, "message")).join("\n"), /<script>alert\(1\)<\/script>/);
    const toggles = page.locator("button.toggle");
    for (let index = 0; index < await toggles.count(); index += 1) await toggles.nth(index).click();
    const text = await page.locator("body").innerText();
    assert.ok(text.includes("</script><img src=x onerror=alert(2)>"));
    assert.ok(!/[\u202e\u0007]/.test(text) && text.includes("U+202E"));
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.locator("script").count(), 2);
    assert.equal(await page.locator(".frame mark.main").count(), await toggles.count());
  },

  async "findings are filtered and sorted"() {
    const page = await open(report("fixtures", [join(root, "fixtures")]));
    const all = await status(page);
    assert.match(all, /^\d+ findings$/);
    await page.keyboard.press("/");
    await page.keyboard.type("agreement");
    assert.match(await status(page), /^\d+ of \d+ findings match$/);
    await page.keyboard.press("Escape");
    assert.equal(await status(page), all);
    await page.locator("input[value=warning]").uncheck();
    await page.locator("input[value=info]").uncheck();
    assert.ok((await column(page, "level")).every((level) => level === "error"));
    await page.locator("#clear").click();
    await page.locator("th[data-sort=rule] button").click();
    const rules = await column(page, "rule");
    assert.deepEqual(rules, [...rules].sort());
    assert.equal(await page.locator("th[data-sort=rule]").getAttribute("aria-sort"), "ascending");
    await page.locator("#rules-chart button").first().click();
    assert.equal(new Set(await column(page, "rule")).size, 1);
    const shared = await open(page.url());
    assert.equal(await status(shared), await status(page));
  },

  async "a finding expands to its source lines and the page of its rule"() {
    const page = await open(report("one", [join(root, "fixtures/invalid/order/agreement-date-format.json")]));
    await page.locator("button.toggle").first().click();
    const marked = await page.locator(".frame mark.main").textContent();
    assert.ok((await column(page, "message"))[0].includes(marked.replaceAll('"', "")));
    assert.match(await page.locator(".frame .number").first().textContent(), /^\d+$/);
    await page.locator("details.about summary").first().click();
    await page.locator("details.about .page :text-is('Why it matters')").first().waitFor();
  },

  async "a rule keeps its true count and its first findings"() {
    const page = await open(report("many", [many]));
    assert.match(await page.locator("#left-out").innerText(),
      /^This report holds 601 findings, at most 200 for each rule\. 9,800 more are counted only/);
    assert.equal(await status(page), "601 of 10,401 findings in this report");
    assert.equal(await page.locator("h1").innerText(), "10,401 errors");
    const bar = page.locator("#rules-chart li", { hasText: "schema/enum" });
    assert.match(await bar.innerText(), /2,600[^]*\u2026 2,400 more than this report holds/);
    assert.match(await page.locator("#rule").innerText(), /schema\/enum \(2,600\)/);

    await bar.locator("button").press("Enter");
    assert.equal(await status(page), "200 of 601 findings match");
    assert.deepEqual([...new Set(await column(page, "rule"))], ["schema/enum"]);
    assert.equal(await page.locator("tr.left-out").count(), 0, "the first of two pages");
    await page.locator(".toolbar .pager button").last().click();
    assert.match(await page.locator("tr.left-out").innerText(), /^\u2026 2,400 more of schema\/enum/);

    // The rule of the last record is found among thousands of others.
    await page.locator("#rules-chart button", { hasText: "order/subscription-missing" }).click();
    assert.equal(await status(page), "1 of 601 findings matches");
    assert.equal(await page.locator("tr.left-out").count(), 0);
    await page.fill("#text", "mpn");
    await page.waitForFunction(() => /match$/.test(document.getElementById("status").textContent));
  },

  async "every rule can be pressed, also those after the first twenty"() {
    const page = await open(report("rules", [join(root, "fixtures/invalid")]));
    assert.equal(await page.locator("#rules-chart li").count(), 20);
    const rest = page.locator("#more-rules-chart li");
    assert.ok(await rest.count() > 50);
    assert.equal(await page.locator(".chart button[data-field=rule]").count(), 20 + await rest.count());
    await page.locator("details.more summary").press("Enter");
    const last = page.locator("#more-rules-chart button").last();
    const rule = await last.textContent();
    await last.click();
    assert.deepEqual([...new Set(await column(page, "rule"))], [rule]);
  },

  async "the facts of the run are shown"() {
    const page = await open(report("facts", [hostile]));
    const facts = await page.locator(".run").innerText();
    assert.match(facts, /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
    assert.match(facts, /\d\.\d\d s/);
    assert.match(facts, /countersign check --no-config --today 2026-01-01 --format=html=/);
    assert.match(facts, /complete/);
    assert.equal(await page.locator("#interruption").count(), 0);
  },

  async "an interrupted run has a banner"() {
    const url = await interruptedReport("interrupted");
    for (const colorScheme of ["light", "dark"]) {
      const page = await open(url, { viewport: { width: 390, height: 800 }, colorScheme });
      const banner = page.locator("#interruption");
      assert.match(await banner.innerText(), /^interrupted: the report is incomplete; the last complete record is <stdin>:\d+$/);
      assert.ok(await banner.isVisible() && (await banner.boundingBox()).y < 300);
      if (screenshots) await page.screenshot({ path: join(screenshots, `interrupted-${colorScheme}.png`) });
    }
  },

  async "a finding expands to the JSON of its record"() {
    const url = report("records", [hostile, many]);
    const page = await open(url);
    await page.locator("button.toggle").first().click();
    const summary = page.locator("details.record summary").first();
    assert.equal(await summary.textContent(), "JSON of record 1");
    await summary.press("Enter");
    const frame = page.locator("details.record .frame").first();
    await frame.waitFor();
    const lines = await frame.locator(".text").allTextContents();
    const source = readFileSync(hostile, "utf8").split("\n");
    assert.deepEqual(lines, source.map((line) => line.replaceAll("\u202E", "\u27E8U+202E\u27E9")));
    await frame.focus();

    // A record in one line is indented. Later records of a rule are not in the report.
    await page.selectOption("#file", "many.ndjson");
    await page.locator("button.toggle").first().click();
    await page.locator("details.record summary").first().click();
    const indented = page.locator("details.record .frame").first();
    await indented.waitFor();
    const text = (await indented.locator(".text").allTextContents()).join("\n");
    const first = JSON.parse(readFileSync(many, "utf8").split("\n")[0]);
    assert.equal(text, JSON.stringify(first, null, 2));
    await page.locator(".toolbar .pager button").last().click();
    await page.locator("button.toggle").first().click();
    assert.match(await page.locator("p.no-record").first().innerText(), /holds 20 records for each rule/);
  },

  async "findings are downloaded as CSV"() {
    const page = await open(report("csv", [formula, join(root, "fixtures/invalid")]));
    const data = JSON.parse(await page.locator("#data").textContent());
    const rows = await downloadCsv(page);
    const columns = ["file", "line", "column", "level", "rule", "message", "help", "record"];
    const cell = (value) => {
      const text = String(value ?? "");
      return /^[=+\-@]/.test(text) ? `'${text}` : text;
    };
    const expected = data.findings.map((finding) => columns.map((name) => cell(finding[name])));
    assert.deepEqual(rows, [columns, ...expected]);
    assert.ok(rows.flat().some((value) => value.startsWith("'=") && value.includes('"') && value.includes(",")),
      `no cell like ${formula}`);

    // The download has the findings that the filter shows.
    await page.locator("#rules-chart button").first().click();
    const filtered = await downloadCsv(page);
    const rule = await page.locator("#rules-chart button").first().textContent();
    assert.deepEqual(filtered, [columns, ...expected.filter((row) => row[4] === rule)]);
  },

  async "cells of the CSV cannot become formulas or break rows"() {
    const page = await open(report("cells", [hostile]));
    const line = await page.evaluate(() => csvOf([{
      file: "=1+1", line: 1, column: 2, level: "@SUM(A1)", rule: "-1", message: '+"a",\r\nb', help: null, record: undefined,
    }]));
    assert.equal(line, "file,line,column,level,rule,message,help,record\r\n'=1+1,1,2,'@SUM(A1),'-1,\"'+\"\"a\"\",\r\nb\",,\r\n");
  },

  async "values are redacted"() {
    const url = report("redacted", [join(root, "fixtures/invalid/several")], ["--redact"]);
    const page = await open(url);
    assert.match(await page.locator("body").innerText(), /Values from the payloads are replaced/);
    assert.ok(!readFileSync(fileURLToPath(url), "utf8").includes("tidewatermusicschool"));
    await page.locator("button.toggle").first().click();
    await page.locator("details.record summary").first().click();
    await page.locator("details.record .frame").first().waitFor();
    const lines = await page.locator("details.record .frame .text").allTextContents();
    assert.ok(lines.some((line) => /^ *"(id|customerId)": "x[x-]*",$/.test(line)), lines.join("\n"));
  },

  async "the summary and the charts are shown without JavaScript"() {
    const page = await open(report("plain", [hostile]), { javaScriptEnabled: false });
    assert.match(await page.locator("body").innerText(), /needs JavaScript/);
    assert.ok(await page.locator("#rules-chart li").count() > 0);
  },

  async "a report without findings says so"() {
    const page = await open(report("none", [join(root, "fixtures/valid/order")]));
    assert.match(await page.locator("body").innerText(), /No findings\./);
  },

  async "the page does not scroll horizontally at any width"() {
    for (const width of [320, 390, 720, 1280]) {
      const page = await open(report("widths", [join(root, "fixtures/invalid")]), { viewport: { width, height: 800 } });
      await page.locator("button.toggle").first().click();
      await page.locator("details.record summary").first().click();
      await page.locator("details.more summary").click();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `at ${width}`);
      if (screenshots) await page.screenshot({ path: join(screenshots, `${width}.png`) });
    }
    if (screenshots) {
      const page = await open(report("dark", [join(root, "fixtures/invalid")]), { colorScheme: "dark" });
      await page.locator("button.toggle").nth(1).click();
      await page.screenshot({ path: join(screenshots, "dark.png"), fullPage: false });
    }
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    assert.deepEqual(problems.splice(0), [], "the page has problems");
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${error.stack}`);
  }
}
await browser.close();
rmSync(folder, { recursive: true });
process.exit(failed ? 1 : 0);
