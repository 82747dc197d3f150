// Tests the page in headless Chromium.
// COUNTERSIGN is the program (default: the debug build), CHROMIUM the browser. SCREENSHOTS is a folder for pictures.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync, closeSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const program = resolve(process.env.COUNTERSIGN ?? join(root, "target/debug/countersign"));
const page = fileURLToPath(new URL("../dist/index.html", import.meta.url));
const url = pathToFileURL(page).href;
const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const folder = mkdtempSync(join(tmpdir(), "countersign-playground-"));
const fixture = (path) => readFileSync(join(root, "fixtures", path), "utf8");

let browser;
let problems = [];

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the page; console messages, errors and requests are problems. */
async function open(fragment = "", options = {}, address = url) {
  problems = [];
  const context = await browser.newContext(options);
  const opened = await context.newPage();
  opened.on("console", (message) => problems.push(`console: ${message.text()}`));
  opened.on("pageerror", (error) => problems.push(`error: ${error}`));
  opened.on("request", (request) => {
    if (request.url().split("#")[0] !== address && !/^(blob|data):/.test(request.url())) problems.push(`request: ${request.url()}`);
  });
  await opened.goto(address + fragment);
  await opened.waitForFunction(() => document.querySelector("#rules").length > 100);
  return opened;
}

const status = (opened) => opened.locator("#status").textContent();

/** Waits until the verdict is as expected. */
async function until(opened, pattern, timeout = 20_000) {
  await opened.waitForFunction(([source]) => new RegExp(source).test(document.querySelector("#status").textContent), [pattern.source], { timeout })
    .catch(async () => assert.match(await status(opened), pattern));
}

/** Replaces the text of the editor, as a person who pastes it. */
async function paste(opened, text) {
  await opened.locator(".cm-content").click();
  await opened.keyboard.press("ControlOrMeta+a");
  await opened.keyboard.insertText(text);
}

const text = (opened) => opened.evaluate(() => [...document.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));
const rules = (opened) => opened.locator("#list .actions button:last-child").allTextContents();

