import type { MessageContext } from "#core/contracts/message-context";
import type { AnswerDetails, Message, Session, SessionOutcome, SessionPatch, Transcript } from "#core/contracts/sessions";
import { createFinder } from "./finder.ts";
import { json, type MessageRow, toMessage } from "./message-rows.ts";
import { type SessionRow, sessionColumns, toSession } from "./rows.ts";
import type { Sqlite } from "./sqlite.ts";
import { createWordIndex } from "./word-index.ts";

/** A session as it begins. */
export interface NewSession {
  readonly title: string;
  /** The id of the action. */
  readonly kind: string;
  readonly workspace?: string;
  readonly path?: string;
  readonly lines?: { readonly from: number; readonly to: number };
  readonly model?: string;
  readonly provider?: Session["provider"];
  readonly labels?: readonly string[];
  readonly origin?: Session["origin"];
  /** What was sent, in order. */
  readonly messages: readonly { readonly role: Message["role"]; readonly text: string }[];
}

/** What a user changes of a session; what is undefined stays. */
export interface SessionChanges {
  readonly title?: string;
  readonly labels?: readonly string[];
  readonly archived?: boolean;
}

/** The statements of the history over one connection: the file on disk, or memory. Every call is one transaction. */
export function createStore(sqlite: Sqlite) {
  const words = createWordIndex(sqlite);
  const insertSession = sqlite.prepare(
    `INSERT INTO sessions (id, title, kind, created, updated, state, workspace, path, line_from, line_to, model, provider, origin, origin_how)
     VALUES (@id, @title, @kind, @at, @at, 'running', @workspace, @path, @from, @to, @model, @provider, @origin, @how)`,
  );
  const insertMessage = sqlite.prepare("INSERT INTO messages (session, role, text, created, details, context) VALUES (?, ?, ?, ?, ?, ?)");
  const deleteMessagesFrom = sqlite.prepare("DELETE FROM messages WHERE session = ? AND id >= ?");
  const insertPiece = sqlite.prepare("INSERT INTO pieces (message, position, text) VALUES (?, ?, ?)");
  const touch = sqlite.prepare("UPDATE sessions SET updated = ? WHERE number = ?");
  const setModel = sqlite.prepare("UPDATE sessions SET model = ?, provider = ? WHERE number = ?");
  const setState = sqlite.prepare("UPDATE sessions SET state = ?, updated = ? WHERE number = ?");
  const byId = sqlite.prepare(`SELECT ${sessionColumns} FROM sessions WHERE id = ? AND removed IS NULL`);
  const messagesOf = sqlite.prepare("SELECT id, role, text, created, details, context FROM messages WHERE session = ? ORDER BY id");
  const piecesOf = sqlite.prepare("SELECT text FROM pieces WHERE message = ? ORDER BY position").pluck();
  const setText = sqlite.prepare("UPDATE messages SET text = ? WHERE id = ?");
  const setDetails = sqlite.prepare("UPDATE messages SET details = ? WHERE id = ?");
  const deletePieces = sqlite.prepare("DELETE FROM pieces WHERE message = ?");
  const setRemoved = sqlite.prepare("UPDATE sessions SET removed = ? WHERE id = ?");
  const running = sqlite.prepare("SELECT number, updated FROM sessions WHERE state = 'running'");
  const purgeable = sqlite.prepare("SELECT number FROM sessions WHERE removed < ? OR updated < ?").pluck();
  const purge = sqlite.prepare("DELETE FROM sessions WHERE number = ?");
  const insertLabel = sqlite.prepare("INSERT OR IGNORE INTO session_labels (session, label) VALUES (?, ?)");
  const deleteLabels = sqlite.prepare("DELETE FROM session_labels WHERE session = ?");
  const setTitle = sqlite.prepare("UPDATE sessions SET title = ?, named = 1 WHERE number = ?");
  const setFoundTitle = sqlite.prepare("UPDATE sessions SET title = ?, named = 2 WHERE id = ? AND named = 0");
  const named = sqlite.prepare("SELECT named FROM sessions WHERE id = ?").pluck();
  const setArchived = sqlite.prepare("UPDATE sessions SET archived = ? WHERE number = ?");
  const setOutcome = sqlite.prepare("UPDATE sessions SET outcome = ? WHERE number = ?");
  const insertPatch = sqlite.prepare("INSERT INTO patches (session, diff, created) VALUES (?, ?, ?)");
  const deletePatches = sqlite.prepare("DELETE FROM patches WHERE session = ?");
  const patchesOf = sqlite.prepare("SELECT diff, created FROM patches WHERE session = ? ORDER BY id");
  const anyId = sqlite.prepare("SELECT 1 FROM sessions WHERE id = ?");
  const removedLike = sqlite
    .prepare("SELECT id FROM sessions WHERE removed IS NOT NULL AND substr(id, 1, length(@beginning)) = @beginning LIMIT 2")
    .pluck();
  const withTitle = sqlite.prepare("SELECT 1 FROM sessions WHERE title = ? AND removed IS NULL LIMIT 1");
  const countSessions = sqlite.prepare("SELECT count(*) FROM sessions").pluck();
  const inWorkspace = sqlite.prepare("SELECT number, id FROM sessions WHERE workspace = ?");

  function messages(number: number): Message[] {
    return (messagesOf.all(number) as MessageRow[]).map((row) => toMessage(row, (piecesOf.all(row.id) as string[]).join("")));
  }

  function reindex(number: number): void {
    words.put(
      number,
      messages(number)
        .filter(({ role }) => role !== "system")
        .map(({ text }) => text)
        .join("\n\n"),
    );
  }

  function close(number: number, state: Session["state"], at: number): void {
    for (const { id, text } of messages(number)) {
      if (deletePieces.run(id).changes > 0) setText.run(text, id);
    }
    setState.run(state, at, number);
    reindex(number);
  }

  function add(id: string, session: NewSession, at: number): number {
    const number = Number(
      insertSession.run({
        id,
        at,
        title: session.title,
        kind: session.kind,
        workspace: session.workspace ?? null,
        path: session.path ?? null,
        from: session.lines?.from ?? null,
        to: session.lines?.to ?? null,
        model: session.model ?? null,
        provider: session.provider ?? null,
        origin: session.origin?.id ?? null,
        how: session.origin?.how ?? null,
      }).lastInsertRowid,
    );
    for (const label of session.labels ?? []) insertLabel.run(number, label);
    for (const { role, text } of session.messages) insertMessage.run(number, role, text, at, null, null);
    reindex(number);
    return number;
  }

  function deleteForGood(numbers: readonly number[]): void {
    for (const number of numbers) purge.run(number);
    words.forget(numbers, Number(countSessions.get()));
  }

  function found(id: string): SessionRow | undefined {
    return byId.get(id) as SessionRow | undefined;
  }

  function write(id: string, { session, messages: turns, patches }: Transcript): void {
    const { title, kind, workspace, path, lines, model, provider, labels, origin } = session;
    const number = add(id, { title, kind, workspace, path, lines, model, provider, labels, origin, messages: [] }, session.created);
    for (const { role, text, created, details, context } of turns)
      insertMessage.run(number, role, text, created, json(details), json(context));
    for (const { diff, created } of patches ?? []) insertPatch.run(number, diff, created);
    // It keeps the name it had there.
    setTitle.run(title, number);
    if (session.outcome !== undefined) setOutcome.run(session.outcome, number);
    if (session.archived !== undefined) setArchived.run(session.archived, number);
    close(number, session.state === "running" ? "interrupted" : session.state, session.updated);
  }

  return {
    ...createFinder(sqlite),

    /** Adds a running session and returns its number. */
    add: sqlite.transaction(add),

    /** Adds a message and returns its id. */
    addMessage: sqlite.transaction((number: number, role: Message["role"], text: string, at: number, context?: MessageContext): number => {
      touch.run(at, number);
      return Number(insertMessage.run(number, role, text, at, null, json(context)).lastInsertRowid);
    }),

    /** Appends to a message: one small row. */
    addPiece(messageId: number, position: number, text: string): void {
      insertPiece.run(messageId, position, text);
    },

    /** Says how a message came about. */
    setDetails(messageId: number, details: AnswerDetails): void {
      setDetails.run(JSON.stringify(details), messageId);
    },

    setModel(number: number, model: string, provider: NewSession["provider"]): void {
      setModel.run(model, provider ?? null, number);
    },

    /** Ends a session: its pieces become text, and the text can be found. */
    close: sqlite.transaction(close),

    /** Ends what a process that is gone had begun, and makes findable what a recovery brought back. */
    repair: sqlite.transaction(() => {
      for (const { number, updated } of running.all() as SessionRow[]) close(number, "interrupted", updated);
      for (const number of words.missing()) reindex(number);
    }),

    /** Makes a session that had ended run again and returns its number. */
    reopen: sqlite.transaction((id: string, at: number): number => {
      const row = found(id);
      if (!row) throw new Error(`There is no session ${id}`);
      setState.run("running", at, row.number);
      return row.number;
    }),

    /** Deletes for good what was removed before a time, and what was touched last before another. */
    purge: sqlite.transaction((removed: number, touched: number) => deleteForGood(purgeable.all(removed, touched) as number[])),

    /** Deletes a workspace's sessions for good, those in the trash as well, and returns their ids. */
    forget: sqlite.transaction((workspace: string): string[] => {
      const rows = inWorkspace.all(workspace) as { number: number; id: string }[];
      deleteForGood(rows.map(({ number }) => number));
      return rows.map(({ id }) => id);
    }),

    tidy: words.tidy,

    show(id: string): Transcript | undefined {
      const row = found(id);
      if (!row) return undefined;
      const patches = patchesOf.all(row.number) as SessionPatch[];
      return { session: toSession(row), messages: messages(row.number), ...(patches.length > 0 && { patches }) };
    },

    /** Changes what the user says of a session; false when there is none. */
    update: sqlite.transaction((id: string, { title, labels, archived }: SessionChanges, at: number): boolean => {
      const number = found(id)?.number;
      if (number === undefined) return false;
      if (title !== undefined) {
        setTitle.run(title, number);
        reindex(number);
      }
      if (labels !== undefined) {
        deleteLabels.run(number);
        for (const label of labels) insertLabel.run(number, label);
      }
      if (archived !== undefined) setArchived.run(archived ? at : null, number);
      return true;
    }),

    isNamed: (id: string): boolean => named.get(id) !== 0,

    /** Gives a name that a model found, unless there is one already; false when there is. */
    nameByModel: sqlite.transaction((id: string, title: string): boolean => {
      if (setFoundTitle.run(title, id).changes === 0) return false;
      const number = found(id)?.number;
      if (number !== undefined) reindex(number);
      return true;
    }),

    /** Says what became of a proposal; a diff takes the place of the one that was proposed. False when there is no such session. */
    report: sqlite.transaction((id: string, outcome: SessionOutcome, diff: string | undefined, at: number): boolean => {
      const number = found(id)?.number;
      if (number === undefined) return false;
      setOutcome.run(outcome, number);
      if (diff !== undefined) {
        deletePatches.run(number);
        insertPatch.run(number, diff, at);
      }
      return true;
    }),

    addPatch(number: number, diff: string, at: number): void {
      insertPatch.run(number, diff, at);
    },

    /** Writes a whole session as it was elsewhere; with `id` in place of its own. */
    write: sqlite.transaction(write),

    /** Takes away the messages from one on; the session as it was is written under another id. */
    rewind: sqlite.transaction((id: string, from: number, copy: string, as: Transcript): void => {
      write(copy, as);
      const number = found(id)?.number;
      if (number === undefined) return;
      deleteMessagesFrom.run(number, from);
      reindex(number);
    }),

    /** True when an id was ever given and is not deleted for good. */
    has: (id: string): boolean => anyId.get(id) !== undefined,

    /** True when a session that is not in the trash is called so. */
    hasTitle: (title: string): boolean => withTitle.get(title) !== undefined,

    /** Ids in the trash that begin so, two at most. */
    removedLike: (beginning: string): string[] => removedLike.all({ beginning }) as string[],

    /** Moves to the trash at a time, or out of it with null; false when there is no such session. */
    setRemoved(id: string, at: number | null): boolean {
      return setRemoved.run(at, id).changes > 0;
    },
  };
}

/** See {@link createStore}. */
export type Store = ReturnType<typeof createStore>;
