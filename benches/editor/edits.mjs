// Simulates a person who types: makes mistakes in the order and corrects them, depending on a seed.

import { FAULTS, NEW_PARAMETERS, ORDER } from "./order.mjs";

const TOKEN = /"(?:[^"\\]|\\.)*"|[-\w.]+|[{}[\]:,]|\s+/g;
const MAX_MISTAKES = 3;
// Longer text is selected and deleted with one edit.
const MAX_BACKSPACES = 12;

function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

export function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function position(text, offset) {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length - 1, character: lines.at(-1).length };
}

/**
 * Returns the tokens of the order, each with its correct and its current text. The value of `name` counts as
 * a name.
 */
function tokens() {
  const found = ORDER.match(TOKEN).map((right) => ({ right, now: right, kind: "value" }));
  found.forEach((token, at) => {
    const [before, after] = [found[at - 1]?.right, found[at + 1]?.right];
    if (/^[{}[\]:,]$/.test(token.right)) token.kind = "structure";
    else if (/^\s/.test(token.right)) token.kind = before === "," && after === "{" ? "gap" : "space";
    else if (after === ":" || found[at - 3]?.right === '"name"') token.kind = "name";
  });
  return found;
}

/**
 * Returns the first `count` edits. Each is a change of the protocol, with the complete text after it.
 */
export function edits(count, seed) {
  const random = randomNumbers(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const all = tokens();
  const done = [];
  let text = ORDER;

  const change = (start, end, insert) => {
    const range = { start: position(text, start), end: position(text, end) };
    text = text.slice(0, start) + insert + text.slice(end);
    done.push({ change: { range, text: insert }, text });
  };

  // Changes a token to `goal`: removes the characters that differ backwards, then types the new ones.
  const type = (token, goal) => {
    const from = token.now;
    let [same, tail] = [0, 0];
    while (same < Math.min(from.length, goal.length) && from[same] === goal[same]) same += 1;
    while (tail < Math.min(from.length, goal.length) - same && from.at(-1 - tail) === goal.at(-1 - tail)) tail += 1;
    let start = same;
    for (const before of all) {
      if (before === token) break;
      start += before.now.length;
    }
    const old = from.length - tail - same;
    if (old > MAX_BACKSPACES) change(start, start + old, "");
    else for (let left = old; left > 0; left -= 1) change(start + left - 1, start + left, "");
    [...goal.slice(same, goal.length - tail)].forEach((letter, at) => change(start + at, start + at, letter));
    token.now = goal;
  };

  const misspelt = (name) => {
    const at = 1 + Math.floor(random() * (name.length - 3));
    const [left, [a, b], right] = [name.slice(0, at), name.slice(at), name.slice(at + 2)];
    return left + pick([b, a + a + b, b + a, a.toUpperCase() + b]) + right;
  };

  const mistakes = {
    fault: () => {
      const token = pick(all.filter(({ now, right }) => now === right && FAULTS.has(right)));
      type(token, pick(FAULTS.get(token.right)));
    },
    retype: () => {
      const token = pick(all.filter(({ now, right, kind }) => now === right && /name|value/.test(kind) && right.length > 5));
      const letters = 1 + Math.floor(random() * 4);
      type(token, `${token.right.slice(0, -1 - letters)}"`);
      type(token, token.right);
    },
    name: () => {
      const token = pick(all.filter(({ now, right, kind }) => kind === "name" && now === right));
      type(token, misspelt(token.right));
    },
    structure: () => {
      const token = pick(all.filter(({ now, right, kind }) => kind === "structure" && now === right));
      type(token, pick(["", token.right + token.right, ";"]));
    },
    line: () => {
      const token = pick(all.filter(({ now, right, kind }) => kind === "gap" && now === right));
      type(token, `${token.right}${pick(NEW_PARAMETERS)},${token.right}`);
    },
  };
  const frequencies = Object.entries({ fault: 6, retype: 4, name: 5, structure: 2, line: 1 });
  const weighted = frequencies.flatMap(([mistake, times]) => Array(times).fill(mistake));

  while (done.length < count) {
    const wrong = all.filter(({ now, right }) => now !== right);
    const syntaxErrors = isJson(text) ? [] : wrong.filter(({ now, kind }) => kind === "structure" || !isJson(now));
    const corrects = wrong.length >= MAX_MISTAKES || random() < 0.6;
    if (corrects && wrong.length > 0) {
      const token = pick(syntaxErrors.length > 0 ? syntaxErrors : wrong);
      type(token, token.right);
    } else mistakes[pick(weighted)]();
  }
  return done.slice(0, count);
}
