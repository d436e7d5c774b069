import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { app } from "electron";
import type { CommandLineProgram } from "#core/processes";
import { built, folders, ownCommandLine } from "./locations.ts";
import { silenceChromium } from "./network-gate.ts";
import { openUtility } from "./own-processes.ts";

/** True where the program is to be the command line: a released one cannot be started as a Node. */
export function isCommandLine(): boolean {
  return app.commandLine.hasSwitch("command-line");
}

/**
 * Runs the command line with what stands behind `--`. There is no window and nothing a page could reach, so Chromium needs neither a
 * display nor its sandbox, which systems in containers and the user root do not have.
 */
export function runInTerminal(): void {
  app.setPath("userData", join(folders.cache, "command-line"));
  app.setPath("crashDumps", join(folders.cache, "crashes"));
  if (process.platform === "darwin") app.setActivationPolicy("prohibited");
  silenceChromium();
  // What Electron does at a signal it decides before this; whoever listens after it is heard in its place.
  app
    .whenReady()
    .then(run)
    .then(
      (code) => app.exit(code),
      (error) => {
        process.stderr.write(`localcoder: ${error instanceof Error ? error.message : error}\n`);
        app.exit(1);
      },
    );
}

async function run(): Promise<number> {
  const { runCommandLine } = (await import(pathToFileURL(built.commandLine).href)) as CommandLineProgram;
  const parameters = process.argv.slice(process.argv.indexOf("--") + 1);
  return runCommandLine({ parameters, openProcess: openUtility("ignore"), commandLine: ownCommandLine() });
}
