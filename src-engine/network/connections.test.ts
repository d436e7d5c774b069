import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { createConnections } from "./connections.ts";
import { createNetwork } from "./network.ts";

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0).reverse()) close();
});

/** Listens on a free port of this machine. */
async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A proxy that leads every tunnel to one port. */
async function openProxy(target: number, password?: string) {
  const tunnels: string[] = [];
  const proxy = http.createServer();
  proxy.on("connect", (request, socket) => {
    tunnels.push(request.url ?? "");
    if (password !== undefined && request.headers["proxy-authorization"] !== `Basic ${Buffer.from(`me:${password}`).toString("base64")}`) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    const onward = net.connect(target, "127.0.0.1");
    socket.pipe(onward).pipe(socket);
    for (const each of [socket, onward]) each.on("error", () => {});
  });
  return { port: await listen(proxy), tunnels };
}

async function setup(password?: string) {
  const port = await listen(
    http.createServer((request, response) => response.end(`${request.method} ${request.headers.host}${request.url}`)),
  );
  const proxy = await openProxy(port, password);
  const network = createNetwork({ processName: "test", settings: { current: () => defaultSettings } });
  opened.push(() => network.dispose());
  const create = (env: Record<string, string>, settings: Partial<Settings> = {}) => {
    const connections = createConnections({
      purpose: "model-download",
      network,
      env,
      settings: { current: () => ({ ...defaultSettings, ...settings }) },
    });
    opened.push(() => connections.close());
    return (address: string) => connections.request(new URL(address), { headers: {}, signal: undefined, silence: 5000 });
  };
  return { port, proxy, network, create };
}

describe("connections", () => {
  it("go through the proxy that the environment names", async () => {
    const { proxy, create, network } = await setup("a secret");
    const ask = create({ HTTP_PROXY: `http://me:a%20secret@127.0.0.1:${proxy.port}` });
    expect(await text(await ask("http://models.example:8080/a"))).toBe("GET models.example:8080/a");
    expect(await text(await ask("http://models.example:8080/b"))).toBe("GET models.example:8080/b");
    expect(proxy.tunnels).toEqual(["models.example:8080"]);
    expect(network.attempts()).toMatchObject([
      { host: "127.0.0.1", port: proxy.port, purpose: "model-download", allowed: true },
      {
        host: "models.example",
        port: 8080,
        purpose: "model-download",
        allowed: true,
        reason: `Through the proxy 127.0.0.1:${proxy.port}.`,
      },
    ]);
  });

  it("go through the proxy of the setting before that of the environment, also while it changes", async () => {
    const { proxy, create } = await setup();
    const settings: Partial<Settings> = { "localcoder.network.proxy": `http://127.0.0.1:${proxy.port}` };
    const ask = create({ HTTP_PROXY: "http://127.0.0.1:9" }, settings);
    expect(await text(await ask("http://models.example/a"))).toBe("GET models.example/a");
    expect(proxy.tunnels).toEqual(["models.example:80"]);
  });

  it("count as lost after as many seconds as the setting says", async () => {
    const { create } = await setup();
    const silent = await listen(http.createServer(() => {}));
    const ask = create({}, { "localcoder.network.timeout": 1 });
    // Five seconds at the usual thirty are a sixth of one at one.
    await expect(ask(`http://127.0.0.1:${silent}/`)).rejects.toMatchObject({ code: "ETIMEDOUT", seconds: 1 / 6 });
  });

  it("say that a proxy wants a sign-in", async () => {
    const { proxy, create } = await setup("a secret");
    const ask = create({ HTTP_PROXY: `http://127.0.0.1:${proxy.port}` });
    await expect(ask("http://models.example/")).rejects.toMatchObject({ code: "PROXY_SIGN_IN" });
  });

  it("reach this machine without one", async () => {
    const { port, proxy, create } = await setup();
    expect(await text(await create({ HTTP_PROXY: `http://127.0.0.1:${proxy.port}` })(`http://127.0.0.1:${port}/a`))).toMatch(/^GET/);
    expect(proxy.tunnels).toEqual([]);
  });

  it("are refused by the gate where nobody permitted the proxy", async () => {
    const { create } = await setup();
    await expect(create({ HTTP_PROXY: "http://proxy.example:3128" })("http://models.example/")).rejects.toMatchObject({
      code: "NETWORK_REFUSED",
    });
  });
});
