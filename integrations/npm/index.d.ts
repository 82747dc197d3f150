// The types of the package. The format of findings is that of `countersign check --format json`.

/** The level of a finding. */
export type Level = "error" | "warning" | "info";

/** A kind of payload. Later versions can add kinds. */
export type Kind = "certificate" | "qualification" | "customer" | "validation-result" | "vendor-error" | "order";

/** The form of a payload. `estimate` and `validation` are forms of orders, `marketplace` is one of customers. */
export type Form = "request" | "response" | "estimate" | "validation" | "marketplace";

/** What a fix needs: nothing (`safe`, it keeps the meaning), or the review of a person (`unsafe`). */
export type Safety = "safe" | "unsafe";

/** A report format of the command line. */
export type Format =
  | "pretty" | "concise" | "json" | "ndjson" | "html" | "sarif"
  | "github" | "gitlab" | "junit" | "checkstyle" | "rdjson" | "markdown";

/** A position in a file. */
export interface Position {
  /** The offset from the start of the file in bytes of UTF-8, from 0. */
  offset: number;
  /** The line, from 1. */
  line: number;
  /** The column in characters, from 1. */
  column: number;
  /** The column in UTF-16 code units, from 1: the index in a JavaScript string of the line, plus 1. */
  utf16: number;
}

/** A part of a file. The end is exclusive. */
export interface Range {
  start: Position;
  end: Position;
}

/** A related place in the file. */
export interface Label {
  range: Range;
  message: string;
}

/** A replacement of a part of a file. */
export interface Edit {
  range: Range;
  text: string;
}

/** A fix of a finding. */
export interface Fix {
  /** What the fix does. */
  title: string;
  safety: Safety;
  /** The replacements. All of them refer to the same version of the text, and they do not overlap. */
  edits: Edit[];
}

/** The record that contains a finding. */
export interface RecordInfo {
  /** The index of the record in the file, from 0. */
  index: number;
  /** The line on which the record starts, from 1. */
  line: number;
  /** The value that names the record, such as its ID. */
  key: string | null;
}

/** A problem in a payload. */
export interface Finding {
  /** The ID of the rule, such as `order/agreement-date-format`. */
  rule: string;
  level: Level;
  /** What is wrong, in one clause. */
  message: string;
  /** How to fix it, in one sentence. */
  help: string | null;
  /** The URL of the page of the rule; `null` without the setting `rule-pages`. */
  url: string | null;
  /** The name of the file, or `<stdin>` for a payload without a name. */
  file: string;
  /** The record that contains the finding; `null` outside of all records. */
  record: RecordInfo | null;
  /** The kind of the record; `null` if it is unknown. */
  kind: Kind | null;
  /** The form of the record; `null` if it is unknown. */
  form: Form | null;
  /** The JSON Pointer of the value, from the root of the document. */
  pointer: string;
  /** The path of the value in words of its kind. Empty for a whole record. */
  path: string;
  range: Range;
  labels: Label[];
  /** The fix that countersign can apply; `null` if there is none. */
  fix: Fix | null;
  /** The hash that identifies the finding. It stays the same if the lines of the file move. */
  fingerprint: string;
}

/** The findings of one rule. */
export interface RuleCount {
  rule: string;
  /** The highest level of the findings. */
  level: Level;
  count: number;
  /** The location of the first finding. */
  example: { file: string; line: number; column: number };
}

/** The numbers of a run. */
export interface Summary {
  /** The number of files that were checked. */
  files: number;
  /** The number of files that were found in a folder and contain no payload. */
  unrecognised: number;
  /** The number of files that could not be read. */
  unreadable: number;
  /** The number of bytes that were checked, after decompression. */
  bytes: number;
  /** The number of records of each kind, of unknown kind, without findings (`clean`), and that fail (`invalid`). */
  records: { unknown: number; clean: number; invalid: number } & { [kind in Kind]?: number };
  errors: number;
  warnings: number;
  infos: number;
  /** The rules that have findings, sorted by ID. */
  rules: RuleCount[];
  /** The number of findings with a safe fix and with an unsafe fix. */
  fixes: { safe: number; unsafe: number };
  /** The number of findings that were counted but not shown. */
  hidden: number;
  /** The number of findings that the configuration ignores. */
  ignored: number;
  /** The number of findings that a baseline contains: 0, because the package reads no baselines. */
  known: number;
  /** The number of findings of a baseline that no longer occur: 0. */
  gone: number;
  /** The number of fixes that were applied. */
  fixed: number;
  /** The number of files whose fixes could not be written: 0, because the package writes no files. */
  unwritten: number;
}

