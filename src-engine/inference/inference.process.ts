import { readFileSync } from "node:fs";
import { constants, freemem, setPriority } from "node:os";
import { createEmitter } from "#core/base/emitter";
import type { NetworkAttempt } from "#core/contracts/network";
import { closedRules } from "#core/network/decide";
import { serveRouter } from "#core/transport/serve";
import type { Wire } from "#core/transport/wire";
import { installNetworkGate } from "../network/gate.ts";
import { connectToParent } from "../process/parent.ts";
import { tryBackEndsThroughMain } from "./back-end-trial.ts";
import { createLlamaLoader } from "./llama.ts";
import { createInferenceRouter } from "./router.ts";

/** The entry of the process that runs models: Electron's utility process or a child of Node, whichever started it. */

/** A model has no business on a network; what is refused stands in the engine's ledger. */
const attempts = createEmitter<NetworkAttempt>();
installNetworkGate({
  process: "inference",
  rules: () => closedRules,
  record(attempt) {
    attempts.emit(attempt);
    return undefined;
  },
});

try {
  // Typing and drawing come first; the model takes what is left.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Some systems do not allow it; the work is the same.
}

const log = (level: string, message: string) => process.stderr.write(`llama.cpp ${level}: ${message.trimEnd()}\n`);

/**
 * Memory that models can have: what is free, what the system would give up for it, and what ours have now. Their weights are pages of
 * a file, which count as free already; what counts back is the rest.
 */
function freeMemory(): number {
  const available = (process as { availableMemory?: () => number }).availableMemory;
  const free = available === undefined ? freemem() : available.call(process);
  return free + ownMemory();
}

function ownMemory(): number {
  try {
    const kilobytes = /^RssAnon:\s*(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Only Linux tells it so.
  }
  return process.memoryUsage().rss;
}

function serve(wire: Wire): void {
  serveRouter(createInferenceRouter(createLlamaLoader(log, freeMemory), attempts), wire, {
    onUnexpected: (error) => log("error", error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
  // Whoever started this process is gone: a model nobody can ask is memory lost.
  wire.onClose(() => process.exit(0));
}

tryBackEndsThroughMain();
connectToParent(serve);
