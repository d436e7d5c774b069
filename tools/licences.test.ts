import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allowsLicence, shippedPackages } from "./licences.mjs";
import { root } from "./prepare.mjs";

describe("the licences of what is shipped", () => {
  test("are all on the list", () => {
    const packages = shippedPackages();
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(({ name, licence }) => !allowsLicence(name, licence)).map(({ name, licence }) => `${name}: ${licence}`)).toEqual(
      [],
    );
  });

  test.each([
    ["MIT", true],
    ["(GPL-3.0 OR MIT)", true],
    ["(GPL-3.0 AND MIT)", false],
    ["AGPL-3.0-only", false],
    ["UNLICENSED", false],
    ["see the text below", false],
  ])("%s is taken: %s", (licence, taken) => {
    expect(allowsLicence("some-package", licence)).toBe(taken);
  });
});

test("our own licence has the line ends of every other file", () => {
  expect(readFileSync(join(root, "LICENSE"), "utf8")).not.toContain("\r");
});

describe("the lock file", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version?: string; integrity?: string; resolved?: string; hasInstallScript?: boolean; link?: boolean }>;
  };
  const installed = Object.entries(packages).filter(([path]) => path !== "");

  test("holds a strong hash for every package, and takes none from elsewhere than a registry", () => {
    const weak = installed.filter(([, { integrity, resolved = "https:", link }]) => {
      return link || !integrity?.startsWith("sha512-") || !/^https:/.test(resolved);
    });
    expect(weak.map(([path]) => path)).toEqual([]);
  });

  test("has an install script only where package.json names it, and package.json names no other", () => {
    const { allowScripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { allowScripts: Record<string, boolean> };
    const withScripts = installed
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.split("node_modules/").at(-1));
    const named = (answer: boolean) =>
      Object.entries(allowScripts)
        .filter(([, allowed]) => allowed === answer)
        .map(([name]) => name.replace(/(?<=.)@[^/]+$/, ""));
    expect(withScripts.filter((name) => !named(true).includes(name ?? "") && !named(false).includes(name ?? ""))).toEqual([]);
    expect(named(true).filter((name) => !withScripts.includes(name))).toEqual([]);
  });
});
