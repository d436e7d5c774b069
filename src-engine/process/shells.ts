import { constants } from "node:fs";
import { access, readFile, realpath, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { basename, delimiter, extname, isAbsolute, join, resolve } from "node:path";
import { UserError } from "#core/base/errors";

/** A shell the user may choose. */
export interface Shell {
  readonly name: string;
  readonly executable: string;
  readonly arguments: string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

// Listed in /etc/shells, but no shells to work in.
const notForWork = new Set(["false", "nologin", "sync", "true", "git-shell", "tmux", "screen", "rbash", "rksh", "rzsh"]);

/** The user's shells, the default first; only such as can be started. */
export async function listShells(environment: Environment): Promise<Shell[]> {
  const candidates = process.platform === "win32" ? windowsShells(environment) : await unixShells(environment);
  const shells = new Map<string, Shell>();
  for (const candidate of candidates) {
    const found = await findExecutable(candidate.executable, environment);
    if (found === undefined) continue;
    // /bin/bash and /usr/bin/bash are often one file under two names.
    const real = await realpath(found).catch(() => found);
    const key = `${candidate.name} ${real}`;
    if (!shells.has(key)) shells.set(key, { ...candidate, executable: found });
  }
  return [...shells.values()];
}

async function unixShells(environment: Environment): Promise<Shell[]> {
  const listed = await readFile("/etc/shells", "utf8").catch(() => "");
  const others = listed.split("\n").map((line) => line.replace(/#.*/, "").trim());
  const own = [environment.SHELL, accountShell()].filter((path) => path !== undefined && path !== null);
  return [...own, ...others, "/bin/sh"]
    .filter((path) => isAbsolute(path) && !notForWork.has(basename(path)))
    .map((executable) => ({
      name: basename(executable),
      executable,
      // On a Mac the folders of the user's programs are set up by the login shell only.
      arguments: process.platform === "darwin" && /^(zsh|bash|fish)$/.test(basename(executable)) ? ["-l"] : [],
    }));
}

function accountShell(): string | null | undefined {
  try {
    return userInfo().shell;
  } catch {
    // The user has no entry in the account database, as in many containers.
    return undefined;
  }
}

function windowsShells(environment: Environment): Shell[] {
  const system = join(environment.SystemRoot ?? environment.windir ?? "C:\\Windows", "System32");
  const programs = environment.ProgramFiles ?? "C:\\Program Files";
  return [
    { name: "PowerShell", executable: join(programs, "PowerShell", "7", "pwsh.exe"), arguments: [] },
    { name: "PowerShell", executable: "pwsh.exe", arguments: [] },
    { name: "Windows PowerShell", executable: join(system, "WindowsPowerShell", "v1.0", "powershell.exe"), arguments: [] },
    { name: "Command Prompt", executable: environment.ComSpec ?? join(system, "cmd.exe"), arguments: [] },
    { name: "Git Bash", executable: join(programs, "Git", "bin", "bash.exe"), arguments: ["--login", "-i"] },
    { name: "WSL", executable: join(system, "wsl.exe"), arguments: [] },
  ];
}

/** The file that would be started under this name, or undefined; looks through PATH as a shell does. */
export async function findExecutable(name: string, environment: Environment, directory?: string): Promise<string | undefined> {
  const hasFolder = /[\\/]/.test(name);
  const path = Object.entries(environment).find(([key]) => key.toUpperCase() === "PATH")?.[1] ?? "";
  const folders = hasFolder ? [directory ?? process.cwd()] : path.split(delimiter).filter(isAbsolute);
  const endings = process.platform === "win32" && extname(name) === "" ? (environment.PATHEXT ?? ".EXE;.CMD;.BAT;.COM").split(";") : [""];
  for (const folder of folders) {
    for (const ending of endings) {
      const candidate = resolve(folder, name + ending);
      if (await isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Throws what a person can read when a terminal cannot start in this folder. */
export async function checkDirectory(directory: string): Promise<void> {
  const stats = await stat(directory).catch(() => undefined);
  if (stats === undefined) {
    throw new UserError("NOT_FOUND", `The terminal cannot start in ${directory}, which does not exist.`, "Choose another folder.");
  }
  if (!stats.isDirectory()) {
    throw new UserError("NOT_A_DIRECTORY", `The terminal cannot start in ${directory}, which is not a folder.`, "Choose another folder.");
  }
  await access(directory, constants.X_OK).catch(() => {
    throw new UserError("NO_PERMISSION", `You may not enter ${directory}.`, "Choose another folder.");
  });
}
