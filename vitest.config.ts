import { defineConfig } from "vitest/config";

const real = "**/*.real.test.ts";

export default defineConfig({
  test: {
    // Real processes, databases and models: generous, because no test is about time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src-*/**/*.test.ts", "tools/**/*.test.ts"],
          exclude: [real, "**/node_modules/**"],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        // One model at a time, and after the rest: two of them on a small machine take turns in spinning for the other's cores.
        test: { name: "real", include: [`src-*/${real}`], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
