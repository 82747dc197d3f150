// The page: it connects the editor, the engine and the results.
import { csvOf } from "csv";
import { Editor } from "./editor.js";
import { Engine } from "./engine.js";
import { SAMPLE, completePayload, setupOf } from "./example.js";
import { excerptOf, filesOf, filesOfDrop } from "./files.js";
import { element, pageOf, withCode } from "./markdown.js";

/** How long the text has to stay as it is before it is checked, in milliseconds. */
const DELAY = 120;
/** The size up to which a file is opened in the editor, in bytes. */
const EDITOR_LIMIT = 1 << 20;
/** The number of findings that the list shows. */
const SHOWN = 300;
/** The number of findings in the CSV. */
const IN_CSV = 100_000;

const byId = (id) => document.getElementById(id);
const editor = new Editor(byId("editor"), changed);
const engine = new Engine();

/** What is checked: the files of the last run, or without them the text of the editor. */
let run = null;
/** The last report on the text, with the document that it is about. */
let checked = { document: undefined, report: undefined };
/** The only rule that is evaluated, and the day that counts as today, while an example is open. */
let example = null;
let timer;
let isChecking = false;
let isStale = false;

// ---------------------------------------------------------------- checking

/** What the engine is set up with. */
function setup() {
  const settings = { kind: byId("kind").value || undefined, form: byId("form").value || undefined, ...example?.settings };
  return { config: byId("config-text").value, settings };
}

function changed() {
  clearTimeout(timer);
  timer = setTimeout(check, DELAY);
}

/** Checks the text. While a check is running, one more is enough for all changes. */
async function check() {
  if (isChecking) {
    isStale = true;
    return;
  }
  isChecking = true;
  do {
    isStale = false;
    const document = editor.document;
    await checkText(document);
  } while (isStale);
  isChecking = false;
}

async function checkText(document) {
  const payload = editor.text;
  if (payload.trim() === "") {
    checked = { document, report: undefined };
    editor.show([], document, applyFix);
    if (run === null) showNothing();
    return;
  }
  const report = await ask("check", { payload, ...setup(), options: { maxFindings: 1000 } });
  if (report === undefined) return;
  checked = { document, report };
  editor.show(report.findings, document, applyFix);
  if (run === null) showReport(report);
}

/** Calls the engine. What is wrong with the configuration is shown there. */
async function ask(method, argument, onProgress, worker = engine) {
  try {
    const result = await worker.call(method, argument, onProgress);
    showConfigProblem("");
    return result;
  } catch (error) {
    if (error.findings === undefined) setStatus("error", error.message);
    else showConfigProblem(error.message);
    return undefined;
  }
}

function showConfigProblem(message) {
  byId("config-problem").textContent = message;
  if (message !== "") setStatus("error", "The configuration has errors.");
}

// ---------------------------------------------------------------- results

function setStatus(state, text) {
  const status = byId("status");
  status.dataset.state = state;
  status.textContent = text;
}

const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

/** The verdict in words. */
function verdict({ summary, complete }) {
  const { clean, invalid, ...kinds } = summary.records;
  const records = Object.entries(kinds).filter(([, count]) => count > 0).map(([kind, count]) => counted(count, kind === "unknown" ? "unknown record" : kind));
  const of = records.length === 0 ? "" : ` in ${records.join(", ")}`;
  const parts = [[summary.errors, "error"], [summary.warnings, "warning"], [summary.infos, "info"]].filter(([count]) => count > 0);
  const found = parts.length === 0 ? "No findings" : parts.map(([count, noun]) => counted(count, noun)).join(", ");
  const ignored = summary.ignored > 0 ? `, ${counted(summary.ignored, "finding")} ignored` : "";
  const only = example?.settings.select === undefined ? "" : ` Only ${example.settings.select} and syntax are checked.`;
  return `${found}${of}${ignored}${complete ? "" : " (stopped)"}.${only}`;
}

function showNothing() {
  byId("list").replaceChildren();
  byId("more").hidden = true;
  setStatus("", "Paste or drop a payload: an order, a certificate, a customer or a qualification.");
  for (const id of ["fix-all", "html", "csv"]) byId(id).disabled = true;
  byId("fix-all").textContent = "Fix all safe";
}

function showReport(report) {
  const { summary, findings } = report;
  const levels = [["error", summary.errors], ["warning", summary.warnings], ["info", summary.infos]];
  setStatus(levels.find(([, count]) => count > 0)?.[0] ?? "valid", verdict(report));
  byId("list").replaceChildren(...findings.slice(0, SHOWN).map(itemOf));
  const hidden = summary.errors + summary.warnings + summary.infos - Math.min(findings.length, SHOWN);
  byId("more").hidden = hidden === 0;
  byId("more").textContent = `${counted(hidden, "more finding")}; the reports have them.`;
  const isOfText = run === null;
  byId("fix-all").disabled = !isOfText || summary.fixes.safe === 0;
  byId("fix-all").textContent = summary.fixes.safe === 0 || !isOfText ? "Fix all safe" : `Fix all safe (${summary.fixes.safe})`;
  byId("html").disabled = false;
  byId("csv").disabled = findings.length === 0;
}

