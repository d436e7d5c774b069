// `npm run bench [-- window | typing-beside-chat | inference | first-answer | ghost-text | search | retrieval | history | history-window | models | project-questions | two-models | look-ahead | draft | kept-contexts | downloads | quality | package] [OPTIONS]`: prints our figures beside a peer's. Nothing is asserted: it is

// for people to read. Options go to the benchmark that is named.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { continueInProjectNode, installPackages, installSystemPackages, root } from "./prepare.mjs";
import { say } from "./progress.mjs";

const all = [
  "window",
  "typing-beside-chat",
  "inference",
  "first-answer",
  "ghost-text",
  "search",
  "retrieval",
  "history",
  "history-window",
  "models",
  "project-questions",
  "two-models",
  "look-ahead",
  "draft",
  "kept-contexts",
  "downloads",
];
// The one needs a folder of public repositories, the other a package, so they run only when they are named.
const onRequest = ["quality", "package"];
const named = process.argv.slice(2).filter((name) => [...all, ...onRequest].includes(name));
const options = process.argv.slice(2).filter((name) => ![...all, ...onRequest].includes(name));

installPackages();
continueInProjectNode();
const { build } = await import("./build.mjs");
const { startDisplay } = await import("./display.mjs");
const { fetchModel } = await import("./fetch-model.mjs");
const { fetchPeer } = await import("./fetch-peer.mjs");
const { runStep } = await import("./steps.mjs");

installSystemPackages("test");
await fetchModel("coder-0.5b");
await build({ say });
const bareMonaco = join("bench", "bare-monaco", "vite.config.ts");
if (!existsSync(join(root, "out", "bench", "bare-monaco")) && existsSync(join(root, bareMonaco))) {
  await runStep(process.execPath, [
    join(root, "node_modules", "vite", "bin", "vite.js"),
    "build",
    "--config",
    bareMonaco,
    "--logLevel",
    "error",
  ]);
}
const chosen = named.length > 0 ? named : all;
const peer = chosen.includes("ghost-text") || chosen.includes("first-answer") ? await fetchPeer() : undefined;
const { environment, stop } = await startDisplay();
let passed = true;
for (const name of chosen) {
  const parameters = [join(root, "bench", `${name}.ts`), ...(named.length === 1 ? options : [])];
  passed = (await runStep(process.execPath, parameters, { environment: { ...environment, LOCALCODER_BENCH_PEER: peer ?? "" } })) && passed;
}
stop();
process.exitCode = passed ? 0 : 1;
