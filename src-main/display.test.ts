import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isDisplayReachable, missingDisplay } from "./display.ts";

const here = () => true;
const nowhere = () => false;

describe("a window that cannot be shown", () => {
  test.each([{}, { DISPLAY: "" }, { DISPLAY: "", WAYLAND_DISPLAY: "" }])("says why on Linux: %o", (environment) =>
    expect(missingDisplay("linux", environment, here)).toContain("localcoder serve"),
  );

  test("names the display that does not answer", () =>
    expect(missingDisplay("linux", { DISPLAY: "far:1" }, nowhere)).toMatch(/^The display far:1 cannot be reached\. .*localcoder serve/));

  test.each([
    ["linux", { DISPLAY: ":0" }, here],
    ["linux", { WAYLAND_DISPLAY: "wayland-0" }, nowhere],
    ["darwin", {}, nowhere],
    ["win32", {}, nowhere],
  ] as const)("is not expected on %s with %o", (platform, environment, isReachable) =>
    expect(missingDisplay(platform, environment, isReachable)).toBe(undefined),
  );
});

describe.runIf(process.platform === "linux")("a display", () => {
  let folder: string;
  const servers: Server[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "display-"));
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function listen(target: string | { host: string; port: number }): Promise<Server> {
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(target, resolve));
    return server;
  }

  test.each([":7", ":7.0", "unix:7"])("of this machine is reached at its socket: %s", async (display) => {
    expect(isDisplayReachable(display, folder)).toBe(false);
    await listen(join(folder, "X7"));
    expect(isDisplayReachable(display, folder)).toBe(true);
    expect(isDisplayReachable(":8", folder)).toBe(false);
  });

  test("of this machine is reached without a file as well", async () => {
    await listen(`\0${folder}/X9`);
    expect(isDisplayReachable(":9", folder)).toBe(true);
  });

  test("that was killed has left its socket, and is not reached", () => {
    const path = JSON.stringify(join(folder, "X7"));
    const script = `require("node:net").createServer().listen(${path}, () => process.kill(process.pid, "SIGKILL"))`;
    expect(spawnSync(process.execPath, ["-e", script]).signal).toBe("SIGKILL");
    expect(isDisplayReachable(":7", folder)).toBe(false);
  });

  test("elsewhere is reached over the network", async () => {
    const server = await listen({ host: "127.0.0.1", port: 0 });
    const display = `127.0.0.1:${(server.address() as AddressInfo).port - 6000}.0`;
    expect(isDisplayReachable(display, folder)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    expect(isDisplayReachable(display, folder)).toBe(false);
  });

  test.each(["", "7", "nonsense", ":x"])("that is none is not reached: %s", (display) =>
    expect(isDisplayReachable(display, folder)).toBe(false),
  );
});
