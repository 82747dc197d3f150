// ---------------------------------------------------------------- texts of records

const KIBIBYTE = 1024;

/** Builds the text of a finding's record, closed, or a sentence that says why it is missing. */
function renderRecord(finding, data) {
  if (typeof finding.record !== "number") return "";
  const record = data.records[finding.text];
  if (!record) {
    return make("p", "no-record",
      `The JSON of this record is not in the report, which holds ${formatCount(data.limits.records)} records for each rule.`);
  }
  const details = make("details", "record", make("summary", "", `JSON of record ${formatCount(finding.record)}`));
  details.addEventListener("toggle", () => details.append(...renderRecordText(record)), { once: true });
  return details;
}

function renderRecordText(record) {
  const notes = [];
  let lines = record.text.split(/\r\n|\n|\r/);
  const isOneLine = lines.length === 1;
  if (isOneLine) {
    lines = indentJson(record.text);
    if (lines.length > 1) notes.push(`The file has this record in line ${record.line}; it is indented here.`);
  } else {
    lines = withoutCommonIndent(lines);
  }
  if (record.bytes) {
    const shown = new TextEncoder().encode(record.text).length;
    notes.push(`These are the first ${formatSize(shown)} of ${formatSize(record.bytes)}.`);
  }
  const text = make("pre", "frame");
  lines.forEach((line, index) => {
    const number = isOneLine ? "" : String(record.line + index);
    text.append(make("span", "line", make("span", "number", number), makeText("span", "text", line)));
  });
  // A box that scrolls must be reached by keyboard too.
  text.tabIndex = 0;
  text.setAttribute("role", "region");
  text.setAttribute("aria-label", "JSON of the record");
  return notes.length ? [make("p", "record-note", notes.join(" ")), text] : [text];
}

const formatSize = (bytes) => (bytes < KIBIBYTE ? plural(bytes, "byte") : `${formatCount(Math.round(bytes / KIBIBYTE))} KiB`);

/** Removes the indentation that all lines but the first share; the first starts at the record itself. */
function withoutCommonIndent(lines) {
  const indents = lines.slice(1).filter((line) => line.trim()).map((line) => /^[ \t]*/.exec(line)[0].length);
  const common = indents.length ? Math.min(...indents) : 0;
  return lines.map((line, index) => (index ? line.slice(common) : line));
}

/**
 * Breaks JSON in one line into indented lines. Only whitespace between tokens changes, so that the text of a record
 * with syntax errors, or of the start of a record, is shown as well.
 */
function indentJson(text) {
  const lines = [""];
  let depth = 0;
  const breakLine = () => lines.push("  ".repeat(depth));
  const add = (token) => { lines[lines.length - 1] += token; };
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[ \t]+|[[{]\s*[\]}]|[[\]{},:]|[^"\s[\]{},:]+|\s/gu)) {
    if (token === "{" || token === "[") {
      add(token);
      depth += 1;
      breakLine();
    } else if (token === "}" || token === "]") {
      depth = Math.max(0, depth - 1);
      breakLine();
      add(token);
    } else if (token === ",") {
      add(token);
      breakLine();
    } else if (token === ":") {
      add(": ");
    } else if (!/^[ \t]+$/.test(token) || /[^ ]$/.test(lines[lines.length - 1])) {
      add(token); // a space that replaces none of those above
    }
  }
  return lines;
}

