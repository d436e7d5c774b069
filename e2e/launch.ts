import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { _electron, type Browser, test as base, chromium, type ElectronApplication, expect, type Page } from "@playwright/test";
import { startDisplay } from "../tools/display.mjs";
import { resolveElectron } from "../tools/electron-runtime.mjs";
import { installedIn, startInstalled } from "./installed.ts";
import { trustedPlaces } from "./trusted-places.ts";

export { expect };

/** The checkout. */
export const root = resolve(import.meta.dirname, "..");

/** The two ways to the same workbench. */
export type Face = "electron" | "browser";

/** What a spec starts from. */
export interface OpenOptions {
  /** Files of the workspace, by their path in it. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** What the folder of the workspace is called. */
  readonly name?: string;
  /** The user's settings.json. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Which models can be found: none, or the small real one. */
  readonly models?: "none" | "small";
  /** False opens an empty window. */
  readonly folder?: boolean;
  /** A new user sees the wizard; most specs are not about it. */
  readonly firstRun?: boolean;
  /** Further arguments for the program, and files to open. */
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The language of the browser; the window has the system's. */
  readonly locale?: string;
  /** Starts the packaged program instead of the checkout. */
  readonly packaged?: boolean;
  /** A folder with a build, to start in place of the checkout's. */
  readonly program?: string;
  /** Makes a program that starts Electron under other circumstances, and answers its path. @param electron the path of Electron */
  readonly wrap?: (electron: string) => string;
}

/** The program that `npm run package -- --linux dir --inspectable` made. */
export const packagedProgram = join(root, "dist", "linux-unpacked", "localcoder-desktop");

/** Processes that a spec may kill: `program` is Electron's main, or the server. */
export type ProcessName = "program" | "engine" | "inference" | "window";

/** A running workbench with its temporary home and workspace. */
export interface Workbench {
  readonly face: Face;
  page: Page;
  readonly home: string;
  readonly workspace: string;
  /** What it was started with, for a second program that is to share its data. */
  readonly environment: Readonly<Record<string, string>>;
  /** Electron's own handle; absent in the browser. */
  readonly electron: ElectronApplication | undefined;
  /** The ids of the running processes of a kind. */
  processes(name: ProcessName): Promise<readonly number[]>;
  /** Ends processes as a crash would. */
  kill(name: ProcessName): Promise<void>;
  /** Ends the program as the user does. */
  close(): Promise<void>;
  /** Starts it again with the same home, after `close` or `kill`, and by default with the same arguments. */
  reopen(parameters?: readonly string[]): Promise<void>;
  /** What the program printed. */
  output(): string;
}

/** How long to wait for a real model: on a busy machine it comes last, and says nothing until it has read everything. */
export const modelTime = { timeout: 300_000 };

/** The file of the small real model; specs that need it are left out where it has not been fetched. */
export const smallModel = join(
  process.env.LOCALCODER_TEST_MODELS || join(homedir(), ".cache", "localcoder-test-models"),
  "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
);

interface Fixtures {
  readonly face: Face;
  /** Opens a workbench; everything it made is gone after the spec. */
  readonly open: (options?: OpenOptions) => Promise<Workbench>;
}

/** Playwright's test with the workbench of the project's face. */
export const test = base.extend<Fixtures, { readonly display: undefined }>({
  // A display in memory for each worker, so that specs side by side share no clipboard and no focus.
  display: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern to see that nothing is needed.
    async ({}, use) => {
      const { environment, stop } = process.env.LOCALCODER_SHOW === "1" ? { environment: {}, stop: () => {} } : await startDisplay();
      Object.assign(process.env, environment);
      await use(undefined);
      stop();
    },
    { scope: "worker", auto: true },
  ],
  face: ["electron", { option: true }],
  open: async ({ face }, use, testInfo) => {
    const opened: { workbench: Workbench; remove(): Promise<void> }[] = [];
    await use(async (options = {}) => {
      const one = await openWorkbench(face, options);
      opened.push(one);
      return one.workbench;
    });
    for (const { workbench, remove } of opened) {
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach("output", { body: workbench.output(), contentType: "text/plain" });
        const image = await workbench.page.screenshot({ timeout: 5000 }).catch(() => undefined);
        if (image) await testInfo.attach("window", { body: image, contentType: "image/png" });
        const path = testInfo.outputPath("window.png");
        if (image) writeFileSync(path, image);
      }
      await remove();
    }
  },
});

/** Waits until files can be edited. */
export async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName("localcoder:ready").length > 0, null, { timeout: 60_000 });
}

/** Opens a file of the workspace by its name, as a user does. */
export async function openFile(page: Page, name: string): Promise<void> {
  await runCommand(page, "Go to File...");
  await page.keyboard.type(name);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().click();
  await page.locator(".tab.active", { hasText: name.split("/").at(-1) ?? name }).waitFor();
}

/** Puts the cursor into the text of the active editor, into its first line that is in sight. */
export async function focusEditor(page: Page): Promise<void> {
  // The frame stands still while the text in it scrolls.
  await page
    .locator(".editor-group-container.active .monaco-editor .editor-scrollable")
    .first()
    .click({ position: { x: 2, y: 8 } });
}

