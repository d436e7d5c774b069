import { setImmediate } from "node:timers/promises";
import { eventIterator, oc } from "@orpc/contract";
import { implement } from "@orpc/server";
import { z } from "zod";
import { UserError } from "#core/base/errors";

/** A small contract with one procedure for each thing a transport has to carry. */
export const fixtureContract = {
  calls: {
    add: oc.input(z.object({ left: z.number(), right: z.number() })).output(z.number()),
    text: oc.input(z.object({ text: z.string() })).output(z.string()),
    nothing: oc.output(z.void()),
    refuse: oc.output(z.void()),
    fail: oc.output(z.void()),
    /** Waits until it is aborted. */
    wait: oc.output(z.void()),
    reverse: oc.input(z.object({ content: z.instanceof(Blob) })).output(z.instanceof(Blob)),
  },
  streams: {
    count: oc.input(z.object({ to: z.number() })).output(eventIterator(z.object({ value: z.number() }))),
    refuseAfter: oc.input(z.object({ values: z.number() })).output(eventIterator(z.object({ value: z.number() }))),
    failAfter: oc.input(z.object({ values: z.number() })).output(eventIterator(z.object({ value: z.number() }))),
  },
  /** How many calls and streams are running, and how many have ended because somebody stopped them. */
  running: oc.output(z.object({ now: z.number(), stopped: z.number() })),
};

/** Implements the contract; its counters tell whether stopping reaches the other side. */
export function fixtureRouter() {
  const os = implement(fixtureContract);
  let now = 0;
  let stopped = 0;
  async function* counted(to: number, signal: AbortSignal | undefined) {
    now++;
    let value = 0;
    try {
      for (; value < to && !signal?.aborted; value++) {
        await setImmediate();
        yield { value };
      }
    } finally {
      now--;
      if (value < to) stopped++;
    }
  }
  return os.router({
    calls: {
      add: os.calls.add.handler(({ input }) => input.left + input.right),
      text: os.calls.text.handler(({ input }) => input.text),
      nothing: os.calls.nothing.handler(() => {}),
      refuse: os.calls.refuse.handler(() => {
        throw new UserError("NO_MODEL", "There is no model.", "Choose one.");
      }),
      fail: os.calls.fail.handler(() => {
        throw new Error("a detail\n    at secret (stack.ts:1:1)");
      }),
      wait: os.calls.wait.handler(async ({ signal }) => {
        now++;
        await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
        now--;
        stopped++;
      }),
      reverse: os.calls.reverse.handler(async ({ input }) => new Blob([new Uint8Array(await input.content.arrayBuffer()).reverse()])),
    },
    streams: {
      count: os.streams.count.handler(({ input, signal }) => counted(input.to, signal)),
      refuseAfter: os.streams.refuseAfter.handler(async function* ({ input, signal }) {
        yield* counted(input.values, signal);
        throw new UserError("INFERENCE_STOPPED", "The model process stopped.", "Try again.");
      }),
      failAfter: os.streams.failAfter.handler(async function* ({ input, signal }) {
        yield* counted(input.values, signal);
        throw new Error("a detail\n    at secret (stack.ts:1:1)");
      }),
    },
    running: os.running.handler(() => ({ now, stopped })),
  });
}
