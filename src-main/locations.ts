import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { app } from "electron";
import type { OwnScript } from "#core/processes";
import { dataFolders } from "#core/settings/folders";
import switches from "./command-line-switches.json" with { type: "json" };

const output = dirname(import.meta.dirname);

/** The files of the build, beside the one that runs. */
export const built = {
  preload: join(output, "preload", "preload.cjs"),
  engine: join(output, "engine", "engine.process.js"),
  script: (script: OwnScript) => join(output, "engine", `${script}.process.js`),
  /** The command line for a Node, and as main runs it. */
  cli: join(output, "headless", "cli.js"),
  commandLine: join(output, "headless", "command-line.js"),
  renderer: join(output, "renderer"),
  icon: join(dirname(output), "resources", "icon.png"),
} as const;

/** A program and its first arguments, which run the command line: this one, or in a checkout the project's Node. */
export function ownCommandLine(): [program: string, ...parameters: string[]] {
  const { all, ...byPlatform }: Readonly<Record<string, readonly string[]>> & { readonly all: readonly string[] } = switches;
  if (app.isPackaged) return [process.execPath, ...all, ...(byPlatform[process.platform] ?? []), "--"];
  return [join(app.getAppPath(), "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node"), built.cli];
}

/** This user's folders. */
export const folders = dataFolders({ env: process.env, platform: process.platform, home: homedir() });
