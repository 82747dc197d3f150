// The summary and the charts are plain HTML. This script adds what needs a program: the table
// of findings with its filters, and bars that filter when they are pressed.
// Everything from the payloads reaches the page as text nodes, never as markup.

const PAGE_SIZE = 100;
const PRINT_LIMIT = 200;
const PAPER_COLUMNS = 60; // a line of at most so many characters does not wrap on paper
const LEVELS = ["error", "warning", "info"];
const SORTS = ["level", "rule", "place", "message", "fix"];
const FIXES = { safe: 0, unsafe: 1, none: 2 };

const byId = (id) => document.getElementById(id);
const formatCount = new Intl.NumberFormat("en-US").format;
const compareNames = new Intl.Collator("en", { numeric: true }).compare;

// ---------------------------------------------------------------- text

// Characters that draw nothing, or that change how their neighbours are drawn: controls, bidi
// marks, zero-width characters, unusual spaces, fillers, lone surrogates. Tab and the plain
// space are left alone.
const UNSEEN = /(?![ \t])[\p{Cc}\p{Cf}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]/gu;

function escapeOf(character) {
  const hex = character.codePointAt(0).toString(16).toUpperCase();
  return `\u27E8U+${hex.padStart(4, "0")}\u27E9`;
}

const visible = (text) => text.replace(UNSEEN, escapeOf);

/** Appends text, with unseen characters as escapes that can be told from real text. */
function appendText(parent, text) {
  let from = 0;
  for (const match of text.matchAll(UNSEEN)) {
    parent.append(text.slice(from, match.index), make("span", "escape", escapeOf(match[0])));
    from = match.index + match[0].length;
  }
  parent.append(text.slice(from));
  return parent;
}

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

const makeText = (tag, className, text) => appendText(make(tag, className), text);

/** Makes each part of a path a box of its own, so that lines break after a slash. */
function appendPath(parent, path) {
  parent.append(...path.split(/(?<=[/\\])/).map((part) => makeText("span", "segment", part)));
  return parent;
}

function plural(count, noun) {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

// ---------------------------------------------------------------- rule pages

/** Appends text, with links to web pages as links. */
function appendLinked(parent, text) {
  const parts = text.split(/\[([^\]]+)\]\((https?:[^)\s]+)\)/);
  parts.forEach((part, index) => {
    if (index % 3 === 0) appendText(parent, part);
    else if (index % 3 === 1) {
      const link = makeText("a", "", part);
      link.href = parts[index + 1];
      link.rel = "noreferrer";
      parent.append(link);
    }
  });
}

