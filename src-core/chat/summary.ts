import { attachmentName, type Turn } from "./prompt.ts";

/** Asked at the end of the conversation itself, whose tokens are evaluated already: notes cost only themselves. */
export const summaryQuestion = `Write notes with which somebody else can go on. Use exactly these three lines, each brief:
Goal: what the user wants
Done: what was found out, decided or written so far
Next: what is still open`;

/** What the answer is made to begin with. */
export const summaryPrefix = "Goal:";

/** The notes of the model with the files, which are known without it; by rule alone where it wrote nothing of use. */
export function summaryOf(written: string, turns: readonly Turn[]): string {
  const text = written.trim();
  const usable = text !== "" && !/^[\s\p{P}]*$/u.test(text);
  const notes = usable ? `${summaryPrefix} ${text}` : notesByRule(turns);
  const files = [...new Set(turns.flatMap(({ attachments }) => attachments.map(attachmentName)))];
  return files.length > 0 ? `${notes}\nFiles: ${files.join("; ")}` : notes;
}

const longestLine = 160;

function notesByRule(turns: readonly Turn[]): string {
  const questions = turns.filter(({ role }) => role === "user").map(({ text }) => firstLine(text));
  const asked = questions.slice(1).map((question) => `- ${question}`);
  return [`Goal: ${questions[0] ?? "not known"}`, ...(asked.length > 0 ? ["Asked then:", ...asked] : [])].join("\n");
}

/** The first line that says something, not too long. */
export function firstLine(text: string, most = longestLine): string {
  const line = text.split("\n").find((one) => one.trim() !== "") ?? "";
  const words = line.replace(/\s+/g, " ").trim();
  if (words.length <= most) return words;
  const cut = words.slice(0, most);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), most / 2))}…`;
}
