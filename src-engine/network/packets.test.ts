import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const child = fileURLToPath(new URL("./packets.child.ts", import.meta.url));
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
const inNetwork = ["-rn", "sh", "-c", `${network} && exec "$@"`, "sh"];
const isPossible = process.platform === "linux" && spawnSync("unshare", [...inNetwork, "true"]).status === 0;

async function packets(mode: "open" | "gated"): Promise<{ packets: number; refused: number }> {
  const command = [process.execPath, "--disable-warning=ExperimentalWarning", child, mode];
  const { stdout } = await promisify(execFile)("unshare", [...inNetwork, ...command]);
  return JSON.parse(stdout);
}

describe.skipIf(!isPossible)("on a network that counts", () => {
  it("packets leave a process without the gate", async () => {
    expect((await packets("open")).packets).toBeGreaterThan(3);
  });
  it("no packet leaves a process behind the gate, and each attempt is recorded", async () => {
    expect(await packets("gated")).toEqual({ packets: 0, refused: 7 });
  });
});
