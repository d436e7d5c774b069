import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ChatRequest } from "#core/contracts/chat";
import type { Attachment } from "#core/contracts/message-context";
import { createReadingAhead } from "./reading-ahead.ts";

const file: Attachment = { kind: "file", path: "a.ts", text: "let a;" };

/** Reading that is kept open until it is aborted, and what was read. */
function opened(isRunning = false) {
  const reads: { readonly request: ChatRequest; readonly signal: AbortSignal | undefined }[] = [];
  const known: string[] = [];
  const reading = createReadingAhead({
    engine: {
      chat: {
        readAhead: async (request: ChatRequest, options?: { signal?: AbortSignal }) => {
          reads.push({ request, signal: options?.signal });
          return { evaluated: 1 };
        },
      } as never,
    },
    attaching: { of: async (text) => (text.includes("#file:a.ts") ? [file] : []) },
    onRead: (text) => known.push(text),
    target: () => (isRunning ? undefined : { threadId: "thread", workspace: "/work" }),
  });
  return { reads, known, reading };
}

describe("reading ahead", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("begins with the first letter, and goes on when typing rests", async () => {
    const { reads, known, reading } = opened();
    reading.changed("W", []);
    await vi.advanceTimersByTimeAsync(0);
    for (const text of ["Wh", "Why", "Why is"]) reading.changed(text, []);
    await vi.advanceTimersByTimeAsync(1000);
    expect(reads.map(({ request }) => request.text)).toEqual(["W", "Why is"]);
    expect(reads[0]?.request).toEqual({ threadId: "thread", workspace: "/work", text: "W", attachments: [] });
    expect(known).toEqual(["W", "Why is"]);
    // What was begun before is given up: it goes on in the one that follows.
    expect(reads.map(({ signal }) => signal?.aborted)).toEqual([true, false]);
  });

  test("takes along what is mentioned, and each thing once", async () => {
    const { reads, reading } = opened();
    reading.changed("What is #file:a.ts", [file]);
    await vi.advanceTimersByTimeAsync(0);
    expect(reads[0]?.request.attachments).toEqual([file]);
  });

  test("ends when the question is sent or given up", async () => {
    const { reads, reading } = opened();
    reading.changed("Why", []);
    await vi.advanceTimersByTimeAsync(0);
    reading.changed("Why is", []);
    reading.stop();
    reading.changed("Why", []);
    await vi.advanceTimersByTimeAsync(0);
    reading.changed("", []);
    await vi.advanceTimersByTimeAsync(1000);
    expect(reads.map(({ request, signal }) => [request.text, signal?.aborted])).toEqual([
      ["Why", true],
      ["Why", true],
    ]);
  });

  test("reads no command, and nothing while an answer is written", async () => {
    const { reads, reading } = opened();
    reading.changed("/models", []);
    await vi.advanceTimersByTimeAsync(1000);
    const busy = opened(true);
    busy.reading.changed("Why", []);
    await vi.advanceTimersByTimeAsync(1000);
    expect([...reads, ...busy.reads]).toEqual([]);
  });
});
