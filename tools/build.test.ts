import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, expect, test } from "vitest";
import { copyCheckout } from "./copy-checkout.mjs";

const long = process.env.LOCALCODER_LONG === "1";
const place = long ? mkdtempSync(join(tmpdir(), "localcoder-build-")) : "";
afterAll(() => {
  if (long) rmSync(place, { recursive: true, force: true });
});

function hashesBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [relative(folder, path), createHash("sha256").update(readFileSync(path)).digest("hex")]));
}

test.runIf(long)(
  "two builds of the same sources are the same, byte for byte, wherever the checkout lies",
  () => {
    const [one, other] = ["one", "another folder/with a longer name"].map((name) => {
      const checkout = join(place, name);
      copyCheckout(checkout);
      const built = spawnSync(process.execPath, [join(checkout, "tools", "build.mjs")], { cwd: checkout, encoding: "utf8" });
      expect(built).toMatchObject({ status: 0 });
      return hashesBelow(join(checkout, "out"));
    });
    expect(Object.keys(one ?? {}).length).toBeGreaterThan(500);
    expect(other).toEqual(one);
  },
  900_000,
);
