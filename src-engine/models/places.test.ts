import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { asUnprivileged } from "../workspace/unprivileged.ts";
import { namedFolderProblems } from "./places.ts";

it("says what stands in the way of a folder that somebody named", async () => {
  const root = await mkdtemp(join(tmpdir(), "localcoder-places-"));
  const at = (name: string) => join(root, name);
  try {
    await chmod(root, 0o755);
    await mkdir(at("good"));
    await mkdir(at("closed"), { mode: 0o700 });
    await chmod(at("closed"), process.getuid?.() === 0 ? 0o700 : 0o000);
    await writeFile(at("file"), "");
    await symlink("loop", at("loop"));
    const folders = ["good", "none", "closed", "file", "loop"].map(at);
    const problems = await asUnprivileged(() => namedFolderProblems({ env: { MODELS_DIR: "models" }, folders }));
    expect(problems.map(({ message }) => message.replace(`${root}/`, ""))).toEqual([
      "The models folder none is not there.",
      "The models folder closed may not be read.",
      "The models folder file is no folder.",
      "The models folder loop is a link that leads to itself.",
      "The models folder models is not named by its whole path.",
    ]);
    expect(problems.at(-1)?.hint).toBe("Correct MODELS_DIR.");
  } finally {
    await rm(root, { recursive: true });
  }
});
