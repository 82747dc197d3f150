// A pre-request script of a collection: a request is sent only if countersign finds no error in its body.
// The sandbox of Postman has no WebAssembly, so server.mjs checks the body, on the same machine.
const body = pm.request.body && pm.request.body.mode === "raw" ? pm.variables.replaceIn(pm.request.body.raw) : "";

/** Leaves the request out, with a failed test that says why. */
function refuse(reason) {
  pm.test(`the body of ${pm.info.requestName} has no errors`, () => {
    throw new Error(reason);
  });
  pm.execution.skipRequest();
}

if (body !== "") {
  const request = { url: pm.variables.replaceIn("{{countersign}}"), method: "POST", body: { mode: "raw", raw: body } };
  pm.sendRequest(request, (error, response) => {
    if (error || response.code !== 200) {
      refuse(error ? `countersign does not answer: ${error.message}` : response.json().error);
      return;
    }
    const { findings, summary } = response.json();
    for (const { level, rule, message, range } of findings) {
      console.log(`${range.start.line}:${range.start.column}: ${level}[${rule}] ${message}`);
    }
    const errors = findings.filter(({ level }) => level === "error");
    if (summary.errors > 0) refuse(errors.map(({ message }) => message).join("; "));
  });
}