/** The outcome of a check: the object that `countersign check --format json` prints. */
export interface Report {
  /** The version of the format. */
  version: 1;
  /** The findings, sorted by file, position and rule. */
  findings: Finding[];
  /** Whether the whole input was checked; `false` if the run was stopped. */
  complete: boolean;
  summary: Summary;
}

/** A rule, as `rules` lists it. */
export interface Rule {
  id: string;
  level: Level;
  /** What the rule reports, in one sentence. */
  summary: string;
}

/** A payload: its text, or its bytes, which may be compressed with gzip. */
export type Payload = string | Uint8Array | ArrayBuffer;

/** A JSON Schema, as text or as a value. */
export type JsonSchema = string | boolean | { readonly [keyword: string]: unknown };

/** The settings of a `countersign.toml` as an object, under the names that they have there. */
export interface ConfigObject {
  /** Your own mail domains. */
  "partner-domains"?: readonly string[];
  /** What certificates are about to be used for. */
  operation?: "create" | "re-enroll";
  /** How you sell Microsoft products. */
  "sales-model"?: "direct" | "indirect";
  /** The marketplace that orders go to. */
  "marketplace-region"?: "worldwide" | "china";
  /** The part numbers that are sold only with the offer attestation. */
  "attested-products"?: readonly string[];
  /** The URL of the folder with the pages of the rules, for links in reports. */
  "rule-pages"?: string;
  /** The lowest level that makes a record invalid. */
  "fail-on"?: Level | "never";
  /** Levels by the ID of a rule, or by `family/*`. */
  rules?: { readonly [rule: string]: Level | "off" };
  /** Known findings that are not reported. */
  ignore?: readonly {
    rule: string;
    reason: string;
    files?: string;
    record?: string;
    pointer?: string;
    /** The last day on which the entry applies, as YYYY-MM-DD. */
    until?: string;
  }[];
  /** What certain files contain. */
  payloads?: readonly { files: string; kind?: Kind; form?: Form }[];
  /** Other settings; a setting that does not exist is an error. */
  [setting: string]: unknown;
}

/** A configuration: the text of a `countersign.toml`, or its settings as an object. It cannot name other files. */
export type Config = string | ConfigObject;

/** Options that choose what is checked, as those of the command line do. */
export interface Settings {
  /** The kind of all payloads; detected without it. */
  kind?: Kind;
  /** The form of all payloads; detected without it. */
  form?: Form;
  /** What certificates are about to be used for. */
  operation?: "create" | "re-enroll";
  /** The day that counts as today, as YYYY-MM-DD, or `none` to allow dates in the future. Without it, the day here. */
  today?: string | Date;
  /** Mail domains of the partner, which no customer may use. */
  partnerDomains?: string | readonly string[];
  /** A JSON Schema to validate against, instead of the rules, or in addition to them with `kind`. */
  schema?: JsonSchema;
  /** What the marketplace answered to the validation of the order, as text or as a value. */
  answer?: string | object;
  /** The only rules to report, by ID or as `family/*`. Syntax errors are always reported. */
  select?: string | readonly string[];
  /** Rules that are not reported. */
  ignore?: string | readonly string[];
  /** Levels by the ID of a rule, or by `family/*`. */
  levels?: { readonly [rule: string]: Level | "off" };
}

