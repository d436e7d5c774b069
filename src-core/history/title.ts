import type { Message } from "../contracts/sessions.ts";

/** More would be cut off in the list. */
const longest = 60;

/** What a model is asked so that it names a conversation; undefined where there is nothing to name yet. */
export function titlePrompt(messages: readonly Pick<Message, "role" | "text">[]): string | undefined {
  const asked = messages.find(({ role }) => role === "user")?.text.trim();
  const answered = messages.find(({ role }) => role === "assistant")?.text.trim();
  if (!asked || !answered) return undefined;
  return [
    "Write a title for this conversation: three to six words that say what it is about. Write only the title.",
    "",
    `Question: ${asked.slice(0, 600)}`,
    "",
    `Answer: ${answered.slice(0, 600)}`,
  ].join("\n");
}

/** The title in what a model wrote; undefined where it wrote something else, so that the one by rule stays. */
export function titleIn(written: string, messages: readonly Pick<Message, "role" | "text">[]): string | undefined {
  const [line = ""] = written.trim().split("\n");
  const title = line
    .replace(/^\s*(?:title|titel)\s*:\s*/i, "")
    .replace(/^[#*\s"'“„`]+|["'”`*\s.:]+$/g, "")
    .trim();
  const words = title.split(/\s+/);
  if (title.length < 3 || title.length > longest || words.length > 9) return undefined;
  if (/^(?:sure|here|i |i'm|as an|yes|no\b|the title|this conversation)/i.test(title)) return undefined;
  // A title of a small model that shares no word with what was said is about something else.
  const said = messages.map(({ text }) => text.toLowerCase()).join(" ");
  const isAbout = words.some((word) => {
    const plain = word.toLowerCase().replace(/[^\p{L}\p{N}_]/gu, "");
    // The beginning is enough: "retrying" is about what is said of "retry".
    return plain.length >= 4 && said.includes(plain.slice(0, Math.max(4, plain.length - 3)));
  });
  return isAbout ? title : undefined;
}
