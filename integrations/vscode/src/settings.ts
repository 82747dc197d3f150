// What the user has set, made into what the server takes and into flags of the command line.
import { resolve } from "node:path";

/** From where paths in settings count. */
export interface Base {
  /** The first folder of the workspace, if one is open. */
  folder: string | undefined;
  home: string;
}

/** The settings as the server takes them. What is missing is the server's default. */
export interface ServerSettings {
  today?: string;
  config?: string;
  partnerDomains?: string[];
  operation?: string;
  maxFindings?: number;
}

/** Expands `~` and `${workspaceFolder}`. */
export function expand(path: string, base: Base): string {
  const home = path.replace(/^~(?=$|[\\/])/, () => base.home);
  return home.replaceAll("${workspaceFolder}", (variable) => base.folder ?? variable);
}

/** Expands a path and makes it absolute. */
export function absolute(path: string, base: Base): string {
  return resolve(base.folder ?? base.home, expand(path, base));
}

/** Settings are what somebody typed into a file, so a value of the wrong type counts as none. */
export function serverSettings(get: (name: string) => unknown, base: Base): ServerSettings {
  const text = (name: string) => {
    const value = get(name);
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
  };
  const config = text("config");
  const domains = get("partnerDomains");
  const named = Array.isArray(domains) ? domains.filter((domain) => typeof domain === "string" && domain !== "") : [];
  const most = get("maxFindings");
  const settings: ServerSettings = {
    today: text("today"),
    config: config === undefined || config === "none" ? config : absolute(config, base),
    partnerDomains: named.length > 0 ? named : undefined,
    operation: text("operation"),
    maxFindings: Number.isInteger(most) && (most as number) > 0 ? (most as number) : undefined,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** The same settings for `countersign check`. `maxFindings` is no flag: there it would bound the whole run. */
export function checkFlags(settings: ServerSettings): string[] {
  const flags: string[] = [];
  if (settings.today !== undefined) flags.push("--today", settings.today);
  if (settings.config === "none") flags.push("--no-config");
  else if (settings.config !== undefined) flags.push("--config", settings.config);
  for (const domain of settings.partnerDomains ?? []) flags.push("--partner-domain", domain);
  if (settings.operation !== undefined) flags.push("--operation", settings.operation);
  return flags;
}
