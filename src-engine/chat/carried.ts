import type { Attachment } from "#core/contracts/message-context";
import type { Reader } from "./compact.ts";
import type { ThreadState } from "./thread.ts";

/** Files take at most this share of the new thread's window. */
const filesShare = 0.35;

/** The files a thread was about that go along into the next one: of each the latest that was shown, the latest first, as many as fit. */
export async function carriedFiles({ turns, compaction }: ThreadState, { window, count }: Reader): Promise<Attachment[]> {
  const all = [...compaction.attachments, ...turns.flatMap(({ attachments }) => attachments)].reverse();
  const taken: Attachment[] = [];
  let room = window * filesShare;
  for (const attachment of all) {
    const { kind, path } = attachment;
    if (path === "" || kind === "found" || taken.some((one) => one.path === path)) continue;
    const tokens = await count(attachment.text);
    if (tokens > room) continue;
    room -= tokens;
    taken.push(attachment);
  }
  return taken;
}
