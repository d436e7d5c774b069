import type { Attachment } from "../contracts/message-context.ts";

/** Kinds of what is of one file. */
export const ofFiles: readonly Attachment["kind"][] = ["file", "range", "selection", "symbol", "found"];

/** The file whose lines an answer means where it names none: the only one that was attached. */
export function fileSpokenOf(attachments: readonly Pick<Attachment, "kind" | "path">[]): string | undefined {
  const paths = new Set(attachments.filter(({ kind }) => ofFiles.includes(kind)).map(({ path }) => path));
  return paths.size === 1 ? [...paths][0] || undefined : undefined;
}
