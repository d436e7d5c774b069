import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tinyGguf } from "../src-engine/models/tiny-gguf.ts";
import { test as base, type OpenOptions, ready, root, type Workbench } from "./launch.ts";

export { expect, focusEditor, openFile, runCommand } from "./launch.ts";

/** What the scripted model says. */
export interface Script {
  /** Texts known by heart: ghost text goes on where the text before the cursor last occurs in one of them. */
  readonly knows?: readonly string[];
  /** The answer to every action. */
  readonly answer?: string;
  readonly millisecondsPerToken?: number;
}

interface Fixtures {
  /** Opens a workbench whose model says what the script says, in both faces. */
  readonly openScripted: (script: Script, options?: OpenOptions) => Promise<Workbench>;
}

/**
 * The data folder is owned by a server with the scripted model, and the workbench that is opened on the same folder finds
 * it there, as any second program of ours would: so the desktop needs no back door for tests.
 */
export const test = base.extend<Fixtures>({
  openScripted: async ({ open }, use) => {
    const owners: { child: ChildProcess; home: string }[] = [];
    await use(async (script, { settings = {}, environment, firstRun = false, ...options } = {}) => {
      const home = mkdtempSync(join(tmpdir(), "localcoder-scripted-"));
      const models = join(home, "models-of-the-test");
      mkdirSync(join(home, "user"), { recursive: true });
      mkdirSync(join(home, "data"), { recursive: true, mode: 0o700 });
      mkdirSync(models);
      const tokens = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];
      const model = join(models, "scripted.gguf");
      writeFileSync(model, tinyGguf({ tokens, chatTemplate: "{{ messages }}" }));
      writeFileSync(join(home, "user", "settings.json"), JSON.stringify({ ...modelSettings(model), ...settings }));
      for (const name of firstRun ? [] : ["desktop.json", "browser.json"]) {
        writeFileSync(join(home, "data", name), JSON.stringify({ firstRunFinished: true }));
      }
      const shared = { LOCALCODER_HOME: home, MODELS_DIR: models, ...environment };
      const child = await startOwner({
        ...shared,
        LOCALCODER_INFERENCE_PROCESS: join(root, "src-engine", "inference", "scripted.process.ts"),
        LOCALCODER_SCRIPT: JSON.stringify(script),
      });
      owners.push({ child, home });
      const workbench = await open({ ...options, environment: shared });
      await ready(workbench.page);
      return workbench;
    });
    for (const { child, home } of owners) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  },
});

function modelSettings(path: string): Record<string, string> {
  return { "localcoder.models.completion": path, "localcoder.models.code": path, "localcoder.models.general": path };
}

/** Starts a server and waits until it owns the folder. */
function startOwner(environment: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(root, "out", "headless", "cli.js"), "serve", "--json"],
    {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  return new Promise((resolve, reject) => {
    let errors = "";
    child.stderr.on("data", (data) => {
      errors += data;
    });
    child.stdout.once("data", () => resolve(child));
    child.once("exit", (code) => reject(new Error(`The server with the scripted model ended with code ${code}: ${errors}`)));
  });
}
