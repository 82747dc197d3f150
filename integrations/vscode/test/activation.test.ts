// The bundle as it is shipped, in a fake editor.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fakeEditor, manifest, until } from "./fakeEditor";
import { mistakes, order } from "./order";
import { program } from "./program";

const folder = () => mkdtempSync(join(tmpdir(), "countersign-vscode-"));

const changed = (...names: string[]) => ({ affectsConfiguration: (section: string) => names.some((name) => name.startsWith(section)) });

test("a missing program is told once, with a remedy", async (t) => {
  const settings = { path: "no-such-countersign" };
  const fake = fakeEditor(settings);
  t.after(fake.deactivate);
  fake.editor.choice = "Open Settings";
  fake.activate();
  await until(() => fake.executed.length > 0, () => fake.told);
  assert.equal(fake.told.length, 1);
  assert.match(fake.told[0]!.message, /no-such-countersign/);
  assert.deepEqual(fake.executed, [["workbench.action.openSettings", { query: "countersign.path" }]]);
  assert.equal(fake.status.text, "$(alert) countersign");
  const contributed = manifest.contributes.commands.map(({ command }: { command: string }) => command);
  assert.deepEqual(Object.keys(fake.commands).sort(), contributed.sort());
  settings.path = program;
  fake.fire("configuration", changed("countersign.path"));
  await until(() => fake.status.text === "countersign", () => [fake.status, fake.log]);
});

test("a program that does not serve is started once", { skip: process.platform === "win32" }, async (t) => {
  const counter = join(folder(), "starts");
  const broken = join(folder(), "countersign");
  writeFileSync(broken, `#!/bin/sh\necho start >> '${counter}'\nexit 2\n`, { mode: 0o755 });
  const fake = fakeEditor({ path: broken });
  t.after(fake.deactivate);
  fake.activate();
  await until(() => fake.status.text === "$(alert) countersign", () => fake.status);
  await new Promise((next) => setTimeout(next, 300));
  assert.equal(readFileSync(counter, "utf8"), "start\n");
  assert.equal(fake.told.length, 1, JSON.stringify(fake.told));
});

for (const writes of [0, 1, 5]) test(`a server that exits is started again after ${writes} writes to it`, { skip: process.platform === "win32" }, async (t) => {
  const root = folder();
  const pids = join(root, "pids");
  const wrapper = join(root, "countersign");
  writeFileSync(wrapper, `#!/bin/sh\necho $$ >> '${pids}'\nexec '${program}' "$@"\n`, { mode: 0o755 });
  const fake = fakeEditor({ path: wrapper });
  t.after(fake.deactivate);
  const starts = () => readFileSync(pids, "utf8").trim().split("\n").map(Number);
  fake.activate();
  await until(() => fake.status.text === "countersign", () => [fake.status, fake.log]);
  const showRule = () => fake.providers["countersign-rule"].provideTextDocumentContent(fake.Uri.parse("countersign-rule:/order/mpn-shape.md"));
  // It exits while it is running, not while it starts.
  await showRule();
  process.kill(starts()[0]!, "SIGKILL");
  // The process is gone before the client hears of it, so that each write fails.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  await Promise.allSettled(Array.from({ length: writes }, showRule));
  await until(() => starts().length === 2 && fake.status.text === "countersign", () => [fake.status, fake.log]);
});

