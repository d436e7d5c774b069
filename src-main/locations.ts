import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { app } from "electron";
import { dataFolders } from "#core/settings/folders";

const output = dirname(import.meta.dirname);

/** The files of the build, beside the one that runs. */
export const built = {
  preload: join(output, "preload", "preload.cjs"),
  engine: join(output, "engine", "engine.process.js"),
  commandLine: join(output, "headless", "cli.js"),
  inference: join(output, "engine", "inference.process.js"),
  renderer: join(output, "renderer"),
  icon: join(dirname(output), "resources", "icon.png"),
} as const;

/** Which program runs the command line: this one, or in a checkout the project's Node. */
export function projectProgram(): string {
  if (app.isPackaged) return process.execPath;
  return join(app.getAppPath(), "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
}

/** This user's folders. */
export const folders = dataFolders({ env: process.env, platform: process.platform, home: homedir() });
