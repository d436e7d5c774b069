import { spawn } from "node:child_process";
import { styleText } from "node:util";
import { root } from "./prepare.mjs";

/** Runs a program of the project and answers whether it ended well. What it prints is shown as it comes, or with `quiet` only when it failed. */
export function runStep(command, parameters, { environment = {}, quiet = false, folder = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, parameters, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ["ignore", quiet ? "pipe" : 2, quiet ? "pipe" : 2],
    });
    let printed = "";
    child.stdout?.on("data", (data) => {
      printed += data;
    });
    child.stderr?.on("data", (data) => {
      printed += data;
    });
    child.on("error", (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(false);
    });
    child.on("close", (code) => {
      if (code !== 0 && quiet) process.stderr.write(printed);
      resolve(code === 0);
    });
  });
}

/** Runs named steps in order, all of them even after a failure, and prints what each took. Answers whether all ended well. */
export async function runSteps(steps) {
  const results = [];
  for (const [name, run] of steps) {
    process.stderr.write(`${styleText("bold", name)}\n`);
    const started = Date.now();
    let passed = false;
    try {
      passed = await run();
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    }
    results.push({ name, passed, seconds: (Date.now() - started) / 1000 });
  }
  const width = Math.max(...results.map(({ name }) => name.length));
  process.stderr.write("\n");
  for (const { name, passed, seconds } of results) {
    const word = passed ? styleText("green", "passed") : styleText("red", "failed");
    process.stderr.write(`${name.padEnd(width)}  ${word}  ${seconds.toFixed(1).padStart(6)} s\n`);
  }
  const total = results.reduce((sum, { seconds }) => sum + seconds, 0);
  process.stderr.write(`${"".padEnd(width)}  ${"total".padEnd(6)}  ${total.toFixed(1).padStart(6)} s\n`);
  return results.every(({ passed }) => passed);
}
