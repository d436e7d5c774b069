import { mentionsOf, projectMention } from "#core/chat/mentions";
import type { Draft } from "./draft.ts";

const ofFiles = ["file", "range", "selection", "symbol"];

/** The same question with files only named, so that the places are found that it is about; undefined where it attaches none. */
export function narrowerDraft({ text, attachments, ...rest }: Draft): Draft | undefined {
  const isOfFile = ({ kind, path }: Draft["attachments"][number]) => path !== "" && ofFiles.includes(kind);
  const paths = [...new Set(attachments.filter(isOfFile).map(({ path }) => path))];
  if (paths.length === 0 || text.includes(projectMention)) return undefined;
  // A mention would attach it again: the name of what it means stays.
  const words = mentionsOf(text)
    .filter(({ kind }) => ofFiles.includes(kind))
    .reduce((left, { text: mention, name }) => left.replace(mention, name === "" ? "" : `\`${name}\``), text)
    .replace(/[ \t]{2,}/g, " ")
    .trim();
  const unnamed = paths.filter((path) => !words.includes(path)).map((path) => `\`${path}\``);
  const about = unnamed.length > 0 ? `${unnamed.join(", ")}: ` : "";
  return { ...rest, text: `${projectMention} ${about}${words}`, attachments: attachments.filter((one) => !isOfFile(one)) };
}
