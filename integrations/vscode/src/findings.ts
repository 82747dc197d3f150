// Findings as `countersign check --format ndjson` writes them, and what the editor shows of them.

export const levels = ["error", "warning", "info"] as const;
export type Level = (typeof levels)[number];
export type Counts = Record<Level, number>;

interface Place {
  line: number;
  utf16: number;
}

/** The members of a finding that are used here. */
export interface Finding {
  rule: string;
  level: Level;
  message: string;
  help: string | null;
  url: string | null;
  file: string;
  kind: string | null;
  range: { start: Place; end: Place };
  labels: { range: { start: Place; end: Place }; message: string }[];
}

/** Start line, start character, end line and end character: all count from 1 in a finding and from 0 in the editor. */
export function positions({ start, end }: Finding["range"]): [number, number, number, number] {
  return [start.line - 1, start.utf16 - 1, end.line - 1, end.utf16 - 1];
}

/** The message as the server words it. */
export function messageOf({ message, help }: Finding): string {
  return help === null ? message : `${message}\nhelp: ${help}`;
}

/** The findings of one file: all are counted, and the loudest kept. */
export class FileFindings {
  readonly counts: Counts = { error: 0, warning: 0, info: 0 };
  private findings: Finding[] = [];
  private holdsPayload = false;
  private holdsOther = false;
  constructor(private readonly most: number) {}

  add(finding: Finding): void {
    this.counts[finding.level]++;
    this.holdsPayload ||= finding.kind !== null;
    this.holdsOther ||= finding.rule === "payload/unknown-kind";
    this.findings.push(finding);
    if (this.findings.length >= 2 * this.most) this.kept();
  }

  /** A package.json, say, of which the server says nothing either. */
  get foreign(): boolean {
    return this.holdsOther && !this.holdsPayload;
  }

  kept(): Finding[] {
    if (this.findings.length > this.most) {
      const loudestFirst = levels.flatMap((level) => this.findings.filter((finding) => finding.level === level));
      this.findings = loudestFirst.slice(0, this.most);
    }
    return this.findings;
  }

  get leftOut(): number {
    return levels.reduce((sum, level) => sum + this.counts[level], -this.kept().length);
  }
}

/** What a run came to, in one line. */
export function summary(files: FileFindings[]): string {
  const total = (level: Level) => files.reduce((sum, { counts }) => sum + counts[level], 0);
  const told = levels.filter((level) => total(level) > 0).map((level) => counted(total(level), level));
  return told.length === 0 ? "no findings" : `${told.join(", ")} in ${counted(files.length, "file")}`;
}

/** `1 error`, `2 errors`; `info` has no plural. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 || what === "info" ? "" : "s"}`;
}
