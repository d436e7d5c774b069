import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { countedPackets, countingNetwork } from "#core/network/counting-network";

/** A way to run a program where it cannot reach another machine, made by the system and not by us. */
export interface Isolation {
  /** How it is done, for a person who wants to do it again. */
  readonly how: string;
  /** What stands before the program and its arguments. */
  readonly command: readonly string[];
  /** True where packets that would leave the machine are counted. */
  readonly counts: boolean;
}

// Everything but the loopback and sockets of files is refused by the kernel.
const profile = [
  "(version 1)",
  "(allow default)",
  "(deny network*)",
  '(allow network* (local ip "localhost:*"))',
  '(allow network* (remote ip "localhost:*"))',
  "(allow network* (local unix-socket))",
  "(allow network* (remote unix-socket))",
].join(" ");

/** Finds what this system offers; undefined where it offers nothing, and then only our own gates can be looked at. */
export function findIsolation(platform: NodeJS.Platform = process.platform): Isolation | undefined {
  if (platform === "darwin") {
    return { how: `sandbox-exec -p '${profile}' PROGRAM`, command: ["/usr/bin/sandbox-exec", "-p", profile], counts: false };
  }
  if (platform !== "linux") return undefined;
  const command = ["unshare", "--net", "--map-root-user", "sh", "-c", `${countingNetwork} && exec "$@"`, "sh"];
  if (spawnSync("unshare", [...command.slice(1), "true"]).status !== 0) return undefined;
  return { how: `unshare --net --map-root-user sh -c '${countingNetwork} && exec "$@"' sh PROGRAM`, command, counts: true };
}

/** Packets that were sent out of the machine's network so far; undefined where they are not counted. */
export function packetsSent(): number | undefined {
  try {
    return countedPackets(readFileSync("/proc/net/dev", "utf8"));
  } catch {
    return undefined;
  }
}
