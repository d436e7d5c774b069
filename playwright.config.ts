import { defineConfig } from "@playwright/test";

const long = process.env.LOCALCODER_LONG === "1";

/**
 * What the browser does otherwise than the desktop: files, windows, connections, its own page, and one answer that streams. The rest is the
 * same code, and is looked at there in long runs.
 */
const browserSpecs = ["explain", "files", "interface", "share", "start", "trust", "window", "workbench"];

/** What an installed program has to do: files, TypeScript, actions, history. Not what asks Electron itself, which a released one does not answer. */
const installedSpecs = ["explain", "files", "fix", "history", "improve", "project", "start", "typescript"];

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
    // The installed program, where tools/package-deb.test.ts made a system that has it.
    ...(process.env.LOCALCODER_INSTALLED_SYSTEM
      ? [
          {
            name: "installed",
            testMatch: installedSpecs.map((name) => `${name}.spec.ts`),
            use: { face: "electron" },
            grepInvert: /@electron/,
          },
        ]
      : []),
    {
      name: "browser",
      testMatch: long ? "*.spec.ts" : browserSpecs.map((name) => `${name}.spec.ts`),
      use: { face: "browser" },
      grepInvert: /@electron/,
    },
  ],
  grepInvert: long ? undefined : /@long/,
} as Parameters<typeof defineConfig>[0]);
