import { expect, it } from "vitest";
import type { Attachment } from "#core/contracts/message-context";
import { askedAgain } from "./another-answer.ts";
import { narrowerDraft } from "./narrower.ts";

const file: Attachment = { kind: "file", path: "src/long.ts", text: "…" };
const found: Attachment = { kind: "found", path: "src/other.ts", from: 1, to: 3, text: "…" };
const problems: Attachment = { kind: "problems", path: "", text: "…" };

it("asks once more with what was attached, and says what is to be different", () => {
  const question = { text: "What is #selection?", attachments: [file, found] };
  expect(askedAgain(question, {})).toEqual({ text: "What is #selection?", attachments: [file], again: true });
  expect(askedAgain(question, { hint: "In one sentence." })).toMatchObject({
    text: "What is #selection?\n\nIn one sentence.",
    again: false,
  });
  expect(askedAgain({ text: " ", attachments: [file] }, { hint: "Briefly." }).text).toBe("Briefly.");
  expect(askedAgain(question, { model: "second" })).toMatchObject({ model: "second", again: false });
});

it("names files in the place of attaching them, where that is narrower", () => {
  expect(narrowerDraft({ text: "Where does #file:src/long.ts  add up, see #problems", attachments: [file, problems] })).toEqual({
    text: "@project Where does `src/long.ts` add up, see #problems",
    attachments: [problems],
  });
  expect(narrowerDraft({ text: "Is #selection or #symbol:add right?", attachments: [file] })?.text).toBe(
    "@project `src/long.ts`: Is or `add` right?",
  );
  expect(narrowerDraft({ text: "Why?", attachments: [problems] })).toBeUndefined();
  expect(narrowerDraft({ text: "@project why?", attachments: [file] })).toBeUndefined();
});
