import { expect, test } from "vitest";
import { createLines } from "./lines.ts";

test("one after the other by name, and those with other names at once", async () => {
  const lines = createLines();
  const first = lines.enter("a", undefined);
  const second = lines.enter("a", undefined);
  const other = lines.enter("b", undefined);
  expect([first.waits, second.waits, other.waits]).toEqual([false, true, false]);
  const done: string[] = [];
  const leave = await first.turn;
  void second.turn.then(() => done.push("second"));
  await other.turn;
  expect(done).toEqual([]);
  leave();
  await second.turn;
  expect(done).toEqual(["second"]);
});

test("who gives up waiting is skipped, and does not let anybody in too early", async () => {
  const lines = createLines();
  const leave = await lines.enter("a", undefined).turn;
  const stopping = new AbortController();
  const second = lines.enter("a", stopping.signal);
  const third = lines.enter("a", undefined);
  stopping.abort();
  await expect(second.turn).rejects.toMatchObject({ code: "STOPPED" });
  let entered = false;
  void third.turn.then(() => {
    entered = true;
  });
  await Promise.resolve();
  expect(entered).toBe(false);
  leave();
  await third.turn;
});
