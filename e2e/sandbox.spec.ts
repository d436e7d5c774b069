import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { _electron } from "@playwright/test";
import { resolveElectron } from "../tools/electron-runtime.mjs";
import { expect, ready, root, test } from "./launch.ts";
import { isOpenToOthers } from "./open-to-others.ts";

// Chromium has no sandbox for root, so where the specs run as root, this one starts the program as nobody.
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** A program that starts Electron as an ordinary user, with a home of that user's own. */
async function electronOfOrdinaryUser(place: string): Promise<{ program: string; home: string }> {
  const { executable, folder } = await resolveElectron();
  const home = join(place, "home");
  execFileSync("mkdir", [home]);
  if (!isRoot) return { program: executable, home };
  // The cache of root cannot be entered by others; links to its files cost nothing.
  execFileSync("cp", ["--archive", "--link", folder, join(place, "runtime")]);
  chmodSync(place, 0o755);
  execFileSync("chown", [`${nobody}:${nobody}`, home]);
  const program = join(place, "electron-as-nobody");
  const command = join(place, "runtime", basename(executable));
  writeFileSync(program, `#!/bin/sh\nexec setpriv --reuid=${nobody} --regid=${nobody} --clear-groups "${command}" "$@"\n`, { mode: 0o755 });
  return { program, home };
}

/** What Linux says about the confinement of a process: 2 is a filter of system calls. */
function confinement(id: number): { seccomp: string | undefined; noNewPrivileges: string | undefined } {
  const status = readFileSync(`/proc/${id}/status`, "utf8");
  return { seccomp: /^Seccomp:\s+(\d)/m.exec(status)?.[1], noNewPrivileges: /^NoNewPrivs:\s+(\d)/m.exec(status)?.[1] };
}

test.describe("an ordinary user @electron", () => {
  test.skip(process.platform !== "linux" || !existsSync("/proc/self/status"), "Reads the confinement of processes from Linux.");
  test.skip(isRoot && !isOpenToOthers(root), "The checkout lies where an ordinary user cannot read it.");

  let place = "";
  test.beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), "localcoder-sandbox-"));
  });
  test.afterEach(() => rmSync(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

  test("has the window in Chromium's sandbox", async () => {
    const { program, home } = await electronOfOrdinaryUser(place);
    const app = await _electron.launch({
      executablePath: program,
      args: [root, "--log-level=3"],
      // Without this, Playwright asks for no sandbox by itself.
      chromiumSandbox: true,
      env: { ...(process.env as Record<string, string>), HOME: home, LOCALCODER_HOME: join(home, "localcoder") },
    });
    try {
      await ready(await app.firstWindow());
      const pages = await app.evaluate(({ app: electron }) =>
        electron.getAppMetrics().flatMap(({ pid, type }) => (type === "Tab" ? [pid] : [])),
      );
      expect(pages.length).toBeGreaterThan(0);
      for (const id of pages) expect(confinement(id)).toEqual({ seccomp: "2", noNewPrivileges: "1" });
      expect(readdirSync(join(home, "localcoder"))).toContain("data");
    } finally {
      app.process().kill("SIGKILL");
    }
  });

  test("cannot switch the sandbox off", async () => {
    const { program, home } = await electronOfOrdinaryUser(place);
    const result = spawnSync(program, [root, "--no-sandbox"], {
      env: { ...process.env, HOME: home, LOCALCODER_HOME: join(home, "localcoder") },
      encoding: "utf8",
      timeout: 60_000,
    });
    expect(result.status).toBe(2);
    expect(result.stderr).toContain("does not run without the sandbox");
  });
});
