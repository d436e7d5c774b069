import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { foldersOf, trashable } from "./trash.ts";

let place: string;
let open: string;
beforeEach(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), "trash-")));
  open = join(place, "open");
  mkdirSync(join(open, "deep"), { recursive: true });
  mkdirSync(join(place, "open-too"));
  for (const name of ["open/one.ts", "open/deep/two.ts", "open-too/three.ts", "four.ts"]) writeFileSync(join(place, name), "text\n");
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

describe("what may go to the trash", () => {
  test("lies below an open folder", async () => {
    expect(await trashable(join(open, "one.ts"), [join(place, "gone"), open])).toBe(join(open, "one.ts"));
    expect(await trashable(join(open, "deep"), [open])).toBe(join(open, "deep"));
    expect(await trashable(`${open}/deep/../one.ts`, [open])).toBe(join(open, "one.ts"));
  });

  test.each([
    ["the folder itself", (at: string) => at],
    ["the folder by another name", (at: string) => `${at}/deep/..`],
    ["a file beside it", (at: string) => join(at, "..", "four.ts")],
    ["a way out", (at: string) => `${at}/../four.ts`],
    ["a folder whose name begins the same", (at: string) => `${at}-too/three.ts`],
    ["the root", () => "/"],
    ["the home folder's parent", () => "/home"],
  ])("is not %s", async (_, path) => {
    await expect(trashable(path(open), [open])).rejects.toMatchObject({ code: "OUTSIDE_WORKSPACE" });
  });

  test("is a link that leads out, and nothing behind it", async () => {
    symlinkSync(join(place, "open-too"), join(open, "link"));
    expect(await trashable(join(open, "link"), [open])).toBe(join(open, "link"));
    await expect(trashable(join(open, "link", "three.ts"), [open])).rejects.toMatchObject({ code: "OUTSIDE_WORKSPACE" });
  });

  test("is named by way of a link to the folder as well", async () => {
    symlinkSync(open, join(place, "door"));
    expect(await trashable(join(place, "door", "one.ts"), [join(place, "door")])).toBe(join(open, "one.ts"));
  });

  test("is nothing where nothing is open, and nothing in a folder that is gone", async () => {
    await expect(trashable(join(open, "one.ts"), [])).rejects.toMatchObject({ code: "OUTSIDE_WORKSPACE" });
    await expect(trashable(join(place, "gone", "one.ts"), [open])).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("the folders of a workspace", () => {
  test("are the folder itself, or none", async () => {
    expect(await foldersOf(open)).toEqual([open]);
    expect(await foldersOf(undefined)).toEqual([]);
  });

  test("are those that its file names, by path or by address", async () => {
    const file = join(place, "both.code-workspace");
    const folders = [{ path: "open" }, { uri: pathToFileURL(join(place, "open-too")).href }, { uri: "vscode-remote://host/x" }];
    writeFileSync(file, `// by hand\n${JSON.stringify({ folders })}`);
    expect(await foldersOf(file)).toEqual([open, join(place, "open-too")]);
  });

  test("are none where the file cannot be read or holds something else", async () => {
    const file = join(place, "odd.code-workspace");
    expect(await foldersOf(file)).toEqual([]);
    writeFileSync(file, '{"folders": [1]}');
    expect(await foldersOf(file)).toEqual([]);
  });
});
