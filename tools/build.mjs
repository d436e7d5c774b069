// Builds what runs: `build.mjs [node | renderer] [--force]`. A part whose sources did not change since its last build is left alone.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import { writeNotices } from "./licences.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, "out");

// Native modules and what Electron itself provides stay outside of the bundles.
const external = [
  "electron",
  "better-sqlite3",
  "node-llama-cpp",
  "@lydell/node-pty",
  "@vscode/ripgrep",
  // Finds its WebAssembly by its own place.
  "web-tree-sitter",
  "bufferutil",
  "utf-8-validate",
];

const bundles = [
  { folder: "main", entries: { app: "src-main/app.ts" } },
  { folder: "preload", entries: { preload: "src-preload/preload.ts" }, format: "cjs" },
  {
    folder: "engine",
    entries: {
      "engine.process": "src-engine/engine.process.ts",
      "inference.process": "src-engine/inference/inference.process.ts",
      "check.worker": "src-engine/completion/check/typescript/typescript.worker.ts",
      "compare.process": "src-engine/assist/compare/javascript/compare.process.ts",
      "run-tests.process": "src-engine/assist/tests/script/run-tests.process.ts",
      "project.worker": "src-engine/project/project.worker.ts",
      "typescript.process": "src-engine/typescript/typescript.process.ts",
      "back-end-trial.process": "src-engine/inference/back-end-trial.process.ts",
      "packet.process": "src-engine/audit/packet.process.ts",
    },
  },
  { folder: "headless", entries: { cli: "src-headless/cli.ts", "command-line": "src-headless/run-command-line.ts" } },
];

/** The parts of a build and the sources each depends on. */
const parts = {
  node: [
    "src-core",
    "src-engine",
    "src-headless",
    "src-main",
    "src-preload",
    "resources",
    "package.json",
    "product.json",
    "package-lock.json",
    "tools/build.mjs",
  ],
  renderer: ["src-core", "src-renderer", "product.json", "package-lock.json", "vite.config.ts", "tools/typescript-extension.mjs"],
};

function stampOf(part) {
  const hash = createHash("sha256");
  const visit = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    let entries;
    try {
      entries = readdirSync(full, { withFileTypes: true });
    } catch {
      hash.update(path).update("\0").update(readFileSync(full));
      return;
    }
    for (const { name } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (!/\.test\.ts$|^node_modules$/.test(name)) visit(`${path}/${name}`);
    }
  };
  for (const path of parts[part]) visit(path);
  return hash.digest("hex");
}

const stampFile = (part) => join(output, `.${part}-stamp`);

/** True when a part was built from the sources as they are now. */
export function isBuilt(part) {
  return existsSync(stampFile(part)) && readFileSync(stampFile(part), "utf8") === stampOf(part);
}

/** Builds the named parts (all by default) that are out of date; says what it does. */
export async function build({ only = Object.keys(parts), force = false, say = () => {} } = {}) {
  for (const part of only) {
    if (!force && isBuilt(part)) continue;
    const stamp = stampOf(part);
    rmSync(stampFile(part), { force: true });
    say(part === "node" ? "Building the engine, the command line and the desktop shell." : "Building the window (takes half a minute).");
    const started = Date.now();
    await (part === "node" ? buildNode() : buildRenderer());
    mkdirSync(output, { recursive: true });
    writeFileSync(stampFile(part), stamp);
    say(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  }
}

async function buildNode() {
  const { build: bundle } = await import("vite");
  for (const { folder, entries, format = "es" } of bundles) {
    await bundle({
      root,
      configFile: false,
      logLevel: "warn",
      publicDir: false,
      ssr: { noExternal: true, external, target: "node" },
      // TypeScript is written for CommonJS and asks where its file lies.
      ...(folder === "engine" && { define: { __filename: "import.meta.filename", __dirname: "import.meta.dirname" } }),
      build: {
        ssr: true,
        target: "node20",
        outDir: join(output, folder),
        emptyOutDir: true,
        minify: false,
        sourcemap: false,
        rolldownOptions: {
          input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(root, file)])),
          output: {
            format,
            entryFileNames: format === "cjs" ? "[name].cjs" : "[name].js",
            chunkFileNames: "chunks/[name]-[hash].js",
          },
        },
      },
    });
  }
  copyTypeScriptLibrary(join(output, "engine", "typescript-library"));
  writeNotices(join(output, "THIRD_PARTY_NOTICES.txt"));
}

/** The declarations that the check of suggestions and the language server read: files, because a bundle would hold all of them in memory. */
function copyTypeScriptLibrary(target) {
  const source = join(root, "node_modules", "typescript-language-service", "lib");
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(source))
    if (/^lib\.(.+\.)?d\.ts$/.test(name)) copyFileSync(join(source, name), join(target, `${name}.txt`));
}

// In a process of its own: the renderer's bundle needs more memory than Node takes by default.
function buildRenderer() {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["--max-old-space-size=3072", join(root, "node_modules", "vite", "bin", "vite.js"), "build", "--logLevel", "error"],
      { cwd: root, stdio: ["ignore", 2, 2] },
    );
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error("The window could not be built."))));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const only = process.argv.slice(2).filter((argument) => argument in parts);
  try {
    await build({
      ...(only.length > 0 && { only }),
      force: process.argv.includes("--force"),
      say: (text) => process.stderr.write(`${styleText("dim", text)}\n`),
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
