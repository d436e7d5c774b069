import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type Disposable, toDisposable } from "#core/base/disposable";
import { createEmitter, type Emitter } from "#core/base/emitter";
import { UserError } from "#core/base/errors";
import type { HistoryFacets, HistoryNotice, Session, SessionOutcome, Transcript } from "#core/contracts/sessions";
import { branchTitle } from "#core/history/branch-title";
import type { Settings } from "#core/settings/schema";
import { backUp } from "./backup.ts";
import type { Database } from "./database.ts";
import type { Filter } from "./finder.ts";
import { importInto } from "./import.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createRecorder, nothingRecorded, type SessionRecorder } from "./recorder.ts";
import { withReasons } from "./sqlite.ts";
import { createStore, type NewSession, type SessionChanges, type Store } from "./store.ts";

/** Which session changed, and how. */
export interface SessionChange {
  readonly id: string;
  readonly change: "added" | "updated" | "removed";
}

/** The history: what was asked and answered, as far as the settings of its workspace want it kept. */
export interface Sessions extends Disposable {
  begin(session: NewSession): SessionRecorder;
  /** Goes on with a session that has ended; throws where it runs already, in this window or another. */
  resume(id: string): SessionRecorder;
  list(filter: Filter): Session[];
  search(filter: Filter & { readonly query: string }): (Session & { excerpt: string })[];
  facets(workspace?: string): HistoryFacets;
  show(id: string): Transcript;
  update(id: string, changes: SessionChanges): Session;
  /** True where the user or a model gave it its name. */
  isNamed(id: string): boolean;
  /** Gives a name that a model found, unless there is one already. */
  nameByModel(id: string, title: string): void;
  report(id: string, outcome: SessionOutcome, diff?: string): void;
  /** Copies a session up to and with a message, or all of it, under a title that says so. */
  branch(id: string, upTo?: number): Session;
  /** Takes away the messages from one on; the session as it was is kept as a copy of that title. */
  rewind(id: string, from: number, title: string): Session;
  import(transcripts: readonly Transcript[]): { added: Session[]; known: Session[] };
  forget(workspace: string): { sessions: number };
  /** Copies the history to a new file, in steps between which everything else goes on. */
  backUp(path: string, signal?: AbortSignal): AsyncGenerator<{ done: number }, void, void>;
  remove(id: string): void;
  /** Brings a session back from the trash, by the beginning of its id where only one there has it. */
  restore(id: string): void;
  readonly changes: Emitter<SessionChange>;
  /** Waits for what another program does not let be kept, for some milliseconds; false where it does not let go until then. */
  settle(patience: number): Promise<boolean>;
  /** What the user should know about the history; one value, after which the stream stays open as long as the history. */
  notices(signal?: AbortSignal): AsyncGenerator<HistoryNotice[], void, void>;
}

/** What {@link createSessions} needs. */
export interface SessionsOptions {
  readonly database: Pick<Database, "sqlite" | "notices">;
  readonly settings: { current(workspace?: string): Pick<Settings, "localcoder.history.keep" | "localcoder.history.days"> };
  readonly now?: () => number;
}

/** How long a removed session can be brought back. */
export const trashDays = 30;

const day = 86_400_000;

/** Milliseconds between the steps of work that nobody waits for. */
const restBetweenSteps = 20;

// A list that is drawn again for every token would be busy with nothing else.
const leastBetweenUpdates = 300;

