import { readFileSync } from "node:fs";

/** How many processes the system has killed for want of memory since it started; undefined where it does not count them (Linux does). */
export function killedForMemory(): number | undefined {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync("/proc/vmstat", "utf8"))?.[1];
    return count === undefined ? undefined : Number(count);
  } catch {
    return undefined;
  }
}
