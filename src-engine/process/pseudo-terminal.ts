import { basename } from "node:path";
import type { IPty } from "@lydell/node-pty";
import { UserError } from "#core/base/errors";
import type { TerminalEvent } from "#core/contracts/terminal";
import { createFlowControl } from "./flow.ts";
import { readOutput } from "./output.ts";

/** How long a shell and its children have to end by themselves, in milliseconds. */
const grace = 1500;

/** How long the name of the running program may be behind, in milliseconds. */
const titleDelay = 200;

/** Most characters that travel together when a program floods the terminal. */
const largestPiece = 64 * 1024;

/** What a pseudo-terminal needs to start. The program and the folder were checked before. */
export interface PseudoTerminalStart {
  readonly executable: string;
  readonly arguments: readonly string[];
  readonly directory: string;
  readonly environment: Record<string, string>;
  readonly columns: number;
  readonly rows: number;
}

/** One program in a pseudo-terminal. */
export interface PseudoTerminal {
  readonly process: number;
  /** What it prints, the name of what runs in it, and its end; to be read once. */
  events(): AsyncGenerator<TerminalEvent, void, void>;
  write(data: string): void;
  resize(size: { columns: number; rows: number }): void;
  drawn(characters: number): void;
  /** Ends the program and everything in its process group. */
  kill(): void;
}

/** Starts a program in a new pseudo-terminal. */
export async function openPseudoTerminal(start: PseudoTerminalStart): Promise<PseudoTerminal> {
  const pty = await spawnPty(start);
  let text = "";
  let title = basename(start.executable);
  let announced = "";
  let code: number | undefined;
  let titleTimer: NodeJS.Timeout | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  let wake = () => {};

  const readTitle = () => {
    titleTimer = undefined;
    title = runningProgram(pty) ?? title;
    if (title !== announced) wake();
  };
  const output = readOutput(pty, (data) => {
    text += data;
    flow.sent(data.length);
    titleTimer ??= setTimeout(readTitle, titleDelay);
    wake();
  });
  const flow = createFlowControl(output);
  pty.onExit(({ exitCode, signal }) => {
    clearTimeout(titleTimer);
    clearTimeout(killTimer);
    // As shells tell it: 128 and the number of the signal.
    code = signal ? 128 + signal : exitCode;
    wake();
  });

  return {
    process: pty.pid,
    async *events() {
      for (;;) {
        if (text !== "") {
          const piece = text.slice(0, largestPiece);
          text = text.slice(piece.length);
          yield { type: "data", data: piece };
        } else if (title !== announced) {
          announced = title;
          yield { type: "title", title };
        } else if (code !== undefined) {
          return yield { type: "exit", code };
        } else {
          await new Promise<void>((resolve) => (wake = resolve));
        }
      }
    },
    write: (data) => pty.write(data),
    resize({ columns, rows }) {
      if (code === undefined) pty.resize(columns, rows);
    },
    drawn: flow.drawn,
    kill() {
      if (code !== undefined || killTimer !== undefined) return;
      // A paused program would never see the end of its terminal.
      flow.drawn(Number.POSITIVE_INFINITY);
      hangUp(pty);
      killTimer = setTimeout(() => killGroup(pty.pid), grace);
      killTimer.unref();
    },
  };
}

async function spawnPty(start: PseudoTerminalStart): Promise<IPty> {
  let spawn: typeof import("@lydell/node-pty").spawn;
  try {
    ({ spawn } = await import("@lydell/node-pty"));
  } catch (error) {
    throw new UserError(
      "UNSUPPORTED",
      "Terminals do not work on this system: a part of LocalCoder is missing.",
      `Reinstall it. ${String(error)}`,
    );
  }
  try {
    return spawn(start.executable, [...start.arguments], {
      name: "xterm-256color",
      cwd: start.directory,
      env: start.environment,
      cols: start.columns,
      rows: start.rows,
      // Bytes: at the end there may be more of a character than the stream knows of.
      encoding: process.platform === "win32" ? undefined : null,
    });
  } catch (error) {
    throw new UserError("INTERNAL", `${start.executable} could not be started in a terminal.`, String(error));
  }
}

/** The name of the program that has the terminal now, such as vim; undefined when the system does not tell. */
function runningProgram(pty: IPty): string | undefined {
  try {
    return basename(pty.process) || undefined;
  } catch {
    return undefined;
  }
}

/** What a terminal window that is closed does: the shell tells its jobs and goes. */
function hangUp(pty: IPty): void {
  if (process.platform === "win32") {
    pty.kill();
    return;
  }
  try {
    process.kill(-pty.pid, "SIGHUP");
    process.kill(-pty.pid, "SIGCONT");
  } catch {
    pty.kill("SIGHUP");
  }
}

function killGroup(leader: number): void {
  try {
    process.kill(process.platform === "win32" ? leader : -leader, "SIGKILL");
  } catch {
    // It ended in the meantime.
  }
}
