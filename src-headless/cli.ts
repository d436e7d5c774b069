import { exitCodes } from "./command.ts";
import { report, runProgram } from "./program.ts";
import { createTerminal } from "./terminal.ts";

// The entry of the command line: what only a process of its own can do.

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
const parameters = process.argv.slice(2);
// What nobody caught is a fault of ours; a person still gets a sentence and not a stack.
process.on("uncaughtException", (error) => {
  process.exit(report(error, createTerminal({ json: parameters.includes("--json"), stdout, stderr, env })));
});
const person = stdin.isTTY && stdout.isTTY ? { input: stdin, output: stdout } : undefined;
const code = await runProgram(parameters, { stdin, stdout, stderr, env, person, signal: stop.signal });
// All output has to have left before the process ends, also into a slow pipe.
await new Promise<void>((resolve) => stdout.write("", () => resolve()));
process.exit(code);
