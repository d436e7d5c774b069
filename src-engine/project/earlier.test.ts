import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Attachment } from "#core/contracts/message-context";
import { openDatabase } from "../sessions/database.ts";
import { createSessions } from "../sessions/sessions.ts";
import { earlierFiles } from "./earlier.ts";

const file = (kind: Attachment["kind"], path: string): Attachment => ({ kind, path, text: "" });

test("files of earlier threads and actions with words of the question, those with most of them first", () => {
  const folder = mkdtempSync(join(tmpdir(), "earlier-"));
  const database = openDatabase({ folder });
  const settings = { current: () => ({ "localcoder.history.keep": "keep" as const, "localcoder.history.days": 0 }) };
  const sessions = createSessions({ database, settings });
  const ask = (workspace: string, text: string, path: string | undefined, ...attachments: Attachment[]) => {
    const recorder = sessions.begin({ title: text, kind: path ? "explain" : "chat", workspace, path, messages: [] });
    recorder.add("user", text, { attachments });
    recorder.finish("done");
  };
  try {
    ask("/w", "Why does the retry wait so long?", undefined, file("file", "src/delay.ts"), file("found", "src/noise.ts"));
    ask("/w", "Explain how a retry counts its attempts", "/w/src/attempts.ts");
    ask("/other", "Why does the retry wait?", undefined, file("file", "src/elsewhere.ts"));
    expect(earlierFiles(sessions, "/w", "Where is the retry of a request made to wait?")).toEqual(["src/delay.ts", "/w/src/attempts.ts"]);
    expect(earlierFiles(sessions, "/w", "Where are colours chosen?")).toEqual([]);
  } finally {
    sessions.dispose();
    database.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
});
