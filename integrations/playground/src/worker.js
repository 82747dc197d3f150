// The worker with the engine. A message is { id, method, argument }; the answer has the same id and a result or an error.
// While files are checked, messages with progress come first.
import * as engine from "../../npm/dist/engine.js";
import { createApi } from "../../npm/api.js";
import compressedEngine from "engine";

/** How often progress is reported, in milliseconds. */
const PROGRESS_INTERVAL = 100;

async function load() {
  const stream = new Blob([compressedEngine]).stream().pipeThrough(new DecompressionStream("gzip"));
  await engine.default({ module_or_path: await new Response(stream).arrayBuffer() });
  return createApi(engine);
}
const loading = load();

/** The last checker with what it was made from. */
let last = { key: undefined, checker: undefined };

function checkerFor({ Checker }, { config, settings }) {
  const key = JSON.stringify([config, settings]);
  if (last.key !== key) last = { key, checker: new Checker(config, settings) };
  return last.checker;
}

/** A file of the browser as the engine reads it. */
function inputOf({ path, isNamed, file }) {
  const reader = new FileReaderSync();
  const read = (offset, length) => new Uint8Array(reader.readAsArrayBuffer(file.slice(offset, offset + length)));
  return { path, isNamed, read };
}

const methods = {
  check: (api, { payload, options, ...setup }) => checkerFor(api, setup).check(payload, options),
  fix: (api, { payload, options, ...setup }) => checkerFor(api, setup).fix(payload, options),
  report: (api, { payload, format, options, ...setup }) => checkerFor(api, setup).report(payload, format, options),
  files(api, { files, options, ...setup }, onProgress) {
    let reported = 0;
    const report = (progress) => {
      const now = performance.now();
      if (now - reported < PROGRESS_INTERVAL) return;
      reported = now;
      onProgress(progress);
    };
    return checkerFor(api, setup).checkFiles(files.map(inputOf), { ...options, onProgress: report });
  },
  explain: (api, rule) => api.explain(rule),
  rules: (api) => api.rules(),
};

addEventListener("message", async ({ data: { id, method, argument } }) => {
  try {
    const api = await loading;
    postMessage({ id, result: methods[method](api, argument, (progress) => postMessage({ id, progress })) });
  } catch (error) {
    postMessage({ id, error: { message: error.message, findings: error.findings } });
  }
});
