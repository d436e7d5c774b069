import { configDefaults, defineConfig } from "vitest/config";

const real = "src-*/**/*.real.test.ts";
// As for specs: one repetition where nobody watches forgives a machine that was busy elsewhere.
const retry = process.env.CI ? 1 : 0;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          retry,
          include: ["src-*/**/*.test.ts", "tools/**/*.test.ts"],
          exclude: [...configDefaults.exclude, real],
          // Real processes and databases: generous, because no test is about time.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "real",
          retry,
          include: [real],
          // Each loads a real model, which takes all processors by itself.
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
