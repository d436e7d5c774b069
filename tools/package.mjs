// `npm run package -- [--linux dir | --mac | --win] [--inspectable]`: builds what is out of date and packages it with the Electron at hand.
// With nothing named on Linux that is the unpacked folder and, where Debian's tools are, a deb made of it.
// On a Mac it signs and notarises with what the environment names for that (docs/releasing.md), and else signs for this machine's eyes only.
import { join } from "node:path";
import { build } from "./build.mjs";
import { hasDebianTools } from "./deb.mjs";
import { resolveElectron } from "./electron-runtime.mjs";
import { writeNotices } from "./licences.mjs";
import { signingOnMac } from "./mac-signing.mjs";
import { packageProgram, unpackedFolder } from "./package-deb.mjs";
import { root } from "./prepare.mjs";
import { say } from "./progress.mjs";
import { runStep } from "./steps.mjs";

const named = process.argv.slice(2);
const makesDeb = named.length === 0 && process.platform === "linux";
const parameters = makesDeb ? ["--linux", "dir"] : named.filter((argument) => argument !== "--inspectable");
const settings = {};
// For the test that drives the package; a released one lets nobody attach to it.
if (process.argv.includes("--inspectable")) settings["electronFuses.enableNodeCliInspectArguments"] = "true";

try {
  await build({ say });
  writeNotices();
  const target = { "--mac": "darwin", "--win": "win32", "--linux": "linux" }[parameters.find((one) => /^--(mac|win|linux)$/.test(one))];
  if (target === undefined || target === process.platform) {
    const { folder, version, source } = await resolveElectron({ say });
    say(`Packaging with Electron ${version} (${source}).`);
    settings.electronDist = folder;
    settings.electronVersion = version;
  }
  if (target === "darwin" || (target === undefined && process.platform === "darwin")) {
    const signing = signingOnMac(process.env);
    Object.assign(settings, signing.settings);
    if (signing.remark !== undefined) say(signing.remark);
  }
  const options = Object.entries(settings).map(([name, value]) => `--config.${name}=${value}`);
  const program = join(root, "node_modules", "electron-builder", "cli.js");
  const passed = await runStep(process.execPath, [program, "--publish", "never", ...parameters, ...options]);
  if (passed && makesDeb) {
    if (hasDebianTools()) say(`Made ${packageProgram({ folder: unpackedFolder(process.arch), arch: process.arch })}.`);
    else say("There is no dpkg-deb on this machine, so no deb was made of the folder in dist.");
  }
  process.exitCode = passed ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
