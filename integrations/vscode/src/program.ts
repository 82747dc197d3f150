// Finding and running the program, without the editor.
import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import type { Readable } from "node:stream";
import { absolute, expand, type Base } from "./settings";

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The file that `countersign.path` means, or nothing if there is none that can be run. */
export function findProgram(setting: string, base: Base, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const name = setting.trim() || "countersign";
  // Windows runs `name.exe` where `name` is asked for.
  const suffixes = process.platform === "win32" ? ["", ".exe"] : [""];
  const isPath = /[\\/]/.test(expand(name, base));
  // A relative entry of PATH could mean a program that a workspace brings along.
  const folders = (env.PATH ?? env.Path ?? "").split(delimiter).filter(isAbsolute);
  const files = isPath ? [absolute(name, base)] : folders.map((folder) => join(folder, name));
  return files.flatMap((file) => suffixes.map((suffix) => file + suffix)).find(isProgram);
}

/** The lines of a stream. Only \n ends one: node:readline also cuts at U+2028, which JSON texts may hold. */
export async function* lines(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
  if (rest !== "") yield rest;
}

/**
 * Runs the program in a folder and hands on what it prints, line by line. An abort ends it.
 * The code is null if a signal ended the program.
 */
export async function run(
  program: string, args: string[], cwd: string | undefined, signal: AbortSignal | undefined, onLine: (line: string) => void,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const stop = () => void child.kill();
  signal?.addEventListener("abort", stop);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  const read = async () => {
    for await (const line of lines(child.stdout)) onLine(line);
  };
  try {
    const [code] = await Promise.all([ended, read()]);
    return { code, stderr: stderr.trim() };
  } finally {
    signal?.removeEventListener("abort", stop);
    // It still runs if a line could not be taken.
    stop();
  }
}
