import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("what Node warns of is printed, and what it calls experimental is not", () => {
  const script = `
    import { tellWarnings } from "${import.meta.resolve("./warnings.ts")}";
    tellWarnings();
    process.emitWarning("too many listeners", "MaxListenersExceededWarning");
    process.emitWarning("a new thing", "ExperimentalWarning");`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
  });
  expect(stderr).toContain("too many listeners");
  expect(stderr).not.toContain("a new thing");
});