/** Checks the page by the rules of accessibility. */
async function assertAccessible(opened, state) {
  // The policy of the page lets no script of others run, except those of the debugger.
  await opened.evaluate(axe);
  const { violations } = await opened.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${state}: ${id}: ${nodes.map((node) => node.html).join(" ")}`), []);
}

/** A valid order with six mistakes, all of them with a fix and one with a fix that a person reviews. */
const faulty = fixture("valid/order/new-tenant-full.json")
  .replace("CFQ7TTC0LCHC:", "cfq7ttc0lchc:")
  .replace('"sales"', '"sale"')
  .replace('"microsoft_domain"', "“microsoft_domain”")
  .replace('"quantity": 3', '"quantity": "3"')
  .replace("01-01-2024", "2024-01-01")
  .replace(/\}\s*$/, ",}");

test("a person pastes an order with mistakes, fixes them and sees it valid", async () => {
  const opened = await open();
  assert.match(await opened.locator("#privacy").textContent(), /^Nothing leaves this browser/);
  await paste(opened, faulty);
  await until(opened, /^5 errors, 1 warning in 1 order\.$/);
  const order = ["schema/enum", "order/mpn-shape", "schema/type", "json/foreign-quotes", "order/agreement-date-format", "json/trailing-comma"];
  assert.deepEqual(await rules(opened), order);
  assert.ok((await opened.locator(".cm-lintRange").count()) >= 6);
  await opened.locator("#list .jump").nth(2).click();
  assert.equal(await opened.evaluate(() => getSelection().toString()), '"3"');
  await opened.locator("#fix-all").click();
  await until(opened, /^1 error in 1 order\.$/);
  assert.deepEqual(await rules(opened), ["schema/enum"]);
  await opened.locator("#list button", { hasText: "(review it)" }).click();
  await until(opened, /^No findings in 1 order\.$/);
  assert.equal(await opened.locator("#status").getAttribute("data-state"), "valid");
  assert.equal(await text(opened), fixture("valid/order/new-tenant-full.json").trimEnd());
  assert.deepEqual(problems, []);
});

test("the example of the page has a fix for each mistake", async () => {
  const opened = await open();
  await opened.locator("#example").click();
  await until(opened, /^5 errors, 1 warning in 1 order\.$/);
  assert.equal(await opened.locator("#list button", { hasText: /^Fix: / }).count(), 6);
  assert.deepEqual(problems, []);
});

test("quick fixes alone make an order valid, by keyboard only", async () => {
  const opened = await open();
  await opened.locator(".cm-content").focus();
  await opened.keyboard.insertText(fixture("valid/order/new-tenant-full.json").replace(/\](?=\s*\}\s*$)/, ",]").replace(/\}\s*$/, ",}"));
  await until(opened, /2 errors/);
  await opened.locator("#list .jump").first().focus();
  await opened.keyboard.press("Enter");
  assert.ok(await opened.evaluate(() => document.activeElement.closest(".cm-editor") !== null), "the focus is in the editor");
  for (const left of [1, 0]) {
    await opened.locator("#list button", { hasText: /^Fix: / }).first().focus();
    await opened.keyboard.press("Enter");
    await until(opened, left === 0 ? /^No findings in 1 order\.$/ : /^1 error/);
  }
  await opened.locator("#tab-findings").focus();
  await opened.keyboard.press("ArrowRight");
  assert.equal(await opened.evaluate(() => document.activeElement.id), "tab-rule");
  assert.ok(await opened.locator("#rule").isVisible());
  assert.deepEqual(problems, []);
});

test("kind, form and configuration choose what is checked", async () => {
  const opened = await open();
  await paste(opened, fixture("invalid/order/agreement-date-format.json"));
  await until(opened, /^1 error in 1 order\.$/);
  await opened.locator("#kind").selectOption("certificate");
  await until(opened, /in 1 certificate/);
  await opened.locator("#kind").selectOption("");
  await until(opened, /^1 error in 1 order\.$/);
  await opened.locator("#tab-config").click();
  await opened.locator("#config-text").fill('[rules]\n"order/agreement-date-format" = "info"\n');
  await until(opened, /^1 info in 1 order\.$/);
  await opened.locator("#config-text").fill('operation = "delete"');
  await until(opened, /^The configuration has errors\.$/);
  assert.match(await opened.locator("#config-problem").textContent(), /^countersign\.toml:1:\d+: error\[/);
  await opened.locator("#config-text").fill("");
  await until(opened, /^1 error in 1 order\.$/);
  assert.deepEqual(problems, []);
});

test("the page of a rule is shown, and its examples can be opened", async () => {
  const opened = await open();
  await paste(opened, fixture("invalid/order/agreement-date-format.json"));
  await until(opened, /^1 error/);
  await opened.locator("#list button", { hasText: /^order\/agreement-date-format$/ }).click();
  assert.equal(await opened.locator("#page h2").first().textContent(), "order/agreement-date-format");
  await opened.locator("#page button").first().click();
  await until(opened, /Only order\/agreement-date-format and syntax are checked\.$/);
  await opened.locator("#tab-findings").click();
  assert.ok((await rules(opened)).includes("order/agreement-date-format"));
  assert.deepEqual(problems, []);
});

test("the address can hold a payload, and the example of a rule", async () => {
  const payload = fixture("invalid/order/agreement-date-format.json");
  const plain = await open(`#${new URLSearchParams({ payload })}`);
  await until(plain, /^1 error in 1 order\.$/);
  const example = await open(`#${new URLSearchParams({ rule: "order/mpn-shape", facts: "", payload: '{ "mpn": "CFQ7TTC0LH18", "quantity": 1 }' })}`);
  await until(example, /^1 warning in 1 order\. Only order\/mpn-shape and syntax are checked\.$/);
  assert.deepEqual(await rules(example), ["order/mpn-shape"]);
  assert.deepEqual(problems, []);
});

