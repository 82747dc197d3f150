// The parts that need neither the editor nor the server.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import { FileFindings, messageOf, positions, summary, type Finding } from "../src/findings";
import { findProgram, lines, run } from "../src/program";
import { checkFlags, expand, serverSettings } from "../src/settings";
import { statusText } from "../src/statusText";

const base = { folder: resolve("/orders"), home: resolve("/home/ida") };
const settings = (values: Record<string, unknown>) => serverSettings((name) => values[name], base);

test("paths are expanded", () => {
  assert.equal(expand("~", base), base.home);
  assert.equal(expand("~/bin/countersign", base), `${base.home}/bin/countersign`);
  assert.equal(expand("~ida/bin", base), "~ida/bin");
  assert.equal(expand("a~/b", base), "a~/b");
  assert.equal(expand("${workspaceFolder}/c.toml", base), `${base.folder}/c.toml`);
  assert.equal(expand("${workspaceFolder}/c.toml", { ...base, folder: undefined }), "${workspaceFolder}/c.toml");
  assert.equal(expand("${workspaceFolder}", { ...base, folder: "/a$&b" }), "/a$&b");
});

test("settings are taken as they are meant", () => {
  assert.deepEqual(settings({ today: "", config: " ", partnerDomains: [], operation: "" }), {});
  assert.deepEqual(settings({ today: 7, config: [], partnerDomains: "fabrikam.com", operation: null, maxFindings: 0.5 }), {});
  assert.deepEqual(
    settings({ today: "none", config: "none", partnerDomains: ["fabrikam.com", "", 3], operation: "create", maxFindings: 9 }),
    { today: "none", config: "none", partnerDomains: ["fabrikam.com"], operation: "create", maxFindings: 9 },
  );
  assert.equal(settings({ config: "conf/countersign.toml" }).config, join(base.folder, "conf", "countersign.toml"));
  assert.equal(settings({ config: "~/countersign.toml" }).config, join(base.home, "countersign.toml"));
});

test("settings become flags", () => {
  assert.deepEqual(checkFlags({}), []);
  assert.deepEqual(checkFlags({ config: "none", maxFindings: 3 }), ["--no-config"]);
  assert.deepEqual(
    checkFlags({ today: "2026-01-31", config: "/c.toml", partnerDomains: ["fabrikam.com", "fabrikam.de"], operation: "re-enroll" }),
    ["--today", "2026-01-31", "--config", "/c.toml", "--partner-domain", "fabrikam.com", "--partner-domain", "fabrikam.de",
      "--operation", "re-enroll"],
  );
});

const finding = (parts: Partial<Finding>): Finding => ({
  rule: "order/mpn-shape", level: "error", message: "this is wrong", help: null, url: null, file: "a.json", kind: "order",
  range: { start: { line: 1, utf16: 1 }, end: { line: 1, utf16: 1 } }, labels: [], ...parts,
});

test("positions count UTF-16 units from 0", () => {
  // As the program writes them for a text with 😀 in it: `column` counts it once, `utf16` twice.
  const place = (column: number, utf16: number) => ({ offset: 0, line: 2, column, utf16 });
  assert.deepEqual(positions({ start: place(39, 40), end: place(46, 48) }), [1, 39, 1, 47]);
});

test("the message carries the help", () => {
  assert.equal(messageOf(finding({})), "this is wrong");
  assert.equal(messageOf(finding({ help: "write it right" })), "this is wrong\nhelp: write it right");
});

test("of too many findings the loudest are kept", () => {
  const findings = new FileFindings(2);
  const levels = ["info", "warning", "info", "warning", "error", "info"] as const;
  levels.forEach((level, index) => findings.add(finding({ level, message: String(index) })));
  assert.deepEqual(findings.kept().map(({ message }) => message), ["4", "1"]);
  assert.equal(findings.leftOut, 4);
  assert.deepEqual(findings.counts, { error: 1, warning: 2, info: 3 });
  assert.equal(summary([findings]), "1 error, 2 warnings, 3 info in 1 file");
  assert.equal(summary([]), "no findings");
});

