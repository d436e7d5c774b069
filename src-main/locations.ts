import { homedir } from "node:os";
import { dirname, join } from "node:path";
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

/** This user's folders. */
export const folders = dataFolders({ env: process.env, platform: process.platform, home: homedir() });
