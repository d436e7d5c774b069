import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { _electron, type Browser, chromium, type ElectronApplication, type Page } from "@playwright/test";
import { resolveElectron } from "../tools/electron-runtime.mjs";
import { installedIn, startInstalled } from "./installed.ts";

/** The checkout. */
export const root = resolve(import.meta.dirname, "..");

/** The program that `npm run package -- --linux dir --inspectable` made. */
export const packagedProgram = join(root, "dist", "linux-unpacked", "localcoder-desktop");

/** Processes that a spec may kill: `program` is Electron's main, or the server. */
export type ProcessName = "program" | "engine" | "inference" | "window";

/** Starts the product in one of its ways. */
export type Start = (parameters: readonly string[], environment: Record<string, string>, locale: string | undefined) => Promise<Running>;

/** The product as it runs. */
export interface Running {
  page: Page;
  readonly electron: ElectronApplication | undefined;
  readonly ended: Promise<void>;
  listen(listener: (text: string) => void): void;
  processes(name: ProcessName): Promise<readonly number[]> | readonly number[];
  close(): Promise<void>;
  /** Like close, but never waits long. */
  end(): Promise<void>;
}

/** Starts the build in a folder with Electron. @param wrap makes a program that starts Electron under other circumstances */
export const electronOf =
  (program: string, wrap = (electron: string) => electron): Start =>
  async (parameters, environment) =>
    startProgram(wrap((await electronRuntime()).executable), [program], parameters, environment);

/** Starts the packaged program. */
export async function startPackaged(parameters: readonly string[], environment: Record<string, string>): Promise<Running> {
  return startProgram(packagedProgram, [], parameters, environment);
}

/** Starts the program that is installed in another system. */
export async function startInstalledProgram(parameters: readonly string[], environment: Record<string, string>): Promise<Running> {
  if (!installedIn) throw new Error("Nothing says where the program is installed.");
  const { child, page } = await startInstalled(installedIn, parameters, environment);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    page,
    electron: undefined,
    ended,
    listen: (listener) => listenTo(child, listener),
    // Which of its processes is which only Electron tells, and nobody can ask it here.
    processes: (name) => (name === "program" ? [child.pid ?? 0] : []),
    async close() {
      child.kill("SIGTERM");
      await ended;
    },
    end: () => endWithin(child, ended),
  };
}

async function startProgram(
  executablePath: string,
  first: readonly string[],
  parameters: readonly string[],
  environment: Record<string, string>,
): Promise<Running> {
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const electron = await _electron.launch({
    executablePath,
    args: [...first, ...sandbox, "--log-level=3", ...parameters],
    env: environment,
    chromiumSandbox: sandbox.length === 0,
    timeout: 60_000,
  });
  const child = electron.process();
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const page = await electron.firstWindow({ timeout: 60_000 });
  return {
    page,
    electron,
    ended,
    listen: (listener) => listenTo(child, listener),
    async processes(name) {
      if (name === "program") return [child.pid ?? 0];
      const metrics = await electron.evaluate(({ app }) => app.getAppMetrics().map(({ pid, type, name }) => ({ pid, type, name })));
      const wanted = { engine: "LocalCoder engine", inference: "LocalCoder inference", window: undefined }[name];
      return metrics.filter((one) => (name === "window" ? one.type === "Tab" : one.name === wanted)).map(({ pid }) => pid);
    },
    async close() {
      await electron.close();
      await ended;
    },
    end: () => endWithin(child, ended),
  };
}

let runtime: ReturnType<typeof resolveElectron> | undefined;
function electronRuntime(): ReturnType<typeof resolveElectron> {
  // The specs change HOME for what they start, not for themselves, so the cache is found.
  runtime ??= resolveElectron();
  return runtime;
}

const chromiumPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The machine's own Chromium, else Playwright's. */
export function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPaths.find((path) => existsSync(path));
  return chromium.launch({ ...(executablePath && { executablePath }), args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}

/** Serves the workbench and opens it in a browser. */
export async function startBrowser(parameters: readonly string[], environment: Record<string, string>, locale?: string): Promise<Running> {
  const child = spawn(process.execPath, [join(root, "out/headless/cli.js"), "serve", "--json", ...parameters], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const { url } = await firstJson(child);
  const browser = await launchChromium();
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
    ...(locale !== undefined && { locale }),
  });
  const page = await context.newPage();
  await page.goto(url);
  return {
    page,
    electron: undefined,
    ended,
    listen(listener) {
      listenTo(child, listener);
      page.on("console", (message) => listener(`page: ${message.text()}\n`));
    },
    processes(name) {
      const id = child.pid ?? 0;
      if (name === "program" || name === "engine") return [id];
      return name === "inference" ? childProcesses(id).filter((one) => commandOf(one).includes("inference.process")) : [];
    },
    async close() {
      await browser.close();
      child.kill("SIGTERM");
      await ended;
    },
    async end() {
      await browser.close().catch(() => {});
      await endWithin(child, ended);
    },
  };
}

function firstJson(child: ChildProcess): Promise<{ url: string; token: string }> {
  return new Promise((resolve, reject) => {
    let text = "";
    let errors = "";
    child.stderr?.on("data", (data) => {
      errors += data;
    });
    child.stdout?.on("data", (data) => {
      text += data;
      try {
        resolve(JSON.parse(text));
      } catch {
        // The rest is still to come.
      }
    });
    child.once("exit", (code) => reject(new Error(`localcoder serve ended with code ${code}: ${errors}${text}`)));
  });
}

function listenTo({ stdout, stderr }: ChildProcess, listener: (text: string) => void): void {
  for (const stream of [stdout, stderr]) stream?.on("data", (data) => listener(String(data)));
}

async function endWithin(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  for (const id of [...childProcesses(child.pid ?? 0), child.pid ?? 0]) killProcess(id);
  await ended;
}

/** Ends a process as a crash would; one that has ended already is left. */
export function killProcess(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

/** All processes below one (Linux only; elsewhere none). */
function childProcesses(id: number): readonly number[] {
  if (!existsSync("/proc")) return [];
  const children = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === id);
  return children.flatMap((name) => [...childProcesses(Number(name)), Number(name)]);
}

function parentOf(id: number): number {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${id}/stat`, "utf8"))?.[1]);
  } catch {
    return 0;
  }
}

function commandOf(id: number): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
