// The examples: the pre-request script in newman, the runner of Postman, and the node in the runner of n8n and by itself.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import newman from "newman";

const examples = new URL("../examples/", import.meta.url);
const fixture = (path) => readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url), "utf8");

/** Starts the server that checks payloads, and returns it with its address. */
async function startChecker() {
  const process_ = spawn(process.execPath, [fileURLToPath(new URL("postman/server.mjs", examples)), "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(process_.stdout, "data");
  return { process: process_, address: line.toString().trim() };
}

/** Runs the collection with newman. Returns the run, the bodies of the requests that arrived, and what was logged. */
async function runCollection(checker) {
  const collection = JSON.parse(readFileSync(new URL("postman/collection.json", examples)));
  const script = readFileSync(new URL("postman/pre-request.js", examples), "utf8");
  collection.event = [{ listen: "prerequest", script: { type: "text/javascript", exec: script.split("\n") } }];
  const bodies = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    bodies.push(body);
    response.end("{}");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  try {
    const envVar = [{ key: "endpoint", value: `http://127.0.0.1:${server.address().port}` }, { key: "countersign", value: checker }];
    const logged = [];
    const summary = await new Promise((done, fail) => {
      const run = newman.run({ collection, envVar }, (error, result) => (error ? fail(error) : done(result)));
      run.on("console", (_, { messages }) => logged.push(messages.join(" ")));
    });
    return { summary, bodies, logged };
  } finally {
    server.close();
  }
}

test("newman sends the valid order only, and says what is wrong with the other one", async () => {
  const checker = await startChecker();
  const { summary, bodies, logged } = await runCollection(`${checker.address}?kind=order`).finally(() => checker.process.kill());
  assert.equal(bodies.length, 1);
  assert.equal(JSON.parse(bodies[0]).products[0].quantity, 5, "variables are replaced");
  const failures = summary.run.failures.map(({ source, error }) => [source.name, error.test, error.message]);
  assert.equal(failures.length, 1, JSON.stringify(failures));
  const [[name, failed, message]] = failures;
  assert.equal(name, "order with a mistake");
  assert.equal(failed, "the body of order with a mistake has no errors");
  assert.match(message, /^`quantity` must be /);
  assert.ok(logged.some((line) => /^\d+:\d+: error\[/.test(line)), logged.join("\n"));
});

test("newman sends nothing if the payloads cannot be checked", async () => {
  const { summary, bodies } = await runCollection("http://127.0.0.1:1/check");
  assert.equal(bodies.length, 0);
  const failed = summary.run.failures.filter(({ error }) => error.test !== undefined);
  assert.deepEqual(failed.map(({ error }) => /^countersign does not answer: /.test(error.message)), [true, true]);
});

/** Compiles the node of n8n and returns it with the package of n8n. */
function loadNode() {
  const folder = fileURLToPath(new URL("n8n/", examples));
  const compiler = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
  const compiled = spawnSync(process.execPath, [compiler, "-p", folder], { encoding: "utf8" });
  assert.equal(compiled.status, 0, compiled.stdout);
  const require = createRequire(new URL("n8n/", examples));
  const { Countersign } = require("./dist/Countersign.node.js");
  return { node: new Countersign(), n8n: require("n8n-workflow") };
}

/** Runs the node on items with parameters, as n8n does: missing parameters have their defaults. */
function execute({ node, n8n }, items, parameters, continues = false) {
  const given = n8n.NodeHelpers.getNodeParameters(node.description.properties, parameters, true, false, { typeVersion: 1 }, node.description);
  const value = (name, index) => (name === "payload" && given.payload === "={{ $json }}" ? items[index].json : given[name]);
  return node.execute.call({
    getInputData: () => items,
    getNodeParameter: value,
    continueOnFail: () => continues,
    getNode: () => ({ id: "1", name: "Countersign", type: "countersign", typeVersion: 1, position: [0, 0], parameters: given }),
  });
}

const loaded = loadNode();
const item = (path) => ({ json: JSON.parse(fixture(path)) });

test("the node of n8n has a complete description", () => {
  const { node, n8n } = loaded;
  assert.deepEqual(n8n.NodeHelpers.getNodeParametersIssues(node.description.properties, { name: "x", parameters: {}, type: "x", typeVersion: 1, position: [0, 0] }, node.description), null);
  const outputs = n8n.NodeHelpers.getNodeOutputs({}, { parameters: {} }, node.description);
  assert.equal(outputs.length, node.description.outputNames.length);
  const manifest = JSON.parse(readFileSync(new URL("n8n/package.json", examples)));
  assert.ok(manifest.keywords.includes("n8n-community-node-package"));
  for (const path of manifest.n8n.nodes) assert.ok(existsSync(new URL(`n8n/${path}`, examples)), path);
});

/** Runs a workflow of a node that returns `items` and the node with parameters in the runner of n8n. Returns the outputs. */
async function runWorkflow({ node, n8n }, items, parameters) {
  const require = createRequire(new URL("n8n/", examples));
  // n8n writes a settings file when it is loaded.
  const settings = mkdtempSync(join(tmpdir(), "countersign-n8n-"));
  Object.assign(process.env, { N8N_USER_FOLDER: settings, N8N_ENCRYPTION_KEY: "test", N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: "true" });
  try {
    require("reflect-metadata");
    const { ExecutionLifecycleHooks, WorkflowExecute } = require("n8n-core");
    const source = {
      description: { displayName: "Source", name: "source", group: ["input"], version: 1, description: "", defaults: {}, inputs: [], outputs: ["main"], properties: [] },
      execute: async () => [items],
    };
    const types = { source, countersign: node };
    const nodes = ["source", "countersign"].map((type, index) => {
      return { id: `${index}`, name: type, type, typeVersion: 1, position: [200 * index, 0], parameters: index === 0 ? {} : parameters };
    });
    const connections = { source: { main: [[{ node: "countersign", type: "main", index: 0 }]] } };
    const nodeTypes = { getByName: (name) => types[name], getByNameAndVersion: (name) => types[name], getKnownTypes: () => ({}) };
    const workflow = new n8n.Workflow({ id: "orders", nodes, connections, active: false, nodeTypes, settings: {} });
    const hooks = new ExecutionLifecycleHooks("manual", "1", { id: "orders", nodes, connections });
    const run = new WorkflowExecute({ hooks, executionId: "1", currentNodeExecutionIndex: 0, variables: {} }, "manual");
    const { data } = await run.run(workflow, workflow.getNode("source"));
    if (data.resultData.error !== undefined) throw data.resultData.error;
    return data.resultData.runData.countersign[0].data.main;
  } finally {
    rmSync(settings, { recursive: true });
  }
}

test("a workflow of n8n sends valid and invalid payloads to different outputs", async () => {
  const items = [item("valid/order/renewal.json"), item("invalid/order/agreement-date-format.json")];
  const outcome = (output) => output.map(({ pairedItem, json }) => [pairedItem.item, json.findings.map(({ rule }) => rule)]);
  const outputs = await runWorkflow(loaded, items, {});
  assert.deepEqual(outputs.map(outcome), [[[0, []]], [[1, ["order/agreement-date-format"]]]]);
  const fixed = await runWorkflow(loaded, items, { applyFixes: true });
  assert.deepEqual(fixed.map((output) => output.length), [2, 0]);
});

test("a workflow of n8n fails at an error", async () => {
  const run = runWorkflow(loaded, [item("valid/order/renewal.json")], { partnerDomains: ["no domain"] });
  await assert.rejects(run, ({ name, message }) => name === "NodeOperationError" && message.includes("expected a mail domain"));
});

test("the node of n8n separates valid from invalid payloads", async () => {
  const items = [item("valid/order/renewal.json"), item("invalid/order/agreement-date-format.json")];
  const [valid, invalid] = await execute(loaded, items, {});
  assert.deepEqual(valid.map(({ pairedItem, json }) => [pairedItem.item, json.findings.length]), [[0, 0]]);
  assert.deepEqual(invalid.map(({ pairedItem, json }) => [pairedItem.item, json.findings[0].rule]), [[1, "order/agreement-date-format"]]);
});

test("the node of n8n applies safe fixes", async () => {
  const [valid, invalid] = await execute(loaded, [item("invalid/order/agreement-date-format.json")], { applyFixes: true });
  assert.equal(invalid.length, 0);
  assert.match(JSON.stringify(valid[0].json.payload), /"agreement_date","value":"\d\d-\d\d-\d{4}"/);
});

test("the node of n8n fails, or continues, at an error", async () => {
  const parameters = { partnerDomains: ["no domain"] };
  const items = [item("valid/order/renewal.json")];
  await assert.rejects(execute(loaded, items, parameters), (error) => {
    assert.equal(error.name, "NodeOperationError");
    return /expected a mail domain/.test(error.message);
  });
  const [, invalid] = await execute(loaded, items, parameters, true);
  assert.match(invalid[0].json.error, /expected a mail domain/);
});
