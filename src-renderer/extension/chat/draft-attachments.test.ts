import { describe, expect, it } from "vitest";
import type { Attachment } from "#core/contracts/message-context";
import { attachedByHand, withoutDoubles } from "./draft-attachments.ts";

const file = (path: string): Attachment => ({ kind: "file", path, text: path });
const lines = (kind: "range" | "selection", from: number): Attachment => ({ kind, path: "src/a.ts", from, to: from + 1, text: kind });

describe("attachments of a draft", () => {
  it("leaves to the text what the text mentions, and to the engine what it found", () => {
    const byHand = file("src/b.ts");
    const attachments = [
      file("src/a.ts"),
      byHand,
      { ...file("src/c.ts"), kind: "found" as const },
      { ...file("m"), kind: "memory" as const },
    ];
    expect(attachedByHand({ text: "What does #file:a.ts do?", attachments })).toEqual([byHand]);
  });

  it("takes lines of a mentioned file for mentioned", () => {
    expect(attachedByHand({ text: "Why #file:src/a.ts:3-4?", attachments: [lines("range", 3)] })).toEqual([]);
  });

  it("sends lines once that are selected and attached", () => {
    expect(withoutDoubles([lines("range", 3), lines("selection", 3), lines("range", 7)])).toEqual([
      lines("selection", 3),
      lines("range", 7),
    ]);
  });
});
