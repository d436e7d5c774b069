import { randomUUID } from "node:crypto";
import { implement } from "@orpc/server";
import { UserError } from "#core/base/errors";
import { type NetworkAttempt, networkAttempt } from "#core/contracts/network";
import { type TypeScriptEvent, type TypeScriptRequest, typescriptContract } from "#core/contracts/typescript";
import type { OpenProcess, OwnProcess, ProcessExit } from "#core/processes";

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

/** Creates {@link LanguageServers} in processes of their own; `report` is told what one of them tried to reach. */
export function createLanguageServers(openProcess: OpenProcess, report: (attempt: NetworkAttempt) => void): LanguageServers {
  const running = new Map<string, OwnProcess>();

  return {
    async *open(signal) {
      signal?.throwIfAborted();
      const id = randomUUID();
      const child = await openProcess("typescript", parameters);
      running.set(id, child);
      const said: unknown[] = [];
      let exited: ProcessExit | undefined;
      let wake = () => {};
      child.wire.onMessage((message) => {
        const attempt = networkAttempt.safeParse((message as { readonly networkAttempt?: unknown }).networkAttempt);
        if (attempt.success) return report(attempt.data);
        said.push(message);
        wake();
      });
      void child.exited.then((exit) => {
        exited = exit;
        running.delete(id);
        wake();
      });
      const end = () => child.kill();
      if (signal?.aborted) end();
      signal?.addEventListener("abort", end);
      try {
        yield { type: "started", id, process: child.pid };
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
      for (const request of requests) void child.wire.send(request);
    },
    dispose() {
      for (const child of running.values()) child.kill();
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
