// Tests the HTML report in headless Chromium, also with hostile payloads.
// Usage: node report.mjs [--screenshots FOLDER]
// COUNTERSIGN is the binary under test (default: the debug build), CHROMIUM the browser.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
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
  const run = spawnSync(program, ["check", "--no-config", "--today", "2026-01-01", `--format=html=${file}`, ...flags, ...paths]);
  assert.ok(run.status === 0 || run.status === 1, String(run.error ?? run.stderr));
  return pathToFileURL(file).href;
}

const script = "<script>alert(1)</script>";
const hostile = join(folder, "hostile.json");
writeFileSync(hostile, JSON.stringify({
  customerId: "1000417733", type: script, products: [{ mpn: `\u202E${script}`, quantity: -1 }],
  "</script><img src=x onerror=alert(2)>": "\u0007",
}, null, 2));
const many = join(folder, "many.ndjson");
writeFileSync(many, '{"customerId":1,"type":"sale","products":[{"mpn":7,"quantity":-1}]}\n'.repeat(2600));

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
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== url.split("#")[0]) problems.push(`request: ${request.url()}`);
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
    await page.locator("details.about .page :text-is('Why')").first().waitFor();
  },

  async "the limit of findings is shown, and ten thousand findings can be searched"() {
    const page = await open(report("many", [many]));
    assert.match(await page.locator("body").innerText(), /The table holds the first 10,000 findings; 400 more were counted\./);
    await page.fill("#text", "mpn");
    await page.waitForFunction(() => /match$/.test(document.getElementById("status").textContent));
  },

  async "values are redacted"() {
    const url = report("redacted", [join(root, "fixtures/invalid/several")], ["--redact"]);
    const page = await open(url);
    assert.match(await page.locator("body").innerText(), /Values from the payloads are replaced/);
    assert.ok(!readFileSync(fileURLToPath(url), "utf8").includes("tidewatermusicschool"));
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
    for (const width of [320, 360, 720, 1280]) {
      const page = await open(report("widths", [join(root, "fixtures/invalid")]), { viewport: { width, height: 800 } });
      await page.locator("button.toggle").first().click();
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
