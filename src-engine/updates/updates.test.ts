import http, { type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { createNetwork } from "../network/network.ts";
import { createUpdates, isNewer } from "./updates.ts";

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0).reverse()) close();
});

async function open(answer: string, changes: Partial<Settings> = {}) {
  const asked: IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request);
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/release.json`;
  const all: Settings = { ...defaultSettings, "localcoder.updates.mode": "ask", "localcoder.updates.address": address, ...changes };
  const settings = { current: () => all };
  const network = createNetwork({ processName: "test", settings });
  const updates = createUpdates({ version: "0.1.0", settings, network, env: {} });
  opened.push(() => server.close(), network.dispose, updates.dispose);
  return { asked, address, network, updates };
}

test("nobody is asked before that was permitted, and nothing is sent but the request", async () => {
  const release = { version: "0.2.0", packages: [{ file: "localcoder.deb", sha256: "a".repeat(64) }] };
  const { asked, address, network, updates } = await open(JSON.stringify(release));
  await expect(updates.check(false)).rejects.toMatchObject({ code: "NO_PERMISSION", message: expect.stringContaining(address) });
  expect(asked).toEqual([]);
  expect(await updates.check("once")).toEqual({ address, current: "0.1.0", isNewer: true, newest: release });
  const [request] = asked;
  expect([request?.method, request?.url, Object.keys(request?.headers ?? {}).sort()]).toEqual([
    "GET",
    "/release.json",
    ["accept", "connection", "host"],
  ]);
  expect(network.attempts()).toMatchObject([{ purpose: "update-check", allowed: true }]);
  // Once was once.
  await expect(updates.check(false)).rejects.toMatchObject({ code: "NO_PERMISSION" });
});

test("is off until it is switched on, and where no address is set there is nobody to ask", async () => {
  const off = await open("{}", { "localcoder.updates.mode": "disabled" });
  await expect(off.updates.check(true)).rejects.toMatchObject({ code: "SWITCHED_OFF" });
  const nowhere = await open("{}", { "localcoder.updates.address": "" });
  await expect(nowhere.updates.check(true)).rejects.toMatchObject({ code: "NOT_FOUND" });
  const unsafe = await open("{}", { "localcoder.updates.address": "http://releases.example/" });
  await expect(unsafe.updates.check(true)).rejects.toMatchObject({ code: "BAD_INPUT" });
  expect([...off.asked, ...nowhere.asked, ...unsafe.asked]).toEqual([]);
});

test.each(["<html>", '{"version":"new"}', "x".repeat(300_000)])("an answer that is no release is refused: %.20s", async (answer) => {
  const { updates } = await open(answer);
  await expect(updates.check(true)).rejects.toMatchObject({ code: "SERVER_FAILED" });
});

test("versions are compared number by number", () => {
  expect(isNewer("0.10.0", "0.9.9")).toBe(true);
  expect(isNewer("1.0", "1.0.0")).toBe(false);
  expect(isNewer("0.1.0", "0.1.0-preview.1")).toBe(false);
  expect(isNewer("0.0.9", "0.1.0")).toBe(false);
});
