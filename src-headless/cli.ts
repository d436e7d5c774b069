import { exitCodes, runProgram } from "./program.ts";

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

const { stdout, stderr, env } = process;
const code = await runProgram(process.argv.slice(2), { stdout, stderr, env, signal: stop.signal });
// All output has to have left before the process ends, also into a slow pipe.
await new Promise<void>((resolve) => stdout.write("", () => resolve()));
process.exit(code);
