import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src-*/**/*.test.ts", "tools/**/*.test.ts"],
    // Real processes, databases and models: generous, because no test is about time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
