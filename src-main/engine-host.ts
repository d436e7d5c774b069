import { constants, setPriority } from "node:os";
import type { ContractRouterClient } from "@orpc/contract";
import { type ForkOptions, MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from "electron";
import type { Disposable } from "#core/base/disposable";
import { createEmitter } from "#core/base/emitter";
import { nativeMemoryEnvironment } from "#core/base/native-memory";
import type { engineContract } from "#core/contracts/index";
import { connectClient } from "#core/transport/connect";
import { portWire } from "#core/transport/wire";
import { askKeyring, type KeyringQuestion } from "./keyring.ts";

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

/** What an engine asks of main, over its parent port. */
type EngineMessage =
  | { readonly type: "open-inference" | "kill-inference"; readonly id: string | number }
  | ({ readonly type: "keyring"; readonly id: number } & KeyringQuestion);

/** An engine that lived shorter than this, in milliseconds, is restarted more and more slowly. */
const shortLife = 10_000;
const longestWait = 30_000;
const patienceAtEnd = 3_000;

/** What our processes print goes where main's goes; that Node calls JSON modules experimental is nothing for a user. */
const quietly: ForkOptions = { stdio: "inherit", execArgv: ["--disable-warning=ExperimentalWarning"] };

/** Starts the engine and restarts it whenever it dies. */
export function createEngineHost(entries: {
  readonly engine: string;
  readonly inference: string;
  /** A program and its first arguments, which run the command line. */
  readonly commandLine: readonly string[];
}): EngineHost {
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
    const child = utilityProcess.fork(entries.engine, [...entries.commandLine], { serviceName: "LocalCoder engine", ...quietly });
    const inference = createInferenceProcesses(entries.inference, child);
    engine = child;
    child.on("message", (message: EngineMessage) => {
      if (message.type === "open-inference") inference.open(message.id);
      if (message.type === "kill-inference") inference.kill(message.id);
      if (message.type === "keyring") answerKeyring(child, message);
    });
    child.on("exit", (code) => {
      inference.killAll();
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

/** The inference processes of one engine. Only the engine talks to them; main starts them, because only main can. */
function createInferenceProcesses(entry: string, engine: UtilityProcess) {
  const running = new Map<string | number, UtilityProcess>();
  return {
    open(id: string | number): void {
      const env = { ...process.env, ...nativeMemoryEnvironment };
      const child = utilityProcess.fork(entry, [], { serviceName: "LocalCoder inference", ...quietly, env });
      running.set(id, child);
      const { port1, port2 } = new MessageChannelMain();
      child.on("spawn", () => {
        lowerPriority(child.pid);
        child.postMessage({ type: "connect" }, [port1]);
        engine.postMessage({ type: "inference", id }, [port2]);
      });
      child.on("exit", (code) => {
        running.delete(id);
        engine.postMessage({ type: "inference-exit", id, reason: reasonOf(code) });
      });
    },
    kill(id: string | number): void {
      const child = running.get(id);
      // A model in the middle of a long computation does not answer a polite request.
      if (child?.pid) process.kill(child.pid, "SIGKILL");
    },
    killAll(): void {
      for (const child of running.values()) child.kill();
    },
  };
}

/** The window comes first: a model may take all the processor that is left, but not the part that typing needs. */
function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The process ended already, or the system does not allow it; it then runs at normal priority.
  }
}

/** How a process ended: Electron gives the number of a signal for a code where one ended it. */
function reasonOf(code: number): string {
  return process.platform !== "win32" && code === constants.signals.SIGKILL ? "SIGKILL" : `exit code ${code}`;
}
