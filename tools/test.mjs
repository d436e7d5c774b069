// `npm test [-- STEP...]`: prepares what is missing and runs every check and test. `--long` also runs what takes its time.
import { join } from "node:path";
import { continueInProjectNode, installPackages, installSystemPackages, root } from "./prepare.mjs";
import { say } from "./progress.mjs";

const long = process.argv.includes("--long");
const named = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));

try {
  installPackages();
  continueInProjectNode();
  process.exitCode = (await test()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function test() {
  // Imported late: these use packages that the first lines have only just installed.
  const { build } = await import("./build.mjs");
  const { checks } = await import("./check.mjs");
  const { resolveElectron } = await import("./electron-runtime.mjs");
  const { fetchPeer } = await import("./fetch-peer.mjs");
  const { developmentModelsFolder, fetchModel } = await import("./fetch-model.mjs");
  const { runStep, runSteps } = await import("./steps.mjs");
  const environment = { LOCALCODER_LONG: long ? "1" : "", LOCALCODER_TEST_MODELS: developmentModelsFolder(), LOCALCODER_BENCH_PEER: "" };
  const program = (...path) => join(root, "node_modules", ...path);

  const vitest = (project) =>
    runStep(process.execPath, [program("vitest", "vitest.mjs"), "run", "--project", project, "--reporter", "dot"], { environment });

  const steps = [
    [
      "prepare",
      async () => {
        installSystemPackages("test");
        if (process.getuid?.() === 0) installSystemPackages("model");
        if (process.getuid?.() === 0 && long) installSystemPackages("clean root");
        await fetchModel("coder-0.5b");
        if (long) environment.LOCALCODER_BENCH_PEER = await fetchPeer();
        const { version, source } = await resolveElectron({ say });
        say(`Electron ${version} (${source}).`);
        return true;
      },
    ],
    ...checks,
    ["build", () => build({ say }).then(() => true)],
    // Before the tests, some of which look into it.
    ...(long
      ? [["package", () => runStep(process.execPath, [join(root, "tools", "package.mjs"), "--linux", "dir", "--inspectable"])]]
      : []),
    ["unit", () => vitest("unit")],
    ["real model", () => vitest("real")],
    ["e2e", () => runStep(process.execPath, [program("@playwright", "test", "cli.js"), "test"], { environment })],
  ];
  const known = steps.map(([name]) => name);
  const unknown = named.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`There is no step ${unknown.join(", ")}. Known are: ${known.join(", ")}.`);
  return runSteps(named.length > 0 ? steps.filter(([name]) => named.includes(name)) : steps);
}
