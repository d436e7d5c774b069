// Checks without running anything: types, lint and format, unused code and dependencies.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./prepare.mjs";
import { runStep, runSteps } from "./steps.mjs";

const packageProgram = (...path) => join(root, "node_modules", ...path);

/** The checks, as steps. */
export const checks = [
  ["types", checkTypes],
  [
    "lint and format",
    () =>
      runStep(process.execPath, [packageProgram("@biomejs", "biome", "bin", "biome"), "ci", "--colors=off", "--max-diagnostics=50"], {
        quiet: true,
      }),
  ],
  ["unused code", () => runStep(process.execPath, [packageProgram("knip", "bin", "knip.js"), "--no-progress"], { quiet: true })],
];

async function checkTypes() {
  const projects = readdirSync(root).filter((name) => existsSync(join(root, name, "tsconfig.json")));
  let passed = true;
  for (const project of projects) {
    passed = (await runStep(process.execPath, [packageProgram("typescript", "bin", "tsc"), "-p", project], { quiet: true })) && passed;
  }
  return passed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = (await runSteps(checks)) ? 0 : 1;
