// Validates the lines of an NDJSON file, or one JSON file, with ajv.
// Usage: node ajv.mjs MODULES SCHEMA FILE   (MODULES: the folder in which ajv is installed)

import { openSync, readFileSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [modules, schemaPath, path] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "package.json"));
const { Ajv2020 } = require("ajv/dist/2020.js");
const ajv = new Ajv2020({ strict: false });
require("ajv-formats").default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schemaPath, "utf8")));

let [records, invalid] = [0, 0];

function check(text) {
  records += 1;
  let valid = false;
  try {
    valid = validate(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!valid) invalid += 1;
}

// Reads the file in large chunks and splits them at line feeds, which is faster than an event per line.
function checkLines() {
  const file = openSync(path, "r");
  const buffer = Buffer.allocUnsafe(1 << 20);
  // The length of an incomplete line at the start of the buffer.
  let incomplete = 0;
  for (;;) {
    const read = readSync(file, buffer, incomplete, buffer.length - incomplete);
    const end = incomplete + read;
    let start = 0;
    for (let stop; (stop = buffer.indexOf(10, start)) >= 0 && stop < end; start = stop + 1) {
      check(buffer.toString("utf8", start, stop));
    }
    if (read === 0) {
      if (end > start) check(buffer.toString("utf8", start, end));
      return;
    }
    if (start === 0 && end === buffer.length) throw new Error("a line is longer than the buffer");
    buffer.copyWithin(0, start, end);
    incomplete = end - start;
  }
}

if (path.endsWith(".jsonl")) checkLines();
else check(readFileSync(path, "utf8"));

if (invalid > 0) console.log(`${invalid} of ${records} invalid`);
process.exitCode = invalid > 0 ? 1 : 0;
