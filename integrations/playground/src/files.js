// The files that people open and drop.

/** Names of files in a folder that are checked, as the command line does. */
const PAYLOAD = /[^/]\.(json|ndjson|jsonl)(\.gz)?$/i;

/** The files of an input element. Those of a folder need not contain a payload. */
export function filesOf(input) {
  const files = Array.from(input.files, (file) => {
    const isNamed = file.webkitRelativePath === "";
    return { path: isNamed ? file.name : file.webkitRelativePath, isNamed, file };
  });
  return files.filter(({ path, isNamed }) => isNamed || PAYLOAD.test(path)).sort(byPath);
}

/** The files of a drop, with those in its folders. */
export async function filesOfDrop(dataTransfer) {
  const entries = Array.from(dataTransfer.items, (item) => item.webkitGetAsEntry?.()).filter((entry) => entry);
  if (entries.length === 0) return Array.from(dataTransfer.files, (file) => ({ path: file.name, isNamed: true, file }));
  const found = [];
  for (const entry of entries) await collect(entry, true, found);
  return found.sort(byPath);
}

async function collect(entry, isNamed, found) {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    if (isNamed || PAYLOAD.test(path)) found.push({ path, isNamed, file: await new Promise((resolve, reject) => entry.file(resolve, reject)) });
    return;
  }
  const reader = entry.createReader();
  while (true) {
    const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return;
    for (const child of part) await collect(child, false, found);
  }
}

function byPath(a, b) {
  return a.path < b.path ? -1 : 1;
}

/** The lines of a file around a range of a finding: the text from the start of its first line to the end of its last. */
export async function excerptOf(file, { start, end }, limit) {
  const newline = 10;
  const before = new Uint8Array(await file.slice(Math.max(0, start.offset - limit), start.offset).arrayBuffer());
  const after = new Uint8Array(await file.slice(start.offset, end.offset + limit).arrayBuffer());
  const lineStart = before.lastIndexOf(newline) + 1;
  const lineEnd = after.indexOf(newline, end.offset - start.offset);
  const decoder = new TextDecoder();
  return decoder.decode(before.subarray(lineStart)) + decoder.decode(after.subarray(0, lineEnd < 0 ? after.length : lineEnd));
}
