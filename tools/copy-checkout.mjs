import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./prepare.mjs";

/** Copies the checkout as it would be committed, and its packages as hard links: for tests that build elsewhere. */
export function copyCheckout(target) {
  mkdirSync(target, { recursive: true });
  const listed = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root, encoding: "utf8" });
  if (listed.status !== 0) throw new Error(`git could not list the files: ${listed.stderr}`);
  for (const name of listed.stdout.split("\0").filter((one) => one !== "" && existsSync(join(root, one)))) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    cpSync(join(root, name), join(target, name));
  }
  const linked = spawnSync("cp", ["--archive", "--link", join(root, "node_modules"), join(target, "node_modules")], { encoding: "utf8" });
  if (linked.status !== 0) throw new Error(`The packages could not be linked: ${linked.stderr}`);
  // npm writes its list of what is installed in place, and with a link would write it here as well.
  const list = join("node_modules", ".package-lock.json");
  const text = readFileSync(join(root, list));
  rmSync(join(target, list));
  writeFileSync(join(target, list), text);
}
