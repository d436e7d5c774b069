import type { CommandLineProgram } from "#core/processes";
import { exitCodes, type Start } from "./command.ts";
import { report, runProgram } from "./program.ts";
import { createTerminal } from "./terminal.ts";

/** Runs the command line with what only a whole process has: its streams, its signals, and errors that nobody caught. */
export async function runCommandLine({
  parameters,
  ...start
}: { readonly parameters: readonly string[] } & Partial<Start>): Promise<number> {
  const stop = new AbortController();
  function onStop(): void {
    // The second time nothing is waited for any more.
    if (stop.signal.aborted) process.exit(exitCodes.stopped);
    stop.abort();
  }
  process.on("SIGINT", onStop);
  process.on("SIGTERM", onStop);
  // Whoever read our output went away: nobody is interested in the rest.
  process.stdout.on("error", () => process.exit(exitCodes.stopped));

  const { stdin, stdout, stderr, env } = process;
  // What nobody caught is a fault of ours; a person still gets a sentence and not a stack.
  process.on("uncaughtException", (error) => {
    process.exit(report(error, createTerminal({ json: parameters.includes("--json"), stdout, stderr, env })));
  });
  const person = stdin.isTTY && stdout.isTTY ? { input: stdin, output: stdout } : undefined;
  const { openProcess, commandLine } = start;
  const code = await runProgram(parameters, {
    stdin,
    stdout,
    stderr,
    env,
    person,
    signal: stop.signal,
    start: openProcess && commandLine && { openProcess, commandLine },
  });
  // All output has to have left before the process ends, also into a slow pipe.
  await new Promise<void>((resolve) => stdout.write("", () => resolve()));
  return code;
}

runCommandLine satisfies CommandLineProgram["runCommandLine"];