test("files and folders are checked, and findings lead into them", async () => {
  const opened = await open();
  const names = ["invalid/order/agreement-date-format.json", "invalid/json/trailing-comma.json", "valid/order/renewal.json"];
  await opened.locator("#files").setInputFiles(names.map((name) => join(root, "fixtures", name)));
  await until(opened, /^2 errors in /);
  const run = spawnSync(program, ["check", "--no-config", "--format", "json", ...names.map((name) => join(root, "fixtures", name))], { encoding: "utf8" });
  assert.equal((await rules(opened)).length, JSON.parse(run.stdout).findings.length);
  await opened.locator("#list .jump", { hasText: "trailing-comma.json" }).click();
  await until(opened, /^1 error in 1 /);
  assert.match(await text(opened), /,\s*[\]}]/);
  await opened.locator("#folder").setInputFiles(join(root, "fixtures/valid/certificate"));
  await until(opened, /^(No findings|\d+ \w+) in \d+ certificates\.$/);
  await opened.locator("#close").click();
  await until(opened, /^1 error in 1 /);
  const data = await opened.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], "dropped.json", { type: "application/json" }));
    return transfer;
  }, fixture("invalid/order/agreement-date-format.json"));
  await opened.dispatchEvent("#editor", "drop", { dataTransfer: data });
  await opened.locator("#list button", { hasText: /^order\/agreement-date-format$/ }).waitFor();
  assert.deepEqual(problems, []);
});

test("the reports can be downloaded", async () => {
  const opened = await open();
  await paste(opened, fixture("invalid/several/nine-mistakes.json"));
  await until(opened, /error/);
  const downloaded = async (id) => {
    const [download] = await Promise.all([opened.waitForEvent("download"), opened.locator(id).click()]);
    return [download.suggestedFilename(), readFileSync(await download.path(), "utf8")];
  };
  const [htmlName, html] = await downloaded("#html");
  assert.equal(htmlName, "findings.html");
  assert.match(html, /^<!DOCTYPE html>/i);
  const [csvName, csv] = await downloaded("#csv");
  assert.equal(csvName, "findings.csv");
  assert.ok(csv.startsWith("\uFEFFfile,line,column,level,rule,message,help,record\r\n"));
  assert.equal(csv.trimEnd().split("\r\n").length - 1, (await rules(opened)).length);
  assert.deepEqual(problems, []);
});

test("50 MB of NDJSON leave the page responsive", async () => {
  const order = JSON.stringify(JSON.parse(fixture("valid/order/new-tenant-full.json")));
  const file = join(folder, "orders.ndjson");
  const out = openSync(file, "w");
  let [size, lines] = [0, 0];
  for (; size < 50e6; lines += 1) {
    const faulty = lines % 1000 === 999 ? order.replace(/"quantity":\d+/, '"quantity":-1') : order;
    const unique = faulty.replace(/"customerId":"\d+"/, `"customerId":"${1_000_000_000 + lines}"`).replace("bluebirdbakery.on", `bluebirdbakery${lines}.on`);
    size += writeSync(out, `${unique.replace('"PO-2200"', `"PO-${lines}"`)}\n`);
  }
  closeSync(out);
  const opened = await open();
  await opened.evaluate(() => {
    globalThis.longest = 0;
    globalThis.progress = new Set();
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
    }).observe({ type: "longtask", buffered: false });
    new MutationObserver(() => globalThis.progress.add(document.querySelector("#run-text").textContent))
      .observe(document.querySelector("#run-text"), { childList: true });
  });
  const start = performance.now();
  await opened.locator("#files").setInputFiles(file);
  await opened.locator("#close").waitFor({ timeout: 120_000 });
  const seconds = (performance.now() - start) / 1000;
  const summary = await status(opened);
  assert.match(summary, new RegExp(`in ${lines.toLocaleString("en")} orders`));
  const { longest, steps } = await opened.evaluate(() => ({ longest: globalThis.longest, steps: globalThis.progress.size }));
  console.log(`50 MB: ${seconds.toFixed(1)} s, longest task ${longest} ms, ${steps} steps of progress; ${summary}`);
  assert.ok(steps >= 3, `${steps} steps of progress`);
  assert.ok(longest <= 200, `a task of ${longest} ms on the main thread`);
  const measured = await opened.evaluate(async () => {
    await new Promise((done) => setTimeout(() => {
      const end = performance.now() + 250;
      while (performance.now() < end);
      done();
    }));
    await new Promise((done) => setTimeout(done, 500));
    return globalThis.longest;
  });
  assert.ok(measured >= 250, "a long task would have been seen");
  await opened.locator("#list .jump", { has: opened.locator("code", { hasText: "quantity" }) }).first().click();
  await opened.locator(".cm-line", { hasText: '"quantity":-1' }).waitFor();
  await until(opened, /in 1 order\.$/);
  assert.deepEqual(problems, []);
});

