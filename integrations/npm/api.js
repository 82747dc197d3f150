// The interface of the package over the bindings of the engine. The entries node.js, web.js and inline.js load the engine.

/** The options that choose what is checked. A checker keeps them. */
const SETTINGS = ["kind", "form", "operation", "today", "partnerDomains", "schema", "answer", "select", "ignore", "levels"];
/** The options of one check. */
const REQUEST = ["file", "records", "maxFindings", "redact", "failOn"];
/** How many checkers the functions without one keep. */
const MAX_CHECKERS = 8;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The error about a configuration that cannot be used. */
export class ConfigError extends Error {
  constructor(report) {
    const [first] = report.findings;
    const { line, column } = first.range.start;
    const others = report.findings.length - 1;
    const more = others === 0 ? "" : ` (and ${others} more ${others === 1 ? "finding" : "findings"})`;
    super(`${first.file}:${line}:${column}: ${first.level}[${first.rule}] ${first.message}${more}`);
    this.name = "ConfigError";
    this.findings = report.findings;
  }
}

/** A day of the calendar here, as YYYY-MM-DD. */
function dayOf(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** A value of a configuration as TOML on one line. */
function toml(value) {
  // In a basic string, TOML takes every escape that JSON has, and no delete character.
  if (typeof value === "string") return JSON.stringify(value).replaceAll("\u007f", "\\u007F");
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value instanceof Date) return dayOf(value);
  if (Array.isArray(value)) return `[${value.map(toml).join(", ")}]`;
  if (typeof value === "object" && value !== null) return `{ ${tomlEntries(value).join(", ")} }`;
  throw new TypeError(`a configuration cannot contain ${value === null ? "null" : `a ${typeof value}`}`);
}

function tomlEntries(table) {
  const entries = Object.entries(table).filter(([, value]) => value !== undefined);
  return entries.map(([name, value]) => `${toml(name)} = ${toml(value)}`);
}

/** The text of a configuration, which is given as text or as an object. */
function configText(config) {
  if (config === undefined || config === null || typeof config === "string") return config ?? undefined;
  if (typeof config === "object" && !Array.isArray(config)) return tomlEntries(config).map((line) => `${line}\n`).join("");
  throw new TypeError("a configuration must be the text of a countersign.toml, or an object");
}

/** The option of this value as the engine takes it. */
function setting(name, value) {
  if (name === "today" && value instanceof Date) return dayOf(value);
  if ((name === "schema" || name === "answer") && typeof value !== "string") return JSON.stringify(value);
  if (name === "levels") return Object.entries(value);
  if ((name === "select" || name === "ignore" || name === "partnerDomains") && typeof value === "string") return [value];
  return value;
}

