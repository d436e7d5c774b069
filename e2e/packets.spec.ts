import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { countingNetwork } from "../src-core/network/counting-network.ts";
import { expect, root, test } from "./launch.ts";

const inNetwork = ["--net", ...(process.getuid?.() === 0 ? [] : ["--map-root-user"]), "sh", "-c", `${countingNetwork} && exec "$@"`, "sh"];

test("no packet leaves the machine in a whole session, and each kind of process that wants to is caught @electron", async () => {
  test.slow();
  const isPossible = process.platform === "linux" && spawnSync("unshare", [...inNetwork, "true"]).status === 0;
  test.skip(!isPossible, "No network namespace can be made here.");
  // The driver has to be inside as well: it talks to the program over the loopback.
  const session = [process.execPath, "--disable-warning=ExperimentalWarning", join(root, "e2e", "packets.session.ts")];
  const child = spawn("unshare", [...inNetwork, ...session, test.info().outputPath("caught.png")], { stdio: ["ignore", "pipe", "pipe"] });
  const [output, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(output, problems).toContain("afterSession");
  const { stored, afterSession, recorded, afterRequests, afterOpenProcess } = JSON.parse(output);
  expect(stored).toMatchObject({ named: stored.there, open: [] });
  // A datagram within the loopback would be a question to a name server of this machine.
  expect(afterSession).toEqual({ packets: 0, datagrams: 0 });
  expect(recorded).toEqual(["window", "main", "engine", "inference"]);
  expect(afterRequests).toEqual({ packets: 0, datagrams: 0 });
  // The counting itself works.
  expect(afterOpenProcess).toEqual({ packets: 1, datagrams: 1 });
});
