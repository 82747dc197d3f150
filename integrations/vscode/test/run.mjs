// Runs the tests with the program that $COUNTERSIGN names. Without it, builds the debug program of the project.
import { spawnSync } from "node:child_process";
import { accessSync, constants, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const extension = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const project = resolve(extension, "..", "..");

function fail(message) {
  console.error(`countersign tests: ${message}`);
  process.exit(2);
}

/** The path of the debug program of the project, as cargo reports it, whatever the target directory. */
function buildProgram() {
  console.error("COUNTERSIGN is not set: building the debug program with cargo, which takes a minute or two");
  const arguments_ = ["build", "--locked", "--bin", "countersign", "--message-format", "json-render-diagnostics"];
  const built = spawnSync("cargo", arguments_, {
    cwd: project,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const advice = "set COUNTERSIGN to the path of a countersign program, or install Rust (https://rustup.rs) to build one";
  if (built.error) fail(`cannot run cargo (${built.error.message}); ${advice}`);
  if (built.status !== 0) fail("cargo could not build the program, see above");
  const messages = built.stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const program = messages.find(({ executable, target }) => executable && target.name === "countersign")?.executable;
  return program ?? fail(`cargo reported no program; ${advice}`);
}

// A relative path starts from the folder in which npm was called.
const named = process.env.COUNTERSIGN;
const program = named ? resolve(process.env.INIT_CWD ?? process.cwd(), named) : buildProgram();
try {
  accessSync(program, constants.X_OK);
} catch {
  fail(`COUNTERSIGN names ${program}, which is not a program that can be run`);
}

const tests = readdirSync(join(extension, "dist", "test")).filter((name) => name.endsWith(".test.js"));
const { status } = spawnSync(process.execPath, ["--test", ...tests.map((name) => join("dist", "test", name))], {
  cwd: extension,
  env: { ...process.env, COUNTERSIGN: program },
  stdio: "inherit",
});
process.exit(status ?? 1);