/** Renders the small part of Markdown that rule pages use. */
function renderMarkdown(source) {
  const page = make("div", "page");
  const lines = source.split(/\r?\n/);
  let open = null; // the paragraph or list item that a further line continues

  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    const fence = /^\s*(`{3,}|~{3,})/.exec(line);
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    const item = /^\s*([-*+]|\d+[.)])\s+(.*)$/.exec(line);

    if (fence) {
      const code = [];
      for (at += 1; at < lines.length && !lines[at].trim().startsWith(fence[1]); at += 1) code.push(lines[at]);
      const block = make("code");
      code.forEach((text, index) => appendText(block, text).append(index < code.length - 1 ? "\n" : ""));
      page.append(make("pre", "", block));
      open = null;
    } else if (!line.trim()) {
      open = null;
    } else if (heading) {
      // The page stands below an h2, so its own title is an h3.
      page.append(make(heading[1].length === 1 ? "h3" : "h4", "", heading[2]));
      open = null;
    } else if (item) {
      const tag = /\d/.test(item[1]) ? "OL" : "UL";
      if (!page.lastChild || page.lastChild.tagName !== tag) page.append(make(tag));
      open = make("li", "", item[2]);
      page.lastChild.append(open);
    } else if (open) {
      open.append(` ${line.trim()}`);
    } else {
      open = make("p", "", line.trim());
      page.append(open);
    }
  }

  // Code spans may run over a line end, so they are made once each block is whole.
  for (const block of page.querySelectorAll("h3, h4, p, li")) {
    const parts = block.textContent.split(/`([^`]+)`/);
    block.textContent = "";
    parts.forEach((part, index) => {
      if (index % 2) block.append(makeText("code", "", part));
      else appendLinked(block, part);
    });
  }
  return page;
}

// ---------------------------------------------------------------- frames

/** Draws the lines of a payload around a finding, with its marks and their labels. */
function renderFrame(finding) {
  const frame = make("pre", "frame");
  frame.setAttribute("aria-label", `Payload around line ${finding.line}`);
  finding.frame.lines.forEach((text, index) => {
    const characters = Array.from(text); // marks count code points, not UTF-16 units
    const clamp = (column) => Math.min(Math.max(column, 0), characters.length);
    const marks = finding.frame.marks
      .filter((mark) => mark.line === index)
      .map((mark) => ({ ...mark, start: clamp(mark.start), end: clamp(Math.max(mark.start, mark.end)) }));

    const number = make("span", "number", String(finding.frame.numbers[index]));
    const line = make("span", marks.some((mark) => mark.main) ? "line hit" : "line", number, renderMarked(characters, marks));
    frame.append(line);

    // From right to left, so that no label hides where the next one starts.
    marks.sort((a, b) => b.start - a.start);
    for (const mark of marks) {
      if (!mark.label) continue;
      // The same characters, unseen, put the label below its mark whatever their widths are.
      const pad = makeText("span", "pad", characters.slice(0, mark.start).join(""));
      pad.setAttribute("aria-hidden", "true");
      const label = makeText("span", mark.main ? "label main" : "label", mark.label);
      // On paper a long line wraps, and the label can only start at the left.
      const wide = characters.length > PAPER_COLUMNS ? " wide" : "";
      frame.append(make("span", `line note${wide}`, make("span", "number"), make("span", "text", pad, label)));
    }
  });
  return frame;
}

/** Cuts a line where marks start and end; marks may overlap. */
function renderMarked(characters, marks) {
  const text = make("span", "text");
  const cuts = new Set([0, characters.length]);
  for (const mark of marks) cuts.add(mark.start).add(mark.end);
  const points = [...cuts].sort((a, b) => a - b);

  points.forEach((from, index) => {
    const point = marks.filter((mark) => mark.start === from && mark.end === from);
    if (point.length) {
      const caret = make("mark", point.some((mark) => mark.main) ? "caret main" : "caret");
      text.append(caret);
    }
    const to = points[index + 1];
    if (to === undefined) return;
    const piece = characters.slice(from, to).join("");
    const over = marks.filter((mark) => mark.start <= from && mark.end >= to);
    if (over.length) text.append(makeText("mark", over.some((mark) => mark.main) ? "main" : "", piece));
    else appendText(text, piece);
  });
  return text;
}

// ---------------------------------------------------------------- rows

const levelOf = (finding) => makeText("span", `level ${finding.level}`, finding.level);
const fixOf = (finding) => (finding.fix ? finding.fix.safety : "none");

function makeCell(className, ...children) {
  const cell = make("td", className, ...children);
  // On a phone the row is no longer drawn as a table row; the role keeps it one for readers.
  cell.setAttribute("role", "cell");
  return cell;
}

function makeRow(className, ...cells) {
  const row = make("tr", className, ...cells);
  row.setAttribute("role", "row");
  return row;
}

function renderRow(finding, index) {
  const toggle = make("button", "toggle");
  toggle.type = "button";
  toggle.setAttribute("aria-labelledby", `message-${index}`);

  const message = makeText("span", "", finding.message);
  message.id = `message-${index}`;
  const place = appendPath(make("span", "path"), finding.file);
  (place.lastChild || place).append(make("span", "position", `:${finding.line}:${finding.column}`));

  const row = makeRow(
    `finding ${finding.level}`,
    makeCell("toggle", toggle),
    makeCell("level", levelOf(finding)),
    makeCell("rule", appendPath(make("span", "code"), finding.rule)),
    makeCell("place", place),
    makeCell("message", message),
    makeCell("fix", finding.fix ? make("span", "", finding.fix.safety) : make("span", "unseen", "none")),
  );
  row.dataset.index = index;
  return row;
}

/** Builds the details of a finding. On paper nothing can be expanded, so that `data` is left out. */
function renderDetail(finding, data, columns = 6) {
  const story = make("div", "story");
  if (finding.frame) story.append(renderFrame(finding));
  const advice = make("dl", "advice");
  if (finding.help) addFact(advice, "Help", makeText("span", "", finding.help));
  if (finding.fix) {
    addFact(advice, "Fix", appendText(make("span", "", make("span", "safety", finding.fix.safety), " "), finding.fix.title));
  }
  if (advice.firstChild) story.append(advice);

  if (data) story.append(renderRecord(finding, data));
  const page = data && data.pages[finding.rule];
  if (page) {
    const details = make("details", "about", makeText("summary", "", `About the rule ${finding.rule}`));
    details.addEventListener("toggle", () => details.append(renderMarkdown(page)), { once: true });
    story.append(details);
  }

  const facts = make("dl", "facts");
  if (typeof finding.record === "number") {
    const kind = finding.kind ? make("span", "kind", ` ${visible(finding.kind)}`) : "";
    addFact(facts, "Record", make("span", "", formatCount(finding.record), kind));
  }
  if (typeof finding.key === "string") addFact(facts, "Key", makeText("span", "code", finding.key));
  addFact(facts, "JSON Pointer", finding.pointer
    ? makeText("span", "code", finding.pointer)
    : make("span", "", "(whole document)"));

  const cell = makeCell("", make("div", "panel", story, facts));
  cell.colSpan = columns;
  return makeRow(`detail ${finding.level}`, cell);
}

function addFact(list, name, value) {
  list.append(make("div", "", make("dt", "", name), make("dd", "", value)));
}

/** A frame wider than its box must scroll by keyboard too, and show its mark from the start. */
function settleFrame(detail) {
  const frame = detail.querySelector(".frame");
  if (!frame || frame.scrollWidth <= frame.clientWidth) return;
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  const mark = frame.querySelector("mark.main");
  if (!mark) return;
  const left = frame.getBoundingClientRect().left;
  const start = mark.getBoundingClientRect().left - left;
  const end = mark.getBoundingClientRect().right - left;
  const label = frame.querySelector(".label.main");
  const hidden = label ? label.getBoundingClientRect().right - left - frame.clientWidth : 0;
  if (end > frame.clientWidth * 0.8) frame.scrollLeft = start - frame.clientWidth / 3;
  else if (hidden > 0) frame.scrollLeft = Math.min(hidden + 12, start - frame.clientWidth / 3);
}

// ---------------------------------------------------------------- filter state

function noFilter() {
  return { text: "", levels: new Set(LEVELS), rule: "", file: "", fix: "", sort: "", page: 1 };
}

/** The filter as the part of the address behind `#`; nothing in it that is at its default. */
function writeHash(filter) {
  const parts = new URLSearchParams();
  if (filter.text) parts.set("text", filter.text);
  if (filter.levels.size < LEVELS.length) parts.set("level", [...filter.levels].join(","));
  for (const name of ["rule", "file", "fix", "sort"]) if (filter[name]) parts.set(name, filter[name]);
  if (filter.page > 1) parts.set("page", filter.page);
  return parts.toString().replace(/%2F/g, "/").replace(/%2C/g, ",");
}

function readHash(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const filter = noFilter();
  filter.text = parts.get("text") || "";
  if (parts.has("level")) {
    const named = parts.get("level").split(",");
    filter.levels = new Set(LEVELS.filter((level) => named.includes(level)));
  }
  for (const name of ["rule", "file", "fix"]) filter[name] = parts.get(name) || "";
  const sort = parts.get("sort") || "";
  if (SORTS.includes(sort.replace(/^-/, ""))) filter.sort = sort;
  filter.page = Math.max(1, Number.parseInt(parts.get("page"), 10) || 1);
  return filter;
}

/** The filter in words, for paper, where the controls are not shown. */
function describe(filter) {
  const parts = [];
  if (filter.text) parts.push(`text \u201C${visible(filter.text)}\u201D`);
  if (filter.levels.size < LEVELS.length) parts.push(`level ${[...filter.levels].join(" or ") || "none"}`);
  if (filter.rule) parts.push(`rule ${visible(filter.rule)}`);
  if (filter.file) parts.push(`file ${visible(filter.file)}`);
  if (filter.fix) parts.push(byId("fix").selectedOptions[0].textContent.toLowerCase());
  return parts.join(", ");
}

// ---------------------------------------------------------------- the browser of findings

function startBrowser(data) {
  const findings = data.findings;
  const rows = byId("rows");
  const textInput = byId("text");
  const levelInputs = [...document.querySelectorAll('input[name="level"]')];
  const selects = ["rule", "file", "fix"].map(byId);
  const expanded = new Set(); // indices into `findings`
  let filter = readHash(location.hash);
  let ordered = []; // every index, in the order of the chosen column
  let orderedBy = null;
  let matching = []; // the indices that pass the filter, in that order
  let hashTimer = 0;

  // One lower-case text for each finding, made once, keeps a search of 10,000 quick.
  const haystacks = findings.map((finding) =>
    [finding.message, finding.file, finding.rule, finding.pointer, finding.key || ""].join("\n").toLowerCase());

  // The counts are those of the run, which may have more findings than the report holds.
  const countsIn = (object, read = (value) => value) =>
    new Map(Object.entries(object).map(([name, value]) => [name, read(value)]));
  const ruleCounts = countsIn(data.rules, (rule) => rule.count);
  const fileCounts = countsIn(data.files);
  const levelCounts = countsIn(data.levels);
  const total = [...levelCounts.values()].reduce((sum, count) => sum + count, 0);
  const leftOut = countsIn(data.rules, (rule) => rule.count - rule.shown);

  // Names are compared once each; the sort itself then compares small numbers.
  const rankOf = (counts) => new Map([...counts.keys()].sort(compareNames).map((name, rank) => [name, rank]));
  const ruleRanks = rankOf(ruleCounts);
  const fileRanks = rankOf(fileCounts);
  const byPlace = (a, b) =>
    fileRanks.get(a.file) - fileRanks.get(b.file) || a.line - b.line || a.column - b.column;
  const comparisons = {
    level: (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level),
    rule: (a, b) => ruleRanks.get(a.rule) - ruleRanks.get(b.rule),
    place: byPlace,
    message: (a, b) => (a.message < b.message ? -1 : Number(a.message > b.message)),
    fix: (a, b) => FIXES[fixOf(a)] - FIXES[fixOf(b)],
  };

  function order() {
    if (orderedBy === filter.sort) return;
    orderedBy = filter.sort;
    ordered = findings.map((_, index) => index);
    if (!filter.sort) return; // the order of the report
    const direction = filter.sort.startsWith("-") ? -1 : 1;
    const compare = comparisons[filter.sort.replace(/^-/, "")];
    ordered.sort((a, b) => direction * compare(findings[a], findings[b]) || a - b);
  }

  function match() {
    const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
    matching = ordered.filter((index) => {
      const finding = findings[index];
      if (!filter.levels.has(finding.level)) return false;
      if (filter.rule && finding.rule !== filter.rule) return false;
      if (filter.file && finding.file !== filter.file) return false;
      if (filter.fix && filter.fix !== fixOf(finding) && !(filter.fix === "some" && finding.fix)) return false;
      return words.every((word) => haystacks[index].includes(word));
    });
    filter.page = Math.min(filter.page, Math.max(1, Math.ceil(matching.length / PAGE_SIZE)));
  }

  const pageIndices = () => matching.slice((filter.page - 1) * PAGE_SIZE, filter.page * PAGE_SIZE);

  // ---- drawing

  function drawRows() {
    const fragment = document.createDocumentFragment();
    for (const index of pageIndices()) {
      const row = renderRow(findings[index], index);
      fragment.append(row);
      setExpanded(row, expanded.has(index));
    }
    if (filter.page >= lastPage()) fragment.append(...renderLeftOut());
    rows.replaceChildren(fragment);
    rows.querySelectorAll("tr.detail").forEach(settleFrame);
    byId("table").hidden = !rows.firstChild;
    byId("no-match").hidden = Boolean(rows.firstChild);
    byId("csv").hidden = matching.length === 0;
    drawOpenAll();
  }

  const lastPage = () => Math.ceil(matching.length / PAGE_SIZE);

  /** A row for each rule of which the report leaves findings out, if the filter lets the rule through. */
  function renderLeftOut() {
    const names = [...ruleRanks.keys()].filter((rule) =>
      leftOut.get(rule) && (!filter.rule || filter.rule === rule) && filter.levels.has(data.rules[rule].level));
    return names.map((rule) => {
      const text = `\u2026 ${formatCount(leftOut.get(rule))} more`;
      const cell = makeCell("", makeText("span", "", text), " of ", makeText("span", "code", rule), ", not in this report");
      cell.colSpan = 6;
      return makeRow("left-out", cell);
    });
  }

  function setExpanded(row, open) {
    const index = Number(row.dataset.index);
    const toggle = row.querySelector("button.toggle");
    const detail = row.nextElementSibling;
    const shown = detail && detail.classList.contains("detail");
    toggle.setAttribute("aria-expanded", String(open));
    row.classList.toggle("open", open);
    if (open) expanded.add(index);
    else expanded.delete(index);
    if (open && !shown) {
      const fresh = renderDetail(findings[index], data);
      fresh.id = `detail-${index}`;
      toggle.setAttribute("aria-controls", fresh.id);
      row.after(fresh);
      if (fresh.isConnected) settleFrame(fresh);
    } else if (!open && shown) {
      toggle.removeAttribute("aria-controls");
      detail.remove();
    }
  }

  const allOpen = () => pageIndices().every((index) => expanded.has(index));

  function drawOpenAll() {
    byId("open-all").textContent = allOpen() ? "Close all" : "Open all";
    byId("open-all").hidden = matching.length === 0;
  }

  function drawStatus() {
    const count = matching.length;
    const all = total > findings.length
      ? `${formatCount(findings.length)} of ${plural(total, "finding")} in this report`
      : plural(total, "finding");
    const text = count === findings.length
      ? all
      : `${formatCount(count)} of ${plural(findings.length, "finding")} ${count === 1 ? "matches" : "match"}`;
    // The same text again would be read out again.
    if (byId("status").textContent !== text) byId("status").textContent = text;
    byId("clear").hidden = !isFiltered();
  }

  function drawPagers() {
    const last = lastPage();
    const from = (filter.page - 1) * PAGE_SIZE;
    for (const pager of document.querySelectorAll(".pager")) {
      pager.hidden = last < 2;
      if (!pager.firstChild) pager.append(makePageButton("Previous", -1), make("span", "range"), makePageButton("Next", 1));
      pager.querySelector(".range").textContent =
        `${formatCount(from + 1)}\u2013${formatCount(Math.min(from + PAGE_SIZE, matching.length))} of ${formatCount(matching.length)}`;
      // Not `disabled`: a button that turns disabled under the finger loses the focus.
      const [previous, next] = pager.querySelectorAll("button");
      previous.setAttribute("aria-disabled", String(filter.page <= 1));
      next.setAttribute("aria-disabled", String(filter.page >= last));
    }
  }

  function makePageButton(name, step) {
    const button = make("button", "quiet", name);
    button.type = "button";
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      change({ page: filter.page + step });
      if (button.closest(".end")) goToFindings();
    });
    return button;
  }

  function drawControls() {
    if (textInput.value !== filter.text) textInput.value = filter.text;
    for (const input of levelInputs) input.checked = filter.levels.has(input.value);
    for (const select of selects) select.value = filter[select.id];
    for (const heading of document.querySelectorAll("th[data-sort]")) {
      const sorted = filter.sort.replace(/^-/, "") === heading.dataset.sort;
      if (sorted) heading.setAttribute("aria-sort", filter.sort.startsWith("-") ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    }
    for (const button of document.querySelectorAll(".chart button")) {
      button.setAttribute("aria-pressed", String(filter[button.dataset.field] === button.dataset.value));
    }
  }

  function draw() {
    order();
    match();
    drawControls();
    drawRows();
    drawStatus();
    drawPagers();
  }

  // ---- changing the filter

  /** Applies a change. Any change but to the page goes back to the first page. */
  function change(part, typing = false) {
    filter = { ...filter, page: 1, ...part };
    draw();
    clearTimeout(hashTimer);
    // Browsers limit how often the address may change, so typing waits for a rest.
    if (typing) hashTimer = setTimeout(() => saveHash("replaceState"), 300);
    else saveHash("pushState");
  }

  function saveHash(method) {
    const hash = writeHash(filter);
    if (hash === location.hash.replace(/^#/, "")) return;
    try {
      history[method](null, "", `#${hash}`);
    } catch (error) {
      // A page in a sandbox may not change its address. The filter works all the same.
    }
  }

  const isFiltered = () => writeHash({ ...filter, sort: "", page: 1 }) !== "";

  function clearFilters() {
    change({ ...noFilter(), sort: filter.sort });
  }

  function goToFindings() {
    byId("findings-title").focus({ preventScroll: true });
    byId("findings-title").scrollIntoView();
  }

  // ---- filling in what the data decides

  function fillSelect(select, counts, ranks) {
    for (const name of ranks.keys()) {
      const option = make("option", "", `${visible(name)} (${formatCount(counts.get(name))})`);
      option.value = name;
      select.append(option);
    }
  }

  /** Turns the names in a chart into buttons, where the table holds findings for them. */
  function makeBarsPress(charts, field, counts) {
    const named = new Map([...counts.keys()].map((name) => [visible(name), name]));
    for (const name of document.querySelectorAll(`:is(${charts}) .name`)) {
      const value = named.get(visible(name.textContent));
      if (value === undefined) continue;
      const button = appendPath(make("button", "name"), name.textContent);
      button.type = "button";
      button.dataset.field = field;
      button.dataset.value = value;
      button.title = `Show the findings of this ${field}`;
      button.addEventListener("click", () => {
        const off = filter[field] === value;
        change({ [field]: off ? "" : value });
        if (!off) goToFindings();
      });
      name.replaceWith(button);
    }
  }

  fillSelect(byId("rule"), ruleCounts, ruleRanks);
  fillSelect(byId("file"), fileCounts, fileRanks);
  for (const level of LEVELS) byId(`tally-${level}`).textContent = formatCount(levelCounts.get(level) || 0);
  makeBarsPress("#rules-chart, #more-rules-chart", "rule", ruleCounts);
  makeBarsPress("#files-chart", "file", fileCounts);

  // A link may name a rule or file that this report does not have: then that part is dropped.
  function dropUnknown() {
    if (!ruleCounts.has(filter.rule)) filter.rule = "";
    if (!fileCounts.has(filter.file)) filter.file = "";
    if (![...byId("fix").options].some((option) => option.value === filter.fix)) filter.fix = "";
  }

  // ---- events

  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  textInput.addEventListener("input", () => change({ text: textInput.value }, true));
  for (const input of levelInputs) {
    input.addEventListener("change", () =>
      change({ levels: new Set(levelInputs.filter((each) => each.checked).map((each) => each.value)) }));
  }
  for (const select of selects) select.addEventListener("change", () => change({ [select.id]: select.value }));

  byId("table").tHead.addEventListener("click", (event) => {
    const heading = event.target.closest("button") && event.target.closest("th");
    if (!heading) return;
    // Up, then down, then back to the order of the report.
    const name = heading.dataset.sort;
    const next = { [name]: `-${name}`, [`-${name}`]: "" };
    change({ sort: filter.sort in next ? next[filter.sort] : name });
  });

  rows.addEventListener("click", (event) => {
    const row = event.target.closest("tr.finding");
    // A drag that selects text ends in a click too; it should not open the row.
    if (!row || (!event.target.closest("button") && !getSelection().isCollapsed)) return;
    setExpanded(row, !row.classList.contains("open"));
    drawOpenAll();
  });

  byId("open-all").addEventListener("click", () => {
    const open = !allOpen();
    for (const row of [...rows.querySelectorAll("tr.finding")]) setExpanded(row, open);
    drawOpenAll();
  });

  byId("csv").addEventListener("click", () => downloadCsv(matching.map((index) => findings[index])));

  byId("clear").addEventListener("click", () => {
    clearFilters();
    textInput.focus(); // the button has just hidden itself
  });

  // The fragment belongs to the filter, so this link must not write to it.
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    goToFindings();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      textInput.focus();
      textInput.select();
    } else if (event.key === "Escape" && event.target === textInput && textInput.value) {
      event.preventDefault();
      change({ text: "" });
    } else if (event.key === "Escape" && isFiltered() && (!typing || event.target === textInput)) {
      clearFilters();
      // The row that had the focus may be gone.
      if (document.activeElement === document.body) byId("findings-title").focus({ preventScroll: true });
    } else if ((event.key === "j" || event.key === "k") && rows.contains(event.target) && !typing) {
      const toggles = [...rows.querySelectorAll("button.toggle")];
      const row = event.target.closest("tr");
      const here = toggles.indexOf((row.matches(".detail") ? row.previousElementSibling : row).querySelector("button.toggle"));
      const target = toggles[here + (event.key === "j" ? 1 : -1)];
      if (target) target.focus();
    }
  });

  window.addEventListener("hashchange", () => {
    if (location.hash.replace(/^#/, "") === writeHash(filter)) return;
    filter = readHash(location.hash);
    dropUnknown();
    draw();
  });

  // Paper gets its own rows, all expanded, so that the rows on screen stay as they are.
  window.addEventListener("beforeprint", () => {
    const indices = matching.slice(0, PRINT_LIMIT);
    const fragment = document.createDocumentFragment();
    for (const index of indices) {
      // One column less: the one with the buttons is not printed.
      fragment.append(renderRow(findings[index], `print-${index}`), renderDetail(findings[index], null, 5));
    }
    byId("print-rows").replaceChildren(fragment);
    const words = describe(filter);
    const note = [];
    if (words) note.push(`Filter: ${words}.`);
    if (indices.length < matching.length) {
      note.push(`The first ${formatCount(indices.length)} of ${plural(matching.length, "finding")}.`);
    } else if (words) {
      note.push(`${plural(matching.length, "finding")}.`);
    }
    byId("print-note").textContent = note.join(" ");
    document.documentElement.classList.add("printing");
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    byId("print-rows").replaceChildren();
  });

  dropUnknown();
  byId("browser").hidden = false;
  draw();
  if (writeHash(filter)) byId("findings-title").scrollIntoView();
}

// ---------------------------------------------------------------- theme

function startTheme() {
  const button = byId("theme");
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const name = () => {
    button.textContent = isDark() ? "Light theme" : "Dark theme";
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    name();
  });
  system.addEventListener("change", name);
  name();
  button.hidden = false;
}

startTheme();
if (byId("browser")) {
  let data = null;
  try {
    data = JSON.parse(byId("data").textContent);
  } catch (error) {
    byId("broken").hidden = false;
  }
  if (data) startBrowser(data);
}
