import type { ContractRouterClient } from "@orpc/contract";
import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from "electron";
import type { Disposable } from "#core/base/disposable";
import { createEmitter } from "#core/base/emitter";
import type { engineContract } from "#core/contracts/index";
import { connectClient } from "#core/transport/connect";
import { portWire } from "#core/transport/wire";
import { askKeyring, type KeyringQuestion } from "./keyring.ts";
import { built } from "./locations.ts";
import { serveProcesses, utilityEnvironment } from "./own-processes.ts";

/** The engine's process, kept alive, and the way to it. */
export interface EngineHost {
  /** A new connection to the running engine, or nothing while it is being restarted. */
  connect(): MessagePortMain | undefined;
  /** Main's own connection; calls fail while the engine is being restarted. */
  readonly client: () => ContractRouterClient<typeof engineContract> | undefined;
  /** Tells that a new engine runs, so that everybody needs a new port. */
  onStarted(listener: () => void): Disposable;
  /** Ends the engine; it gets a moment to finish what it writes. */
  stop(): Promise<void>;
}

/** What an engine asks of main over its parent port, beside processes. */
type EngineMessage = { readonly type: "keyring"; readonly id: number } & KeyringQuestion;

/** An engine that lived shorter than this, in milliseconds, is restarted more and more slowly. */
const shortLife = 10_000;
const longestWait = 30_000;
const patienceAtEnd = 3_000;

/** Starts the engine and restarts it whenever it dies. It is told a program and its first arguments, which run the command line. */
export function createEngineHost(commandLine: readonly string[]): EngineHost {
  const started = createEmitter<void>();
  let engine: UtilityProcess | undefined;
  let client: ContractRouterClient<typeof engineContract> | undefined;
  let stopping = false;
  let wait = 0;

  function connect(): MessagePortMain | undefined {
    if (!engine) return undefined;
    const { port1, port2 } = new MessageChannelMain();
    engine.postMessage({ type: "connect" }, [port1]);
    return port2;
  }

  function start(): void {
    const begun = Date.now();
    const child = utilityProcess.fork(built.engine, [...commandLine], {
      serviceName: "LocalCoder engine",
      stdio: "inherit",
      env: utilityEnvironment(),
    });
    const others = serveProcesses(child, "inherit");
    engine = child;
    child.on("message", (message: EngineMessage) => {
      if (message.type === "keyring") answerKeyring(child, message);
    });
    child.on("exit", (code) => {
      others.killAll();
      engine = undefined;
      client = undefined;
      if (stopping) return;
      wait = Date.now() - begun < shortLife ? Math.min(longestWait, wait === 0 ? 500 : wait * 2) : 0;
      console.error(`The engine stopped (code ${code}) and is started again.`);
      setTimeout(start, wait);
    });
    const port = connect();
    if (port) client = connectClient<typeof engineContract>(portWire(port)).client;
    started.emit();
  }

  start();
  return {
    connect,
    client: () => client,
    onStarted: (listener) => started.listen(listener),
    async stop() {
      stopping = true;
      const child = engine;
      if (!child) return;
      const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      const timer = setTimeout(() => child.kill(), patienceAtEnd);
      child.postMessage({ type: "shutdown" });
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Without a text the keyring refused, which the engine takes for having none. */
function answerKeyring(engine: UtilityProcess, { id, ...question }: KeyringQuestion & { readonly id: number }): void {
  let text: string | undefined;
  try {
    text = askKeyring(question);
  } catch {
    // A keyring that stays closed.
  }
  engine.postMessage({ type: "keyring", id, text });
}
