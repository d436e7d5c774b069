import { randomUUID } from "node:crypto";
import { createEmitter, type Emitter } from "#core/base/emitter";
import { describeError, isStopped } from "#core/base/errors";
import type { CompletionResult, Outcome, RequestRecord, Silence } from "#core/contracts/completion";

/** What is known of a request when it comes. */
export interface RequestStart {
  readonly path: string;
  readonly languageId: string;
  readonly trigger: RequestRecord["trigger"];
  /** Text before the cursor; tells the place where `position` does not. */
  readonly prefix: string;
  readonly position?: { readonly line: number; readonly column: number } | undefined;
}

/** What is learned of a request while it runs. */
export type RequestNews = Partial<Omit<RequestRecord, "id" | "at" | "path" | "languageId" | "trigger" | "milliseconds">> & {
  readonly milliseconds?: Partial<RequestRecord["milliseconds"]>;
};

/** One request in the journal. */
export interface JournalEntry {
  /** The id of the record; the suggestion has the same. */
  readonly id: string;
  update(news: RequestNews): void;
  /** The last news; whatever comes afterwards is too late and changes nothing. */
  end(news: RequestNews & { readonly state: Exclude<RequestRecord["state"], "waiting"> }): void;
}

/** The last requests for ghost text. They hold code, so they are in memory only. */
export interface RequestJournal {
  begin(start: RequestStart): JournalEntry;
  /** Notes that a window asked nothing, and why. */
  skipped(start: Omit<RequestStart, "prefix" | "trigger"> & { readonly why: Silence }): void;
  /** Notes what became of a suggestion; one that is not in the list any more is passed over. */
  outcome(id: string, outcome: Outcome): void;
  /** The newest first. */
  requests(): RequestRecord[];
  readonly changes: Emitter<void>;
}

/** Creates a {@link RequestJournal} that keeps so many requests. */
export function createRequestJournal(keep = 50, now: () => number = Date.now): RequestJournal {
  const changes = createEmitter<void>();
  let records: readonly RequestRecord[] = [];

  function add(record: RequestRecord): void {
    records = [record, ...records].slice(0, keep);
    changes.emit();
  }

  function change(id: string, apply: (record: RequestRecord) => RequestRecord): void {
    const at = records.findIndex((record) => record.id === id);
    const record = records[at];
    if (record === undefined) return;
    records = records.with(at, apply(record));
    changes.emit();
  }

  return {
    begin(start) {
      const record = newRecord(start, now());
      const { id } = record;
      let ended = false;
      const take = ({ milliseconds, ...news }: RequestNews) =>
        change(id, (before) => ({ ...before, ...news, milliseconds: { ...before.milliseconds, ...milliseconds } }));
      add(record);
      return {
        id,
        update(news) {
          if (!ended) take(news);
        },
        end(news) {
          if (ended) return;
          ended = true;
          take({ ...news, milliseconds: { ...news.milliseconds, total: now() - record.at } });
        },
      };
    },
    skipped({ why, ...start }) {
      add({ ...newRecord({ ...start, trigger: "automatic", prefix: "" }, now()), state: "hidden", hidden: why });
    },
    outcome: (id, outcome) => change(id, (record) => ({ ...record, outcome })),
    requests: () => [...records],
    changes,
  };
}

/** Ends the entry of a request as the request ends. */
export async function recorded(entry: JournalEntry, work: Promise<CompletionResult>): Promise<CompletionResult> {
  try {
    const result = await work;
    const { text, hidden, model, tokens, check, known, stop, confidence, alternatives } = result;
    const candidates = [{ text, confidence }, ...alternatives].map((one) => ({ text: one.text, confidence: one.confidence, shown: true }));
    entry.end({
      state: text === "" ? "hidden" : "shown",
      ...(hidden === undefined ? {} : { hidden }),
      ...(model === "" ? {} : { model, tokens, stop, check, known }),
      ...(text === "" ? {} : { candidates }),
    });
    return result;
  } catch (error) {
    const { message, hint } = describeError(error);
    entry.end(isStopped(error) ? { state: "cancelled" } : { state: "failed", reason: hint ? `${message} ${hint}` : message });
    throw error;
  }
}

function newRecord({ path, languageId, trigger, prefix, position }: RequestStart, at: number): RequestRecord {
  return {
    id: randomUUID(),
    at,
    path,
    languageId,
    trigger,
    ...(position ?? endOf(prefix)),
    state: "waiting",
    prompt: [],
    tokens: { prompt: 0, reused: 0, evaluated: 0, generated: 0 },
    milliseconds: { wait: 0, queue: 0, evaluating: 0, generating: 0, checking: 0, total: 0 },
    candidates: [],
    check: "none",
    known: false,
  };
}

/** The place behind a text. */
function endOf(text: string): { line: number; column: number } {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) line += 1;
  return { line, column: text.length - text.lastIndexOf("\n") };
}
