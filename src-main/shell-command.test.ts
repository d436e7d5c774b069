import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { installShellCommand, type ShellCommandOptions } from "./shell-command.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "localcoder-command-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A program that says how it was called, at a path that a shell has to be careful with. */
function options(changes: Partial<ShellCommandOptions> = {}): ShellCommandOptions {
  const program = join(home, "it's a $program");
  writeFileSync(program, '#!/bin/sh\necho "$*"\n', { mode: 0o755 });
  return { platform: "linux", home, env: { PATH: "/usr/bin" }, commandLine: [program, "--command-line", "--"], packaged: true, ...changes };
}
const path = () => join(home, ".local", "bin", "localcoder");
const run = (...parameters: string[]) => spawnSync(path(), parameters, { encoding: "utf8" }).stdout;

describe("the command in the path", () => {
  test("starts the program as its command line, with every argument as it was given", () => {
    expect(installShellCommand(options(), false)).toEqual({ state: "written", path: path(), onPath: false });
    expect(run("explain", "a b.ts", "*")).toBe("--command-line -- explain a b.ts *\n");
  });

  test("in a checkout is run by the project's Node", () => {
    installShellCommand(options({ packaged: false, commandLine: [options().commandLine[0], "/cli.js"] }), false);
    expect(run("doctor")).toBe("/cli.js doctor\n");
  });

  test("says whether terminals look into its folder, and when there is nothing to do", () => {
    const env = { PATH: `/usr/bin:${join(home, ".local", "bin")}` };
    expect(installShellCommand(options({ env }), false)).toMatchObject({ state: "written", onPath: true });
    expect(installShellCommand(options({ env }), false)).toMatchObject({ state: "present", onPath: true });
  });

  test("replaces another program only when it may, and then a link instead of what it leads to", () => {
    const other = join(home, "other");
    writeFileSync(other, "somebody else's");
    mkdirSync(join(home, ".local", "bin"), { recursive: true });
    symlinkSync(other, path());
    expect(installShellCommand(options(), false)).toMatchObject({ state: "differs" });
    expect(readFileSync(path(), "utf8")).toBe("somebody else's");
    expect(installShellCommand(options(), true)).toMatchObject({ state: "written" });
    expect(readFileSync(other, "utf8")).toBe("somebody else's");
    expect(run("doctor")).toBe("--command-line -- doctor\n");
  });

  test("is not offered where it could not find the program again", () => {
    expect(() => installShellCommand(options({ env: { APPIMAGE: "/home/a/LocalCoder.AppImage" } }), false)).toThrow(/AppImage/);
    const program = "/private/var/folders/x/AppTranslocation/y/LocalCoder.app/Contents/MacOS/LocalCoder";
    expect(() => installShellCommand(options({ platform: "darwin", commandLine: [program] }), false)).toThrow(/downloaded/);
  });

  test("says what is in the way of writing", () => {
    writeFileSync(join(home, ".local"), "a file where a folder should be");
    expect(() => installShellCommand(options(), false)).toThrow(/cannot be written/);
  });

  test("on Windows is a file for its shell, in the user's own folder for programs", () => {
    const env = { LOCALAPPDATA: join(home, "Local") };
    const { path } = installShellCommand(options({ platform: "win32", env, commandLine: ["C:\\LocalCoder.exe", "--"] }), false);
    expect(path).toBe(join(home, "Local", "Microsoft", "WindowsApps", "localcoder.cmd"));
    expect(readFileSync(path, "utf8")).toContain('"C:\\LocalCoder.exe" "--" %*');
  });
});
