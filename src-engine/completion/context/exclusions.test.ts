import { mkdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ignoreFiles } from "#core/context/exclusions";
import { temporaryFolder } from "../../workspace/temporary-folder.ts";
import { createExclusions } from "./exclusions.ts";

/** Which of these files are excluded. */
async function excludedOf(root: string, paths: readonly string[], byUser?: (path: string) => boolean) {
  const exclusions = createExclusions(root, byUser);
  const excluded: string[] = [];
  for (const path of paths) if (await exclusions.of(path, "file")) excluded.push(path);
  return excluded;
}

describe("what is excluded", () => {
  test.each(ignoreFiles)("by %s", async (name) => {
    using folder = temporaryFolder({ [name]: "private/\n*.gen.ts\n" });
    expect(await excludedOf(folder.path, ["a.ts", "b.gen.ts", "src/private/deep/c.ts", "src/c.ts"])).toEqual([
      "b.gen.ts",
      "src/private/deep/c.ts",
    ]);
  });

  test("by nested ignore files, of which the deeper one decides, but never below an excluded folder", async () => {
    using folder = temporaryFolder({
      ".gitignore": "*.log.ts\n/out\n",
      "src/.gitignore": "!keep.log.ts\n/local.ts\n",
      "out/.gitignore": "!*\n",
    });
    const paths = ["a.log.ts", "src/b.log.ts", "src/keep.log.ts", "src/local.ts", "src/deep/local.ts", "local.ts", "out/a.ts"];
    expect(await excludedOf(folder.path, paths)).toEqual(["a.log.ts", "src/b.log.ts", "src/local.ts", "out/a.ts"]);
  });

  test("by one tool's file, whatever another's allows", async () => {
    using folder = temporaryFolder({ ".gitignore": "hidden/\n", ".localcoderignore": "!hidden/\n", "src/.cursorignore": "!a.ts" });
    expect(await excludedOf(folder.path, ["hidden/a.ts", "src/a.ts"])).toEqual(["hidden/a.ts"]);
  });

  test("by the ignore files of the repository that a workspace is a part of, and by Git's own", async () => {
    using folder = temporaryFolder({ ".gitignore": "/packages/app/local/\n", ".git/info/exclude": "mine.ts\n", "packages/app/a.ts": "" });
    const paths = ["local/a.ts", "src/local/a.ts", "mine.ts"];
    expect(await excludedOf(folder.at("packages", "app"), paths)).toEqual(["local/a.ts", "mine.ts"]);
  });

  test("not by what lies above a repository", async () => {
    using folder = temporaryFolder({ ".gitignore": "*\n", "app/a.ts": "" });
    mkdirSync(folder.at("app", ".git"));
    expect(await excludedOf(folder.at("app"), ["a.ts"])).toEqual([]);
  });

  test("by name: secrets and packages of others, even where an ignore file allows them", async () => {
    using folder = temporaryFolder({ ".gitignore": "!.env\n!node_modules\n" });
    const paths = [".env", "config/.env.local", "deploy/id_rsa", "node_modules/a/index.js", "src/a.ts"];
    expect(await excludedOf(folder.path, paths)).toEqual(paths.slice(0, 4));
  });

  test("by the user's setting", async () => {
    using folder = temporaryFolder();
    expect(await excludedOf(folder.path, ["legacy/a.ts", "src/a.ts"], (path) => path.startsWith("legacy/"))).toEqual(["legacy/a.ts"]);
  });

  test("also in files with Windows line ends, a byte order mark, comments and odd names", async () => {
    using folder = temporaryFolder({ ".gitignore": "\uFEFF# comment\r\nfirst.ts\r\n\r\n\\#second.ts\r\n", "odd/.gitignore/file": "" });
    expect(await excludedOf(folder.path, ["first.ts", "#second.ts", "odd/a.ts"])).toEqual(["first.ts", "#second.ts"]);
  });
});
