import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countedPackets, countingNetwork } from "../src-core/network/counting-network.ts";
import { resolveElectron } from "../tools/electron-runtime.mjs";
import { expect, root, test } from "./launch.ts";

const inNetwork = ["--net", ...(process.getuid?.() === 0 ? [] : ["--map-root-user"]), "sh", "-c", `${countingNetwork} && exec "$@"`, "sh"];

function packetsOf(id: number): number {
  return countedPackets(readFileSync(`/proc/${id}/net/dev`, "utf8")) ?? Number.NaN;
}

test("no packet leaves the machine while a window starts and stands @electron @long", async () => {
  const isPossible = process.platform === "linux" && spawnSync("unshare", [...inNetwork, "true"]).status === 0;
  test.skip(!isPossible, "No network namespace can be made here.");
  const { executable } = await resolveElectron();
  const home = mkdtempSync(join(tmpdir(), "localcoder-packets-"));
  // For the namespace the program runs as root, and Chromium has no sandbox for root.
  const child = spawn("unshare", [...inNetwork, executable, root, "--no-sandbox", "--log-level=3", root], {
    env: { ...process.env, LOCALCODER_HOME: home },
    stdio: "ignore",
  });
  try {
    // The window has loaded when it asked the engine for the settings, which opens the database.
    await expect.poll(() => existsSync(join(home, "data", "localcoder.db")), { timeout: 60_000 }).toBe(true);
    // Chromium's own services wait some seconds before they would call home.
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    expect(child.exitCode).toBe(null);
    expect(packetsOf(child.pid ?? 0)).toBe(0);
  } finally {
    child.kill("SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 500));
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
  }
});
