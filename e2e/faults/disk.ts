import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A small disk of its own, in memory. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all the room that is left. */
  fill(): void;
  /** Gives it back. */
  free(): void;
  setReadOnly(readOnly: boolean): void;
  remove(): void;
}

/** Makes a disk of so many megabytes; undefined where the system does not let us, which a test then says. */
export function mountSmallDisk(path: string, megabytes: number): SmallDisk | undefined {
  mkdirSync(path, { recursive: true });
  const mount = (...options: string[]) => spawnSync("mount", options).status === 0;
  if (process.platform !== "linux" || !mount("-t", "tmpfs", "-o", `size=${megabytes}m,mode=0700`, "tmpfs", path)) return undefined;
  const filler = join(path, "filler");
  return {
    path,
    fill() {
      try {
        for (let piece = 0; ; piece += 1) writeFileSync(filler, Buffer.alloc(4096), { flag: piece === 0 ? "w" : "a" });
      } catch {
        // Now it is full.
      }
    },
    free: () => rmSync(filler, { force: true }),
    setReadOnly(readOnly) {
      if (!mount("-o", `remount,${readOnly ? "ro" : "rw"}`, path)) throw new Error(`${path} cannot be mounted again.`);
    },
    remove() {
      spawnSync("umount", ["--lazy", path]);
    },
  };
}
