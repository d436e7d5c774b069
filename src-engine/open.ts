import { join } from "node:path";
import type { ContractRouterClient } from "@orpc/contract";
import type { AnyRouter } from "@orpc/server";
import { createRouterClient } from "@orpc/server";
import { type engineContract, sharedContract, sharedNews } from "#core/contracts/index";
import type { NetworkAttempt } from "#core/contracts/network";
import { errorForLog, isLogged, type LogLevel } from "#core/log";
import { closedRules } from "#core/network/decide";
import type { OpenProcess } from "#core/processes";
import type { DataFolders } from "#core/settings/folders";
import { forwardRouter } from "#core/transport/forward";
import type { OwnCommandLine } from "./audit.ts";
import { createEngine, createLocalServices } from "./engine.ts";
import { openFolders } from "./folders.ts";
import { openForkedProcess } from "./forked-process.ts";
import { connectInference, type OpenInference } from "./inference/connection.ts";
import { openForked } from "./inference/forked.ts";
import { installNetworkGate } from "./network/gate.ts";
import { watchThreads } from "./network/threads.ts";
import { openOwnership } from "./ownership/ownership.ts";
import { type RunOptions, runOptions } from "./run-options.ts";
import type { Keyring } from "./secrets/secret.ts";
import { version } from "./version.ts";

/** What {@link openEngine} needs. */
export interface OpenEngineOptions {
  /** The name of this process in the network ledger. */
  readonly processName: string;
  /** How to start inference: a function, or the file of the inference process to fork; by default with `openProcess`. */
  readonly openInference?: OpenInference | string | undefined;
  /** Starts scripts of ours; by default as children of this process. */
  readonly openProcess?: OpenProcess;
  /** How the command line is started, for an audit; without it there is none. */
  readonly commandLine?: OwnCommandLine;
  /** Where the process reaches one: on the desktop. */
  readonly keyring?: Keyring;
  /** What this run was told; by default what its environment says. */
  readonly run?: RunOptions;
  /** Told about failures that are nobody's input, which are in the log as well. */
  readonly onUnexpected?: (error: unknown) => void;
}

/** One client's view of the engine: a window, a browser tab, a command. */
export interface EngineClient {
  /** The whole contract, to be served on the client's wire. */
  readonly router: AnyRouter;
  /** The same as functions, for a client in this process. */
  readonly client: ContractRouterClient<typeof engineContract>;
  /** Ends what the client left running: its terminals and watchers. */
  dispose(): Promise<void>;
}

/** The engine of this user's data folder, run by this process or by another one. */
export interface Engine {
  readonly folders: DataFolders;
  readonly run: RunOptions;
  /** Who runs the shared services now; may change when their owner goes. */
  role(): "owner" | "guest" | "none";
  attach(): EngineClient;
  /** Writes into the log of the data folder, whoever keeps it, where this run keeps the level. */
  log(level: LogLevel, text: string): void;
  dispose(): Promise<void>;
}

/** Opens the engine: becomes the owner of the data folder or finds the one that is, and closes this process with the network gate. */
export async function openEngine({
  processName,
  openProcess = openForkedProcess,
  openInference = () => connectInference(() => openProcess("inference")),
  commandLine,
  keyring,
  run = runOptions(process.env),
  onUnexpected: tellUnexpected = () => {},
}: OpenEngineOptions): Promise<Engine> {
  const folders = await openFolders();
  const open = typeof openInference === "string" ? openForked(openInference, join(folders.logs, "inference.log")) : openInference;
  function log(level: LogLevel, text: string): void {
    if (!isLogged(level, run.logLevel)) return;
    void ownership
      .then((shared) => shared.target())
      .then(({ logs }) => logs.note({ level, process: processName, text: text.slice(0, 20_000) }))
      .catch(() => {});
  }
  const onUnexpected = (error: unknown) => {
    tellUnexpected(error);
    log("error", errorForLog(error));
  };
  const report = (attempt: NetworkAttempt) => {
    void ownership
      .then((shared) => shared.target())
      .then(({ network }) => network.report(attempt))
      .catch(onUnexpected);
    return undefined;
  };
  // While another process keeps the ledger, this one is closed completely and reports there what it refused.
  const gate = installNetworkGate({ process: processName, rules: () => closedRules, record: report });
  const threads = watchThreads(report);
  const ownership = openOwnership<typeof sharedContract>({
    dataFolder: folders.data,
    version,
    create: () => createEngine({ folders, openInference: open, processName, run, keyring, onUnexpected }),
    onUnexpected,
  });
  try {
    const shared = await ownership;
    const sharedRouter = forwardRouter(sharedContract, () => shared.target(), sharedNews) as Record<string, AnyRouter>;
    return {
      folders,
      run,
      role: shared.role,
      attach() {
        const { settingsFile } = run;
        const local = createLocalServices({
          folders,
          report,
          openProcess,
          settingsFile,
          ...(commandLine !== undefined && { commandLine }),
        });
        const router: AnyRouter = { ...sharedRouter, ...local.router };
        return { router, client: createRouterClient(router, {}) as unknown as EngineClient["client"], dispose: local.dispose };
      },
      log,
      async dispose() {
        await shared.dispose();
        threads.dispose();
        gate.dispose();
      },
    };
  } catch (error) {
    threads.dispose();
    gate.dispose();
    throw error;
  }
}
