// The service without a protocol: receives blocks of edits and returns their times and diagnostics.
// It has its own thread, so that its garbage collection does not slow down the other measurements.

import { parentPort, workerData } from "node:worker_threads";
import { service, TextDocument } from "./service.mjs";

const { schema, uri, text } = workerData;
const diagnostics = service(schema);
const document = TextDocument.create(uri, "json", 1, text);

parentPort.on("message", async (block) => {
  const results = [];
  for (const { change, version } of block) {
    TextDocument.update(document, [change], version);
    const start = performance.now();
    const found = await diagnostics(document);
    results.push({ ms: performance.now() - start, diagnostics: found });
  }
  parentPort.postMessage(results);
});
