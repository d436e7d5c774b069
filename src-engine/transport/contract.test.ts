import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MessageChannel } from "node:worker_threads";
import { createORPCClient } from "@orpc/client";
import type { ContractRouterClient } from "@orpc/contract";
import { OpenAPILink } from "@orpc/openapi-client/fetch";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { describeError } from "#core/base/errors";
import { connectClient } from "#core/transport/connect";
import { forwardRouter } from "#core/transport/forward";
import { serveRouter } from "#core/transport/serve";
import { portWire, type Wire, webSocketWire } from "#core/transport/wire";
import { httpApi } from "../http-api.ts";
import { childProcessWire } from "./child-process.ts";
import { fixtureContract, fixtureRouter } from "./contract.fixture.ts";
import { socketWire } from "./socket.ts";

type Client = ContractRouterClient<typeof fixtureContract>;

/** An open transport: a client, how to cut the connection under it, and how to put raw messages on it. */
interface Opened {
  readonly client: Client;
  cut?(): void;
  raw?(message: string): void;
  close(): Promise<void> | void;
}

const transports: Record<string, () => Promise<Opened>> = {
  async MessagePort() {
    const { port1, port2 } = new MessageChannel();
    const server = serveRouter(fixtureRouter(), portWire(port1), { maximumBytes: 1_000_000 });
    const connection = connectClient<typeof fixtureContract>(portWire(port2));
    return {
      client: connection.client,
      cut: () => port1.close(),
      raw: (message) => port2.postMessage(message),
      close: () => server.dispose(),
    };
  },

  async "child process"() {
    const child = fork(fileURLToPath(new URL("./contract.child.ts", import.meta.url)), {
      serialization: "advanced",
      execArgv: ["--disable-warning=ExperimentalWarning"],
    });
    const connection = connectClient<typeof fixtureContract>(childProcessWire(child));
    return {
      client: connection.client,
      cut: () => child.kill("SIGKILL"),
      raw: (message) => child.send(message),
      close: () => {
        child.kill("SIGKILL");
      },
    };
  },

  async "local socket"() {
    const folder = await mkdtemp(join(tmpdir(), "localcoder-"));
    const path = process.platform === "win32" ? `\\\\.\\pipe\\localcoder-test-${process.pid}` : join(folder, "s");
    const wires: Wire[] = [];
    const server = createServer((socket) => {
      const wire = socketWire(socket);
      wires.push(wire);
      serveRouter(fixtureRouter(), wire);
    }).listen(path);
    await once(server, "listening");
    const socket = connect(path);
    await once(socket, "connect");
    const wire = socketWire(socket);
    const connection = connectClient<typeof fixtureContract>(wire);
    return {
      client: connection.client,
      cut: () => wires[0]?.close(),
      raw: (message) => void wire.send(message),
      async close() {
        connection.close();
        server.close();
        await rm(folder, { recursive: true });
      },
    };
  },

  async WebSocket() {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    server.on("connection", (socket) => serveRouter(fixtureRouter(), webSocketWire(socket)));
    await once(server, "listening");
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await once(socket, "open");
    const connection = connectClient<typeof fixtureContract>(webSocketWire(socket));
    return {
      client: connection.client,
      cut: () => {
        for (const peer of server.clients) peer.terminate();
      },
      raw: (message) => socket.send(message),
      close() {
        connection.close();
        server.close();
      },
    };
  },

  async HTTP() {
    const api = httpApi(fixtureRouter(), { prefix: "/api", title: "Fixture", version: "1" });
    const server = createHttpServer((request, response) => void api.handle(request, response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
    return {
      client: createORPCClient(new OpenAPILink(fixtureContract, { url })) as unknown as Client,
      async close() {
        server.closeAllConnections();
        server.close();
      },
    };
  },

  async "forwarded over a MessagePort"() {
    const { port1, port2 } = new MessageChannel();
    const owner = new MessageChannel();
    const ownerServer = serveRouter(fixtureRouter(), portWire(owner.port1));
    const toOwner = connectClient<typeof fixtureContract>(portWire(owner.port2));
    const server = serveRouter(
      forwardRouter(fixtureContract, async () => toOwner.client),
      portWire(port1),
    );
    const connection = connectClient<typeof fixtureContract>(portWire(port2));
    return {
      client: connection.client,
      cut: () => owner.port1.close(),
      close() {
        server.dispose();
        ownerServer.dispose();
      },
    };
  },
};

async function failure(promise: Promise<unknown>) {
  try {
    await promise;
  } catch (error) {
    return describeError(error);
  }
  throw new Error("it did not fail");
}

async function drain(stream: AsyncIterable<{ value: number }>) {
  const values: number[] = [];
  for await (const { value } of stream) values.push(value);
  return values;
}

async function until(check: () => Promise<boolean>) {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe.each(Object.keys(transports))("the contract over %s", (name) => {
  let opened: Opened;
  let client: Client;
  beforeEach(async () => {
    opened = await (transports[name] as () => Promise<Opened>)();
    client = opened.client;
  });
  afterEach(() => opened.close());

  test("calls answer, also many at once and with text of any kind", async () => {
    expect(await client.calls.add({ left: 2, right: 3 })).toBe(5);
    const text = 'é 漢字 🎉 \u0000 \\ "quoted" \r\n';
    expect(await client.calls.text({ text })).toBe(text);
    expect(await client.calls.nothing()).toBeUndefined();
    const sums = await Promise.all(Array.from({ length: 50 }, (_, left) => client.calls.add({ left, right: 1 })));
    expect(sums).toEqual(Array.from({ length: 50 }, (_, left) => left + 1));
  });

  test("files travel as bytes both ways", async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 256);
    const answer = await client.calls.reverse({ content: new Blob([bytes]) });
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes.slice().reverse());
    expect((await client.calls.reverse({ content: new Blob([]) })).size).toBe(0);
  });

  test("streams arrive complete and in order", async () => {
    expect(await drain(await client.streams.count({ to: 500 }))).toEqual(Array.from({ length: 500 }, (_, value) => value));
    expect(await drain(await client.streams.count({ to: 0 }))).toEqual([]);
  });

  test("leaving a stream stops it on the other side", async () => {
    for await (const { value } of await client.streams.count({ to: 1e9 })) if (value === 20) break;
    await until(async () => (await client.running()).stopped === 1);
    expect((await client.running()).now).toBe(0);
  });

  test("a signal stops a stream and a call on the other side", async () => {
    const stream = new AbortController();
    const seen = drain(await client.streams.count({ to: 1e9 }, { signal: stream.signal }));
    stream.abort();
    expect((await failure(seen)).code).toBe("STOPPED");
    const call = new AbortController();
    const waiting = failure(client.calls.wait(undefined, { signal: call.signal }));
    await until(async () => (await client.running()).now === 1);
    call.abort();
    expect((await waiting).code).toBe("STOPPED");
    await until(async () => (await client.running()).stopped === 2);
  });

  test("an error for people keeps its code, sentence and hint, in a stream as well", async () => {
    expect(await failure(client.calls.refuse())).toEqual({ code: "NO_MODEL", message: "There is no model.", hint: "Choose one." });
    expect(await failure(drain(await client.streams.refuseAfter({ values: 3 })))).toEqual({
      code: "INFERENCE_STOPPED",
      message: "The model process stopped.",
      hint: "Try again.",
    });
  });

  test("any other error comes without its stack", async () => {
    for (const error of [await failure(client.calls.fail()), await failure(drain(await client.streams.failAfter({ values: 2 })))]) {
      expect(error.code).toBe("INTERNAL");
      expect(error.message).toContain("a detail");
      expect(error.message).not.toContain("secret");
    }
  });

  test("input that does not fit names the field", async () => {
    const error = await failure(client.calls.add({ left: 1, right: "two" as unknown as number }));
    expect(error.code).toBe("BAD_INPUT");
    expect(error.message).toContain("right");
  });

  test("a connection that breaks fails what waits with ENGINE_GONE", async (context) => {
    if (opened.cut === undefined) return context.skip();
    const call = failure(client.calls.wait());
    const stream = await client.streams.count({ to: 1e9 });
    const read = failure(drain(stream));
    opened.cut();
    expect((await call).code).toBe("ENGINE_GONE");
    expect((await read).code).toBe("ENGINE_GONE");
    expect((await failure(client.calls.nothing())).code).toBe("ENGINE_GONE");
  });

  test("messages that are not of the protocol do no harm", async (context) => {
    if (opened.raw === undefined) return context.skip();
    for (const message of [
      "",
      "no",
      "{}",
      "null",
      "[]",
      '{"i":"zz"}',
      '{"i":"zz","p":{"u":1}}',
      '{"i":"zz","t":9,"p":{}}',
      '{"i":"zz","t":3}',
    ]) {
      opened.raw(message);
    }
    expect(await client.calls.add({ left: 1, right: 1 })).toBe(2);
  });
});

test("a message that is too large is refused by its own answer", async () => {
  const opened = await (transports.MessagePort as () => Promise<Opened>)();
  expect((await failure(opened.client.calls.text({ text: "x".repeat(2_000_000) }))).code).toBe("TOO_LARGE");
  expect(await opened.client.calls.text({ text: "still here" })).toBe("still here");
  opened.close();
});

test("the HTTP interface describes itself", async () => {
  const api = httpApi(fixtureRouter(), { prefix: "/api", title: "Fixture", version: "1" });
  const document = (await api.document()) as { openapi: string; paths: Record<string, unknown> };
  expect(document.openapi).toMatch(/^3\.1/);
  expect(Object.keys(document.paths)).toContain("/streams/count");
});
