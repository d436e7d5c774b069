// `node tools/check-package.mjs FOLDER [--platform linux|darwin|win32] [--arch x64|arm64] [--inspectable] [--json]`: looks through
// an unpacked package (on macOS LocalCoder.app) and says what is in it and what is wrong. --inspectable: one made for tests, to which a
// debugger may attach.
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openAsar } from "./asar.mjs";
import { readFuses } from "./fuses.mjs";
import { checkMacBundle } from "./mac-bundle.mjs";
import { nativeTarget, nativeTargetOf } from "./native-header.mjs";
import { llamaPackage, nativeFiles } from "./native-parts.mjs";

// What node-llama-cpp names for compiling, which a package never does.
const onlyToCompile = new Set(["cmake-js", "node-addon-api", "node-api-headers"]);
const ofTheRuntime = new Set(["electron", "bufferutil", "utf-8-validate", ...builtinModules]);
const looksNative = /\.(node|so|dylib|dll|exe)(\.\d+)*$/;

/** Where the parts of a package lie. */
export function layoutOf(folder, platform) {
  const place = platform === "darwin" ? join(folder, "Contents") : folder;
  const notices = join(place, "THIRD_PARTY_NOTICES.txt");
  if (platform === "darwin") return { resources: join(place, "Resources"), program: folder, notices };
  const program = join(folder, platform === "win32" ? "LocalCoder.exe" : "localcoder-desktop");
  return { resources: join(folder, "resources"), program, notices };
}

/**
 * Looks through an unpacked package.
 * @returns {Promise<{problems: string[], bytes: number, largest: {name: string, bytes: number}[], natives: number, archive: string, fuses: Record<string, string>}>}
 */
export async function checkPackage({ folder, platform, arch, inspectable = false }) {
  const { resources, program, notices } = layoutOf(folder, platform);
  const archive = openAsar(join(resources, "app.asar"));
  try {
    const files = filesBelow(folder);
    const natives = checkNatives(files, archive, platform, arch);
    const fuses = await readFuses(program, { inspectable });
    const problems = [
      ...natives.problems,
      ...checkWanted(archive, resources, platform, arch),
      ...checkImports(archive),
      ...checkStrays(archive),
      ...checkNotices(archive, notices),
      ...archive.damage(),
      ...fuses.problems,
      ...(platform === "darwin" ? checkMacBundle(folder, archive.hash) : []),
      ...(platform === "win32" && !readFileSync(program).includes(archive.hash)
        ? ["LocalCoder.exe does not carry the hash of its archive."]
        : []),
    ];
    const sizes = sizesOf(files, archive, relative(folder, resources));
    return {
      problems,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      largest: sizes.slice(0, 10),
      natives: natives.count,
      archive: archive.hash,
      fuses: fuses.states,
    };
  } finally {
    archive.close();
  }
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, name: relative(folder, path).split(sep).join("/"), bytes: lstatSync(path).size }));
}

/** Every native file is for this platform, and none lies inside the archive, where the system cannot open it. */
function checkNatives(files, archive, platform, arch) {
  const problems = [];
  let count = 0;
  for (const { path, name } of files) {
    const target = nativeTargetOf(path);
    if (target === undefined) {
      if (looksNative.test(name)) problems.push(`${name} is called like a native file and is none.`);
      continue;
    }
    count += 1;
    if (target.platform !== platform || !target.architectures.includes(arch))
      problems.push(`${name} is for ${target.platform} ${target.architectures.join(" and ")}, not for ${platform} ${arch}.`);
  }
  for (const entry of archive.files) {
    if (entry.unpacked || entry.size < 64) continue;
    if (looksNative.test(entry.path) || nativeTarget(archive.read(entry).subarray(0, 4096)) !== undefined)
      problems.push(`${entry.path} is native and lies inside the archive, where it cannot be opened.`);
  }
  return { problems, count };
}

/** What the program opens and starts is there, can be started, and is of the version that will take it. */
function checkWanted(archive, resources, platform, arch) {
  const problems = [];
  for (const file of nativeFiles(platform, arch)) {
    const path = join(resources, "app.asar.unpacked", "node_modules", file);
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) problems.push(`node_modules/${file} is missing.`);
    else if (platform !== "win32" && /\/(rg|spawn-helper)$/.test(file) && process.platform !== "win32" && (found.mode & 0o111) === 0)
      problems.push(`node_modules/${file} cannot be started: it is not executable.`);
  }
  const version = (name) => manifestOf(archive, `node_modules/${name}`)?.version;
  const llama = `@node-llama-cpp/${llamaPackage(platform, arch)}`;
  // node-llama-cpp takes no binary of another version.
  if (version(llama) !== undefined && version(llama) !== version("node-llama-cpp"))
    problems.push(`${llama} is version ${version(llama)}, and node-llama-cpp is ${version("node-llama-cpp")}.`);
  return problems;
}

function manifestOf(archive, folder) {
  const entry = archive.files.find(({ path }) => path === `${folder}/package.json`);
  return entry && JSON.parse(archive.read(entry).toString("utf8"));
}

