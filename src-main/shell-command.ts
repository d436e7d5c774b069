import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { UserError } from "#core/base/errors";

/** What of the program and the machine decides how the command looks and where it goes. */
export interface ShellCommandOptions {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** The program that runs the command line, and its first arguments. */
  readonly commandLine: readonly [program: string, ...parameters: string[]];
  /** False in a checkout, where the command line runs in the project's Node. */
  readonly packaged: boolean;
}

/** What became of the wish to have the command. */
export interface ShellCommandResult {
  /** "differs": something else lies there, and stays until it may be replaced. */
  readonly state: "written" | "present" | "differs";
  readonly path: string;
  /** False when terminals do not look into its folder yet. */
  readonly onPath: boolean;
}

/** Writes a small program `localcoder` where the user's terminals look for programs. Replaces another one only with `replace`. */
export function installShellCommand(options: ShellCommandOptions, replace: boolean): ShellCommandResult {
  const {
    platform,
    env,
    commandLine: [program],
  } = options;
  if (env.APPIMAGE)
    throw new UserError(
      "UNSUPPORTED",
      "An AppImage is mounted at another place each time, so a command cannot find its insides.",
      "Install the deb package, which brings the command along, or the command line from its tarball.",
    );
  if (/\/AppTranslocation\/|^\/Volumes\//.test(program))
    throw new UserError("UNSUPPORTED", "LocalCoder still runs from where it was downloaded to.", "Move it to Applications, and try again.");
  const text = launcher(options);
  const folder = folderFor(options);
  const path = join(folder, platform === "win32" ? "localcoder.cmd" : "localcoder");
  const onPath = (env.PATH ?? "").split(delimiter).includes(folder);
  const present = existsSync(path) ? readText(path) : undefined;
  if (present === text) return { state: "present", path, onPath };
  if (present !== undefined && !replace) return { state: "differs", path, onPath };
  try {
    mkdirSync(dirname(path), { recursive: true });
    // A link is replaced, and what it leads to is left alone.
    rmSync(path, { force: true });
    writeFileSync(path, text, { mode: 0o755 });
  } catch (error) {
    throw new UserError(
      "NO_PERMISSION",
      `${path} cannot be written: ${error instanceof Error ? error.message : error}.`,
      `Make ${folder} a folder of yours, and try again.`,
    );
  }
  return { state: "written", path, onPath };
}

/** The first folder for programs that is the user's own: nobody is asked for a password. */
function folderFor({ platform, home, env }: ShellCommandOptions): string {
  if (platform === "win32") return join(env.LOCALAPPDATA ?? join(home, "AppData", "Local"), "Microsoft", "WindowsApps");
  const own = join(home, ".local", "bin");
  if (platform !== "darwin") return own;
  // Terminals of macOS look into the first of these by themselves, and into the second where Homebrew is.
  return ["/usr/local/bin", "/opt/homebrew/bin"].find(isWritable) ?? own;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // A folder, or not ours to read: different in any case.
    return "";
  }
}

function launcher({ platform, commandLine, packaged }: ShellCommandOptions): string {
  if (platform === "win32") return `@echo off\r\n${commandLine.map((part) => `"${part}"`).join(" ")} %*\r\nexit /b %errorlevel%\r\n`;
  const quoted = commandLine.map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(" ");
  return `#!/bin/sh\n# The command line of ${packaged ? "" : "a checkout of "}LocalCoder.\nexec ${quoted} "$@"\n`;
}
