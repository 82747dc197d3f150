// Validates the lines of an NDJSON file, or one JSON file, with ajv.
// Usage: node ajv.mjs MODULES SCHEMA FILE   (MODULES: the folder in which ajv was installed)

import { openSync, readFileSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [modules, schemaPath, path] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "package.json"));
const { Ajv2020 } = require("ajv/dist/2020.js");
const ajv = new Ajv2020({ strict: false });
require("ajv-formats").default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schemaPath, "utf8")));

let [records, refused] = [0, 0];

function judge(text) {
  records += 1;
  let valid = false;
  try {
    valid = validate(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!valid) refused += 1;
}

// Cuts the file at its line ends in large pieces, which is quicker than an event for each line.
function judgeLines() {
  const file = openSync(path, "r");
  const buffer = Buffer.allocUnsafe(1 << 20);
  let kept = 0;
  for (;;) {
    const read = readSync(file, buffer, kept, buffer.length - kept);
    const end = kept + read;
    let start = 0;
    for (let stop; (stop = buffer.indexOf(10, start)) >= 0 && stop < end; start = stop + 1) {
      judge(buffer.toString("utf8", start, stop));
    }
    if (read === 0) {
      if (end > start) judge(buffer.toString("utf8", start, end));
      return;
    }
    if (start === 0 && end === buffer.length) throw new Error("a line is longer than the buffer");
    buffer.copyWithin(0, start, end);
    kept = end - start;
  }
}

if (path.endsWith(".jsonl")) judgeLines();
else judge(readFileSync(path, "utf8"));

if (refused > 0) console.log(`${refused} of ${records} refused`);
process.exitCode = refused > 0 ? 1 : 0;
