import type { MessagePort } from "node:worker_threads";
import { engineContract } from "#core/contracts/index";
import { errorForLog, type LogLevel } from "#core/log";
import { forwardRouter } from "#core/transport/forward";
import { serveRouter } from "#core/transport/serve";
import { portWire } from "#core/transport/wire";
import { type Engine, openEngine } from "./open.ts";
import { openThroughMain, type ParentPort as ProcessPort } from "./process/through-main.ts";
import { tellWarnings } from "./process/warnings.ts";
import type { Keyring } from "./secrets/secret.ts";

// The engine of the desktop, in a utility process of Electron. Main sends a port for each window and starts other processes
// for us, because only main can.

/** What main tells us. */
type MainMessage =
  | { readonly type: "connect" }
  | { readonly type: "keyring"; readonly id: number; readonly text?: string }
  | { readonly type: "shutdown" };

/** Electron's parent port; its types come with the electron module, which does not exist in this process. */
interface ParentPort {
  on(type: "message", listener: (event: { readonly data: MainMessage; readonly ports: MessagePort[] }) => void): void;
  postMessage(message: {
    readonly type: "keyring";
    readonly id: number;
    readonly action: "available" | "lock" | "unlock";
    readonly text: string;
  }): void;
}

tellWarnings();
const parent = (process as unknown as { parentPort: ParentPort & ProcessPort }).parentPort;
const openProcess = openThroughMain(parent);
let lastId = 0;

const asked = new Map<number, { resolve(text: string): void; reject(error: Error): void }>();

function askKeyring(action: "available" | "lock" | "unlock", text: string): Promise<string> {
  const id = ++lastId;
  parent.postMessage({ type: "keyring", id, action, text });
  return new Promise((resolve, reject) => asked.set(id, { resolve, reject }));
}

const keyring: Keyring = {
  available: async () => (await askKeyring("available", "")) === "yes",
  lock: (text) => askKeyring("lock", text),
  unlock: (text) => askKeyring("unlock", text),
};

// Main says how the command line is started.
const [program, ...rest] = process.argv.slice(2);
let opened: Promise<Engine> | undefined;

/** The engine; where it could not be opened, because another version runs for example, whoever asks next tries again. */
function engine(): Promise<Engine> {
  if (opened !== undefined) return opened;
  const opening = openEngine({
    processName: "engine",
    openProcess,
    ...(program !== undefined && { commandLine: [program, ...rest] }),
    keyring,
    onUnexpected: console.error,
  });
  opened = opening;
  opening.catch((error: unknown) => {
    opened = undefined;
    console.error(error instanceof Error ? error.message : error);
  });
  return opening;
}

/** A window lives long enough to go on with what was being downloaded. */
async function resumeDownloads(): Promise<void> {
  const { client, dispose } = (await engine()).attach();
  await client.models.resumeDownloads().catch(console.error);
  await dispose();
}
resumeDownloads().catch(() => {
  // Why there is no engine has been told above.
});

async function serveWindow(port: MessagePort): Promise<void> {
  const wire = portWire(port);
  const running = engine();
  const client = await running.then(
    (engine) => engine.attach(),
    // The window shows why there is no engine, in place of waiting for one.
    (error: unknown) => ({ router: forwardRouter(engineContract, () => Promise.reject(error)), dispose: async () => {} }),
  );
  const log = (level: LogLevel, text: string) => void running.then((engine) => engine.log(level, text)).catch(() => {});
  serveRouter(client.router, wire, {
    onUnexpected(error) {
      console.error(error);
      log("error", errorForLog(error));
    },
    // Names of calls and codes, never what was asked or answered.
    onCall: (name, milliseconds, code) => log("debug", `${name} ${Math.round(milliseconds)} ms${code === undefined ? "" : ` ${code}`}`),
  });
  wire.onClose(() => void client.dispose());
}

parent.on("message", ({ data, ports: [port] }) => {
  switch (data.type) {
    case "connect":
      if (port !== undefined) void serveWindow(port);
      break;
    case "keyring":
      if (data.text === undefined) asked.get(data.id)?.reject(new Error("The keyring refused."));
      else asked.get(data.id)?.resolve(data.text);
      asked.delete(data.id);
      break;
    case "shutdown":
      void Promise.resolve(opened)
        .then((running) => running?.dispose())
        .finally(() => process.exit());
      break;
  }
});
