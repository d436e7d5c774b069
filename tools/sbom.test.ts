import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { shippedPackages } from "./licences.mjs";
import { billOfMaterials } from "./sbom.mjs";

const bill = billOfMaterials();
const place = mkdtempSync(join(tmpdir(), "localcoder-sbom-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

describe("the bill of materials", () => {
  test("names every package that is shipped, once, with the hash of the lock file", () => {
    const references = bill.components.map((component) => component["bom-ref"]);
    expect(new Set(references).size).toBe(references.length);
    expect(bill.components).toHaveLength(shippedPackages().length + 1);
    expect(bill.components.filter(({ hashes }) => hashes?.[0]?.content.length !== 128).map(({ name }) => name)).toEqual([]);
  });

  test("refers only to what it names", () => {
    const references = new Set(["localcoder", ...bill.components.map((component) => component["bom-ref"])]);
    const used = bill.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
    expect(used.filter((reference) => !references.has(reference))).toEqual([]);
  });

  test("is the same for the same packages", () => expect(billOfMaterials()).toEqual(bill));

  // The schema is in the package of those who wrote it, which nothing else here needs.
  test.runIf(process.env.LOCALCODER_LONG === "1")(
    "follows the schema of CycloneDX",
    () => {
      const packages = ["@cyclonedx/cyclonedx-library@10.3.0", "ajv@8", "ajv-formats@3", "ajv-formats-draft2019@1"];
      const installed = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...packages], {
        cwd: place,
        encoding: "utf8",
      });
      expect([installed.status, installed.stderr]).toEqual([0, ""]);
      writeFileSync(join(place, "bill.json"), JSON.stringify(bill));
      writeFileSync(join(place, "broken.json"), JSON.stringify({ ...bill, components: [{ name: "x" }] }));
      writeFileSync(
        join(place, "validate.cjs"),
        `const { readFileSync } = require("node:fs");
         const { Spec, Validation } = require("@cyclonedx/cyclonedx-library");
         const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
         validator.validate(readFileSync(process.argv[2], "utf8")).then((error) => { console.log(JSON.stringify(error)); process.exitCode = error ? 1 : 0; });`,
      );
      const validate = (file: string) => spawnSync(process.execPath, ["validate.cjs", file], { cwd: place, encoding: "utf8" });
      expect(validate("bill.json")).toMatchObject({ status: 0 });
      expect(validate("broken.json")).toMatchObject({ status: 1 });
    },
    300_000,
  );
});
