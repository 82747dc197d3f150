// Checks payloads for scripts that cannot load WebAssembly, such as those of Postman. It listens on this machine only.
// Usage: node server.mjs [PORT]
// POST a payload to /check; options such as kind=order are in the query. The answer is the report.
import { createServer } from "node:http";
import { check } from "countersign";

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  const answer = (status, value) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  if (request.method !== "POST" || pathname !== "/check") return answer(404, { error: "POST a payload to /check" });
  const parts = [];
  for await (const part of request) parts.push(part);
  try {
    answer(200, check(Buffer.concat(parts), Object.fromEntries(searchParams)));
  } catch (error) {
    answer(400, { error: error.message });
  }
});

server.listen(Number(process.argv[2] ?? 7077), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/check`);
});
