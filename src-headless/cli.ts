import { runCommandLine } from "./run-command-line.ts";

// The entry of the command line in a Node.

process.exit(await runCommandLine({ parameters: process.argv.slice(2) }));
