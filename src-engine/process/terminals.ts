import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { implement } from "@orpc/server";
import { UserError } from "#core/base/errors";
import { type TerminalEvent, type TerminalStart, terminalContract } from "#core/contracts/terminal";
import { shellEnvironment } from "./environment.ts";
import { openPseudoTerminal, type PseudoTerminal } from "./pseudo-terminal.ts";
import { checkDirectory, findExecutable, listShells, type Shell } from "./shells.ts";

/** The terminals of one client. */
export interface Terminals {
  /** Starts a shell; the stream ends after its exit, and leaving it or aborting kills the shell with all that it started. */
  open(start: TerminalStart, signal?: AbortSignal): Promise<AsyncGenerator<TerminalEvent, void, void>>;
  write(id: string, data: string): void;
  resize(id: string, size: { columns: number; rows: number }): void;
  acknowledge(id: string, characters: number): void;
  close(id: string): void;
  shells(): Promise<Shell[]>;
  /** Kills every shell that is still running. */
  dispose(): void;
}

/** Creates {@link Terminals}. @param options.environment what shells inherit; the process's own by default. */
export function createTerminals(options: { readonly environment?: NodeJS.ProcessEnv } = {}): Terminals {
  const base = options.environment ?? process.env;
  const running = new Map<string, PseudoTerminal>();

  function find(id: string): PseudoTerminal {
    const terminal = running.get(id);
    if (terminal === undefined) throw new UserError("NOT_FOUND", "This terminal has ended.", "Open a new one.");
    return terminal;
  }

  async function executableOf(start: TerminalStart, environment: Record<string, string>, directory: string): Promise<Shell> {
    if (start.executable === undefined) {
      const [shell] = await listShells(base);
      if (shell === undefined) throw new UserError("NOT_FOUND", "No shell was found on this system.", "Name one in the terminal settings.");
      return { ...shell, arguments: start.arguments.length > 0 ? start.arguments : shell.arguments };
    }
    const found = await findExecutable(start.executable, environment, directory);
    if (found === undefined) {
      throw new UserError(
        "NOT_FOUND",
        `There is no program ${start.executable} that could be started.`,
        "Choose another shell in the terminal settings.",
      );
    }
    return { name: start.executable, executable: found, arguments: start.arguments };
  }

  return {
    async open(start, signal) {
      const environment = shellEnvironment(base, start.environment);
      const directory = start.directory ?? homedir();
      await checkDirectory(directory);
      const shell = await executableOf(start, environment, directory);
      const id = randomUUID();
      signal?.throwIfAborted();
      const terminal = await openPseudoTerminal({ ...shell, directory, environment, columns: start.columns, rows: start.rows });
      running.set(id, terminal);
      signal?.addEventListener("abort", terminal.kill);
      if (signal?.aborted) terminal.kill();
      return (async function* (): AsyncGenerator<TerminalEvent, void, void> {
        try {
          yield { type: "started", id, process: terminal.process, executable: shell.executable, directory };
          yield* terminal.events();
        } finally {
          signal?.removeEventListener("abort", terminal.kill);
          running.delete(id);
          terminal.kill();
        }
      })();
    },
    write: (id, data) => find(id).write(data),
    resize: (id, size) => find(id).resize(size),
    acknowledge: (id, characters) => running.get(id)?.drawn(characters),
    close: (id) => running.get(id)?.kill(),
    shells: () => listShells(base),
    dispose() {
      for (const terminal of running.values()) terminal.kill();
    },
  };
}

/** Serves {@link Terminals} by their contract. */
export function terminalRouter(terminals: Terminals) {
  const contract = implement(terminalContract);
  return contract.router({
    open: contract.open.handler(({ input, signal }) => terminals.open(input, signal)),
    write: contract.write.handler(({ input }) => terminals.write(input.id, input.data)),
    resize: contract.resize.handler(({ input }) => terminals.resize(input.id, input)),
    acknowledge: contract.acknowledge.handler(({ input }) => terminals.acknowledge(input.id, input.characters)),
    close: contract.close.handler(({ input }) => terminals.close(input.id)),
    shells: contract.shells.handler(() => terminals.shells()),
  });
}
