import { eventIterator, oc } from "@orpc/contract";
import { implement } from "@orpc/server";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { serveRouter } from "#core/transport/serve";
import { portWire } from "#core/transport/wire";
import { type ReplaceableWire, reconnect } from "./reconnect.ts";

const contract = {
  who: oc.output(z.string()),
  wait: oc.output(z.void()),
  count: oc.output(eventIterator(z.number())),
};

/** An engine that can be ended and started; each start answers with its own number. */
function buildEngine() {
  let number = 0;
  let end = () => {};
  let waiting: ((wire: ReplaceableWire) => void) | undefined;
  let ready: ReplaceableWire | undefined;
  return {
    open: () =>
      new Promise<ReplaceableWire>((resolve) => {
        if (ready) resolve(ready);
        else waiting = resolve;
        ready = undefined;
      }),
    start() {
      const name = `engine ${++number}`;
      const server = implement(contract);
      const router = server.router({
        who: server.who.handler(() => name),
        wait: server.wait.handler(() => new Promise(() => {})),
        count: server.count.handler(async function* ({ signal }) {
          for (let value = 1; !signal?.aborted; value++) {
            yield value;
            if (value === 2) await new Promise(() => {});
          }
        }),
      });
      const { port1, port2 } = new MessageChannel();
      serveRouter(router, portWire(port1));
      end = () => port1.close();
      const wire = { wire: portWire(port2) };
      if (waiting) waiting(wire);
      else ready = wire;
      waiting = undefined;
    },
    kill: () => end(),
  };
}

describe("reconnect", () => {
  it("lets calls wait until there is an engine", async () => {
    const engine = buildEngine();
    const { client } = reconnect<typeof contract>(engine.open);
    const answer = client.who();
    engine.start();
    expect(await answer).toBe("engine 1");
  });

  it("fails what was running when the engine died, and answers the next call from the new one", async () => {
    const engine = buildEngine();
    engine.start();
    const { client, reconnected } = reconnect<typeof contract>(engine.open);
    await client.who();
    const running = client.wait();
    const told = new Promise<void>((resolve) => reconnected.listen(resolve));
    engine.kill();
    await expect(running).rejects.toMatchObject({ code: "ENGINE_GONE" });
    engine.start();
    await told;
    expect(await client.who()).toBe("engine 2");
  });

  it("ends a stream with an error, so that its reader opens it again", async () => {
    const engine = buildEngine();
    engine.start();
    const { client } = reconnect<typeof contract>(engine.open);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const value of await client.count()) {
        seen.push(value);
        if (value === 2) engine.kill();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: "ENGINE_GONE" });
    expect(seen).toEqual([1, 2]);
  });

  it("takes a newer wire although the old one still stands", async () => {
    const first = buildEngine();
    const second = buildEngine();
    first.start();
    second.start();
    let replace = () => {};
    const wires = [{ ...(await first.open()), replaced: new Promise<void>((resolve) => (replace = resolve)) }, await second.open()];
    const { client, reconnected } = reconnect<typeof contract>(async () => wires.shift() ?? new Promise<never>(() => {}));
    const running = client.wait();
    const told = new Promise<void>((resolve) => reconnected.listen(resolve));
    await client.who();
    replace();
    await expect(running).rejects.toMatchObject({ code: "ENGINE_GONE" });
    await told;
    expect(await client.who()).toBe("engine 1");
  });

  it("gives up waiting when the caller stops, and when patience ends", async () => {
    const engine = buildEngine();
    const { client } = reconnect<typeof contract>(engine.open, 1);
    const controller = new AbortController();
    const stopped = client.who(undefined, { signal: controller.signal });
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ code: "STOPPED" });
    await expect(client.who()).rejects.toMatchObject({ code: "ENGINE_GONE" });
  });
});