/** A finding in the list. */
function itemOf(finding) {
  const { start } = finding.range;
  const place = run === null ? `Line ${start.line}, column ${start.column}` : `${finding.file}:${start.line}:${start.column}`;
  const level = element("span", { className: "level" }, [finding.level]);
  level.dataset.level = finding.level;
  const jump = element("button", { type: "button", className: "jump", onclick: () => jumpTo(finding) }, [
    level, ...withCode(finding.message), element("br"), element("span", { className: "place" }, [finding.path === "" ? place : `${place} · ${finding.path}`]),
  ]);
  const actions = [element("button", { type: "button", onclick: () => showRule(finding.rule, true) }, [finding.rule])];
  if (finding.fix !== null && run === null) {
    const title = finding.fix.safety === "safe" ? finding.fix.title : `${finding.fix.title} (review it)`;
    actions.unshift(element("button", { type: "button", onclick: () => applyFix(finding) }, withCode(`Fix: ${title}`)));
  }
  const help = finding.help === null ? [] : [element("p", { className: "help" }, withCode(finding.help))];
  return element("li", {}, [jump, ...help, element("div", { className: "actions" }, actions)]);
}

async function jumpTo(finding) {
  if (run === null) {
    if (checked.document === editor.document) editor.select(finding.range);
    return;
  }
  const { file } = run.files.find(({ path }) => path === finding.file);
  if (file.size <= EDITOR_LIMIT) {
    await openText(await file.text());
    editor.select(finding.range);
  } else {
    await openText(await excerptOf(file, finding.range, EDITOR_LIMIT));
    const line = ({ line, utf16 }) => ({ line: line - finding.range.start.line + 1, utf16 });
    editor.select({ start: line(finding.range.start), end: line(finding.range.end) });
  }
}

function applyFix(finding) {
  if (checked.document !== editor.document) return;
  editor.apply(finding.fix.edits);
  editor.select({ start: finding.range.start, end: finding.range.start });
}

async function fixAll() {
  const document = editor.document;
  const result = await ask("fix", { payload: editor.text, ...setup() });
  if (result !== undefined && document === editor.document) editor.text = result.text;
}

// ---------------------------------------------------------------- files

/** Opens one small file in the editor, and checks all others in a worker of their own. */
async function openFiles(files) {
  if (files.length === 0) {
    setStatus("error", "There is no .json, .ndjson or .jsonl file.");
    return;
  }
  const [{ file, path }] = files;
  if (files.length === 1 && file.size <= EDITOR_LIMIT && !path.endsWith(".gz")) {
    await openText(await file.text());
    return;
  }
  closeRun();
  const worker = new Engine();
  run = { files, worker, size: files.reduce((sum, one) => sum + one.file.size, 0) };
  const { size } = run;
  byId("run").hidden = false;
  byId("stop").hidden = false;
  byId("close").hidden = true;
  byId("progress").value = 0;
  const names = files.length === 1 ? path : `${counted(files.length, "file")}, from ${path}`;
  const inMegabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  const showProgress = ({ bytes, records, findings }) => {
    byId("progress").value = size === 0 ? 1 : bytes / size;
    byId("run-text").textContent = `${names}\n${inMegabytes(bytes)} of ${inMegabytes(size)}, ${counted(records, "record")}, ${counted(findings, "finding")}`;
  };
  showProgress({ bytes: 0, records: 0, findings: 0 });
  setStatus("", "Checking.");
  byId("list").replaceChildren();
  const current = run;
  const result = await ask("files", { files, ...setup(), options: { maxFindings: 1000 } }, showProgress, worker);
  worker.stop();
  if (run !== current) return;
  byId("stop").hidden = true;
  byId("close").hidden = false;
  if (result === undefined) return;
  byId("progress").value = 1;
  byId("run-text").textContent = [names, ...result.errors].join("\n");
  run.report = result.report;
  showReport(result.report);
}

/** Ends a run and shows the results of the text. */
function closeRun() {
  run?.worker.stop();
  run = null;
  byId("run").hidden = true;
  byId("list").replaceChildren();
}

function backToText() {
  closeRun();
  if (checked.report === undefined) showNothing();
  else showReport(checked.report);
  changed();
}

async function openText(text) {
  closeRun();
  setExample(null);
  editor.text = text;
  await check();
}

// ---------------------------------------------------------------- reports

