// Writes out/THIRD_PARTY_NOTICES.txt: name, version, licence and licence text of every package that is shipped, and of the runtime; says
// when a licence is not one we may ship.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./prepare.mjs";
import { say } from "./progress.mjs";

const textName = /^(licen[cs]e|copying|notice|thirdpartynotices)([.-].*)?$/i;

// In the bundles, so only needed to build: named by prefix, with whatever they depend on.
const bundled = [
  "@codingame/",
  "@orpc/",
  "chokidar",
  "ignore",
  "jsonc-parser",
  "monaco-editor",
  "typescript-language-service",
  "vscode",
  "ws",
  "zod",
];

// They ask for no more than their text in the notices.
const allowed = new Set([
  "MIT",
  "MIT-0",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "0BSD",
  "CC0-1.0",
  "Unlicense",
]);

// Others that were looked at, by package.
const lookedAt = {
  // A file of its own in the window's build and only called; with our source anybody can put another version in its place.
  jschardet: "LGPL-2.1+",
};

/** True when a package may be shipped under what it says of its licence: an expression of SPDX. */
export function allowsLicence(name, licence) {
  if (lookedAt[name] === licence) return true;
  const choices = licence.replace(/^\(|\)$/g, "").split(/ OR /);
  return choices.some((choice) => choice.split(/ AND /).every((one) => allowed.has(one)));
}

/** Finds the shipped packages by following dependencies as Node resolves them, from the root and from what is bundled. `needs` are folders. */
export function shippedPackages() {
  const { dependencies, devDependencies } = readPackage(root);
  const start = [
    ...Object.keys(dependencies),
    ...Object.keys(devDependencies).filter((name) => bundled.some((prefix) => name.startsWith(prefix))),
  ];
  const found = new Map();
  const visit = (name, from) => {
    const folder = resolvePackage(name, from);
    // Optional packages of other systems are not installed, and not shipped from here.
    if (!folder || found.has(folder)) return folder;
    const manifest = readPackage(folder);
    const entry = { folder, name: manifest.name, version: manifest.version, licence: licenceOf(manifest), needs: [] };
    found.set(folder, entry);
    for (const next of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
      const needed = visit(next, folder);
      if (needed) entry.needs.push(needed);
    }
    return folder;
  };
  for (const name of start) visit(name, root);
  return [...found.values()].sort((a, b) => (a.name === b.name ? (a.version < b.version ? -1 : 1) : a.name < b.name ? -1 : 1));
}

function readPackage(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function resolvePackage(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

function licenceOf({ license, licenses }) {
  if (typeof license === "string") return license;
  if (license?.type) return license.type;
  return (licenses ?? []).map(({ type }) => type).join(" OR ") || "see the text below";
}

function textsOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && textName.test(entry.name))
    .map((entry) => readFileSync(join(folder, entry.name), "utf8").trim());
}

/** Writes the file and answers its path. The same text of several packages is printed once. */
export function writeNotices(target = join(root, "out", "THIRD_PARTY_NOTICES.txt")) {
  mkdirSync(dirname(target), { recursive: true });
  const groups = new Map();
  for (const entry of shippedPackages()) {
    const text = textsOf(entry.folder).join("\n\n") || `Licence: ${entry.licence} (the package carries no text of its own).`;
    groups.set(text, [...(groups.get(text) ?? []), entry]);
  }
  const line = "-".repeat(80);
  const parts = [
    "LocalCoder contains the work of others. Below are the packages it ships with, and their licences.",
    "Electron and Chromium, with which it runs, carry theirs in LICENSE.electron.txt and LICENSES.chromium.html beside the program.",
    ...[...groups].map(
      ([text, entries]) =>
        `${line}\n${entries.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join("\n")}\n${line}\n\n${text}`,
    ),
  ];
  writeFileSync(target, `${parts.join("\n\n").replaceAll("\r\n", "\n")}\n`);
  return target;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const packages = shippedPackages();
  const target = writeNotices();
  const counts = {};
  for (const { licence } of packages) counts[licence] = (counts[licence] ?? 0) + 1;
  say(
    `${target}: ${packages.length} packages (${Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ")}).`,
  );
  for (const { name, licence } of packages.filter((one) => !allowsLicence(one.name, one.licence))) {
    say(`${name} is under ${licence}, which is not on the list.`);
    process.exitCode = 1;
  }
}
