import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";

/** Cores of a processor; quick and sparing ones where it has both kinds and says so. */
export interface Cores {
  readonly cores?: number;
  readonly performance?: number;
  readonly efficiency?: number;
}

/** What {@link readCores} asks the system. */
export interface CoreSources {
  readonly platform: NodeJS.Platform;
  readonly threads: number;
  /** The text of a file; empty where there is none. */
  read(path: string): Promise<string>;
  /** What a program of the system prints; empty where there is none. */
  run(program: string, parameters: readonly string[]): Promise<string>;
}

/** Asks this machine. */
export const thisMachine: CoreSources = {
  platform: process.platform,
  threads: cpus().length,
  read: (path) => readFile(path, "utf8").catch(() => ""),
  run: (program, parameters) =>
    new Promise((resolve) => {
      execFile(program, [...parameters], { timeout: 2000, windowsHide: true }, (error, stdout) => resolve(error ? "" : stdout));
    }),
};

/** Counts cores by kind, as the system lists them. Windows does not tell without native code, so nothing is said there. */
export async function readCores(sources: CoreSources = thisMachine): Promise<Cores> {
  if (sources.platform === "darwin") return macCores(sources);
  return sources.platform === "linux" ? linuxCores(sources) : {};
}

/** Cores that a model is computed on: the quick ones. Where the system does not tell, every second thread is taken for a core. */
export function coresForModels({ cores, performance }: Cores, threads = cpus().length): number {
  return performance ?? cores ?? Math.max(1, threads > 2 ? Math.floor(threads / 2) : threads);
}

async function macCores({ run }: CoreSources): Promise<Cores> {
  const names = ["hw.physicalcpu", "hw.perflevel0.physicalcpu", "hw.perflevel1.physicalcpu"];
  const [cores, performance, efficiency] = (await Promise.all(names.map((name) => run("/usr/sbin/sysctl", ["-n", name])))).map(positive);
  return { cores, ...(performance && efficiency ? { performance, efficiency } : {}) };
}

async function linuxCores({ read, threads }: CoreSources): Promise<Cores> {
  const found = new Map<string, { readonly sparing: boolean; readonly capacity: number | undefined }>();
  const sparing = numbersIn(await read("/sys/devices/cpu_atom/cpus"));
  for (let cpu = 0; cpu < threads; cpu++) {
    const folder = `/sys/devices/system/cpu/cpu${cpu}`;
    const [socket, core, capacity] = await Promise.all(
      [`${folder}/topology/physical_package_id`, `${folder}/topology/core_id`, `${folder}/cpu_capacity`].map(read),
    );
    if (socket?.trim() && core?.trim()) {
      found.set(`${socket.trim()}:${core.trim()}`, { sparing: sparing.has(cpu), capacity: positive(capacity ?? "") });
    }
  }
  const cores = [...found.values()];
  if (cores.length === 0) return {};
  // Intel names the sparing ones; ARM gives each core a capacity, where the largest is that of the quick ones.
  const most = Math.max(...cores.map(({ capacity }) => capacity ?? 0));
  const efficiency = cores.filter((core) => core.sparing || (core.capacity ?? most) < most * 0.7).length;
  return { cores: cores.length, ...(efficiency > 0 ? { performance: cores.length - efficiency, efficiency } : {}) };
}

/** Numbers of a list as Linux writes it: "0-3,8". */
function numbersIn(text: string): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (const [, first, last] of text.matchAll(/(\d+)(?:-(\d+))?/g)) {
    for (let number = Number(first); number <= Math.min(Number(last ?? first), 4096); number++) numbers.add(number);
  }
  return numbers;
}

function positive(text: string): number | undefined {
  const value = Number(text.trim());
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
