// `node tools/stage-mac.mjs [FOLDER]`: makes LocalCoder.app for Apple Silicon on any system, from the packages that npm has
// for it, around a skeleton that stands where Electron would. It cannot be started; everything of ours in it can be looked at.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";
import { writeNotices } from "./licences.mjs";
import { llamaPackage } from "./native-parts.mjs";
import { root } from "./prepare.mjs";
import { say } from "./progress.mjs";
import { runStep } from "./steps.mjs";

const platform = "darwin";
const arch = "arm64";
const copied = ["package.json", "package-lock.json", "electron-builder.yml", "LICENSE", "resources", "tools/after-pack.mjs"];
const built = ["main", "preload", "engine", "headless", "renderer", "THIRD_PARTY_NOTICES.txt"];

/** Stages the app in an empty folder and answers its path. */
export async function stageMac(folder) {
  await build({ say });
  writeNotices();
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of built) cpSync(join(root, "out", name), join(folder, "out", name), { recursive: true });
  installFor(folder);
  const electron = join(folder, "skeleton");
  makeSkeleton(electron);
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const options = { electronDist: electron, electronVersion: devDependencies.electron, "mac.identity": "null" };
  const parameters = ["--mac", "dir", `--${arch}`, "--publish", "never", "--projectDir", folder];
  const settings = Object.entries(options).map(([name, value]) => `--config.${name}=${value}`);
  const program = join(root, "node_modules", "electron-builder", "cli.js");
  if (!(await runStep(process.execPath, [program, ...parameters, ...settings], { quiet: true, folder })))
    throw new Error("The app could not be staged.");
  return join(folder, "dist", "mac-arm64", "LocalCoder.app");
}

function installFor(folder) {
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"];
  npm(folder, ["install", "--omit=dev", `--os=${platform}`, `--cpu=${arch}`, ...quiet]);
  // The lock file has only what the registry had that wrote it.
  const name = llamaPackage(platform, arch);
  const place = join(folder, "node_modules", "@node-llama-cpp", name);
  if (existsSync(place)) return;
  const { version } = JSON.parse(readFileSync(join(folder, "node_modules", "node-llama-cpp", "package.json"), "utf8"));
  const packed = mkdtempSync(join(tmpdir(), "localcoder-pack-"));
  try {
    const file = packOrNewest(packed, `@node-llama-cpp/${name}`, version);
    mkdirSync(place, { recursive: true });
    const { status } = spawnSync("tar", ["-xzf", join(packed, file), "-C", place, "--strip-components=1"], { stdio: "ignore" });
    if (status !== 0) throw new Error(`${file} could not be unpacked.`);
  } finally {
    rmSync(packed, { recursive: true, force: true });
  }
}

/** A registry may lack a version; the newest has the same files, and the check of the package says that it does not fit. */
function packOrNewest(folder, name, version) {
  try {
    return npm(folder, ["pack", `${name}@${version}`, "--silent"]).trim();
  } catch {
    say(`The registry has no ${name} ${version}, so its newest stands in.`);
    return npm(folder, ["pack", name, "--silent"]).trim();
  }
}

function npm(folder, parameters) {
  const { status, stdout, stderr } = spawnSync("npm", parameters, { cwd: folder, encoding: "utf8", shell: process.platform === "win32" });
  if (status !== 0) throw new Error(`npm ${parameters[0]} failed: ${stderr.trim()}`);
  return stdout;
}

/** What electron-builder looks for in Electron's own app: the lists of properties, programs by their names, and a row of fuses. */
function makeSkeleton(folder) {
  const contents = join(folder, "Electron.app", "Contents");
  const program = (place, name) => {
    mkdirSync(join(place, "MacOS"), { recursive: true });
    writeFileSync(join(place, "MacOS", name), "A stand-in for Electron's program.\n");
    writeFileSync(join(place, "Info.plist"), properties({ CFBundleExecutable: name, CFBundleName: name, ...askedByElectron }));
  };
  program(contents, "Electron");
  for (const name of ["Electron Helper", "Electron Helper (GPU)", "Electron Helper (Plugin)", "Electron Helper (Renderer)"])
    program(join(contents, "Frameworks", `${name}.app`, "Contents"), name);
  const framework = join(contents, "Frameworks", "Electron Framework.framework");
  for (const resources of [join(contents, "Resources"), join(framework, "Versions", "A", "Resources")])
    for (const language of ["de", "en"]) {
      mkdirSync(join(resources, `${language}.lproj`), { recursive: true });
      writeFileSync(join(resources, `${language}.lproj`, "locale.pak"), "A stand-in for Chromium's words.\n");
    }
  // The mark that fuses are found by, the version of their form, their number, and all of them on.
  writeFileSync(join(framework, "Electron Framework"), `dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX${String.fromCharCode(1, 9)}${"1".repeat(9)}`);
}

const askedByElectron = {
  NSAudioCaptureUsageDescription: "Electron's sentence.",
  NSBluetoothPeripheralUsageDescription: "Electron's sentence.",
  NSCameraUsageDescription: "Electron's sentence.",
};

function properties(entries) {
  const lines = Object.entries(entries).map(([key, value]) => `<key>${key}</key><string>${value}</string>`);
  return `<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>${lines.join("")}</dict></plist>\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? mkdtempSync(join(tmpdir(), "localcoder-mac-")));
  say(`Staged ${await stageMac(folder)}.`);
}
