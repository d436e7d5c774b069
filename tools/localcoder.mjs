#!/usr/bin/env node
// `npx localcoder` in a checkout: builds the command line when its sources changed, and runs it in the project's Node.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { developmentModelsFolder } from "./fetch-model.mjs";
import { projectNode, root } from "./prepare.mjs";
import { say } from "./progress.mjs";

await build({ only: ["node"], say });
const environment = { ...process.env };
environment.LOCALCODER_DEVELOPMENT_MODELS ??= developmentModelsFolder();
const child = spawn(
  existsSync(projectNode) ? projectNode : process.execPath,
  [join(root, "out", "headless", "cli.js"), ...process.argv.slice(2)],
  {
    stdio: "inherit",
    env: environment,
  },
);
// The command line ends by itself when the terminal stops it, and says so with its exit code.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => {
  process.exitCode = signal === "SIGINT" ? 130 : (code ?? 1);
});