test("the page works offline after it is loaded, and can connect to nothing", async () => {
  const server = createServer((request, response) => {
    if (request.url === "/") createReadStream(page).pipe(response.setHeader("content-type", "text/html"));
    else response.writeHead(200, { "access-control-allow-origin": "*" }).end("reached");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${server.address().port}/`;
  try {
    const opened = await open("", {}, address);
    const refused = await opened.evaluate(async (target) => {
      const attempts = { fetch: () => fetch(target), socket: () => new Promise((done, fail) => { const socket = new WebSocket(target.replace("http", "ws")); socket.onopen = done; socket.onerror = fail; }) };
      const results = {};
      for (const [name, attempt] of Object.entries(attempts)) results[name] = await attempt().then(() => "reached", () => "refused");
      results.beacon = navigator.sendBeacon(target, "x") ? "sent" : "refused";
      return results;
    }, `${address}other`);
    assert.deepEqual({ fetch: refused.fetch, socket: refused.socket }, { fetch: "refused", socket: "refused" });
    await opened.context().setOffline(true);
    problems = [];
    await paste(opened, fixture("invalid/order/agreement-date-format.json"));
    await until(opened, /^1 error in 1 order\.$/);
    assert.deepEqual(problems, []);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

for (const colorScheme of ["light", "dark"]) {
  for (const [width, height] of [[390, 844], [820, 1180], [1440, 900]]) {
    test(`the page is accessible and fits ${width} pixels, ${colorScheme}`, async () => {
      const opened = await open("", { viewport: { width, height }, colorScheme });
      await assertAccessible(opened, "empty");
      await paste(opened, fixture("invalid/several/nine-mistakes.json"));
      await until(opened, /error/);
      await assertAccessible(opened, "findings");
      const overflow = await opened.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(overflow <= 0, `${overflow} pixels too wide`);
      if (process.env.SCREENSHOTS) await opened.screenshot({ path: join(process.env.SCREENSHOTS, `${width}-${colorScheme}.png`) });
      await opened.locator("#list .actions button:last-child").first().click();
      await assertAccessible(opened, "rule");
      if (process.env.SCREENSHOTS) await opened.screenshot({ path: join(process.env.SCREENSHOTS, `${width}-${colorScheme}-rule.png`) });
      await opened.locator("#tab-config").click();
      await assertAccessible(opened, "configuration");
      assert.deepEqual(problems, []);
    });
  }
}

test("the page is one file without sources of others", () => {
  assert.ok(existsSync(page));
  const html = readFileSync(page, "utf8");
  const policy = html.match(/Content-Security-Policy" content="([^"]*)"/)[1];
  for (const part of ["default-src 'none'", "connect-src 'none'", "'wasm-unsafe-eval'"]) assert.ok(policy.includes(part), part);
  assert.ok(!policy.includes("unsafe-inline") && !policy.includes("'unsafe-eval'"));
  assert.ok(!/<(?:script|link|img|iframe)\b[^>]*(?:src|href)=/.test(html.replace(/<script type="module">.*<\/script>/s, "")));
  writeFileSync(join(folder, "policy"), policy);
});
