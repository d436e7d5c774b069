// Ghost text beside llama-server as llama.vim asks it, with the same model file and threads. Run by `npm run bench -- ghost-text`;
// bench/ghost-text/README.md says what is measured and which options there are.

import { measureAbort } from "./ghost-text/abort.ts";
import { measureLive } from "./ghost-text/live.ts";
import { readOptions } from "./ghost-text/options.ts";
import { runQuality } from "./ghost-text/quality-parts.ts";
import { threadsOfThisMachine } from "./ghost-text/threads.ts";
import { measureTrace } from "./ghost-text/trace-run.ts";
import { measureWindow } from "./ghost-text/window.ts";
import { modelFile } from "./model.ts";

const options = readOptions(process.argv.slice(2));
const model = modelFile(options.model);
const threads = options.threads ?? (await threadsOfThisMachine());
for (const part of options.parts) {
  if (part === "trace") await measureTrace(model, threads, options);
  else if (part === "live") await measureLive(model, threads, options);
  else if (part === "abort") await measureAbort(model, threads, options);
  else if (part === "window") await measureWindow(model, threads, options);
  else await runQuality(part, model, threads, options);
}
