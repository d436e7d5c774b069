import { expect, it } from "vitest";
import { follow } from "./follow.ts";

async function* ending(values: readonly string[], failure?: Error): AsyncGenerator<string> {
  yield* values;
  if (failure) throw failure;
}

it("opens a stream again when it broke, and tells of the break", async () => {
  const streams = [ending(["a"], new Error("lost")), ending(["b"])];
  const seen: string[] = [];
  const done = Promise.withResolvers<void>();
  const following = follow(
    async () => streams.shift() ?? new Promise<never>(() => undefined),
    (value) => {
      seen.push(value);
      if (value === "b") done.resolve();
    },
    () => seen.push("lost"),
  );
  await done.promise;
  expect(seen).toEqual(["a", "lost", "b"]);
  following.dispose();
});

it("takes nothing any more once it is closed", async () => {
  const seen: string[] = [];
  let go: () => void = () => undefined;
  async function* stream() {
    yield "a";
    await new Promise<void>((resolve) => {
      go = resolve;
    });
    yield "b";
  }
  const first = Promise.withResolvers<void>();
  const following = follow(
    async () => stream(),
    (value) => {
      seen.push(value);
      first.resolve();
    },
  );
  await first.promise;
  following.dispose();
  go();
  await new Promise((resolve) => setTimeout(resolve));
  expect(seen).toEqual(["a"]);
});
