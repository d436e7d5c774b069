import { type AnswerDetails, answerDetails, hitEnd, hitStart, type Message, type Session, type Transcript } from "#core/contracts/sessions";
import type { Sqlite } from "./sqlite.ts";

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
  /** What was sent, in order. */
  readonly messages: readonly { readonly role: Message["role"]; readonly text: string }[];
}

/** A session found by its words; a lower score is a better hit. */
export type Hit = Session & { readonly excerpt: string; readonly score: number };

interface Row {
  number: number;
  id: string;
  title: string;
  kind: string;
  created: number;
  updated: number;
  state: Session["state"];
  workspace: string | null;
  path: string | null;
  line_from: number | null;
  line_to: number | null;
  model: string | null;
  provider: string | null;
}

type MessageRow = Omit<Message, "details"> & { readonly details: string | null };

const filter = "removed IS NULL AND (@workspace IS NULL OR workspace = @workspace)";

/** The statements of the history over one connection: the file on disk, or memory. Every call is one transaction. */
export function createStore(sqlite: Sqlite) {
  const insertSession = sqlite.prepare(
    `INSERT INTO sessions (id, title, kind, created, updated, state, workspace, path, line_from, line_to, model, provider)
     VALUES (@id, @title, @kind, @at, @at, 'running', @workspace, @path, @from, @to, @model, @provider)`,
  );
  const insertMessage = sqlite.prepare("INSERT INTO messages (session, role, text, created) VALUES (?, ?, ?, ?)");
  const insertPiece = sqlite.prepare("INSERT INTO pieces (message, position, text) VALUES (?, ?, ?)");
  const touch = sqlite.prepare("UPDATE sessions SET updated = ? WHERE number = ?");
  const setModel = sqlite.prepare("UPDATE sessions SET model = ?, provider = ? WHERE number = ?");
  const setState = sqlite.prepare("UPDATE sessions SET state = ?, updated = ? WHERE number = ?");
  const byId = sqlite.prepare("SELECT * FROM sessions WHERE id = ?");
  const messagesOf = sqlite.prepare("SELECT id, role, text, created, details FROM messages WHERE session = ? ORDER BY id");
  const piecesOf = sqlite.prepare("SELECT text FROM pieces WHERE message = ? ORDER BY position").pluck();
  const setText = sqlite.prepare("UPDATE messages SET text = ? WHERE id = ?");
  const setDetails = sqlite.prepare("UPDATE messages SET details = ? WHERE id = ?");
  const deletePieces = sqlite.prepare("DELETE FROM pieces WHERE message = ?");
  const unindex = sqlite.prepare("DELETE FROM session_search WHERE rowid = ?");
  const index = sqlite.prepare("INSERT INTO session_search (rowid, title, body) SELECT number, title, ? FROM sessions WHERE number = ?");
  const setRemoved = sqlite.prepare("UPDATE sessions SET removed = ? WHERE id = ?");
  const running = sqlite.prepare("SELECT number, updated FROM sessions WHERE state = 'running'");
  const unindexed = sqlite.prepare("SELECT number FROM sessions WHERE number NOT IN (SELECT rowid FROM session_search)").pluck();
  const purgeable = sqlite.prepare("SELECT number FROM sessions WHERE removed < ?").pluck();
  const purge = sqlite.prepare("DELETE FROM sessions WHERE number = ?");
  const list = sqlite.prepare(
    `SELECT * FROM sessions WHERE ${filter} AND (@kind IS NULL OR kind = @kind) AND (@before IS NULL OR updated < @before)
     ORDER BY updated DESC, number DESC LIMIT @limit`,
  );
  // A word in the title says more than one in the text.
  const search = sqlite.prepare(
    `SELECT sessions.*, snippet(session_search, 1, @start, @end, '…', 24) AS excerpt, bm25(session_search, 8.0, 1.0) AS score
     FROM session_search JOIN sessions ON sessions.number = session_search.rowid
     WHERE session_search MATCH @match AND ${filter} ORDER BY score, updated DESC LIMIT @limit`,
  );

  function messages(number: number): Message[] {
    return (messagesOf.all(number) as MessageRow[]).map(({ details, ...message }) => ({
      ...message,
      text: message.text + (piecesOf.all(message.id) as string[]).join(""),
      ...toDetails(details),
    }));
  }

  function reindex(number: number): void {
    const body = messages(number).filter(({ role }) => role !== "system");
    unindex.run(number);
    index.run(body.map(({ text }) => text).join("\n\n"), number);
  }

  function close(number: number, state: Session["state"], at: number): void {
    for (const { id, text } of messages(number)) {
      if (deletePieces.run(id).changes > 0) setText.run(text, id);
    }
    setState.run(state, at, number);
    reindex(number);
  }

  return {
    /** Adds a running session and returns its number. */
    add: sqlite.transaction((id: string, session: NewSession, at: number): number => {
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
        }).lastInsertRowid,
      );
      for (const { role, text } of session.messages) insertMessage.run(number, role, text, at);
      reindex(number);
      return number;
    }),

    /** Adds a message and returns its id. */
    addMessage: sqlite.transaction((number: number, role: Message["role"], text: string, at: number): number => {
      touch.run(at, number);
      return Number(insertMessage.run(number, role, text, at).lastInsertRowid);
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
      for (const { number, updated } of running.all() as Row[]) close(number, "interrupted", updated);
      for (const number of unindexed.all() as number[]) reindex(number);
    }),

    /** Deletes for good what was removed before a time. */
    purge: sqlite.transaction((before: number) => {
      const numbers = purgeable.all(before) as number[];
      for (const number of numbers) {
        unindex.run(number);
        purge.run(number);
      }
      // Merges the index, so that no word of the deleted text stays in it.
      if (numbers.length > 0) sqlite.exec("INSERT INTO session_search (session_search) VALUES ('optimize')");
    }),

    list(options: { workspace?: string; kind?: string; before?: number; limit: number }): Session[] {
      const { workspace = null, kind = null, before = null, limit } = options;
      return (list.all({ workspace, kind, before, limit }) as Row[]).map(toSession);
    },

    /** Finds sessions with all the words, each as the beginning of a word. */
    search(words: readonly string[], options: { workspace?: string; limit: number }): Hit[] {
      const match = words.map((word) => `"${word.replaceAll('"', '""')}"*`).join(" AND ");
      const rows = search.all({ match, start: hitStart, end: hitEnd, workspace: options.workspace ?? null, limit: options.limit });
      return (rows as (Row & { excerpt: string; score: number })[]).map((row) => ({
        ...toSession(row),
        excerpt: row.excerpt,
        score: row.score,
      }));
    },

    show(id: string): Transcript | undefined {
      const row = byId.get(id) as (Row & { removed: number | null }) | undefined;
      if (!row || row.removed !== null) return undefined;
      return { session: toSession(row), messages: messages(row.number) };
    },

    /** Moves to the trash at a time, or out of it with null; false when there is no such session. */
    setRemoved(id: string, at: number | null): boolean {
      return setRemoved.run(at, id).changes > 0;
    },
  };
}

/** See {@link createStore}. */
export type Store = ReturnType<typeof createStore>;

function toSession(row: Row): Session {
  return {
    id: row.id,
    title: row.title,
    kind: row.kind,
    created: row.created,
    updated: row.updated,
    state: row.state,
    ...(row.workspace !== null && { workspace: row.workspace }),
    ...(row.path !== null && { path: row.path }),
    ...(row.line_from !== null && row.line_to !== null && { lines: { from: row.line_from, to: row.line_to } }),
    ...(row.model !== null && { model: row.model }),
    ...(row.provider !== null && { provider: row.provider as Session["provider"] }),
  };
}

/** What a newer or damaged row says is left out rather than refused: the answer itself is what counts. */
function toDetails(json: string | null): Pick<Message, "details"> {
  if (json === null) return {};
  try {
    const { success, data } = answerDetails.safeParse(JSON.parse(json));
    return success ? { details: data } : {};
  } catch {
    return {};
  }
}
