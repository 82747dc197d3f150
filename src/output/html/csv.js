"use strict";

// ---------------------------------------------------------------- findings as CSV

const CSV_COLUMNS = ["file", "line", "column", "level", "rule", "message", "help", "record"];

/** A cell by RFC 4180. A spreadsheet program would run a cell that starts like a formula, so it gets an apostrophe. */
function csvCell(value) {
  const text = value === null || value === undefined ? "" : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** Findings as CSV with a header line. */
function csvOf(findings) {
  const lines = findings.map((finding) => CSV_COLUMNS.map((column) => csvCell(finding[column])).join(","));
  return [CSV_COLUMNS.join(","), ...lines, ""].join("\r\n");
}

/** Offers findings for download. The byte order mark makes Excel read the file as UTF-8. */
function downloadCsv(findings) {
  const blob = new Blob(["\uFEFF", csvOf(findings)], { type: "text/csv;charset=utf-8" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = "findings.csv";
  link.click();
  // The browser reads the data after the click, so it is released later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

