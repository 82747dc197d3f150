// Somebody at a keyboard, decided by a seed: makes mistakes in the order, and mends them.

import { FAULTS, NEW_PARAMETERS, ORDER } from "./order.mjs";

const TOKEN = /"(?:[^"\\]|\\.)*"|[-\w.]+|[{}[\]:,]|\s+/g;
const MOST_MISTAKES_AT_A_TIME = 3;
// What is longer is selected and deleted in one go.
const LONGEST_BACKSPACING = 12;

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

/** The order's tokens, each with what it should be and what it is now. A parameter's name is a name too. */
function tokens() {
  const found = ORDER.match(TOKEN).map((right) => ({ right, now: right, kind: "value" }));
  found.forEach((token, at) => {
    const [before, after] = [found[at - 1]?.right, found[at + 1]?.right];
    if (/^[{}[\]:,]$/.test(token.right)) token.kind = "structure";
    else if (/^\s/.test(token.right)) token.kind = before === "," && after === "{" ? "gap" : "blank";
    else if (after === ":" || found[at - 3]?.right === '"name"') token.kind = "name";
  });
  return found;
}

/**
 * The first `count` edits. Each is a change as the protocol has it, with the whole text that it leads to.
 */
export function edits(count, seed) {
  const random = randomNumbers(seed);
  const one = (list) => list[Math.floor(random() * list.length)];
  const all = tokens();
  const done = [];
  let text = ORDER;

  const change = (start, end, insert) => {
    const range = { start: position(text, start), end: position(text, end) };
    text = text.slice(0, start) + insert + text.slice(end);
    done.push({ change: { range, text: insert }, text });
  };

  // Makes `goal` of a token where the two differ: removes backwards, then types.
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
    if (old > LONGEST_BACKSPACING) change(start, start + old, "");
    else for (let left = old; left > 0; left -= 1) change(start + left - 1, start + left, "");
    [...goal.slice(same, goal.length - tail)].forEach((letter, at) => change(start + at, start + at, letter));
    token.now = goal;
  };

  const misspelt = (name) => {
    const at = 1 + Math.floor(random() * (name.length - 3));
    const [left, [a, b], right] = [name.slice(0, at), name.slice(at), name.slice(at + 2)];
    return left + one([b, a + a + b, b + a, a.toUpperCase() + b]) + right;
  };

  const mistakes = {
    fault: () => {
      const token = one(all.filter(({ now, right }) => now === right && FAULTS.has(right)));
      type(token, one(FAULTS.get(token.right)));
    },
    retype: () => {
      const token = one(all.filter(({ now, right, kind }) => now === right && /name|value/.test(kind) && right.length > 5));
      const letters = 1 + Math.floor(random() * 4);
      type(token, `${token.right.slice(0, -1 - letters)}"`);
      type(token, token.right);
    },
    name: () => {
      const token = one(all.filter(({ now, right, kind }) => kind === "name" && now === right));
      type(token, misspelt(token.right));
    },
    structure: () => {
      const token = one(all.filter(({ now, right, kind }) => kind === "structure" && now === right));
      type(token, one(["", token.right + token.right, ";"]));
    },
    line: () => {
      const token = one(all.filter(({ now, right, kind }) => kind === "gap" && now === right));
      type(token, `${token.right}${one(NEW_PARAMETERS)},${token.right}`);
    },
  };
  const asOften = Object.entries({ fault: 6, retype: 4, name: 5, structure: 2, line: 1 });
  const dealt = asOften.flatMap(([mistake, times]) => Array(times).fill(mistake));

  while (done.length < count) {
    const wrong = all.filter(({ now, right }) => now !== right);
    const breaks = isJson(text) ? [] : wrong.filter(({ now, kind }) => kind === "structure" || !isJson(now));
    const mend = wrong.length >= MOST_MISTAKES_AT_A_TIME || random() < 0.6;
    if (mend && wrong.length > 0) {
      const token = one(breaks.length > 0 ? breaks : wrong);
      type(token, token.right);
    } else mistakes[one(dealt)]();
  }
  return done.slice(0, count);
}
