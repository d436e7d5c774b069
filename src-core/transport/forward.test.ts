import { eventIterator, oc } from "@orpc/contract";
import { createRouterClient, implement } from "@orpc/server";
import { expect, test } from "vitest";
import { z } from "zod";
import { UserError } from "../base/errors.ts";
import { forwardRouter } from "./forward.ts";

const contract = { news: { watch: oc.output(eventIterator(z.number())) } };
const gone = () => new UserError("ENGINE_GONE", "The engine has stopped.");

/** Owners that each tell two numbers and then are gone; the last one ends in good order. */
function owners(count: number) {
  let calls = 0;
  const os = implement(contract);
  const router = os.router({
    news: {
      watch: os.news.watch.handler(async function* () {
        const owner = ++calls;
        yield owner * 10;
        yield owner * 10 + 1;
        if (owner < count) throw gone();
      }),
    },
  });
  return async () => createRouterClient(router);
}

async function read(target: ReturnType<typeof owners>, lasting: readonly string[]) {
  const client = createRouterClient(forwardRouter(contract, target, lasting), {}) as unknown as Awaited<ReturnType<typeof target>>;
  const seen: number[] = [];
  const stream = await client.news.watch();
  for await (const value of stream) seen.push(value);
  return seen;
}

test("a stream of news goes on with the next owner", async () => {
  expect(await read(owners(3), ["news.watch"])).toEqual([10, 11, 20, 21, 30, 31]);
});

test("any other stream ends with its owner", async () => {
  await expect(read(owners(2), [])).rejects.toMatchObject({ code: "ENGINE_GONE" });
});

test("when nobody is left the news end as well", async () => {
  const target = owners(9);
  let asked = 0;
  const few = () => (++asked > 2 ? Promise.reject(gone()) : target());
  await expect(read(few, ["news.watch"])).rejects.toMatchObject({ code: "ENGINE_GONE" });
});
