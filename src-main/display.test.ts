import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
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

  async function listen(path: string): Promise<void> {
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
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

  /** A server in a process of its own, because this one stands still while it asks. Answers its number as a display, and what ends it. */
  async function serve(greeting: string): Promise<{ readonly number: number; end(): Promise<unknown> }> {
    const script = `
      const server = require("node:net").createServer((guest) => guest.on("data", () => guest.end(${JSON.stringify(greeting)})));
      server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const [port] = await once(child.stdout, "data");
    const ended = once(child, "exit");
    return {
      number: Number(port) - 6000,
      end() {
        child.kill();
        return ended;
      },
    };
  }

  test.each([
    ["is let in", "\u0001", true],
    ["wants a cookie", "\u0000", true],
    ["is none of X", "HTTP/1.1 400 Bad Request", false],
    ["hangs up", "", false],
  ])("elsewhere is asked over the network: it %s", async (_, greeting, isReachable) => {
    const { number, end } = await serve(greeting);
    expect(isDisplayReachable(`127.0.0.1:${number}.0`, folder)).toBe(isReachable);
    await end();
    expect(isDisplayReachable(`127.0.0.1:${number}.0`, folder)).toBe(false);
  });

  test.each(["", "7", "nonsense", ":x"])("that is none is not reached: %s", (display) =>
    expect(isDisplayReachable(display, folder)).toBe(false),
  );
});