test("a check can be broken off, and a server that hangs be left", { skip: process.platform === "win32" }, async (t) => {
  const wrapper = join(folder(), "countersign");
  writeFileSync(wrapper, "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
  const settings = { path: wrapper };
  const fake = fakeEditor(settings, folder());
  t.after(fake.deactivate);
  fake.activate();
  const checked = fake.commands["countersign.checkWorkspace"]!();
  fake.fire("cancel", undefined);
  await checked;
  assert.equal(fake.status.text, "$(sync~spin) countersign");
  settings.path = program;
  await fake.commands["countersign.restart"]!();
  assert.equal(fake.status.text, "countersign");
  assert.deepEqual(fake.told, []);
});

test("the settings reach the server", { skip: process.platform === "win32" }, async (t) => {
  const root = folder();
  const sent = join(root, "sent");
  const wrapper = join(root, "countersign");
  writeFileSync(wrapper, `#!/bin/sh\ntee '${sent}' | '${program}' "$@"\n`, { mode: 0o755 });
  const settings = {
    path: wrapper, today: "2026-01-01", config: "team.toml", partnerDomains: ["fabrikam.com"], "trace.server": "messages",
  };
  const fake = fakeEditor(settings, root);
  t.after(fake.deactivate);
  // The last message may not be there whole.
  const messages = () =>
    [...readFileSync(sent, "latin1").matchAll(/Content-Length: (\d+)\r\n\r\n([^]*?)(?=Content-Length: |$)/g)]
      .filter(([, length, body]) => Number(length) === body!.length)
      .map(([, , body]) => JSON.parse(body!));
  const expected = { today: "2026-01-01", config: join(root, "team.toml"), partnerDomains: ["fabrikam.com"], maxFindings: 500 };
  fake.activate();
  await until(() => fake.status.text === "countersign", () => [fake.status, fake.log]);
  assert.deepEqual(messages()[0].params.initializationOptions, expected);
  const answers = () => messages().filter(({ result }) => Array.isArray(result)).map(({ result }) => result);
  await until(() => answers().length > 0, messages);
  assert.deepEqual(answers()[0], [expected]);
  assert.ok(fake.log.some((line) => /Sending request 'initialize/.test(line)), "no trace");

  settings.today = "none";
  fake.fire("configuration", changed("countersign.today"));
  const changes = () => messages().filter(({ method }) => method === "workspace/didChangeConfiguration");
  const latest = () => [changes().at(-1).params.settings.countersign.today, answers().at(-1)[0].today];
  await until(() => latest().every((today) => today === "none"), messages);
});

test("the server starts, shows a rule, starts again and stops", async (t) => {
  const fake = fakeEditor({ path: program });
  t.after(fake.deactivate);
  fake.activate();
  await until(() => fake.status.text === "countersign", () => [fake.status, fake.log]);
  const page = await fake.providers["countersign-rule"].provideTextDocumentContent(fake.Uri.parse("countersign-rule:/order/mpn-shape.md"));
  assert.match(page, /^# .*mpn-shape/);

  fake.answers.pick = (rules) => rules.find(({ label }: { label: string }) => label === "order/phone-shape");
  await fake.commands["countersign.showRule"]!();
  const [command, uri] = fake.executed.at(-1) as [string, { scheme: string; path: string }];
  assert.deepEqual([command, uri.scheme, uri.path], ["markdown.showPreview", "countersign-rule", "/order/phone-shape.md"]);

  await fake.commands["countersign.restart"]!();
  assert.equal(fake.status.text, "countersign");
  await fake.deactivate();
  assert.equal(fake.status.text, "$(circle-slash) countersign");
  assert.deepEqual(fake.told, []);
});

test("the rule at the cursor is shown, and the file's findings are counted", async (t) => {
  const fake = fakeEditor({ path: program });
  t.after(fake.deactivate);
  const uri = fake.Uri.file("/orders/a.json");
  const diagnostic = (line: number, code: unknown, severity: number, source = "countersign") =>
    ({ range: new fake.Range(line, 0, line, 9), code, severity, source });
  fake.shown.set(uri.toString(), [
    diagnostic(1, "order/mpn-shape", 1), diagnostic(2, { value: "order/phone-shape" }, 0), diagnostic(2, "other", 0, "json"),
  ]);
  fake.editor.active = { document: { uri, languageId: "json" }, selection: { active: new fake.Position(2, 3) } };
  fake.activate();
  await until(() => fake.status.text === "$(error) 1 $(warning) 1 countersign", () => [fake.status, fake.log]);
  await fake.commands["countersign.showRule"]!();
  assert.equal((fake.executed.at(-1) as any)[1].path, "/order/phone-shape.md");
});

test("all safe fixes are made by the server's action", async (t) => {
  const fake = fakeEditor({ path: "no-such-countersign" });
  t.after(fake.deactivate);
  fake.activate();
  const uri = fake.Uri.file("/orders/a.json");
  fake.editor.active = { document: { uri, languageId: "json", lineCount: 3 } };
  fake.answers["vscode.executeCodeActionProvider"] = (_uri, _range, kind) => [{ kind: { value: kind }, edit: "the edit" }];
  await fake.commands["countersign.fixAll"]!();
  assert.deepEqual(fake.executed.at(-1), ["applyEdit", "the edit"]);
  fake.answers["vscode.executeCodeActionProvider"] = () => [];
  await fake.commands["countersign.fixAll"]!();
  assert.match(fake.told.at(-1)!.message, /no safe fix/);
});

test("the workspace is checked, but for what is open", async (t) => {
  const root = folder();
  mkdirSync(join(root, "sub"));
  const files = ["closed.json", join("sub", "open.json")].map((name) => join(root, name));
  writeFileSync(files[0]!, order);
  // For another customer, so that it is no second order of the same.
  writeFileSync(files[1]!, order.replace("1000417733", "1000417734"));
  writeFileSync(join(root, "package.json"), '{ "name": "no payload" }');
  const settings: Record<string, unknown> = { path: program, today: "2026-01-01", config: "none" };
  const fake = fakeEditor(settings, root);
  t.after(fake.deactivate);
  const [closed, open] = files.map((file) => fake.Uri.file(file));
  const document = { uri: open!, languageId: "json" };
  fake.activate();
  fake.documents.push(document);
  await fake.commands["countersign.checkWorkspace"]!();
  assert.equal(fake.told.at(-1)?.message, "countersign: 4 errors, 2 warnings in 2 files");
  assert.deepEqual([...fake.shown.keys()], [closed!.toString()]);
  const diagnostics = fake.shown.get(closed!.toString())!;
  assert.deepEqual(diagnostics.map(({ code }) => code).sort(), mistakes);
  const blank = diagnostics.find(({ code }) => code === "payload/surrounding-space");
  assert.deepEqual([blank.range.numbers, blank.severity, blank.source], [[3, 14, 3, 27], 1, "countersign"]);

  fake.fire("close", document);
  assert.equal(fake.shown.get(open!.toString())?.length, 3);
  fake.fire("open", document);
  assert.equal(fake.shown.has(open!.toString()), false);
  fake.fire("fileChange", closed);
  assert.equal(fake.shown.size, 0);

  settings.maxFindings = 1;
  await fake.commands["countersign.checkWorkspace"]!();
  const few = fake.shown.get(closed!.toString())!.map(({ message, severity }) => [severity, message]);
  assert.equal(few.length, 2);
  assert.deepEqual([few[0]![0], few[1]], [0, [2, "2 findings of this file left out"]]);

  settings.config = "missing.toml";
  await fake.commands["countersign.checkWorkspace"]!();
  assert.equal(fake.told.at(-1)!.kind, "error");
  assert.match(fake.told.at(-1)!.message, /missing\.toml/);
});
