import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { knownVulnerabilities, lookUpVulnerabilities } from "./vulnerabilities.mjs";

// npm itself asks, and a server of the test answers as a registry does.

const folder = mkdtempSync(join(tmpdir(), "localcoder-vulnerabilities-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const versions = { shipped: "1.0.0", builder: "2.0.0", sound: "3.0.0" };
writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "product", version: "1.0.0", dependencies: versions }));
const packages = Object.entries(versions).map(([name, version]) => [`node_modules/${name}`, { version }]);
writeFileSync(
  join(folder, "package-lock.json"),
  JSON.stringify({
    name: "product",
    version: "1.0.0",
    lockfileVersion: 3,
    requires: true,
    packages: { "": { name: "product", version: "1.0.0", dependencies: versions }, ...Object.fromEntries(packages) },
  }),
);

async function registry(advisories: Record<string, string>): Promise<{ address: string; asked: unknown[]; close(): void }> {
  const asked: unknown[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const json = (value: unknown) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (request.method !== "POST") {
      const name = (request.url ?? "").slice(1);
      return json({ name, versions: { [versions[name as keyof typeof versions] ?? "1.0.0"]: { name } } });
    }
    const body = Buffer.concat(parts);
    asked.push(JSON.parse((request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString()));
    const of = ([name, severity]: [string, string], id: number) => [
      name,
      [
        {
          id,
          url: `https://advisories.example/${name}`,
          title: `A hole in ${name}`,
          severity,
          vulnerable_versions: "*",
          cwe: [],
          cvss: {},
        },
      ],
    ];
    return json(Object.fromEntries(Object.entries(advisories).map(of)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked, close: () => server.close() };
}

const options = (address: string) => ({
  folder,
  shipped: ["shipped", "sound"],
  parameters: ["--registry", address, "--cache", join(folder, `cache-${new URL(address).port}`), "--fetch-retries", "0"],
});

test("what is known of the packages of the lock file is listed, and a grave one that is shipped fails", async () => {
  const { address, asked, close } = await registry({ shipped: "critical", builder: "high" });
  const of = (name: string) => [`A hole in ${name} (https://advisories.example/${name})`];
  expect(await knownVulnerabilities(options(address))).toEqual([
    { name: "shipped", severity: "critical", shipped: true, reasons: of("shipped") },
    { name: "builder", severity: "high", shipped: false, reasons: of("builder") },
  ]);
  // Names and versions of public packages are all that is sent.
  expect(asked[0]).toEqual({ shipped: ["1.0.0"], builder: ["2.0.0"], sound: ["3.0.0"] });
  expect(await lookUpVulnerabilities(options(address))).toBe(false);
  close();
});

test("what is only for building, or not grave, is said and fails nothing", async () => {
  const { address, close } = await registry({ shipped: "moderate", builder: "critical" });
  expect(await lookUpVulnerabilities(options(address))).toBe(true);
  close();
});

test("where nobody answers, that is said and nothing else", async () => {
  const { address, close } = await registry({});
  close();
  await expect(knownVulnerabilities(options(address))).rejects.toThrow(/\S/);
  expect(await lookUpVulnerabilities(options(address))).toBe(true);
});
