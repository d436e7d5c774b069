import { spawnSync } from "node:child_process";

/** A Node that runs scripts on their own: the one this is, else, because the desktop program cannot be one, the user's. */
export interface NodeProgram {
  readonly program: string;
  readonly major: number;
  readonly minor: number;
}

/** A program that was started from a desktop is not told the folders of a shell; these are where installers and Homebrew put it. */
const places = ["node", "/opt/homebrew/bin/node", "/usr/local/bin/node"];

/** The first that knows permissions and modules without a package around them. */
const oldest = 20;

let found: NodeProgram | null | undefined;

/** Finds a {@link NodeProgram}; undefined where there is none, or only one that is too old. */
export function findNode(): NodeProgram | undefined {
  if (!("electron" in process.versions)) return { program: process.execPath, ...versionOf(process.version) };
  found ??= places.map(asked).find((each) => each !== undefined) ?? null;
  return found ?? undefined;
}

function asked(program: string): NodeProgram | undefined {
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8", timeout: 5000, stdio: ["ignore", "pipe", "ignore"] });
  const version = versionOf(stdout ?? "");
  return version.major >= oldest ? { program, ...version } : undefined;
}

function versionOf(text: string): Omit<NodeProgram, "program"> {
  const [, major = 0, minor = 0] = (/^v(\d+)\.(\d+)\./.exec(text) ?? []).map(Number);
  return { major, minor };
}
