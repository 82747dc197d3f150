// Builds the page, dist/index.html: one file with the script, the style, the worker and the engine.
// The engine is that of ../npm/dist, see ../npm/build.sh.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const read = (path) => readFileSync(join(here, path), "utf8");
const shared = { bundle: true, minify: true, format: "esm", target: "es2022", write: false, logLevel: "warning", legalComments: "none" };

/** The values of an enumeration in the schema of the findings. */
const schema = JSON.parse(readFileSync(join(root, "schemas/findings.schema.json"), "utf8"));
const valuesOf = (property) => JSON.stringify(schema.$defs.finding.properties[property].enum.filter((value) => value !== null));

/** Modules that are made here: the text or the code of each by its name. */
const made = (modules) => ({
  name: "made",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(${Object.keys(modules).join("|")})$`) }, ({ path }) => ({ path, namespace: "made" }));
    onLoad({ filter: /./, namespace: "made" }, ({ path }) => modules[path]);
  },
});

const engine = gzipSync(readFileSync(join(here, "../npm/dist/engine_bg.wasm")), { level: 9 });
const worker = await build({
  ...shared,
  entryPoints: [join(here, "src/worker.js")],
  // A worker from a blob is no module.
  format: "iife",
  plugins: [made({ engine: { contents: engine, loader: "binary" } })],
  define: { "import.meta.url": '""' },
});
const page = await build({
  ...shared,
  entryPoints: [join(here, "src/main.js")],
  plugins: [made({
    worker: { contents: worker.outputFiles[0].text, loader: "text" },
    // The CSV is that of the HTML report.
    csv: { contents: `${readFileSync(join(root, "src/output/html/csv.js"), "utf8")}\nexport { csvOf };`, loader: "js" },
  })],
  define: { KINDS: valuesOf("kind"), FORMS: valuesOf("form") },
  metafile: true,
});

// What would end the element is written differently in the script.
const script = page.outputFiles[0].text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
const style = read("src/style.css");
const nonce = createHash("sha256").update(style).digest("base64url").slice(0, 22);
const policy = [
  "default-src 'none'",
  "connect-src 'none'",
  `script-src 'sha256-${createHash("sha256").update(script).digest("base64")}' 'wasm-unsafe-eval'`,
  "worker-src blob:",
  `style-src 'nonce-${nonce}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const parts = { policy, nonce, style, script };
const html = read("src/index.html").replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
mkdirSync(join(here, "dist"), { recursive: true });
writeFileSync(join(here, "dist/index.html"), html);

const folders = Object.keys(page.metafile.inputs).map((file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0]);
const licenses = [...new Set(folders)].filter((folder) => folder !== undefined).sort().map((folder) => {
  const { name, version } = JSON.parse(readFileSync(folder.startsWith("/") ? join(folder, "package.json") : join(process.cwd(), folder, "package.json"), "utf8"));
  const file = readdirSync(join(process.cwd(), folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} comes without a licence`);
  return `${name} ${version}\n\n${readFileSync(join(process.cwd(), folder, file), "utf8").trim()}\n`;
});
writeFileSync(join(here, "dist/third-party-licenses.txt"), licenses.join(`\n${"-".repeat(72)}\n\n`));
console.log(`index.html ${Math.round(html.length / 1000)} kB, compressed ${Math.round(gzipSync(html, { level: 9 }).length / 1000)} kB`);
