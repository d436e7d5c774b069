import { closeSync, existsSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { forkScript } from "../forked-process.ts";

test.skipIf(!existsSync("/dev/full"))("a process whose log has no room goes on", async () => {
  const log = openSync("/dev/full", "a");
  const child = await forkScript(fileURLToPath(new URL("./parent.child.ts", import.meta.url)), { log });
  closeSync(log);
  const said = await Promise.race([new Promise((resolve) => child.wire.onMessage(resolve)), child.exited]);
  child.kill();
  expect(said).toBe("alive");
});
