import { expect, it } from "vitest";
import { type Outcome, trackOutcome } from "./outcome.ts";

const request = { path: "/w/src/a.ts", workspace: "/w", text: "one\r\ntwo\r\nthree\r\nfour\r\n" };

function tracked() {
  const told: Outcome[] = [];
  return { told, tracker: trackOutcome(request, { first: 2, count: 2 }, (outcome) => told.push(outcome)) };
}

it("tells what was kept as a patch of the document that was asked about", () => {
  const { told, tracker } = tracked();
  tracker.proposed("s", 2);
  tracker.kept(1, ["TWO", "three"]);
  tracker.ended();
  tracker.ended();
  expect(told).toEqual([
    { id: "s", outcome: "partly", diff: "--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1,4 +1,4 @@\n one\r\n-two\r\n+TWO\r\n three\r\n four\r\n" },
  ]);
});

it("tells kept when all of it was, one by one or at once", () => {
  const { told, tracker } = tracked();
  tracker.proposed("s", 2);
  tracker.kept(1, ["TWO", "three"]);
  tracker.kept(1, ["TWO", "THREE"]);
  tracker.ended();
  expect(told).toMatchObject([{ outcome: "kept", diff: expect.stringContaining("+THREE") }]);
});

it("tells undone when nothing was, of each proposal by itself", () => {
  const { told, tracker } = tracked();
  tracker.proposed("first", 1);
  tracker.ended();
  tracker.proposed("second", 1);
  tracker.ended();
  expect(told).toEqual([
    { id: "first", outcome: "undone" },
    { id: "second", outcome: "undone" },
  ]);
});

it("tells nothing where nothing was proposed, or nothing is kept of it", () => {
  const { told, tracker } = tracked();
  tracker.ended();
  tracker.proposed("s", 0);
  tracker.ended();
  tracker.proposed("", 3);
  tracker.ended();
  expect(told).toEqual([]);
});
