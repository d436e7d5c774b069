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
