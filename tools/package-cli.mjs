// `npm run package:cli`: makes the command line alone as a tarball in dist, for `npm install --global FILE` on a machine without Electron.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";
import { writeNotices } from "./licences.mjs";
import { continueInProjectNode, installPackages, root } from "./prepare.mjs";
import { say } from "./progress.mjs";

/** The oldest Node that the native modules take. */
const oldestNode = 22;

const program = `#!/usr/bin/env node
const [major] = process.versions.node.split(".");
if (Number(major) < ${oldestNode}) {
  process.stderr.write(\`localcoder: This is Node \${process.versions.node}, and LocalCoder needs ${oldestNode} or newer.\\n\`);
  process.exit(1);
}
await import("../out/headless/cli.js");
`;

/** Builds what is out of date and packs it. Answers the path of the tarball. */
export async function packageCommandLine() {
  await build({ say });
  const { name, version, description, license, author, dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const stage = join(root, "out", "cli-package");
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(join(stage, "bin"), { recursive: true });
  writeFileSync(join(stage, "bin", "localcoder.mjs"), program, { mode: 0o755 });
  for (const part of ["engine", "headless", "renderer"]) cpSync(join(root, "out", part), join(stage, "out", part), { recursive: true });
  for (const file of ["LICENSE", "README.md"]) cpSync(join(root, file), join(stage, file));
  writeNotices(join(stage, "THIRD_PARTY_NOTICES.txt"));
  const manifest = {
    name,
    version,
    description: `${description} This is its command line: an engine, a server for browsers, and an HTTP interface.`,
    license,
    author,
    type: "module",
    bin: { localcoder: "bin/localcoder.mjs" },
    engines: { node: `>=${oldestNode}` },
    // What is not in the bundles: native modules, and what finds its own files by its place.
    dependencies,
  };
  writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  const target = join(root, "dist");
  mkdirSync(target, { recursive: true });
  const packed = spawnSync("npm", ["pack", "--silent", "--pack-destination", target], {
    cwd: stage,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
  });
  if (packed.status !== 0) throw new Error("npm could not pack the command line.");
  return join(target, packed.stdout.trim());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  installPackages();
  continueInProjectNode();
  say(`Made ${await packageCommandLine()}.`);
}
