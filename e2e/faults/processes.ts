import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Every process that was started for a data folder, however it is called and whoever its parent is now (Linux only). */
export function processesOf(home: string): { readonly id: number; readonly command: string }[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      // Chromium's helpers leave their first process as zombies, whose environment cannot be read.
      if (!readFileSync(`/proc/${name}/environ`, "utf8").split("\0").includes(`LOCALCODER_HOME=${home}`)) return [];
      return [{ id: Number(name), command: readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").slice(0, 200) }];
    } catch {
      return [];
    }
  });
}

/** The children of a process. */
export function childrenOf(id: number): number[] {
  return readFileSync(`/proc/${id}/task/${id}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}

/** How many files, sockets and pipes a process has open. */
export function descriptorsOf(id: number): number {
  return readdirSync(`/proc/${id}/fd`).length;
}

/** What the descriptors of a process are, as counts by kind: for finding what leaks. */
export function kindsOfDescriptors(id: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of readdirSync(`/proc/${id}/fd`)) {
    let target = "gone";
    try {
      target = readlinkSync(`/proc/${id}/fd/${name}`).replace(/\d+/g, "N");
    } catch {
      // It was closed meanwhile.
    }
    counts[target] = (counts[target] ?? 0) + 1;
  }
  return counts;
}

/** Memory that a process holds by itself, in MB. */
export function memoryOf(id: number): number {
  const status = readFileSync(`/proc/${id}/smaps_rollup`, "utf8");
  return [...status.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)].reduce((sum, [, kilobytes]) => sum + Number(kilobytes), 0) / 1024;
}

/** Changes a limit of a process that runs, for itself alone. */
export function setLimit(id: number, limit: "nofile" | "as" | "data", soft: number | "unlimited"): void {
  execFileSync("prlimit", ["--pid", String(id), `--${limit}=${soft}:`]);
}

/** Lets a process have so many megabytes beyond what it has, and no more; what it asks for then is refused by the system. */
export function limitMemory(id: number, megabytes: number): void {
  const kilobytes = Number(/^VmData:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1]);
  setLimit(id, "data", kilobytes * 1024 + megabytes * 2 ** 20);
}
