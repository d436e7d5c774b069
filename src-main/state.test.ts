import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openState, withRecent } from "./state.ts";

const folder = mkdtempSync(join(tmpdir(), "localcoder-state-"));
const file = join(folder, "desktop.json");
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("openState", () => {
  it("keeps what changed for the next start", async () => {
    const state = openState(file);
    state.change({ recent: ["/a"] });
    state.change({ firstRunFinished: true });
    await state.settled();
    expect(openState(file).current).toEqual({ windows: [], recent: ["/a"], firstRunFinished: true });
  });

  it("starts afresh when the file is damaged, and repairs it with the next change", async () => {
    openState(file);
    writeFileSync(file, '{"windows": [{"bounds": 3}');
    const state = openState(file);
    expect(state.current.windows).toEqual([]);
    state.change({ recent: ["/b"] });
    await state.settled();
    expect(JSON.parse(readFileSync(file, "utf8")).recent).toEqual(["/b"]);
  });
});

describe("withRecent", () => {
  it("moves a known path to the front and keeps thirty", () => {
    const many = Array.from({ length: 40 }, (_, index) => `/${index}`);
    expect(withRecent(["/a", "/b"], "/b")).toEqual(["/b", "/a"]);
    expect(withRecent(many, "/new")).toHaveLength(30);
  });
});
