import { describe, expect, it } from "vitest";
import { createEmitter } from "#core/base/emitter";
import { UserError } from "#core/base/errors";
import type { FileChange } from "#core/contracts/workspace";
import type { Connection } from "../connection.ts";
import { createStateFile } from "./state-file.ts";

const path = "/home/user/state/application.json";

/** An engine with one file, which other windows change too. */
function buildDisk(content?: string) {
  const changes = createEmitter<FileChange[]>();
  let text = content;
  const write = (next: string) => {
    text = next;
    changes.emit([{ path, type: "changed" }]);
  };
  const workspace = {
    createDirectory: async () => undefined,
    read: async () => {
      if (text === undefined) throw new UserError("NOT_FOUND", "There is no file.");
      return new Blob([text]);
    },
    write: async ({ content }: { content: Blob }) => write(await content.text()),
    watch: async () => changes.stream(),
  };
  const connection = { engine: { workspace }, onReconnected: () => ({ dispose() {} }) } as unknown as Connection;
  return { connection, write, read: () => JSON.parse(text ?? "null") };
}

describe("createStateFile", () => {
  it("begins empty at the first start", async () => {
    const file = createStateFile(buildDisk().connection, path, false);
    expect([...(await file.getItems())]).toEqual([]);
  });

  it("begins empty where a crash of the machine has damaged the file", async () => {
    const file = createStateFile(buildDisk('{"a": "1').connection, path, false);
    expect([...(await file.getItems())]).toEqual([]);
  });

  it("writes what is set and leaves out what is removed", async () => {
    const disk = buildDisk('{"old": "1", "kept": "2"}');
    const file = createStateFile(disk.connection, path, false);
    await file.getItems();
    await file.updateItems({ insert: new Map([["new", "3"]]), delete: new Set(["old"]) });
    expect(disk.read()).toEqual({ kept: "2", new: "3" });
  });

  it("keeps what another window wrote in the meantime", async () => {
    const disk = buildDisk('{"mine": "1"}');
    const file = createStateFile(disk.connection, path, true);
    await file.getItems();
    disk.write('{"mine": "1", "theirs": "2"}');
    await file.updateItems({ insert: new Map([["mine", "3"]]) });
    expect(disk.read()).toEqual({ mine: "3", theirs: "2" });
  });

  it("tells what another window changed, and not what this one did", async () => {
    const disk = buildDisk('{"a": "1", "b": "2"}');
    const file = createStateFile(disk.connection, path, true);
    await file.getItems();
    await file.updateItems({ insert: new Map([["a", "own"]]) });
    const told = new Promise((resolve) => file.onDidChangeItemsExternal(resolve));
    disk.write('{"a": "own", "c": "3"}');
    expect(await told).toEqual({ changed: new Map([["c", "3"]]), deleted: new Set(["b"]) });
  });
});
