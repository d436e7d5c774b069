import { UserError } from "#core/base/errors";
import type { AssistAnswer } from "#core/contracts/assist";
import type { EngineClient } from "#engine/open";
import { type Document, encode, readDocument } from "../document.ts";

/** Writes a text in the place of a document through the engine, which keeps mode and links and never leaves half a file. */
export async function writeDocument(engine: EngineClient["client"], document: Document, text: string): Promise<void> {
  const now = await readDocument(document.path);
  if (now.text !== document.text)
    throw new UserError("NOT_APPLIED", `${document.path} was changed meanwhile, so nothing was written.`, "Try again.");
  const content = encode(text, document.encoding);
  await engine.workspace.open({ path: document.path });
  await engine.workspace.write({ path: document.path, content: new Blob([new Uint8Array(content)]), create: false, overwrite: true });
}

/** Tells the history that an answer was kept; the file is written whether it can or not. */
export async function reportKept(engine: EngineClient["client"], { sessionId, diff }: AssistAnswer): Promise<void> {
  if (sessionId !== "" && diff !== "") await engine.sessions.report({ id: sessionId, outcome: "kept" }).catch(() => {});
}