function download(name, type, parts) {
  const link = element("a", { download: name, href: URL.createObjectURL(new Blob(parts, { type })) });
  link.click();
  // The browser reads the data after the click, so it is released later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The report in a format, about the files or the text. */
async function reportIn(format, options) {
  if (run === null) {
    const payload = editor.text;
    return format === undefined ? ask("check", { payload, ...setup(), options }) : ask("report", { payload, format, ...setup(), options });
  }
  const worker = new Engine();
  const result = await ask("files", { files: run.files, ...setup(), options: { ...options, format } }, undefined, worker);
  worker.stop();
  return result?.report;
}

async function downloadHtml() {
  const report = await reportIn("html", {});
  if (report !== undefined) download("findings.html", "text/html;charset=utf-8", [report]);
}

async function downloadCsv() {
  const report = await reportIn(undefined, { maxFindings: IN_CSV });
  const row = ({ file, range: { start }, level, rule, message, help, record }) =>
    ({ file, line: start.line, column: start.column, level, rule, message, help, record: record?.key });
  // The byte order mark makes Excel read the file as UTF-8.
  if (report !== undefined) download("findings.csv", "text/csv;charset=utf-8", ["\uFEFF", csvOf(report.findings.map(row))]);
}

// ---------------------------------------------------------------- panels

const tabs = [...document.querySelectorAll('[role="tab"]')];

function showTab(tab) {
  for (const one of tabs) {
    const isShown = one === tab;
    one.setAttribute("aria-selected", String(isShown));
    one.tabIndex = isShown ? 0 : -1;
    byId(one.getAttribute("aria-controls")).hidden = !isShown;
  }
}

async function showRule(id, isAsked) {
  const page = await ask("explain", id);
  if (page === undefined) return;
  byId("rules").value = id;
  byId("page").replaceChildren(...pageOf(page, (text, facts) => openExample(id, text, facts)));
  if (!isAsked) return;
  showTab(byId("tab-rule"));
  byId("rule").scrollTop = 0;
  byId("rule").focus();
}

// ---------------------------------------------------------------- examples

function setExample(next) {
  if (example?.config !== undefined && byId("config-text").value === example.config) byId("config-text").value = "";
  if (example?.settings.form !== undefined) byId("form").value = "";
  example = next;
}

/** Opens the example of a rule, of which the facts say how it is checked. Only this rule is evaluated. */
async function openExample(rule, text, facts) {
  closeRun();
  const { options, config } = setupOf(facts);
  let payload = text;
  const settings = { select: rule, today: options.today, form: options.form };
  if (facts.split(/\s+/).includes("schema")) {
    const both = JSON.parse(text);
    settings.schema = both.schema;
    payload = `${JSON.stringify(both.payload, null, 2)}\n`;
  }
  setExample({ settings, config });
  if (config !== "") byId("config-text").value = config;
  if (options.form !== undefined) byId("form").value = options.form;
  editor.text = rule.startsWith("json/") ? payload : completePayload(payload);
  await check();
}

/** Opens what the fragment of the address says: a payload, or the example of a rule. */
async function openFragment() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const payload = fragment.get("payload");
  const rule = fragment.get("rule");
  if (rule !== null) await showRule(rule, false);
  if (payload === null) return false;
  if (rule === null) await openText(payload);
  else await openExample(rule, payload, fragment.get("facts") ?? "");
  return true;
}

// ---------------------------------------------------------------- events

function listen() {
  byId("open").addEventListener("click", () => byId("files").click());
  byId("open-folder").addEventListener("click", () => byId("folder").click());
  for (const id of ["files", "folder"]) {
    byId(id).addEventListener("change", ({ target }) => {
      const files = filesOf(target);
      target.value = "";
      openFiles(files);
    });
  }
  byId("example").addEventListener("click", () => openText(SAMPLE));
  byId("fix-all").addEventListener("click", fixAll);
  // Browsers offer the clipboard only to pages from the disk or over a secure connection.
  byId("copy").hidden = navigator.clipboard === undefined;
  byId("copy").addEventListener("click", () => navigator.clipboard.writeText(editor.text));
  byId("html").addEventListener("click", downloadHtml);
  byId("csv").addEventListener("click", downloadCsv);
  byId("stop").addEventListener("click", backToText);
  byId("close").addEventListener("click", backToText);
  for (const id of ["kind", "form"]) byId(id).addEventListener("change", recheck);
  byId("config-text").addEventListener("input", changed);
  byId("rules").addEventListener("change", ({ target }) => target.value !== "" && showRule(target.value, true));
  for (const tab of tabs) tab.addEventListener("click", () => showTab(tab));
  document.querySelector('[role="tablist"]').addEventListener("keydown", moveTab);
  addEventListener("hashchange", openFragment);
  listenToDrops();
}

/** Checks again with another kind or form, the files as well as the text. */
function recheck() {
  if (run === null) check();
  else openFiles(run.files);
}

function moveTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const index = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  const tab = tabs[(index + step + tabs.length) % tabs.length];
  showTab(tab);
  tab.focus();
}

function listenToDrops() {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    byId("drop").hidden = false;
  }, true);
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) byId("drop").hidden = true;
  });
  addEventListener("drop", async (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    byId("drop").hidden = true;
    await openFiles(await filesOfDrop(event.dataTransfer));
  }, true);
}

async function start() {
  listen();
  const rules = await ask("rules");
  if (rules === undefined) return;
  byId("rules").append(...rules.map(({ id }) => element("option", { value: id }, [id])));
  if (!(await openFragment()) && editor.text === "") showNothing();
}

for (const kind of KINDS) byId("kind").append(element("option", { value: kind }, [kind]));
for (const form of FORMS) byId("form").append(element("option", { value: form }, [form]));
start();
