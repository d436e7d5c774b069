import type { OwnCommandLine } from "#engine/audit";

/** How this program is started once more. */
export function ownCommandLine(): OwnCommandLine {
  return [process.execPath, ...process.execArgv, process.argv[1] ?? ""];
}
