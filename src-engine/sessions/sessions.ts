import { randomUUID } from "node:crypto";
import { type Disposable, toDisposable } from "#core/base/disposable";
import { createEmitter, type Emitter } from "#core/base/emitter";
import { UserError } from "#core/base/errors";
import type { HistoryNotice, Session, Transcript } from "#core/contracts/sessions";
import type { Settings } from "#core/settings/schema";
import { type Database, openInMemory } from "./database.ts";
import { createRecorder, nothingRecorded, type SessionRecorder } from "./recorder.ts";
import { createStore, type NewSession, type Store } from "./store.ts";

/** Which session changed, and how. */
export interface SessionChange {
  readonly id: string;
  readonly change: "added" | "updated" | "removed";
}

/** The history: what was asked and answered, as far as the settings of its workspace want it kept. */
export interface Sessions extends Disposable {
  begin(session: NewSession): SessionRecorder;
  list(options: { workspace?: string; kind?: string; limit: number; before?: number }): Session[];
  search(options: { query: string; workspace?: string; limit: number }): (Session & { excerpt: string })[];
  show(id: string): Transcript;
  remove(id: string): void;
  restore(id: string): void;
  readonly changes: Emitter<SessionChange>;
  /** What the user should know about the history; one value, after which the stream stays open as long as the history. */
  notices(signal?: AbortSignal): AsyncGenerator<HistoryNotice[], void, void>;
}

/** What {@link createSessions} needs. */
export interface SessionsOptions {
  readonly database: Pick<Database, "sqlite" | "notices">;
  readonly settings: { current(workspace?: string): Pick<Settings, "localcoder.history.keep"> };
  readonly now?: () => number;
}

/** How long a removed session can be brought back. */
export const trashDays = 30;

// A list that is drawn again for every token would be busy with nothing else.
const leastBetweenUpdates = 300;

/** Opens the history. Sessions of a process that is gone become "interrupted", and old trash is deleted for good. */
export function createSessions({ database, settings, now = Date.now }: SessionsOptions): Sessions {
  const disk = createStore(database.sqlite);
  const memory = lazyMemory();
  const changes = createEmitter<SessionChange>();
  const live = new Set<string>();

  quietly(() => disk.repair());
  quietly(() => disk.purge(now() - trashDays * 86_400_000));

  const stores = () => [disk, ...memory.opened()];

  /** What a full disk left as running although its process is gone. */
  const honest = <T extends Session>(session: T): T =>
    session.state === "running" && !live.has(session.id) ? { ...session, state: "interrupted" } : session;

  function setRemoved(id: string, at: number | null): void {
    if (!stores().some((store) => store.setRemoved(id, at))) throw missing(id);
    changes.emit({ id, change: at === null ? "added" : "removed" });
  }

  function list({ workspace, kind, limit, before }: { workspace?: string; kind?: string; limit: number; before?: number }) {
    return stores()
      .flatMap((store) => store.list({ workspace, kind, limit, before }))
      .sort((a, b) => b.updated - a.updated)
      .slice(0, limit)
      .map(honest);
  }

  return {
    begin(session) {
      const keep = settings.current(session.workspace)["localcoder.history.keep"];
      if (keep === "off") return nothingRecorded;
      const id = randomUUID();
      live.add(id);
      let told = 0;
      const recorder = createRecorder(keep === "session" ? memory.open() : disk, id, session, now, () => {
        if (told !== 0 && now() - told < leastBetweenUpdates) return;
        changes.emit({ id, change: told === 0 ? "added" : "updated" });
        told = now();
      });
      return {
        ...recorder,
        finish(state) {
          // Whoever leaves the stream after its last part did not stop what was done already.
          if (!live.delete(id)) return;
          recorder.finish(state);
          changes.emit({ id, change: "updated" });
        },
      };
    },
    list,
    search({ query, workspace, limit }) {
      const words = searchWords(query);
      if (words.length === 0) return query.trim() === "" ? list({ workspace, limit }).map((session) => ({ ...session, excerpt: "" })) : [];
      return stores()
        .flatMap((store) => store.search(words, { workspace, limit }))
        .sort((a, b) => a.score - b.score || b.updated - a.updated)
        .slice(0, limit)
        .map(({ score, ...session }) => honest(session));
    },
    show(id) {
      for (const store of stores()) {
        const found = store.show(id);
        if (found) return { ...found, session: honest(found.session) };
      }
      throw missing(id);
    },
    remove: (id) => setRemoved(id, now()),
    restore: (id) => setRemoved(id, null),
    changes,
    async *notices(signal) {
      yield database.notices.map(({ code, message, hint }) => ({ code, message, hint }));
      // Nothing more happens here; whoever listens hears of it when another process opens the history.
      await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
    },
    ...toDisposable(() => memory.close()),
  };
}

/** The words of a query as the index splits text: whatever else the user typed has no meaning to it. */
function searchWords(query: string): string[] {
  return query.match(/[\p{L}\p{N}\p{M}_]+/gu) ?? [];
}

function missing(id: string): UserError {
  return new UserError(
    "NOT_FOUND",
    `There is no session ${id} in the history.`,
    "It may have been deleted; localcoder sessions lists what is there.",
  );
}

function lazyMemory() {
  let opened: { store: Store; close(): void } | undefined;
  return {
    open(): Store {
      if (!opened) {
        const sqlite = openInMemory();
        opened = { store: createStore(sqlite), close: () => sqlite.close() };
      }
      return opened.store;
    },
    opened: () => (opened ? [opened.store] : []),
    close: () => opened?.close(),
  };
}

/** A full disk must not keep the engine from starting; the next start does what was left. */
function quietly(run: () => void): void {
  try {
    run();
  } catch {
    // Whoever writes next is told.
  }
}
