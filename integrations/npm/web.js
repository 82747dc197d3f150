// The package in browsers and bundlers: the engine is a file beside this one, which bundlers find by its URL.
import init, * as engine from "./dist/engine.js";
import { createApi } from "./api.js";

await init({ module_or_path: new URL("./dist/engine_bg.wasm", import.meta.url) });

export const { Checker, ConfigError, check, explain, fix, report, rules, schema } = createApi(engine);
