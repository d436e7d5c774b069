import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readGraphics } from "./graphics.ts";
import { describeMachine } from "./machine.ts";
import { coresForModels, readCores } from "./processor.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function tree(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "localcoder-machine-"));
  folders.push(root);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

describe("readCores", () => {
  const linux = (threads: number, files: (path: string) => string) =>
    readCores({ platform: "linux", threads, read: async (path) => files(path), run: async () => "" });

  it("counts second threads of a core once", async () => {
    const cores = await linux(4, (path) =>
      /package/.test(path) ? "0\n" : /cpu(\d)\/topology\/core_id/.test(path) ? `${Number(/cpu(\d)/.exec(path)?.[1]) >> 1}` : "",
    );
    expect(cores).toEqual({ cores: 2 });
  });
  it("tells quick cores from sparing ones as Intel lists them", async () => {
    const cores = await linux(6, (path) => {
      if (path.endsWith("cpu_atom/cpus")) return "4-5\n";
      const cpu = Number(/cpu(\d)\//.exec(path)?.[1]);
      if (path.endsWith("core_id")) return String(cpu < 4 ? cpu >> 1 : cpu);
      return path.endsWith("physical_package_id") ? "0" : "";
    });
    expect(cores).toEqual({ cores: 4, performance: 2, efficiency: 2 });
  });
  it("tells them by their capacity on ARM", async () => {
    const cores = await linux(4, (path) => {
      const cpu = Number(/cpu(\d)\//.exec(path)?.[1]);
      if (path.endsWith("cpu_capacity")) return cpu < 1 ? "1024" : "320";
      if (path.endsWith("core_id")) return String(cpu);
      return path.endsWith("physical_package_id") ? "0" : "";
    });
    expect(cores).toEqual({ cores: 4, performance: 1, efficiency: 3 });
  });
  it("asks sysctl on a Mac, and says nothing where nobody tells", async () => {
    const answers: Record<string, string> = {
      "hw.physicalcpu": "10\n",
      "hw.perflevel0.physicalcpu": "8\n",
      "hw.perflevel1.physicalcpu": "2\n",
    };
    const run = async (_program: string, [, name]: readonly string[]) => answers[name ?? ""] ?? "";
    expect(await readCores({ platform: "darwin", threads: 10, read: async () => "", run })).toEqual({
      cores: 10,
      performance: 8,
      efficiency: 2,
    });
    expect(await linux(2, () => "")).toEqual({});
    expect(await readCores({ platform: "win32", threads: 8, read: async () => "", run })).toEqual({});
  });
});

it("counts the quick cores for models, and where nobody tells, every second thread", () => {
  expect(coresForModels({ cores: 10, performance: 6, efficiency: 4 }, 10)).toBe(6);
  expect(coresForModels({ cores: 4 }, 8)).toBe(4);
  expect([1, 2, 8].map((threads) => coresForModels({}, threads))).toEqual([1, 2, 4]);
});

describe("readGraphics", () => {
  it("names maker and driver of each card, and nothing for a display without one", async () => {
    const root = await tree({
      "sys/class/drm/card0/device/vendor": "0x10de\n",
      "sys/class/drm/card1/device/vendor": "0x1002\n",
      "sys/class/drm/card1-HDMI-A-1/status": "connected",
      "sys/class/drm/card2/device/vendor": "0x1af4\n",
      "sys/module/amdgpu/version": "6.8.5\n",
      "proc/driver/nvidia/version": "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22 2024\n",
    });
    await symlink("../../bus/pci/drivers/nvidia", join(root, "sys/class/drm/card0/device/driver"));
    await symlink("../../bus/pci/drivers/amdgpu", join(root, "sys/class/drm/card1/device/driver"));
    expect(await readGraphics(join(root, "sys"), join(root, "proc"))).toEqual([
      { maker: "NVIDIA", driver: "nvidia 550.54.14" },
      { maker: "AMD", driver: "amdgpu 6.8.5" },
    ]);
    expect(await readGraphics(join(root, "nowhere"))).toEqual([]);
  });
});

describe("describeMachine", () => {
  const cpu = { backend: "cpu", gpus: [], cores: 4 };
  const describeWith = async (options: Partial<Parameters<typeof describeMachine>[0]>) =>
    describeMachine({
      folder: await tree({}),
      found: [],
      problems: [],
      recommendations: [],
      graphics: [],
      cores: {},
      look: { backends: { ...cpu, tried: [{ name: "cpu", result: "in use" }] } },
      ...options,
    });

  it("gives a way out for a card that cannot be used, with the reason", async () => {
    const tried = [
      { name: "cuda", result: "no NVIDIA driver with CUDA was found" },
      { name: "cpu", result: "in use" },
    ];
    const machine = await describeWith({ graphics: [{ maker: "NVIDIA" }], look: { backends: { ...cpu, tried } } });
    expect(machine.problems).toContainEqual({
      message: "The NVIDIA graphics card cannot run models (cuda: no NVIDIA driver with CUDA was found).",
      hint: "Install its maker's driver and start LocalCoder again. Until then the processor does the work.",
    });
    expect((await describeWith({})).problems.map(({ message }) => message).join()).not.toContain("graphics");
  });

  it("says so when nothing can run models, and the folder for models cannot be used", async () => {
    const file = join(await tree({ file: "" }), "file", "models");
    const machine = await describeWith({ folder: file, look: { problem: { message: "The process ended." } } });
    expect(machine.backend.name).toBe("none");
    expect(machine.problems.map(({ message }) => message)).toEqual([
      "Models cannot be run: The process ended.",
      `The models folder ${file} cannot be used.`,
      "No model is on this machine yet.",
    ]);
    for (const { hint } of machine.problems) expect(hint).not.toBe("");
  });

  it("names the driver of the card that is in use, and both kinds of cores", async () => {
    const look = { backends: { ...cpu, backend: "cuda", gpus: [{ name: "NVIDIA GeForce RTX 4070", memory: 12e9 }], tried: [] } };
    const machine = await describeWith({
      look,
      graphics: [{ maker: "NVIDIA", driver: "nvidia 550.54.14" }],
      cores: { cores: 4, performance: 3, efficiency: 1 },
    });
    expect(machine.gpu).toEqual([{ name: "NVIDIA GeForce RTX 4070", memory: 12e9, unified: false, driver: "nvidia 550.54.14" }]);
    expect(machine.cpu).toMatchObject({ performance: 3, efficiency: 1 });
  });
});
