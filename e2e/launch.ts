import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { test as base, type ElectronApplication, expect, type Page } from "@playwright/test";
import { startDisplay } from "../tools/display.mjs";
import { installedIn } from "./installed.ts";
import {
  electronOf,
  killProcess,
  type ProcessName,
  root,
  type Start,
  startBrowser,
  startInstalledProgram,
  startPackaged,
} from "./running.ts";
import { trustedPlaces } from "./trusted-places.ts";

export { launchChromium, type ProcessName, packagedProgram, root } from "./running.ts";
export { expect };

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
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first();
  await row.waitFor();
  await expect(async () => {
    // A list that is drawn anew in the middle of a click takes none.
    if (await row.isVisible()) await row.click({ timeout: 2000 });
    await page.locator(".tab.active", { hasText: name.split("/").at(-1) ?? name }).waitFor({ timeout: 3000 });
  }).toPass();
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
