// The package in Node.js: the engine is read from the disk, at once, so that CommonJS can require the package too.
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import * as engine from "./dist/engine.js";
import { createApi } from "./api.js";

// Node.js 18 has no global object for the random numbers that the hash tables of the engine start with.
globalThis.crypto ??= webcrypto;

engine.initSync({ module: readFileSync(new URL("./dist/engine_bg.wasm", import.meta.url)) });

export const { Checker, ConfigError, check, explain, fix, report, rules, schema } = createApi(engine);
