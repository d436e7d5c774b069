import { symlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { temporaryFolder } from "../workspace/temporary-folder.ts";
import { readReferences } from "./references.ts";

const files = {
  "src/log.ts": "// Logs.\r\nexport function log() {}\r\n",
  ".gitignore": "out/\n",
  "out/made.js": "made();",
  ".env": "KEY=1",
};

test("a pinned file is read whole, and pinned lines alone", async () => {
  using folder = temporaryFolder(files);
  const whole = { path: "src/log.ts" };
  const part = { path: "src/log.ts", lines: { from: 2, to: 90 } };
  expect(await readReferences([whole, part], folder.path)).toEqual([
    { place: "src/log.ts:1-2", text: "// Logs.\nexport function log() {}" },
    { place: "src/log.ts:2-2", text: "export function log() {}" },
  ]);
});

test.each([
  ["what is not there", "src/none.ts", "NOT_FOUND"],
  ["what lies outside", "../outside.ts", "NOT_FOUND"],
  ["what a link leads out to", "src/link.ts", "NOT_FOUND"],
  ["what Git ignores", "out/made.js", "BAD_INPUT"],
  ["secrets", ".env", "BAD_INPUT"],
  ["what no person wrote", "data.bin", "BAD_INPUT"],
])("%s is refused", async (_, path, code) => {
  using outside = temporaryFolder({ "outside.ts": "secret" });
  using folder = temporaryFolder({ ...files, "data.bin": new Uint8Array([1, 0, 2]) });
  symlinkSync(outside.at("outside.ts"), folder.at("src", "link.ts"));
  await expect(readReferences([{ path }], folder.path)).rejects.toMatchObject({ code });
});

test("lines that are not there are refused, and so is everything without a folder", async () => {
  using folder = temporaryFolder(files);
  await expect(readReferences([{ path: "src/log.ts", lines: { from: 9, to: 10 } }], folder.path)).rejects.toMatchObject({
    code: "POSITION_OUTSIDE_FILE",
  });
  await expect(readReferences([{ path: "src/log.ts" }], undefined)).rejects.toMatchObject({ code: "BAD_INPUT" });
});
