import type { Transcript } from "../src-core/contracts/sessions.ts";
import { createRandom } from "./ghost-text/random.ts";

/** Messages of one session. */
export const messagesEach = 20;

/** Words as frequent as those of a language: the n-th is used 1/n as often as the first. */
function makeWords(random: () => number): () => string {
  const letters = "etaoinshrdlucmfwypvbgkjqxz";
  const vocabulary = Array.from({ length: 30_000 }, (_, rank) => {
    const length = 2 + Math.floor(Math.log2(rank + 2) / 2) + Math.floor(random() * 4);
    return Array.from({ length }, () => letters[Math.floor(letters.length * random() ** 1.7)]).join("");
  });
  return () => vocabulary[Math.floor(vocabulary.length ** random()) - 1] as string;
}

/** Sessions with texts in words as frequent as those of a language; one of them has the word "zebracrossing". */
export function makeTranscripts(count: number): Transcript[] {
  const random = createRandom(1).next;
  const word = makeWords(random);
  const sentence = (length: number) => Array.from({ length }, word).join(" ");
  const start = Date.UTC(2026, 0, 1);
  return Array.from({ length: count }, (_, number): Transcript => {
    const created = start + number * 60_000;
    const isChat = number % 3 === 0;
    return {
      session: {
        id: `session-${number}`,
        title: `${isChat ? "About" : "Improve"} ${sentence(3)}`,
        kind: isChat ? "chat" : "improve",
        created,
        updated: created + 1000,
        state: "done",
        workspace: `/project-${number % 20}`,
        path: `/project-${number % 20}/src/file-${number % 400}.ts`,
        model: number % 2 === 0 ? "Qwen2.5-Coder 0.5B" : "Qwen2.5-Coder 1.5B",
        ...(number % 10 === 0 && { labels: ["kept for later"] }),
      },
      // One rare word in a session of the middle.
      messages: Array.from({ length: messagesEach }, (_, turn) => ({
        id: 0,
        role: turn % 2 === 0 ? ("user" as const) : ("assistant" as const),
        text: `${sentence(turn % 2 === 0 ? 30 : 120)}${number === Math.floor(count / 2) && turn === 7 ? " zebracrossing" : ""}`,
        created: created + turn,
      })),
    };
  });
}
