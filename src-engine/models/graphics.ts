import { readdir, readFile, readlink } from "node:fs/promises";
import { basename, join } from "node:path";

/** A graphics card as the system lists it, whether or not it can run models. */
export interface GraphicsCard {
  readonly maker: string;
  /** Name and version of its driver, as far as the system tells. */
  readonly driver?: string;
}

const makers: ReadonlyMap<string, string> = new Map([
  ["0x10de", "NVIDIA"],
  ["0x1002", "AMD"],
  ["0x8086", "Intel"],
]);

/** Cards and drivers that Linux lists below a folder like /sys; elsewhere the back ends name the card and its driver comes with the system. */
export async function readGraphics(system = "/sys", processes = "/proc"): Promise<readonly GraphicsCard[]> {
  const folder = join(system, "class", "drm");
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^card\d+$/.test(name)).sort();
  const cards = await Promise.all(names.map((name) => readCard(join(folder, name, "device"), system, processes)));
  return cards.filter((card) => card !== undefined);
}

async function readCard(device: string, system: string, processes: string): Promise<GraphicsCard | undefined> {
  const maker = makers.get((await text(join(device, "vendor"))).trim());
  if (maker === undefined) return undefined;
  const driver = await readlink(join(device, "driver")).then(basename, () => undefined);
  if (driver === undefined) return { maker };
  const version =
    driver === "nvidia"
      ? /Kernel Module\s+(?:for \S+\s+)?([\d.]+)/.exec(await text(join(processes, "driver", "nvidia", "version")))?.[1]
      : (await text(join(system, "module", driver, "version"))).trim();
  return { maker, driver: version ? `${driver} ${version}` : driver };
}

const text = (path: string) => readFile(path, "utf8").catch(() => "");
