import { expect, test } from "vitest";
import { commitMessage } from "./commit-message.ts";

const message = (answer: string) => commitMessage.compose?.(answer, { selection: "", languageId: "diff" });

test.each([
  ["Add a cart", "Add a cart"],
  ['"Add a cart."\n', "Add a cart"],
  ["```text\nAdd a cart\n\nIt holds prices.\n```", "Add a cart\n\nIt holds prices."],
  ["Commit message: **Add a cart**\nBody: It holds prices.", "Add a cart\n\nIt holds prices."],
  [
    "Add a cart\n\nThe cart holds the prices of everything somebody wants to buy, so that a total can be shown.",
    "Add a cart\n\nThe cart holds the prices of everything somebody wants to buy, so that a\ntotal can be shown.",
  ],
])("a commit message is a subject and a body that is not too wide (%j)", (answer, expected) => expect(message(answer)).toBe(expected));

/** A diff of files, each with the lines that come (and go, with a minus). */
function diffOf(files: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(files)
    .map(([path, lines]) => {
      const signed = lines.map((line) => (line.startsWith("-") ? line : `+${line}`));
      const [gone, come] = [signed.filter((line) => line.startsWith("-")).length, signed.filter((line) => line.startsWith("+")).length];
      return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1,${gone} +1,${come} @@\n${signed.join("\n")}\n`;
    })
    .join("");
}
const messageOf = (answer: string, files: Readonly<Record<string, readonly string[]>>) =>
  commitMessage.compose?.(answer, { selection: diffOf(files), languageId: "diff" });

const cart = { "src/cart.ts": ["export function total(prices: number[]) {", "}"] };
const format = { "src/format.ts": ["-  return cents;", "  return cents.toFixed(2);"] };

test("a subject that names one of several files gets the others, and what was done to each stands below", () =>
  expect(messageOf("Add total to the cart", { ...cart, ...format })).toBe(
    "Add total to the cart, change format.ts\n\n- src/cart.ts: add total\n- src/format.ts: 1 line added, 1 line removed",
  ));

test("where that gets too long the subject is made by rule, and what the model wrote stands below", () => {
  const written = "Add a total function that adds the prices of all items in the cart";
  expect(messageOf(written, { ...cart, ...format })).toBe(
    `Change cart.ts and format.ts\n\n${written}.\n\n- src/cart.ts: add total\n- src/format.ts: 1 line added, 1 line removed`,
  );
});

test.each([
  ["its tests go along", "Add total", { ...cart, "src/cart.test.ts": ['test("adds", () => {'] }],
  ["what uses the name goes along", "Add total", { ...cart, "src/till.ts": ["total([1]);"] }],
  ["a lock file goes along", "Add total", { ...cart, "package-lock.json": ['"a": 1'] }],
  ["words that are in all files are of all", "Round prices", { "a.ts": ["round(prices)"], "b.ts": ["the price"] }],
  ["what could be of anything is of all", "Improve readability", { ...cart, ...format }],
])("a subject that covers the change stays: %s", (_why, subject, files) => expect(messageOf(subject, files)?.split("\n")[0]).toBe(subject));

test("what the model was given is not said back, and makes no subject", () =>
  expect(messageOf("- src/cart.ts: add total\n- src/format.ts: changed", { ...cart, ...format })).toBe(
    "Change cart.ts and format.ts\n\n- src/cart.ts: add total\n- src/format.ts: 1 line added, 1 line removed",
  ));

test("a body that names every file is enough", () => {
  const answer = "Improve the code\n\ntotal adds up prices, and format.ts rounds them.";
  expect(messageOf(answer, { ...cart, ...format })).toBe(answer);
});

test("what is not true of the change is not said", () => {
  expect(messageOf("Add a helper", { "a.ts": ["-helper();"] })).toBe("Change a.ts");
  expect(messageOf("Use `oldTotal`\n\nIt calls oldTotal().\nIt has total.", cart)).toBe("Add total\n\nIt has total.");
});

test("a subject that is too long ends before its next part, and stands below as a whole", () =>
  expect(messageOf("Add total so that a customer sees before paying what all that lies in the cart will cost", cart)).toBe(
    "Add total so that a customer sees before paying what all that lies\n\nAdd total so that a customer sees before paying what all that lies in\nthe cart will cost.",
  ));

test("many files are counted, with the folder they share", () => {
  const names = Array.from({ length: 25 }, (_, index) => `src/cart/file-number-${index}.ts`);
  const message = messageOf("Change file-number-3.ts", Object.fromEntries(names.map((name) => [name, ["x"]]))) ?? "";
  expect(message.split("\n")[0]).toBe("Change 25 files in src/cart");
  expect(message).toMatch(/- and 5 more files$/);
});

test("the model is told what changes where, of several files", () => {
  const told = (files: Readonly<Record<string, readonly string[]>>) =>
    commitMessage.prompt({ selection: diffOf(files) } as never).messages.at(-1)?.text;
  expect(told({ ...cart, ...format })).toContain("It changes 2 files:\n- src/cart.ts: add total\n- src/format.ts: changed\n\n");
  expect(told(cart)).not.toContain("It changes");
});
