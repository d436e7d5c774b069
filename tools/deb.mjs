import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

/** What Debian calls a processor. */
export const debianArchitectures = { x64: "amd64", arm64: "arm64" };

/** True where packages of Debian can be made. */
export function hasDebianTools() {
  return spawnSync("dpkg-deb", ["--version"], { stdio: "ignore" }).status === 0;
}

/**
 * Makes a package of Debian from a tree and answers its path. `fields` are those of its control file, `fill` puts the files into an empty
 * folder that stands for "/", `scripts` are run when it is installed or removed.
 */
export function makeDeb({ target, fields, fill, scripts = {} }) {
  const tree = mkdtempSync(join(tmpdir(), "localcoder-deb-"));
  try {
    chmodSync(tree, 0o755);
    fill(tree);
    makeReadable(tree);
    const sums = sumsBelow(tree);
    mkdirSync(join(tree, "DEBIAN"));
    writeFileSync(join(tree, "DEBIAN", "md5sums"), sums);
    const size = Math.ceil(bytesBelow(tree) / 1024);
    const control = Object.entries({ ...fields, "Installed-Size": size })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}: ${value}`);
    writeFileSync(join(tree, "DEBIAN", "control"), `${control.join("\n")}\n`);
    for (const [name, text] of Object.entries(scripts)) writeFileSync(join(tree, "DEBIAN", name), text, { mode: 0o755 });
    mkdirSync(target, { recursive: true });
    const file = join(target, `${fields.Package}_${fields.Version}_${fields.Architecture}.deb`);
    // Half a package looks like a whole one, so it gets its name when it is whole.
    const half = `${file}.half`;
    const { status, signal, stderr, error } = spawnSync("dpkg-deb", ["--root-owner-group", "-Zxz", "-z3", "--build", tree, half], {
      encoding: "utf8",
      // The same files make the same package.
      env: { ...process.env, SOURCE_DATE_EPOCH: process.env.SOURCE_DATE_EPOCH ?? "0" },
    });
    if (status === 0) {
      renameSync(half, file);
      return file;
    }
    rmSync(half, { force: true });
    if (signal) throw new Error(`dpkg-deb was ended by ${signal} before ${file} was whole. Make it again.`);
    throw new Error(`dpkg-deb could not make ${file}: ${error?.message ?? stderr.trim()}`);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

/** Whatever the rights were here: everybody may read, only root may write, and what could be started still can. */
function makeReadable(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) continue;
    if (entry.isDirectory()) makeReadable(path);
    chmodSync(path, entry.isDirectory() || (lstatSync(path).mode & 0o111) !== 0 ? 0o755 : 0o644);
  }
}

/** What `dpkg --verify` compares the installed files with; MD5 because dpkg knows no other sum. */
function sumsBelow(tree) {
  return readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(tree, join(entry.parentPath, entry.name)))
    .sort()
    .map(
      (path) =>
        `${createHash("md5")
          .update(readFileSync(join(tree, path)))
          .digest("hex")}  ${path}\n`,
    )
    .join("");
}

function bytesBelow(folder) {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + lstatSync(join(entry.parentPath, entry.name)).size, 0);
}