/** Everything that the bundles import from packages is in the archive, with all it needs itself. */
function checkImports(archive) {
  const { dependencies } = JSON.parse(archive.read(archive.files.find(({ path }) => path === "package.json")).toString("utf8"));
  const problems = [];
  const visited = new Set();
  const visit = (name, from, why) => {
    const folder = resolveIn(archive, name, from);
    if (folder === undefined) problems.push(`${name} is missing, which ${why} needs.`);
    if (folder === undefined || visited.has(folder)) return;
    visited.add(folder);
    for (const next of Object.keys(manifestOf(archive, folder).dependencies ?? {})) if (!onlyToCompile.has(next)) visit(next, folder, name);
  };
  for (const entry of archive.files) {
    if (!/^out\/(main|preload|engine|headless)\/.*\.c?js$/.test(entry.path)) continue;
    const text = archive.read(entry).toString("utf8");
    // A statement names whatever it needs; a call may stand in a text, and counts when the package is one of ours.
    const statements = [...text.matchAll(/^(?:import|export)\b[^"'`;]*?["']([^"'./#][^"'\s]*)["'];?$/gm)].map(([, name]) =>
      packageOf(name),
    );
    const calls = [...text.matchAll(/\b(?:require(?:\.resolve)?|import)\(\s*["']([^"'./#][^"'\s]*)["']/g)].map(([, name]) =>
      packageOf(name),
    );
    for (const name of new Set([...statements, ...calls.filter((call) => call in dependencies)])) {
      if (!name.startsWith("node:") && !ofTheRuntime.has(name)) visit(name, "", entry.path);
    }
  }
  return problems;
}

/** Nothing of a checkout is in the archive but what was built: what somebody keeps beside the sources is nobody else's business. */
function checkStrays(archive) {
  const wanted = /^(package\.json|resources\/icon\.png|node_modules\/.*|out\/(main|preload|engine|headless|renderer)\/.*)$/;
  const strays = archive.files.map(({ path }) => path).filter((path) => !wanted.test(path));
  return strays.length === 0 ? [] : [`${strays.length} files are in the archive that do not belong there, ${strays[0]} among them.`];
}

/** The licences of all packages in the archive lie beside the program. */
function checkNotices(archive, path) {
  if (!existsSync(path)) return ["The notices of third parties are missing."];
  const notices = readFileSync(path, "utf8");
  const folders = archive.files.flatMap((entry) => /^(.*node_modules\/(?:@[^/]+\/)?[^/@]+)\/package\.json$/.exec(entry.path)?.[1] ?? []);
  // Native packages of another system come with no text of their own, and their owner's licence.
  const named = folders.map((folder) => manifestOf(archive, folder)).filter(({ name, os }) => name !== undefined && os === undefined);
  return named.filter(({ name }) => !notices.includes(`\n${name} `)).map(({ name }) => `The notices do not name ${name}.`);
}

function packageOf(specifier) {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function resolveIn(archive, name, from) {
  for (let folder = from; ; folder = folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/")) : "") {
    const candidate = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (archive.has(`${candidate}/package.json`)) return candidate;
    if (folder === "") return undefined;
  }
}

/** Sizes by folder, largest first: packages of npm and parts of our build by name, whether inside the archive or beside it. */
function sizesOf(files, archive, resources) {
  const sums = new Map();
  const add = (name, bytes) => sums.set(name, (sums.get(name) ?? 0) + bytes);
  for (const { path, size } of archive.files) add(groupOf(path), size);
  const archived = `${resources.split(sep).join("/")}/app.asar`;
  for (const { name, bytes } of files) {
    // The archive and what lies beside it are counted above.
    if (name !== archived && !name.startsWith(`${archived}.unpacked/`)) add(outerGroupOf(name), bytes);
  }
  return [...sums].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}

function groupOf(path) {
  const package_ = /^node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(path);
  return package_ ? package_[0] : path.split("/", 2).join("/");
}

function outerGroupOf(name) {
  const parts = name.split("/");
  const framework = parts.findIndex((part) => part.endsWith(".framework"));
  if (framework >= 0) return parts[framework];
  const start = parts.indexOf("node_modules");
  if (start >= 0) return `${parts.slice(0, start).join("/")}/${groupOf(parts.slice(start).join("/"))}`;
  return parts.length > 1 ? parts.slice(0, -1).slice(0, 3).join("/") : name;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      platform: { type: "string", default: process.platform },
      arch: { type: "string", default: process.arch },
      inspectable: { type: "boolean" },
      json: { type: "boolean" },
    },
  });
  const folder = resolve(positionals[0] ?? ".");
  const result = await checkPackage({ folder, ...values });
  if (values.json) process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  else {
    const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1).padStart(8)} MB`;
    const lines = [
      `${basename(folder)} for ${values.platform} ${values.arch}: ${megabytes(result.bytes).trim()}, ${result.natives} native files, archive ${result.archive}`,
      ...result.largest.map(({ name, bytes }) => `${megabytes(bytes)}  ${name}`),
      ...Object.entries(result.fuses).map(([name, state]) => `  fuse ${name}: ${state}`),
      ...result.problems.map((problem) => `Problem: ${problem}`),
      result.problems.length === 0 ? "No problems found." : `${result.problems.length} problems.`,
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  if (result.problems.length > 0) process.exitCode = 1;
}