/** Runs a command of the palette by its whole title. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("F1");
  const input = page.locator(".quick-input-widget input");
  await input.waitFor();
  await input.fill(`>${title}`);
  const row = page.locator(".quick-input-list .monaco-list-row").filter({ has: page.getByText(title, { exact: true }) });
  await row.first().click();
}

/** Starts a workbench in a temporary home; `remove` ends it and deletes what it made. */
export async function openWorkbench(face: Face, options: OpenOptions): Promise<{ readonly workbench: Workbench; remove(): Promise<void> }> {
  const place = mkdtempSync(join(tmpdir(), "localcoder-e2e-"));
  const home = join(place, "home");
  const workspace = join(place, options.name ?? "workspace");
  mkdirSync(join(home, "user"), { recursive: true });
  mkdirSync(workspace, { recursive: true });
  for (const [name, content] of Object.entries(options.files ?? {})) {
    const file = join(workspace, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  writeFileSync(join(home, "user", "settings.json"), JSON.stringify({ ...trustedPlaces, ...options.settings }, null, 2));
  if (options.firstRun !== true) {
    mkdirSync(join(home, "data"), { recursive: true, mode: 0o700 });
    for (const name of ["desktop.json", "browser.json"])
      writeFileSync(join(home, "data", name), JSON.stringify({ firstRunFinished: true }));
  }
  const environment: Record<string, string> = {
    ...(process.env as Record<string, string>),
    LOCALCODER_HOME: home,
    // Nothing of the machine's own user may be found: other tools' models, settings, caches.
    HOME: place,
    XDG_CONFIG_HOME: join(place, "config"),
    XDG_CACHE_HOME: join(place, "cache"),
    LOCALCODER_DEVELOPMENT_MODELS: options.models === "small" ? folderOfSmallModel(place) : "",
    MODELS_DIR: "",
    ...options.environment,
  };
  const parameters = [...(options.folder === false ? [] : [workspace]), ...(options.arguments ?? [])];
  const startElectron = installedIn ? startInstalledProgram : electronOf(options.program ?? root, options.wrap);
  const startFace: Start = options.packaged ? startPackaged : face === "electron" ? startElectron : startBrowser;
  const start = (those: readonly string[]) => startFace(those, environment, options.locale);
  let running = await start(parameters);
  let printed = "";
  const listen = () => running.listen((text) => (printed += text));
  listen();

  const workbench: Workbench = {
    face,
    home,
    workspace,
    environment,
    get page() {
      return running.page;
    },
    set page(page) {
      running.page = page;
    },
    get electron() {
      return running.electron;
    },
    processes: async (name) => running.processes(name),
    async kill(name) {
      const gone = name === "program" ? running.ended : undefined;
      for (const id of await running.processes(name)) killProcess(id);
      await gone;
    },
    close: () => running.close(),
    async reopen(others = parameters) {
      running = await start(others);
      listen();
    },
    output: () => printed,
  };
  return {
    workbench,
    async remove() {
      await running.end();
      rmSync(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** A folder with nothing but the small model: beside it there may be others, and a larger one would be taken. */
function folderOfSmallModel(place: string): string {
  const folder = join(place, "models");
  mkdirSync(folder);
  symlinkSync(smallModel, join(folder, basename(smallModel)));
  return folder;
}

type Start = (parameters: readonly string[], environment: Record<string, string>, locale: string | undefined) => Promise<Running>;

interface Running {
  page: Page;
  readonly electron: ElectronApplication | undefined;
  readonly ended: Promise<void>;
  listen(listener: (text: string) => void): void;
  processes(name: ProcessName): Promise<readonly number[]> | readonly number[];
  close(): Promise<void>;
  /** Like close, but never waits long. */
  end(): Promise<void>;
}

const electronOf =
  (program: string, wrap = (electron: string) => electron): Start =>
  async (parameters, environment) =>
    startProgram(wrap((await electronRuntime()).executable), [program], parameters, environment);

async function startPackaged(parameters: readonly string[], environment: Record<string, string>): Promise<Running> {
  return startProgram(packagedProgram, [], parameters, environment);
}

async function startInstalledProgram(parameters: readonly string[], environment: Record<string, string>): Promise<Running> {
  if (!installedIn) throw new Error("Nothing says where the program is installed.");
  const { child, page } = await startInstalled(installedIn, parameters, environment);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    page,
    electron: undefined,
    ended,
    listen(listener) {
      child.stdout?.on("data", (data) => listener(String(data)));
      child.stderr?.on("data", (data) => listener(String(data)));
    },
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
    listen(listener) {
      child.stdout?.on("data", (data) => listener(String(data)));
      child.stderr?.on("data", (data) => listener(String(data)));
    },
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

async function startBrowser(parameters: readonly string[], environment: Record<string, string>, locale?: string): Promise<Running> {
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
      child.stdout?.on("data", (data) => listener(String(data)));
      child.stderr?.on("data", (data) => listener(String(data)));
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

async function endWithin(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  for (const id of [...childProcesses(child.pid ?? 0), child.pid ?? 0]) killProcess(id);
  await ended;
}

function killProcess(id: number): void {
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
