// Finds the program that the tests run: the one that COUNTERSIGN names, else that of the project, which is built first,
// else the one on the PATH.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

const name = process.platform === "win32" ? "countersign.exe" : "countersign";

// The tests run from dist/test.
const root = resolve(__dirname, "..", "..", "..", "..");

function find(): string {
  const given = process.env.COUNTERSIGN;
  if (given) return resolve(given);
  if (existsSync(join(root, "Cargo.toml"))) {
    const build = spawnSync("cargo", ["build", "--quiet", "--bin", "countersign"], { cwd: root, stdio: "inherit" });
    const target = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
    if (build.status === 0) return join(target, "debug", name);
  }
  const folders = (process.env.PATH ?? "").split(delimiter);
  const installed = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (installed) return installed;
  throw new Error("the tests need countersign: install Rust to build it, or set COUNTERSIGN to its path");
}

export const program = find();
