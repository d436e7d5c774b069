import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { implement } from "@orpc/server";
import { UserError } from "#core/base/errors";
import { type NetworkAttempt, networkAttempt } from "#core/contracts/network";
import { type TypeScriptEvent, type TypeScriptRequest, typescriptContract } from "#core/contracts/typescript";
import { findBuilt } from "../built.ts";
import { gatedEnvironment } from "../network/environment.ts";

/** The language servers of one client. */
export interface LanguageServers {
  /** Starts a server; the stream ends after its exit, and leaving it or aborting ends the server. */
  open(signal?: AbortSignal): AsyncGenerator<TypeScriptEvent, void, void>;
  /** Throws NOT_FOUND where the server has ended, and NO_PERMISSION for requests that write files or run code of others. */
  write(id: string, requests: readonly TypeScriptRequest[]): void;
  /** Ends every server that is still running. */
  dispose(): void;
}

/**
 * No plugin is loaded, because one is code of the folder; no types are fetched; one server does everything, because a second one for
 * syntax alone would be quicker at first and take a hundred megabytes that a model needs.
 */
const parameters = [
  "--useInferredProjectPerProjectRoot",
  "--disableAutomaticTypingAcquisition",
  "--noGetErrOnBackgroundUpdate",
  "--useNodeIpc",
];

/** Requests of the protocol that write to the disk, or run what is not TypeScript. */
const refused = new Set(["saveto", "compileOnSaveEmitFile", "configurePlugin", "applyCodeActionCommand", "exit"]);

/** Creates {@link LanguageServers}; `report` is told what one of them tried to reach. */
export function createLanguageServers(report: (attempt: NetworkAttempt) => void): LanguageServers {
  const running = new Map<string, ChildProcess>();

  return {
    async *open(signal) {
      signal?.throwIfAborted();
      const id = randomUUID();
      const child = fork(entry(), parameters, {
        env: { ...gatedEnvironment(process.env), ELECTRON_RUN_AS_NODE: "1" },
        execArgv: ["--disable-warning=ExperimentalWarning"],
        stdio: ["ignore", "ignore", "ignore", "ipc"],
      });
      running.set(id, child);
      const end = () => child.kill("SIGKILL");
      signal?.addEventListener("abort", end);
      const said: unknown[] = [];
      let exited: { readonly code: number | null } | undefined;
      let wake = () => {};
      child.on("message", (message: { readonly networkAttempt?: unknown }) => {
        const attempt = networkAttempt.safeParse(message.networkAttempt);
        if (attempt.success) return report(attempt.data);
        said.push(message);
        wake();
      });
      const exit = (code: number | null) => {
        exited ??= { code };
        running.delete(id);
        wake();
      };
      child.once("exit", exit);
      child.once("error", () => exit(null));
      try {
        yield { type: "started", id, process: child.pid ?? 0 };
        for (;;) {
          if (said.length > 0) yield { type: "messages", messages: said.splice(0) };
          else if (exited !== undefined) break;
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
        yield { type: "exit", code: exited.code };
      } finally {
        signal?.removeEventListener("abort", end);
        end();
      }
    },
    write(id, requests) {
      const child = running.get(id);
      if (child === undefined) throw new UserError("NOT_FOUND", "This language server has ended.", "Open a TypeScript file again.");
      const unwanted = requests.find(({ command }) => refused.has(command));
      if (unwanted !== undefined)
        throw new UserError("NO_PERMISSION", `The language server may not do ${unwanted.command} here.`, "Do it in a terminal.");
      // A server that went away is told by its exit.
      for (const request of requests) child.send(request, () => {});
    },
    dispose() {
      for (const child of running.values()) child.kill("SIGKILL");
    },
  };
}

/** Serves {@link LanguageServers} by their contract. */
export function typescriptRouter(servers: LanguageServers) {
  const contract = implement(typescriptContract);
  return contract.router({
    open: contract.open.handler(({ signal }) => servers.open(signal)),
    write: contract.write.handler(({ input }) => servers.write(input.id, input.requests)),
  });
}

/** The file of the process: in the build, or the source when that is what runs. */
function entry(): string {
  return findBuilt("typescript.process.js") ?? fileURLToPath(new URL("./typescript.process.ts", import.meta.url));
}
