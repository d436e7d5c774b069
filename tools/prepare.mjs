// What start and test need before they can begin. Runs on a plain Node 20 in a fresh clone, so it imports no package.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nativePackages } from "./native-parts.mjs";
import { say } from "./progress.mjs";

/** The checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The Node of the project, which its native modules need. */
export const projectNode = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

// Where a name changed between releases of Debian and Ubuntu, either will do.
const windowPackages = [
  ["libgtk-3-0t64", "libgtk-3-0"],
  ["libnss3"],
  ["libasound2t64", "libasound2"],
  ["libgbm1"],
  ["libxss1"],
  ["libxtst6"],
  ["libnotify4"],
  ["libatk-bridge2.0-0t64", "libatk-bridge2.0-0"],
  ["libdrm2"],
  ["libx11-xcb1"],
];
const testPackages = [...windowPackages, ["xvfb"], ["chromium"]];
const modelPackages = [["python3"], ["python3-pip"]];

/** For the test that installs the deb in a Debian of its own. */
const cleanRootPackages = [["debootstrap"]];

/** Installs the npm packages when they are missing or not those of the lock file. Answers whether it did. */
export function installPackages() {
  if (packagesAreCurrent()) return false;
  say("Installing the npm packages.");
  // Not `npm ci`: that insists on the packages of every other system being in the lock file, and not every registry has them all.
  // The lock file decides about versions all the same, and is not written to.
  const result = spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel", "error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
    // The prebuilt binaries come as packages; nothing is to be downloaded or compiled at this point.
    env: { ...process.env, NODE_LLAMA_CPP_SKIP_DOWNLOAD: "true" },
  });
  if (result.status !== 0) throw new Error("The npm packages could not be installed.");
  addNativePackages(nativePackages(process.platform, process.arch));
  return true;
}

/**
 * Installs those native packages that the lock file does not name, in the version their owner wants: it names only what the registry had
 * that wrote it, and npm takes nothing else by itself.
 */
export function addNativePackages(packages) {
  const manifestOf = (name) => {
    const file = join(root, "node_modules", name, "package.json");
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  };
  const missing = packages
    .map(({ name, owner }) => ({ name, version: manifestOf(owner)?.optionalDependencies?.[name] }))
    .filter(({ name, version }) => version !== undefined && !manifestOf(name))
    .map(({ name, version }) => `${name}@${version}`);
  if (missing.length === 0) return;
  say(`Installing ${missing.join(", ")}.`);
  const parameters = ["install", "--no-save", "--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts", "--loglevel", "error"];
  const result = spawnSync("npm", [...parameters, ...missing], { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (result.status !== 0) say("They could not be had. What needs them says so when it is used.");
}

function packagesAreCurrent() {
  const installedFile = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedFile) || !existsSync(projectNode)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedFile, "utf8")).packages;
  // Optional packages are those of other systems, which npm leaves out.
  return Object.entries(wanted).every(([path, { version, optional }]) => path === "" || optional || installed[path]?.version === version);
}

/** Goes on in the project's own Node when this one is too old for the native modules. */
export function continueInProjectNode() {
  if (Number.parseInt(process.versions.node, 10) >= 22) return;
  const result = spawnSync(projectNode, process.argv.slice(1), { stdio: "inherit" });
  process.exit(result.status ?? 1);
}

/** Installs Debian packages when root on Debian or one of its kin, and otherwise says which command does it. */
export function installSystemPackages(purpose) {
  if (process.platform !== "linux" || !existsSync("/usr/bin/dpkg-query")) return;
  const wanted = { window: windowPackages, test: testPackages, model: modelPackages, "clean root": cleanRootPackages }[purpose];
  const installed = installedPackages(wanted.flat());
  const missing = wanted.filter((names) => !names.some((name) => installed.has(name)));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    const names = missing.map((choices) => choices.at(-1)).join(" ");
    throw new Error(`Some packages of the system are missing. This installs them:\n\n  sudo apt-get install --yes ${names}\n`);
  }
  say(`Installing packages of the system: ${missing.map((names) => names.at(-1)).join(", ")}.`);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...parameters) =>
    spawnSync("apt-get", ["-qq", ...parameters], { stdio: ["ignore", "ignore", 2], env: environment }).status === 0;
  apt("update");
  const names = missing.map((choices) => choices.find(isKnownToApt) ?? choices[0]);
  if (!apt("install", "--yes", "--no-install-recommends", ...names)) throw new Error(`apt-get could not install ${names.join(" ")}.`);
}

function installedPackages(names) {
  const { stdout } = spawnSync("dpkg-query", ["--show", "--showformat", `\${binary:Package} \${db:Status-Status}\n`, ...names], {
    encoding: "utf8",
  });
  const lines = stdout.split("\n").filter((line) => line.endsWith(" installed"));
  return new Set(lines.map((line) => line.split(" ")[0].split(":")[0]));
}

function isKnownToApt(name) {
  const { stdout } = spawnSync("apt-cache", ["policy", name], { encoding: "utf8" });
  return /Candidate: (?!\(none\))/.test(stdout);
}