test("few findings keep their order", () => {
  const findings = new FileFindings(3);
  for (const level of ["info", "error", "warning"] as const) findings.add(finding({ level }));
  assert.deepEqual(findings.kept().map(({ level }) => level), ["info", "error", "warning"]);
  assert.equal(findings.leftOut, 0);
});

test("a file without a payload is told from one that holds one", () => {
  const foreign = (...parts: Partial<Finding>[]) => {
    const findings = new FileFindings(9);
    for (const part of parts) findings.add(finding(part));
    return findings.foreign;
  };
  const unknown = { rule: "payload/unknown-kind", kind: null };
  const comment = { rule: "json/comment", kind: null };
  assert.equal(foreign(unknown), true);
  assert.equal(foreign(unknown, comment), true);
  assert.equal(foreign(comment), false);
  assert.equal(foreign(unknown, {}), false);
});

test("the status bar tells the state, and what is wrong in the file", () => {
  assert.equal(statusText("starting", undefined).text, "$(sync~spin) countersign");
  assert.equal(statusText("stopped", undefined).alarm, true);
  assert.equal(statusText("failed", { error: 1, warning: 0, info: 0 }).text, "$(alert) countersign");
  assert.equal(statusText("ready", undefined).text, "countersign");
  assert.equal(statusText("ready", { error: 0, warning: 0, info: 2 }).text, "$(check) countersign");
  const { text, tooltip, alarm } = statusText("ready", { error: 1, warning: 2, info: 0 });
  assert.equal(text, "$(error) 1 $(warning) 2 countersign");
  assert.match(tooltip, /1 error and 2 warnings/);
  assert.equal(alarm, false);
});

test("the program is looked up", { skip: process.platform === "win32" }, () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-path-"));
  const make = (name: string, mode: number) => {
    const file = join(folder, name);
    mkdirSync(resolve(file, ".."), { recursive: true });
    writeFileSync(file, "");
    chmodSync(file, mode);
    return file;
  };
  const plain = make("plain/countersign", 0o644);
  const good = make("good/countersign", 0o755);
  mkdirSync(join(folder, "folder", "countersign"), { recursive: true });
  const env = { PATH: ["", join(folder, "plain"), join(folder, "folder"), join(folder, "good")].join(delimiter) };
  const at = { folder, home: folder };
  assert.equal(findProgram("countersign", at, env), good);
  assert.equal(findProgram("", at, env), good);
  assert.equal(findProgram("other", at, env), undefined);
  assert.equal(findProgram("good/countersign", at, {}), good);
  assert.equal(findProgram("~/good/countersign", at, {}), good);
  assert.equal(findProgram(plain, at, env), undefined);
});

test("only a line feed ends a line", async () => {
  const text = Buffer.from("{\"a\":\"\u2028ü\"}\nlast");
  // The cut goes through the ü.
  const cut = text.indexOf(0xc3) + 1;
  const read: string[] = [];
  for await (const line of lines(Readable.from([text.subarray(0, cut), text.subarray(cut)], { objectMode: false }))) read.push(line);
  assert.deepEqual(read, ["{\"a\":\"\u2028ü\"}", "last"]);
});

test("a run tells code and standard error, and can be broken off", async () => {
  const script = (code: string) => ["-e", code];
  const told: string[] = [];
  const program = "console.log('one'); console.log('two'); console.error('no'); process.exitCode = 2";
  const outcome = await run(process.execPath, script(program), tmpdir(), undefined, (line) => told.push(line));
  assert.deepEqual(outcome, { code: 2, stderr: "no" });
  assert.deepEqual(told, ["one", "two"]);
  await assert.rejects(run(join(tmpdir(), "no-such-program"), [], undefined, undefined, () => {}), /ENOENT/);
  const abort = new AbortController();
  const endless = "console.log('begun'); setInterval(() => {}, 1000)";
  const aborted = await run(process.execPath, script(endless), undefined, abort.signal, () => abort.abort());
  assert.notEqual(aborted.code, 0);
  const failing = run(process.execPath, script(endless), undefined, undefined, (line) => JSON.parse(line));
  await assert.rejects(failing, SyntaxError);
});
