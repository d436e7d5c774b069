import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { tinyGguf } from "../src-engine/models/tiny-gguf.ts";
import { giveTo, installedIn } from "./installed.ts";
import { trustedPlaces } from "./trusted-places.ts";

const root = resolve(import.meta.dirname, "..");

/** What the scripted model says. */
export interface Script {
  /** Texts known by heart: ghost text goes on where the text before the cursor last occurs in one of them. */
  readonly knows?: readonly string[];
  /** How sure the model is of pieces it is not sure of, 0 to 1; it has other ideas there. */
  readonly doubts?: Readonly<Record<string, number>>;
  /** How sure it is of all other pieces; 0.9 by default. */
  readonly sureness?: number;
  /** The answer to every action. */
  readonly answer?: string;
  readonly millisecondsPerToken?: number;
  /** Bytes each use of the model takes. */
  readonly memory?: number;
}

/** A data folder whose owner has a scripted model. */
export interface ScriptedOwner {
  /** What a second program of ours needs to find this owner. */
  readonly environment: Readonly<Record<string, string>>;
  /** The data folder. */
  readonly home: string;
  /** The owner's process; its model runs in a child of it. */
  id(): number;
  /** Ends the owner as a crash would. */
  kill(): Promise<void>;
  /** Starts another one on the same folder; while somebody else owns it, it waits to take over. */
  restart(): Promise<void>;
  /** Ends the owner and deletes the folder. */
  close(): Promise<void>;
}

/** How the owner starts. */
export interface ScriptedOwnerOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly firstRun?: boolean;
  /** Puts more into the data folder before the owner starts. */
  prepare?(home: string): void;
}

/**
 * Starts a server that owns a new data folder and has a scripted model. A workbench that is opened on the same folder finds
 * it there, as any second program of ours would: so the desktop needs no back door for tests.
 */
export async function startScriptedOwner(script: Script, options: ScriptedOwnerOptions = {}): Promise<ScriptedOwner> {
  const home = mkdtempSync(join(tmpdir(), "localcoder-scripted-"));
  const models = join(home, "models-of-the-test");
  mkdirSync(join(home, "user"), { recursive: true });
  mkdirSync(join(home, "data"), { recursive: true, mode: 0o700 });
  mkdirSync(models);
  const tokens = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];
  const model = join(models, "scripted.gguf");
  writeFileSync(model, tinyGguf({ tokens, chatTemplate: "{{ messages }}" }));
  writeFileSync(join(home, "user", "settings.json"), JSON.stringify({ ...trustedPlaces, ...modelSettings(model), ...options.settings }));
  for (const name of options.firstRun ? [] : ["desktop.json", "browser.json"]) {
    writeFileSync(join(home, "data", name), JSON.stringify({ firstRunFinished: true }));
  }
  options.prepare?.(home);
  if (installedIn) giveTo(installedIn.user, home);
  const environment = { LOCALCODER_HOME: home, MODELS_DIR: models, ...options.environment };
  let child = await serve(environment, script);
  return {
    environment,
    home,
    id: () => child.pid ?? 0,
    kill: () => killAndWait(child),
    async restart() {
      child = await serve(environment, script);
    },
    async close() {
      await killAndWait(child);
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

async function serve(environment: Readonly<Record<string, string>>, script: Script): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(root, "out", "headless", "cli.js"), "serve", "--json"],
    {
      cwd: root,
      // Only who owns the folder may speak to its owner.
      ...(installedIn && { uid: installedIn.user, gid: installedIn.user }),
      env: {
        ...process.env,
        ...environment,
        LOCALCODER_INFERENCE_PROCESS: join(root, "src-engine", "inference", "scripted.process.ts"),
        LOCALCODER_SCRIPT: JSON.stringify(script),
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  await new Promise<void>((owns, fail) => {
    let errors = "";
    child.stderr?.on("data", (data) => {
      errors += data;
    });
    child.stdout?.once("data", () => owns());
    child.once("exit", (code) => fail(new Error(`The server with the scripted model ended with code ${code}: ${errors}`)));
  });
  return child;
}

async function killAndWait(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await ended;
}

function modelSettings(path: string): Record<string, string> {
  return { "localcoder.models.completion": path, "localcoder.models.code": path, "localcoder.models.general": path };
}