/** Options of one check. */
export interface CheckOptions {
  /** The name of the payload in reports, which also selects what the configuration says about files. */
  file?: string;
  /** How the payload is split into records; detected without it. */
  records?: "auto" | "document" | "lines" | "array";
  /** The number of findings in the report; all of them are counted. 0 or nothing for all. */
  maxFindings?: number;
  /** Whether the values of payloads are masked in the report. */
  redact?: boolean;
  /** The lowest level that makes a record invalid. */
  failOn?: Level | "never";
}

/** Options of the functions without a checker. */
export interface Options extends Settings, CheckOptions {
  config?: Config;
}

/** The outcome of applying fixes. */
export interface FixResult {
  /** The payload after the fixes. */
  text: string;
  /** The number of fixes that were applied. */
  fixed: number;
  /** The report about the text after the fixes. */
  report: Report;
}

/** A file to check: its content, or a function that reads a part of it. */
export type InputFile = {
  /** The path of the file in reports and for the configuration. */
  path: string;
  /** Whether a person named the file (the default). A file that was found in a folder need not contain a payload. */
  isNamed?: boolean;
} & (
  | { content: Payload; read?: undefined }
  | {
    content?: undefined;
    /** Returns at most `length` bytes from `offset` on, and none at the end. It is called again for the same part. */
    read(offset: number, length: number): Uint8Array;
  }
);

/** How far a check of files is. */
export interface Progress {
  /** The number of bytes that were read. */
  bytes: number;
  /** The number of records that were checked. */
  records: number;
  /** The number of findings so far. */
  findings: number;
}

/** Options of a check of files. */
export interface FilesOptions<F extends Format = Format> extends Omit<CheckOptions, "file"> {
  /** The format of the report. Without it, the report is an object. */
  format?: F;
  /** Called after each part of a file. If it returns `false`, the check stops and the report says so. */
  onProgress?(progress: Progress): boolean | void;
}

/** The outcome of a check of files. */
export interface FilesResult<R> {
  report: R;
  /** What is said about files that could not be read or checked. */
  errors: string[];
}

/** Checks payloads with one configuration, which is read once. */
export class Checker {
  /**
   * @param config a configuration
   * @param options options that take precedence over the configuration, and options for all checks
   * @throws {ConfigError} if the configuration has errors
   * @throws {Error} if an option is wrong
   */
  constructor(config?: Config | null, options?: Settings & CheckOptions);
  /**
   * Checks a payload.
   * @throws {Error} if it cannot be checked, such as a list that is not one
   */
  check(payload: Payload, options?: CheckOptions): Report;
  /** Applies the safe fixes of a payload, or with `safety: "unsafe"` all of them, and checks it again. */
  fix(payload: Payload, options?: CheckOptions & { safety?: Safety }): FixResult;
  /** Checks a payload and returns the report in a format of the command line. */
  report(payload: Payload, format: Format, options?: CheckOptions): string;
  /** Checks files, part by part, as one run. */
  checkFiles(files: Iterable<InputFile>, options?: FilesOptions<"json">): FilesResult<Report>;
  checkFiles(files: Iterable<InputFile>, options: FilesOptions & { format: Exclude<Format, "json"> }): FilesResult<string>;
}

/** The error about a configuration that cannot be used. */
export class ConfigError extends Error {
  /** The findings about the configuration. */
  readonly findings: Finding[];
}

/** Checks a payload. */
export function check(payload: Payload, options?: Options): Report;

/** Applies the safe fixes of a payload, or with `safety: "unsafe"` all of them, and checks it again. */
export function fix(payload: Payload, options?: Options & { safety?: Safety }): FixResult;

/** Checks a payload and returns the report in a format of the command line. */
export function report(payload: Payload, format: Format, options?: Options): string;

/**
 * Returns the page of a rule in Markdown; for an error code of Partner Center, that of the rule that reports it. For a
 * family, such as `order`, or a code that several rules report, returns the list of the rules.
 * @throws {Error} if there is no such rule
 */
export function explain(rule: string): string;

/** Returns the rules, sorted by ID. */
export function rules(): Rule[];

/**
 * Returns the JSON Schema of a kind, of the configuration, or of the findings.
 * @throws {Error} if there is no such schema
 */
export function schema(name: Kind | "config" | "findings"): { [keyword: string]: unknown };
