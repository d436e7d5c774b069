import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveElectron } from "../tools/electron-runtime.mjs";
import { expect, root, test } from "./launch.ts";

// A network of its own, with one interface that leads nowhere but counts: what it counts has left the machine.
const network = [
  "ip link add probe type veth peer name far",
  "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6",
  "ip link set far up",
  "ip link set probe arp off multicast off up",
  "ip addr add 10.77.0.1/24 dev probe",
  "ip route add default dev probe",
  "ip link set lo up",
].join(" && ");
const inNetwork = ["--net", ...(process.getuid?.() === 0 ? [] : ["--map-root-user"]), "sh", "-c", `${network} && exec "$@"`, "sh"];

function packetsOf(id: number): number {
  const line = readFileSync(`/proc/${id}/net/dev`, "utf8")
    .split("\n")
    .find((text) => text.trim().startsWith("probe:"));
  return Number(line?.trim().split(/\s+/)[10]);
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
