import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Page } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstPage } from "../e2e/installed.ts";
import { isOpenToOthers } from "../e2e/open-to-others.ts";
import { startDisplay } from "./display.mjs";
import { graphicsParts } from "./native-parts.mjs";
import { packagePart, packageProgram } from "./package-deb.mjs";
import { root } from "./prepare.mjs";

// The deb on a machine that has nothing yet: a fresh Debian in a folder, an ordinary user in it, the program as it is released.

const unpacked = join(root, "dist", "linux-unpacked");
const able =
  process.env.LOCALCODER_LONG === "1" &&
  process.getuid?.() === 0 &&
  existsSync(unpacked) &&
  spawnSync("debootstrap", ["--version"]).status === 0;

const system = able ? mkdtempSync(join(tmpdir(), "localcoder-root-")) : "";
const mounted: string[] = [];

function run(command: string, ...parameters: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, parameters, {
    encoding: "utf8",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  if (status !== 0) throw new Error(`${command} ${parameters.join(" ")}: ${stderr || stdout}`);
  return stdout;
}
const inside = (...command: string[]) => run("chroot", system, ...command);
const asUser = (command: string) => inside("su", "--login", "coder", "--command", command);

/** Where this machine gets its own packages from. */
function mirror(): { address: string; suite: string } {
  const file = "/etc/apt/sources.list.d/debian.sources";
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const address = /^URIs: (\S+)/m.exec(text)?.[1];
  const suite = /^Suites: (\S+)/m.exec(text)?.[1];
  if (!address || !suite) throw new Error("This machine does not say where its Debian comes from.");
  return { address, suite };
}

describe.runIf(able)("the deb in a clean Debian", () => {
  let display: Awaited<ReturnType<typeof startDisplay>> | undefined;
  let page: Page;

  beforeAll(() => {
    const { address, suite } = mirror();
    chmodSync(system, 0o755);
    run("debootstrap", "--variant=minbase", "--include=ca-certificates", suite, system, address);
    for (const [kind, place] of [
      ["proc", "proc"],
      ["devtmpfs", "dev"],
      ["devpts", "dev/pts"],
      ["tmpfs", "dev/shm"],
      ["sysfs", "sys"],
    ] as const) {
      mkdirSync(join(system, place), { recursive: true });
      run("mount", "-t", kind, kind, join(system, place));
      mounted.unshift(join(system, place));
    }
    cpSync("/etc/resolv.conf", join(system, "etc", "resolv.conf"), { dereference: true });
    inside("useradd", "--create-home", "--shell", "/bin/sh", "coder");
  }, 900_000);

  afterAll(async () => {
    endAll();
    display?.stop();
    for (const place of mounted) run("umount", "--lazy", place);
    rmSync(system, { recursive: true, force: true });
    // A whole system has many files.
  }, 300_000);

  const apt = (...parameters: string[]) => inside("apt-get", "--quiet", "--quiet", "--yes", "--no-install-recommends", ...parameters);

  test("installs with everything it needs", () => {
    const deb = packageProgram({ folder: unpacked, arch: "x64", target: join(system, "root") });
    // Alone: what a display of its own would bring along may be what the program has forgotten to ask for.
    apt("install", `/root/${basename(deb)}`);
    expect(inside("dpkg-query", "--show", "--showformat", "$" + "{Status}", "localcoder")).toBe("install ok installed");
    for (const path of [
      "/usr/bin/localcoder-desktop",
      "/usr/share/applications/localcoder-desktop.desktop",
      "/usr/share/icons/hicolor/48x48/apps/localcoder-desktop.png",
    ])
      expect(existsSync(join(system, path)) || path.endsWith("desktop")).toBe(true);
    // Nothing of it belongs to anybody but root, and nobody else may change it.
    expect(inside("find", "/opt/LocalCoder", "-perm", "/022", "-not", "-type", "l", "-o", "-not", "-user", "root")).toBe("");
    expect(
      inside(
        "sh",
        "-c",
        "find /opt/LocalCoder -name '*.node' -o -name '*.so*' -type f | xargs -n1 ldd 2>/dev/null | grep 'not found' || true",
      ),
    ).toBe("");
  }, 900_000);

  test("its command line finds its libraries", () => {
    const { backend } = JSON.parse(asUser("localcoder doctor --json"));
    expect(backend.tried).toEqual(expect.arrayContaining([{ name: "cpu", result: "in use" }]));
    expect(asUser("localcoder licences")).toContain("LocalCoder contains the work of others");
  }, 120_000);

  test("its window opens a file for an ordinary user, with Chromium's sandbox", async () => {
    asUser("mkdir work && echo 'export const area = 1;' > work/area.ts && mkdir -p .config");
    // Of this machine: it is reached without a file.
    display = await startDisplay();
    const command = `DISPLAY=${display.environment.DISPLAY} exec localcoder-desktop --remote-debugging-port=0 work work/area.ts`;
    const program = spawn("chroot", [system, "su", "--login", "coder", "--command", command], { stdio: ["ignore", "pipe", "pipe"] });
    page = await firstPage(program);
    await page.waitForFunction(() => performance.getEntriesByName("localcoder:ready").length > 0, null, { timeout: 120_000 });
    // A new user is met by the wizard; the file is open beside it.
    await page.locator(".tab", { hasText: "area.ts" }).click({ timeout: 120_000 });
    await page.locator(".tab.active", { hasText: "area.ts" }).waitFor();
    await page.locator(".monaco-editor .view-lines").first().click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("let packed = 1;\n");
    await page.keyboard.press("Control+S");
    await expect.poll(() => readFileSync(join(system, "home/coder/work/area.ts"), "utf8"), { timeout: 30_000 }).toContain("packed");
    const pages = pagesInside();
    // 2: whatever the page does passes Chromium's filter of system calls.
    expect(pages.length).toBeGreaterThan(0);
    for (const status of pages) expect(status).toMatch(/^Seccomp:\s+2$/m);
    if (process.env.LOCALCODER_SCREENSHOT) await page.screenshot({ path: process.env.LOCALCODER_SCREENSHOT });
  }, 300_000);

  // The model that they script runs outside, from the checkout, as the same user.
  test.runIf(isOpenToOthers(root))(
    "is driven by the end-to-end specs",
    async () => {
      endAll();
      // A folder of the same name here and there, for what the specs make.
      const shared = mkdtempSync(join(tmpdir(), "localcoder-shared-"));
      try {
        chmodSync(shared, 0o1777);
        mkdirSync(join(system, shared), { recursive: true });
        run("mount", "--bind", shared, join(system, shared));
        mounted.unshift(join(system, shared));
        const { code, printed } = await runSpecs({
          TMPDIR: shared,
          LOCALCODER_INSTALLED_SYSTEM: system,
          LOCALCODER_INSTALLED_USER: inside("id", "--user", "coder").trim(),
        });
        expect(code, printed).toBe(0);
        expect(printed).toMatch(/\d+ passed/);
      } finally {
        rmSync(shared, { recursive: true, force: true });
      }
    },
    1_500_000,
  );

  test("takes the part for Vulkan, and finds it", () => {
    const vulkan = graphicsParts("linux", "x64").find(({ name }) => name === "vulkan");
    if (!vulkan) throw new Error("There is no part for Vulkan.");
    const deb = packagePart({ part: vulkan, arch: "x64", target: join(system, "root") });
    // Mesa's driver computes on the processor: a card that every machine has.
    apt("install", `/root/${basename(deb)}`, "mesa-vulkan-drivers");
    const { backend } = JSON.parse(asUser("localcoder doctor --json"));
    expect(backend.tried.map(({ name }: { name: string }) => name)).toContain("vulkan");
    expect(JSON.stringify(backend.tried)).not.toContain("not installed");
  }, 900_000);

  test("is removed without a trace, except for what is the user's", () => {
    endAll();
    apt("purge", "localcoder-vulkan", "localcoder");
    expect(existsSync(join(system, "opt", "LocalCoder"))).toBe(false);
    expect(inside("find", "/usr", "/etc", "/var/lib/dpkg/info", "-name", "*localcoder*")).toBe("");
    expect(inside("find", "/home/coder", "-name", "*.db*", "-path", "*localcoder*")).not.toBe("");
  }, 300_000);
});

function readProcess(id: string, name: string): string {
  try {
    return name === "root" ? readlinkSync(`/proc/${id}/root`) : readFileSync(`/proc/${id}/${name}`, "utf8");
  } catch {
    // It has ended meanwhile.
    return "";
  }
}

function processIds(): readonly string[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
}

/** What the kernel says of the pages of the installed program; Chromium's helper gives them a root of their own. */
function pagesInside(): readonly string[] {
  const isPage = (command: string) => command.startsWith("/opt/LocalCoder/") && command.includes("--type=renderer");
  return processIds()
    .filter((id) => isPage(readProcess(id, "cmdline")))
    .map((id) => readProcess(id, "status"));
}

/** Ends what runs in the new system, and nothing else: its users may have the numbers of users out here. */
function endAll(): void {
  for (const id of processIds().filter((one) => readProcess(one, "root") === system)) process.kill(Number(id), "SIGKILL");
}

/** Runs the specs that fit an installed program, and answers what they printed. */
async function runSpecs(environment: Record<string, string>): Promise<{ code: number | null; printed: string }> {
  const playwright = join(root, "node_modules", "@playwright", "test", "cli.js");
  const specs = spawn(process.execPath, [playwright, "test", "--project", "installed"], {
    cwd: root,
    env: { ...process.env, ...environment, LOCALCODER_LONG: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [specs.stdout, specs.stderr])
    stream.on("data", (data) => {
      printed += data;
    });
  const code = await new Promise<number | null>((resolve) => specs.once("close", resolve));
  return { code, printed };
}