/** Opens the history. Sessions of a process that is gone become "interrupted", and old trash is deleted for good. */
export function createSessions({ database, settings, now = Date.now }: SessionsOptions): Sessions {
  const disk = createStore(database.sqlite);
  const memory = createMemoryStore();
  const changes = createEmitter<SessionChange>();
  const live = new Set<string>();
  /** Of answers that are over. */
  const unkept = new Set<SessionRecorder>();

  quietly(() => disk.repair());
  quietly(() => {
    const { "localcoder.history.days": days } = settings.current();
    disk.purge(now() - trashDays * day, days === 0 ? 0 : now() - days * day);
  });

  let tidying: NodeJS.Timeout | undefined;

  /** Takes what was deleted out of the index of words as well, in steps between which everything else goes on. */
  function tidy(isFirst: boolean): void {
    clearTimeout(tidying);
    tidying = setTimeout(() => {
      let isDone = true;
      quietly(() => {
        isDone = disk.tidy(isFirst);
      });
      if (!isDone) tidy(false);
    }, restBetweenSteps);
    tidying.unref();
  }

  tidy(true);

  const stores = () => [disk, ...memory.opened()];

  /** What a full disk left as running although its process is gone. */
  const honest = <T extends Session>(session: T): T =>
    session.state === "running" && !live.has(session.id) ? { ...session, state: "interrupted" } : session;

  function setRemoved(id: string, at: number | null): void {
    if (!withReasons(() => stores().some((store) => store.setRemoved(id, at)))) throw missing(id);
    changes.emit({ id, change: at === null ? "added" : "removed" });
  }

  function list(filter: Filter): Session[] {
    return stores()
      .flatMap((store) => store.list(filter))
      .sort((a, b) => b.updated - a.updated)
      .slice(0, filter.limit)
      .map(honest);
  }

  function show(id: string): Transcript {
    return shown(storeOf(id), id);
  }

  function shown(store: Store, id: string): Transcript {
    const found = store.show(id);
    if (!found) throw missing(id);
    return { ...found, session: honest(found.session) };
  }

  /** Where a session is kept. */
  function storeOf(id: string): Store {
    const store = stores().find((each) => each.has(id));
    if (!store) throw missing(id);
    return store;
  }

  /** A session as a copy of it begins. */
  function branchOf(id: string): Session {
    const { outcome: _unknown, archived: _no, ...copied } = show(id).session;
    const state = copied.state === "running" ? ("interrupted" as const) : copied.state;
    return { ...copied, updated: now(), state, origin: { id, how: "branch" } };
  }

  /** Where what belongs to a workspace is kept; undefined where nothing is. */
  function storeFor(workspace: string | undefined): Store | undefined {
    const keep = settings.current(workspace)["localcoder.history.keep"];
    return keep === "off" ? undefined : keep === "session" ? memory.open() : disk;
  }

  function record(store: Store, id: string, open: () => number, first: SessionChange["change"]): SessionRecorder {
    live.add(id);
    let told = 0;
    const recorder = createRecorder(store, id, open, now, () => {
      if (told !== 0 && now() - told < leastBetweenUpdates) return;
      changes.emit({ id, change: told === 0 ? first : "updated" });
      told = now();
    });
    return {
      ...recorder,
      finish(state) {
        // Whoever leaves the stream after its last part did not stop what was done already.
        if (!live.delete(id)) return;
        recorder.finish(state);
        if (recorder.problem()?.code === "ENGINE_BUSY") unkept.add(recorder);
        changes.emit({ id, change: "updated" });
      },
    };
  }

  function write(store: Store, id: string, transcript: Transcript): Session {
    withReasons(() => store.write(id, transcript));
    changes.emit({ id, change: "added" });
    return show(id).session;
  }

  return {
    begin(session) {
      const store = storeFor(session.workspace);
      if (!store) return nothingRecorded;
      const id = randomUUID();
      return record(store, id, () => store.add(id, session, now()), "added");
    },
    resume(id) {
      const store = storeOf(id);
      if (live.has(id))
        throw new UserError("ENGINE_BUSY", "This thread is being answered in another place.", "Wait for its answer, or stop it there.");
      shown(store, id);
      return record(store, id, () => store.reopen(id, now()), "updated");
    },
    list,
    search({ query, ...filter }) {
      const words = searchWords(query);
      if (words.length === 0) return query.trim() === "" ? list(filter).map((session) => ({ ...session, excerpt: "" })) : [];
      return stores()
        .flatMap((store) => store.search(words, filter))
        .sort((a, b) => a.score - b.score || b.updated - a.updated)
        .slice(0, filter.limit)
        .map(({ score, ...session }) => honest(session));
    },
    facets: (workspace) =>
      stores()
        .map((store) => store.facets(workspace))
        .reduce(together),
    show,
    update(id, wanted) {
      if (!withReasons(() => storeOf(id).update(id, wanted, now()))) throw missing(id);
      changes.emit({ id, change: "updated" });
      return show(id).session;
    },
    isNamed: (id) => storeOf(id).isNamed(id),
    nameByModel(id, title) {
      if (storeOf(id).nameByModel(id, title)) changes.emit({ id, change: "updated" });
    },
    report(id, outcome, diff) {
      if (!withReasons(() => storeOf(id).report(id, outcome, diff, now()))) throw missing(id);
      changes.emit({ id, change: "updated" });
    },
    branch(id, upTo) {
      const { messages } = show(id);
      const end = upTo === undefined ? messages.length : messages.findIndex((message) => message.id === upTo) + 1;
      if (upTo !== undefined && end === 0)
        throw new UserError("NOT_FOUND", "This message is no longer in the session.", "Open the session again.");
      const branch = branchOf(id);
      const title = branchTitle(branch.title, (one) => stores().some((store) => store.hasTitle(one)));
      return write(storeOf(id), randomUUID(), { session: { ...branch, title }, messages: messages.slice(0, end) });
    },
    rewind(id, from, title) {
      const store = storeOf(id);
      const { messages } = show(id);
      const copy = randomUUID();
      store.rewind(id, from, copy, { session: { ...branchOf(id), title }, messages });
      changes.emit({ id: copy, change: "added" });
      changes.emit({ id, change: "updated" });
      return shown(store, copy).session;
    },
    import(transcripts) {
      const take = database.sqlite.transaction(() => importInto(transcripts, { stores, storeFor, shown }));
      const found = withReasons(take);
      for (const { id } of found.added) changes.emit({ id, change: "added" });
      return found;
    },
    forget(workspace) {
      const running = list({ workspace, archived: "with", limit: 1000 }).some(({ state }) => state === "running");
      if (running) throw new UserError("ENGINE_BUSY", "Something is being answered in this folder.", "Stop it first.");
      const ids = withReasons(() => stores().flatMap((store) => store.forget(workspace)));
      for (const id of ids) changes.emit({ id, change: "removed" });
      tidy(true);
      return { sessions: ids.length };
    },
    backUp: (path, signal) => backUp(database.sqlite, path, signal),
    remove: (id) => setRemoved(id, now()),
    restore(id) {
      const [found, another] = stores().flatMap((store) => store.removedLike(id));
      if (another !== undefined)
        throw new UserError("BAD_INPUT", `${id} is the beginning of several that were deleted.`, "Give more of the id.");
      setRemoved(found ?? id, null);
    },
    changes,
    async *notices(signal) {
      yield database.notices.map(({ code, message, hint }) => ({ code, message, hint }));
      // Nothing more happens here; whoever listens hears of it when another process opens the history.
      await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
    },
    async settle(patience) {
      for (const end = performance.now() + patience; ; ) {
        for (const recorder of unkept) if (recorder.settle()) unkept.delete(recorder);
        if (unkept.size === 0 || performance.now() > end) return unkept.size === 0;
        await wait(leastBetweenUpdates);
      }
    },
    ...toDisposable(() => {
      clearTimeout(tidying);
      memory.close();
    }),
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

function together(one: HistoryFacets, other: HistoryFacets): HistoryFacets {
  const both = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])];
  return {
    kinds: both(one.kinds, other.kinds),
    models: both(one.models, other.models),
    labels: both(one.labels, other.labels),
    archived: one.archived + other.archived,
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
