import { readdirSync, readFileSync } from "node:fs";

/** All processes below one, itself included, from /proc (Linux only). */
export function processTree(root: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      // The command in parentheses may hold blanks; the parent is the second field after it.
      const parent = readFileSync(`/proc/${entry}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ")[1];
      parents.set(Number(entry), Number(parent));
    } catch {
      // The process ended between the two reads.
    }
  }
  const tree = [root];
  for (let index = 0; index < tree.length; index++) {
    for (const [child, parent] of parents) if (parent === tree[index]) tree.push(child);
  }
  return tree;
}

/** Proportional set size of a process and all below it in MB: shared pages are counted once in the sum. */
export function proportionalMemory(root: number): number {
  let kilobytes = 0;
  for (const id of processTree(root)) {
    try {
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      // The process ended.
    }
  }
  return kilobytes / 1000;
}
