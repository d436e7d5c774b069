// `npm start [-- [--no-model] [folder | file]...]`: prepares what is missing and opens the window, or serves it where there is no display.
import { spawn } from "node:child_process";
import { isAbsolute, join, resolve } from "node:path";
import { continueInProjectNode, installPackages, installSystemPackages, projectNode, root } from "./prepare.mjs";
import { say } from "./progress.mjs";

const withModel = !process.argv.includes("--no-model");
// npm runs scripts in the project's folder; INIT_CWD is where the user typed the command.
const parameters = process.argv
  .slice(2)
  .filter((argument) => argument !== "--no-model")
  .map((argument) => (argument.startsWith("-") || isAbsolute(argument) ? argument : resolve(process.env.INIT_CWD ?? ".", argument)));

try {
  installPackages();
  continueInProjectNode();
  process.exitCode = await start();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function start() {
  const hasDisplay = process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  if (hasDisplay) installSystemPackages("window");
  // Imported late: these use packages that the first lines have only just installed.
  const { build } = await import("./build.mjs");
  const { resolveElectron } = await import("./electron-runtime.mjs");
  const electron = hasDisplay ? await resolveElectron({ say }) : undefined;
  await build({ say });
  const environment = { ...process.env };
  if (withModel) await addModel(environment);
  if (electron) return openWindow(electron.executable, environment);
  say("There is no display here, so the workbench is served to a browser on this machine.");
  return run(projectNode, [join(root, "out", "headless", "cli.js"), "serve", ...parameters], environment);
}

// The window works without a model, and gets one by itself: so a failure here is said and no more.
async function addModel(environment) {
  const { developmentModelsFolder, fetchModel } = await import("./fetch-model.mjs");
  environment.LOCALCODER_DEVELOPMENT_MODELS = developmentModelsFolder();
  try {
    if (process.getuid?.() === 0) installSystemPackages("model");
    await fetchModel("coder-0.5b");
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)} The window opens without a model.`);
  }
}

function openWindow(executable, environment) {
  // Chromium has no sandbox for root and refuses to start with one; the application says that it is off.
  const sandbox = process.platform === "linux" && process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return run(executable, [root, ...sandbox, "--log-level=3", ...parameters], environment);
}

function run(command, commandParameters, environment) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandParameters, { stdio: "inherit", env: environment });
    const pass = (signal) => child.kill(signal);
    process.on("SIGINT", () => {});
    process.on("SIGTERM", pass);
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(signal === "SIGINT" ? 130 : (code ?? 1)));
  });
}
