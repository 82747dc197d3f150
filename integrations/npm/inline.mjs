// Writes dist/inline.js: the package with the engine in the script, compressed, for pages that may fetch nothing.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const engine = readFileSync(new URL("dist/engine_bg.wasm", import.meta.url));
const compressed = gzipSync(engine, { level: 9 });
const out = new URL("dist/inline.js", import.meta.url);
writeFileSync(out, `// The package with the engine in this script: nothing is fetched.
import * as engine from "./engine.js";
import { createApi } from "../api.js";

const compressed = Uint8Array.from(atob("${compressed.toString("base64")}"), (character) => character.charCodeAt(0));
const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("gzip"));
await engine.default({ module_or_path: await new Response(stream).arrayBuffer() });

export const { Checker, ConfigError, check, explain, fix, report, rules, schema } = createApi(engine);
`);
const inKilobytes = (bytes) => `${Math.round(bytes / 1000)} kB`;
console.log(`engine ${inKilobytes(engine.length)}, compressed ${inKilobytes(compressed.length)}, inline.js ${inKilobytes(statSync(out).size)}`);
