import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeDeb } from "./deb.mjs";

test("a byte that is flipped in a package, or in a file that it installed, is noticed", (context) => {
  if (spawnSync("dpkg-deb", ["--version"]).status !== 0) return context.skip();
  const place = mkdtempSync(join(tmpdir(), "localcoder-deb-test-"));
  try {
    const fields = { Package: "sample", Version: "1", Architecture: "all", Maintainer: "T <t@example.com>", Description: "sample" };
    const fill = (tree: string) => {
      mkdirSync(join(tree, "opt", "a folder"), { recursive: true });
      writeFileSync(join(tree, "opt", "a folder", "app.asar"), "code ".repeat(10_000));
    };
    const file = makeDeb({ target: place, fields, fill });
    const flip = (path: string, at: number) => {
      const bytes = readFileSync(path);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(path, bytes);
    };
    const root = join(place, "root");
    expect(spawnSync("dpkg-deb", ["--raw-extract", file, root]).status).toBe(0);
    const check = () => spawnSync("md5sum", ["--check", "--strict", "DEBIAN/md5sums"], { cwd: root, encoding: "utf8" });
    expect(check()).toMatchObject({ status: 0, stdout: "opt/a folder/app.asar: OK\n" });
    flip(join(root, "opt", "a folder", "app.asar"), 25_000);
    expect(check().status).toBe(1);
    flip(file, readFileSync(file).length - 60);
    expect(spawnSync("dpkg-deb", ["--raw-extract", file, join(place, "other")]).status).not.toBe(0);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});

test("where dpkg-deb is ended, that is said, and no half package is left", () => {
  const place = mkdtempSync(join(tmpdir(), "localcoder-deb-test-"));
  const path = process.env.PATH;
  try {
    const program = join(place, "dpkg-deb");
    writeFileSync(program, '#!/bin/sh\nfor file; do :; done\necho half > "$file"\nkill -9 $$\n', { mode: 0o755 });
    process.env.PATH = `${place}:${path}`;
    const fields = { Package: "sample", Version: "1", Architecture: "all" };
    expect(() => makeDeb({ target: place, fields, fill: () => {} })).toThrow(
      /dpkg-deb was ended by SIGKILL before .*sample_1_all\.deb was whole/,
    );
    // It has another name until it is whole, for whoever is ended before it can be taken away.
    expect(readdirSync(place)).toEqual(["dpkg-deb"]);
  } finally {
    process.env.PATH = path;
    rmSync(place, { recursive: true, force: true });
  }
});
