import { randomUUID } from "node:crypto";
import { createEmitter } from "#core/base/emitter";
import { UserError } from "#core/base/errors";
import { type AssistRequest, assistRequest, type WaitingRequest } from "#core/contracts/assist";
import type { Settings } from "#core/settings/schema";
import { latest } from "../models/latest.ts";
import type { Sqlite } from "../sessions/sqlite.ts";

/** Requests that were made while there was no model, oldest first. They outlive the program. */
export interface Waiting {
  /** False when it cannot wait, because it is too large or too many do. */
  add(title: string, request: AssistRequest): boolean;
  list(signal?: AbortSignal): AsyncGenerator<WaitingRequest[], void, void>;
  /** Takes a request out of the queue, to run it now. */
  take(id: string): AssistRequest;
  drop(id: string): void;
}

/** More would be forgotten anyway. */
const mostWaiting = 50;
/** A request holds its whole document; in UTF-16 units. */
const largest = 2_000_000;

interface Row extends WaitingRequest {
  readonly request: string;
}

/** Opens the queue. Where the history is not kept on the disk, requests wait in memory only. */
export function createWaiting({
  sqlite,
  settings,
  now = Date.now,
}: {
  readonly sqlite: Sqlite;
  readonly settings: { current(workspace?: string): Pick<Settings, "localcoder.history.keep"> };
  readonly now?: () => number;
}): Waiting {
  const select = sqlite.prepare("SELECT id, created, title, request FROM waiting_requests ORDER BY created, id");
  const insert = sqlite.prepare("INSERT INTO waiting_requests (id, created, title, request) VALUES (?, ?, ?, ?)");
  const remove = sqlite.prepare("DELETE FROM waiting_requests WHERE id = ?");
  let inMemory: readonly Row[] = [];
  const changes = createEmitter<void>();
  const rows = () => [...(select.all() as Row[]), ...inMemory].sort((one, other) => one.created - other.created);

  function drop(id: string): void {
    remove.run(id);
    inMemory = inMemory.filter((row) => row.id !== id);
    changes.emit();
  }

  return {
    add(title, request) {
      const text = JSON.stringify(request);
      const before = rows();
      // The same key pressed again is the same request.
      if (before.some((row) => row.request === text)) return true;
      if (text.length > largest || before.length >= mostWaiting) return false;
      const row: Row = { id: randomUUID(), created: now(), title, request: text };
      if (settings.current(request.workspace)["localcoder.history.keep"] === "keep")
        insert.run(row.id, row.created, row.title, row.request);
      else inMemory = [...inMemory, row];
      changes.emit();
      return true;
    },
    list: (signal) => latest(changes, () => rows().map(({ id, created, title }) => ({ id, created, title })), signal),
    take(id) {
      const row = rows().find((each) => each.id === id);
      if (!row) throw new UserError("NOT_FOUND", "This request no longer waits.", "It was run or dropped elsewhere.");
      drop(id);
      return assistRequest.parse(JSON.parse(row.request));
    },
    drop,
  };
}
