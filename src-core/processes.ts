import type { LocalWire } from "./transport/wire.ts";

/** Scripts of ours that run in processes of their own beside the engine; the build names their files after them. */
export const ownScripts = ["inference", "typescript", "back-end-trial", "packet"] as const;
/** See {@link ownScripts}. */
export type OwnScript = (typeof ownScripts)[number];

/** How a process ended. */
export interface ProcessExit {
  /** Null where a signal ended it, or it never started. */
  readonly code: number | null;
  /** For a sentence: the name of a signal, "exit code 1", or why it could not be started. */
  readonly reason: string;
}

/** A process that runs a script of ours, and the way to it. */
export interface OwnProcess {
  readonly pid: number;
  readonly wire: LocalWire;
  /** Resolves when the process is gone, whoever ended it; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Ends it at once: a script in the middle of a long computation does not answer a polite request. */
  kill(): void;
}

/** Starts a script of ours; rejects where it does not start. */
export type OpenProcess = (script: OwnScript, parameters?: readonly string[]) => Promise<OwnProcess>;

/**
 * What a utility process of Electron asks main for. A released program cannot be started as a Node (its fuse for that is off), and main
 * alone can start utility processes.
 */
export type ProcessRequest =
  | { readonly type: "open-process"; readonly id: number; readonly script: OwnScript; readonly parameters: readonly string[] }
  | { readonly type: "kill-process"; readonly id: number };

/** What main answers; a port to the process comes with the first. */
export type ProcessAnswer =
  | { readonly type: "process"; readonly id: number; readonly pid: number }
  | ({ readonly type: "process-exit"; readonly id: number } & ProcessExit);

/** What a script is told by main with the port to whoever asked for it. */
export interface ProcessConnect {
  readonly type: "connect";
}

/** The command line as main runs it in a package, where there is no other Node. */
export interface CommandLineProgram {
  /** Runs to the end and answers the exit code. */
  runCommandLine(options: {
    readonly parameters: readonly string[];
    readonly openProcess: OpenProcess;
    /** How this program is started once more with its command line: a program and its first arguments. */
    readonly commandLine: readonly [program: string, ...parameters: string[]];
  }): Promise<number>;
}
