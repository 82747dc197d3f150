// What the status bar says.
import { counted, type Counts } from "./findings";

export type State = "starting" | "ready" | "stopped" | "failed";

/** `counts` belong to the active document; there are none if it is not one for countersign. */
export function statusText(state: State, counts: Counts | undefined): { text: string; tooltip: string; alarm: boolean } {
  const status = (icons: string, what: string, alarm = false) => ({
    text: `${icons} countersign`.trim(),
    tooltip: `countersign: ${what}. Click for the output.`,
    alarm,
  });
  if (state === "starting") return status("$(sync~spin)", "starting");
  if (state === "stopped") return status("$(circle-slash)", "stopped", true);
  if (state === "failed") return status("$(alert)", "did not start", true);
  if (counts === undefined) return status("", "ready");
  const { error, warning } = counts;
  if (error === 0 && warning === 0) return status("$(check)", "no errors or warnings in this file");
  return status(
    `$(error) ${error} $(warning) ${warning}`,
    `${counted(error, "error")} and ${counted(warning, "warning")} in this file`,
  );
}
