// Bundles the extension and the tests into dist, and beside it the licences of the packages it takes along.
import { build } from "esbuild";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const shared = { bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "warning" };

rmSync("dist", { recursive: true, force: true });
const { metafile } = await build({
  ...shared,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  external: ["vscode"],
  minify: true,
  legalComments: "none",
  metafile: true,
});
await build({
  ...shared,
  entryPoints: readdirSync("test").filter((name) => name.endsWith(".test.ts")).map((name) => `test/${name}`),
  outdir: "dist/test",
});

const folders = Object.keys(metafile.inputs).map((file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0]);
const licenses = [...new Set(folders)].filter((folder) => folder !== undefined).sort().map((folder) => {
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} comes without a licence`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});
writeFileSync("dist/third-party-licenses.txt", licenses.join(`\n${"-".repeat(72)}\n\n`));
