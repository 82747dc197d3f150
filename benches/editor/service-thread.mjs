// The service in process, without any protocol: gets blocks of edits, gives back times and diagnostics.
// A thread of its own, so that the garbage it leaves is not swept in anybody else's time.

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
