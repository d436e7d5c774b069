import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readLicences } from "./licences.ts";

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "licences-"));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

function put(...path: string[]): void {
  mkdirSync(join(place, ...path, ".."), { recursive: true });
  writeFileSync(join(place, ...path), `text of ${path.at(-1)}`);
}

const both = { own: "text of LICENSE.txt", others: "text of THIRD_PARTY_NOTICES.txt" };

test.each([
  ["Linux and Windows", ["opt", "LocalCoder"], ["resources", "app.asar", "out", "engine", "chunks"]],
  ["macOS", ["LocalCoder.app", "Contents"], ["Resources", "app.asar", "out", "engine", "chunks"]],
])("are beside the program on %s", async (_, folder, code) => {
  put(...folder, "LICENSE.txt");
  put(...folder, "THIRD_PARTY_NOTICES.txt");
  expect(await readLicences(join(place, ...folder, ...code))).toEqual(both);
});

test("are in the build of a checkout and in the package of the command line", async () => {
  put("LICENSE");
  put("out", "THIRD_PARTY_NOTICES.txt");
  expect(await readLicences(join(place, "out", "headless"))).toEqual({ ...both, own: "text of LICENSE" });
  put("installed", "LICENSE");
  put("installed", "THIRD_PARTY_NOTICES.txt");
  expect(await readLicences(join(place, "installed", "out", "headless"))).toEqual({ ...both, own: "text of LICENSE" });
});

test("that were taken away are named", async () => {
  put("LICENSE");
  await expect(readLicences(join(place, "out", "headless"))).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: "THIRD_PARTY_NOTICES.txt is not beside the program.",
  });
});
