import { defineConfig } from "@playwright/test";

const long = process.env.LOCALCODER_LONG === "1";

/** The same specs twice: in a real Electron, and in a real browser against `localcoder serve`. */
export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  outputDir: "out/e2e",
  workers: 2,
  // One repetition forgives a machine that was busy elsewhere; a spec that needed it is reported as flaky.
  retries: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  projects: [
    { name: "electron", use: { face: "electron" } },
    { name: "browser", use: { face: "browser" }, grepInvert: /@electron/ },
  ],
  grepInvert: long ? undefined : /@long/,
} as Parameters<typeof defineConfig>[0]);