/** Splits options into settings and a request. */
function split(options, isConfigAllowed) {
  const settings = {};
  const request = {};
  for (const [name, value] of Object.entries(options ?? {})) {
    if (value === undefined) continue;
    if (SETTINGS.includes(name)) settings[name] = setting(name, value);
    else if (REQUEST.includes(name)) request[name] = value;
    else if (name === "config" && isConfigAllowed) settings.config = configText(value);
    else {
      const known = [...(isConfigAllowed ? ["config"] : []), ...SETTINGS, ...REQUEST];
      throw new TypeError(`there is no option \`${name}\`; expected ${known.map((one) => `\`${one}\``).join(", ")}`);
    }
  }
  return { settings, request };
}

/** Where short strings are encoded: to allocate memory for each takes as long as a third of its check. */
const shortText = new Uint8Array(64 * 1024);

/** The bytes of a payload until the next call. */
function bytesForCall(payload) {
  // A unit of a string has at most three bytes.
  if (typeof payload === "string" && payload.length * 3 <= shortText.length) {
    return shortText.subarray(0, encoder.encodeInto(payload, shortText).written);
  }
  return bytesOf(payload);
}

function bytesOf(payload) {
  if (typeof payload === "string") return encoder.encode(payload);
  if (payload instanceof Uint8Array) return payload;
  if (payload instanceof ArrayBuffer) return new Uint8Array(payload);
  throw new TypeError("a payload must be a string, a Uint8Array or an ArrayBuffer");
}

/** The date and time in UTC as reports show it. */
function startTime() {
  return new Date().toISOString().slice(0, 19).replace("T", " ");
}

/** Creates the functions of the package for an initialised engine. */
export function createApi(engine) {
  class Checker {
    #settings;
    #request;
    /** The request of a check without options. */
    #plainRequest;
    #engine;
    #day;

    constructor(config, options) {
      const { settings, request } = split(options, false);
      this.#settings = { ...settings, config: configText(config) };
      this.#request = request;
      this.#plainRequest = JSON.stringify(request);
      this.#checker();
    }

    /** The checker of the engine, which is made anew when the day changes. */
    #checker() {
      if (this.#engine !== undefined && this.#settings.today !== undefined) return this.#engine;
      const now = new Date();
      const day = now.getFullYear() * 400 + now.getMonth() * 32 + now.getDate();
      if (this.#engine !== undefined && this.#day === day) return this.#engine;
      const settings = JSON.stringify({ today: dayOf(now), ...this.#settings });
      let made;
      try {
        made = new engine.Checker(settings);
      } catch (error) {
        throw typeof error === "string" ? new ConfigError(JSON.parse(error)) : error;
      }
      this.#engine?.free();
      this.#engine = made;
      this.#day = day;
      return made;
    }

    #requestOf(options, more) {
      if (options === undefined && more === undefined) return this.#plainRequest;
      const { settings, request } = split(options, false);
      const [misplaced] = Object.keys(settings);
      if (misplaced !== undefined) throw new TypeError(`\`${misplaced}\` is an option of \`new Checker\``);
      return JSON.stringify({ ...this.#request, ...request, ...more });
    }

    check(payload, options) {
      const [report] = this.#checker().check(bytesForCall(payload), this.#requestOf(options));
      return JSON.parse(report);
    }

    fix(payload, options) {
      const { safety = "safe", ...others } = options ?? {};
      const request = this.#requestOf(others, { fix: safety });
      const [text, bytes] = this.#checker().check(bytesForCall(payload), request);
      const report = JSON.parse(text);
      return { text: decoder.decode(bytes), fixed: report.summary.fixed, report };
    }

    report(payload, format, options) {
      const request = this.#requestOf(options, { format, started: startTime() });
      return this.#checker().check(bytesForCall(payload), request)[0];
    }

    checkFiles(files, options) {
      const { format, onProgress, ...others } = options ?? {};
      const request = this.#requestOf(others, { format, started: startTime() });
      const progress = onProgress && ((bytes, records, findings) => onProgress({ bytes, records, findings }));
      const inputs = Array.from(files, ({ path, isNamed = true, content, read }) => {
        const bytes = read === undefined ? bytesOf(content) : undefined;
        return { path, isNamed, read: read ?? ((offset, length) => bytes.subarray(offset, offset + length)) };
      });
      const [text, , errors] = this.#checker().checkFiles(inputs, request, progress);
      return { report: format === undefined || format === "json" ? JSON.parse(text) : text, errors };
    }
  }

  const checkers = new Map();

  /** The checker for options; those that were used last are kept. */
  function checkerFor(options) {
    const { settings, request } = split(options, true);
    const key = JSON.stringify(settings);
    let checker = checkers.get(key);
    if (checker === undefined) {
      const { config, ...others } = settings;
      checker = new Checker(config, { ...others, levels: settings.levels && Object.fromEntries(settings.levels) });
      if (checkers.size >= MAX_CHECKERS) checkers.delete(checkers.keys().next().value);
      checkers.set(key, checker);
    }
    return { checker, request };
  }

  return {
    Checker,
    ConfigError,
    check(payload, options) {
      const { checker, request } = checkerFor(options);
      return checker.check(payload, request);
    },
    fix(payload, options) {
      const { safety, ...others } = options ?? {};
      const { checker, request } = checkerFor(others);
      return checker.fix(payload, { ...request, safety });
    },
    report(payload, format, options) {
      const { checker, request } = checkerFor(options);
      return checker.report(payload, format, request);
    },
    explain: (rule) => engine.explain(rule),
    rules: () => JSON.parse(engine.rules()),
    schema: (name) => JSON.parse(engine.schema(name)),
  };
}
