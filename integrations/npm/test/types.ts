// Compiled, and not run: what the types allow and refuse.
import { Checker, ConfigError, check, explain, fix, report, rules, schema, type Finding, type Report } from "countersign";
import { check as inlineCheck } from "countersign/inline";

const found: Report = check("{}", { kind: "order", form: "request", today: new Date(), levels: { "order/*": "off" } });
const positions: [number, number][] = found.findings.map(({ range: { start } }: Finding) => [start.line, start.utf16]);
const orders: number | undefined = found.summary.records.order;
const text: string = fix(new Uint8Array(), { safety: "unsafe" }).text;
const html: string = report("{}", "html", { redact: true });
const checker = new Checker({ rules: { "order/mpn-shape": "warning" }, "partner-domains": ["fabrikam.com"] }, { today: "none" });
const one: Report = checker.check(new ArrayBuffer(8), { file: "a.ndjson", records: "lines", failOn: "never" });
const files: Report = checker.checkFiles([{ path: "a.json", content: "{}" }], { onProgress: ({ bytes }) => bytes < 10 }).report;
const sarif: string = checker.checkFiles([{ path: "a.json", read: () => new Uint8Array() }], { format: "sarif" }).report;
const failure: Finding[] = new ConfigError({} as never).findings;
const page: string = explain(rules()[0]!.id);
const keywords: string[] = Object.keys(schema("config"));
const same: typeof check = inlineCheck;
export const used = [positions, orders, text, html, one, files, sarif, failure, page, keywords, same];

// @ts-expect-error there is no such kind
check("{}", { kind: "invoice" });
// @ts-expect-error a payload is no object
check({});
// @ts-expect-error a configuration is an option of the function only
checker.check("{}", { config: "" });
// @ts-expect-error there is no such level
new Checker({ rules: { "order/mpn-shape": "fatal" } });
// @ts-expect-error a file has a content or is read
checker.checkFiles([{ path: "a.json" }]);
// @ts-expect-error there is no such schema
schema("invoice");
