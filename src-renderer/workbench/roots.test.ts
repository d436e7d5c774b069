import { describe, expect, it } from "vitest";
import { createEmitter } from "#core/base/emitter";
import type { Connection } from "../connection.ts";
import { createRoots } from "./roots.ts";

function buildEngine() {
  const opened: string[] = [];
  const restarted = createEmitter<void>();
  const engine = { workspace: { open: async ({ path }: { path: string }) => void opened.push(path) } } as unknown as Connection["engine"];
  return { opened, restart: () => restarted.emit(), connection: { engine, onReconnected: (run: () => void) => restarted.listen(run) } };
}

describe("createRoots", () => {
  it("opens the folder of the window", async () => {
    const { connection, opened } = buildEngine();
    await createRoots(connection, "/shop").ready();
    expect(opened).toEqual(["/shop"]);
  });

  it("tells a new engine everything that was opened", async () => {
    const { connection, opened, restart } = buildEngine();
    const roots = createRoots(connection, "/shop");
    await roots.open("/etc/hosts");
    opened.length = 0;
    restart();
    await roots.ready();
    expect(opened).toEqual(["/shop", "/etc/hosts"]);
    expect(roots.engines()).toBe(2);
  });

  it.each([
    ["/shop", true],
    ["/shop/src/a.ts", true],
    ["/shopping/a.ts", false],
    ["/", false],
  ])("says whether %s is below the folder", (path, expected) => {
    expect(createRoots(buildEngine().connection, "/shop").covers(path)).toBe(expected);
  });

  it("knows roots of drives", () => {
    expect(createRoots(buildEngine().connection, "c:\\").covers("c:\\work\\a.ts")).toBe(true);
    expect(createRoots(buildEngine().connection, "/").covers("/work/a.ts")).toBe(true);
  });
});
