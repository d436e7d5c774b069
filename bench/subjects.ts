import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { resolveElectron } from "../tools/electron-runtime.mjs";

/** The checkout. */
export const root = resolve(import.meta.dirname, "..");

/** The Electron that both sides run in. */
export const { executable } = await resolveElectron();

// The sandbox cannot be used by root on Linux.
const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

/** The text both editors show. */
const text = "export function area(width: number, height: number): number {\n  return width * height;\n}\n".repeat(40);

/** A program that can be started again and again, with a home of its own that was new at the first start. */
export interface Subject {
  readonly name: string;
  readonly executable: string;
  readonly home: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  remove(): void;
}

/** LocalCoder with one file and the given settings, packaged where its program is named. The wizard was seen, and nothing of the machine's own user is found. */
export function localcoder(settings: Readonly<Record<string, unknown>> = {}, packaged?: string): Subject & { readonly file: string } {
  const home = mkdtempSync(join(tmpdir(), "localcoder-bench-"));
  const file = join(home, "area.ts");
  writeFileSync(file, text);
  mkdirSync(join(home, "data", "data"), { recursive: true, mode: 0o700 });
  mkdirSync(join(home, "data", "user"));
  writeFileSync(join(home, "data", "data", "desktop.json"), JSON.stringify({ firstRunFinished: true }));
  writeFileSync(join(home, "data", "user", "settings.json"), JSON.stringify(settings));
  return {
    name: "LocalCoder",
    executable: packaged ?? executable,
    home,
    file,
    args: [...sandbox, ...(packaged === undefined ? [root] : []), file],
    env: { ...process.env, LOCALCODER_HOME: join(home, "data"), HOME: home, MODELS_DIR: "", LOCALCODER_DEVELOPMENT_MODELS: "" },
    remove: () => remove(home),
  };
}

/** Monaco's editor alone with the worker for TypeScript, in an Electron app that does nothing else. */
export const bareMonaco = (): Subject => bareApp("bare Monaco", "bare-monaco");

/** An Electron app that shows one line. */
export const bareElectron = (): Subject => bareApp("bare Electron", "bare-electron");

function bareApp(name: string, folder: string): Subject {
  const home = mkdtempSync(join(tmpdir(), "localcoder-bench-"));
  return {
    name,
    executable,
    home,
    args: [...sandbox, `--user-data-dir=${join(home, "window")}`, join(root, "bench", folder)],
    env: { ...process.env, HOME: home },
    remove: () => remove(home),
  };
}

function remove(home: string): void {
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
