import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { countingNetwork } from "#core/network/counting-network";

const child = fileURLToPath(new URL("./packets.child.ts", import.meta.url));
const inNetwork = ["-rn", "sh", "-c", `${countingNetwork} && exec "$@"`, "sh"];
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
