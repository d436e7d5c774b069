import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Processes that have so much memory together, and no more. */
export interface MemoryGroup {
  add(id: number): void;
  /** Lets them have no more than they have now. */
  tighten(): void;
  /** How many of them the system has killed because there was no more. */
  killed(): number;
  /** Takes the group away; what is still in it goes on without its limit. */
  remove(): void;
}

// Older systems have a tree of groups for memory alone.
const older = existsSync("/sys/fs/cgroup/memory/memory.limit_in_bytes");

/** Makes a group beside all others, so that no limit of the machine is touched; nothing where that is not allowed. */
export function createMemoryGroup(megabytes: number): MemoryGroup | undefined {
  const groups = older ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup";
  const folder = join(groups, `localcoder-test-${process.pid}`);
  const members = join(folder, "cgroup.procs");
  const limit = (bytes: number) => writeFileSync(join(folder, older ? "memory.limit_in_bytes" : "memory.max"), String(bytes));
  try {
    mkdirSync(folder);
    limit(megabytes * 2 ** 20);
  } catch {
    if (existsSync(folder)) rmdirSync(folder);
    return undefined;
  }
  return {
    add: (id) => writeFileSync(members, String(id)),
    tighten: () => limit(Number(readFileSync(join(folder, older ? "memory.usage_in_bytes" : "memory.current"), "utf8"))),
    killed() {
      const counts = readFileSync(join(folder, older ? "memory.oom_control" : "memory.events"), "utf8");
      return Number(/^oom_kill (\d+)$/m.exec(counts)?.[1]);
    },
    remove() {
      for (const id of readFileSync(members, "utf8").split("\n").filter(Boolean)) writeFileSync(join(groups, "cgroup.procs"), id);
      rmdirSync(folder);
    },
  };
}
