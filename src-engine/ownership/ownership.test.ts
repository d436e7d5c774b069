import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeError } from "#core/base/errors";
import { type fixtureContract, fixtureRouter } from "../transport/contract.fixture.ts";
import { engineAddress } from "./address.ts";
import { takeLock } from "./lock.ts";
import { openOwnership } from "./ownership.ts";

interface Answer {
  readonly done: string;
  readonly role?: "owner" | "guest";
  readonly sum?: number;
  readonly error?: { code: string; message: string; hint?: string };
}

const entry = fileURLToPath(new URL("./ownership.child.ts", import.meta.url));
let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lc-own-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function start(version = "1") {
  const child = fork(entry, [folder, version], { execArgv: ["--disable-warning=ExperimentalWarning"] });
  children.push(child);
  const answers: Answer[] = [];
  let wake = () => {};
  child.on("message", (message) => {
    answers.push(message as Answer);
    wake();
  });
  async function answer(done: string): Promise<Answer> {
    for (;;) {
      const index = answers.findIndex((candidate) => candidate.done === done);
      if (index >= 0) return answers.splice(index, 1)[0] as Answer;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  return {
    opened: answer("open"),
    answer,
    ask(command: "call" | "wait") {
      child.send(command);
      return answer(command);
    },
    async kill() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
    async dispose() {
      child.send("dispose");
      await once(child, "exit");
    },
  };
}

function openHere(version = "1") {
  return openOwnership<typeof fixtureContract>({
    dataFolder: folder,
    version,
    create: async () => ({ router: fixtureRouter(), dispose: async () => {} }),
  });
}

test("of five processes that race one becomes the owner, and when it is killed one of the rest", async () => {
  let running = Array.from({ length: 5 }, () => start());
  let roles = await Promise.all(running.map(async (child) => (await child.opened).role));
  for (let left = 5; left > 1; left--) {
    expect(roles.filter((role) => role === "owner")).toHaveLength(1);
    const owner = running[roles.indexOf("owner")];
    await owner?.kill();
    running = running.filter((child) => child !== owner);
    const answers = await Promise.all(running.map((child) => child.ask("call")));
    // A call may still have met the dying owner; the next one must work everywhere.
    for (const answer of answers) expect(answer.error ?? { code: "ENGINE_GONE" }).toMatchObject({ code: "ENGINE_GONE" });
    const next = await Promise.all(running.map((child) => child.ask("call")));
    expect(next.map((answer) => answer.sum)).toEqual(running.map(() => 3));
    roles = next.map((answer) => answer.role);
  }
});

test("what waits when the owner dies fails with ENGINE_GONE, and the next call works", async () => {
  const owner = start();
  expect((await owner.opened).role).toBe("owner");
  const guest = await openHere();
  expect(guest.role()).toBe("guest");
  const client = await guest.target();
  const waiting = client.calls.wait().catch(describeError);
  const stream = await client.streams.count({ to: 1e9 });
  const reading = (async () => {
    for await (const { value } of stream) if (value === 10) await owner.kill();
  })().catch(describeError);
  expect(await waiting).toMatchObject({ code: "ENGINE_GONE" });
  expect(await reading).toMatchObject({ code: "ENGINE_GONE" });
  expect(await (await guest.target()).calls.add({ left: 1, right: 2 })).toBe(3);
  expect(guest.role()).toBe("owner");
  await guest.dispose();
});

test("an owner that ends in good order hands over, and leaves no socket when it was the last", async () => {
  const owner = start();
  await owner.opened;
  const guest = await openHere();
  await owner.dispose();
  expect(await (await guest.target()).calls.add({ left: 1, right: 2 })).toBe(3);
  const address = engineAddress(folder);
  if (process.platform !== "win32") {
    expect(statSync(address).mode & 0o777).toBe(0o600);
    await guest.dispose();
    expect(existsSync(address)).toBe(false);
  } else await guest.dispose();
});

test("a socket and a lock file that a dead owner left behind are taken over", async () => {
  const owner = start();
  await owner.opened;
  await owner.kill();
  expect(existsSync(engineAddress(folder))).toBe(true);
  const next = await openHere();
  expect(next.role()).toBe("owner");
  await next.dispose();
});

test("a lock file full of something else, and a plain file in place of the socket, do not stop the engine", async () => {
  writeFileSync(join(folder, "owner.lock"), "this is no database, and it is long enough to be looked at as one\n".repeat(40));
  writeFileSync(engineAddress(folder), "not a socket");
  const ownership = await openHere();
  expect(ownership.role()).toBe("owner");
  await ownership.dispose();
});

test("a full disk does not keep an engine from starting", async (context) => {
  const disk = join(folder, "disk");
  mkdirSync(disk);
  const mounted = process.platform === "linux" && spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]).status === 0;
  if (!mounted) return context.skip();
  try {
    expect(() => writeFileSync(join(disk, "fill"), "x".repeat(100_000))).toThrow("ENOSPC");
    const lock = takeLock(join(disk, "owner.lock"));
    expect(lock).toBeDefined();
    expect(takeLock(join(disk, "owner.lock"))).toBeUndefined();
    lock?.dispose();
  } finally {
    spawnSync("umount", [disk]);
  }
});

test("a guest of another version is told which one runs and what to do", async () => {
  const owner = await openHere("1");
  const guest = start("2");
  const { error } = await guest.opened;
  expect(error?.code).toBe("UNSUPPORTED");
  expect(error?.message).toContain(`LocalCoder 1 is running (process ${process.pid})`);
  expect(error?.hint).toBeDefined();
  await owner.dispose();
});

test("services that cannot be made give the folder free again", async () => {
  const failing = openOwnership({ dataFolder: folder, version: "1", create: () => Promise.reject(new Error("no room")) });
  await expect(failing).rejects.toThrow("no room");
  const next = await openHere();
  expect(next.role()).toBe("owner");
  await next.dispose();
});

test("a data folder with a long path has its socket elsewhere, in a folder nobody else can enter", async () => {
  const deep = join(folder, "x".repeat(120));
  mkdirSync(deep);
  const address = engineAddress(deep);
  if (process.platform === "win32") return;
  expect(Buffer.byteLength(address)).toBeLessThanOrEqual(103);
  folder = deep;
  const first = await openHere();
  const second = start();
  expect((await second.opened).role).toBe("guest");
  expect((await second.ask("call")).sum).toBe(3);
  await first.dispose();
});

test("something else on the socket is not taken for an engine", async () => {
  const lock = takeLock(join(folder, "owner.lock"));
  const server = createServer((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\n")).listen(engineAddress(folder));
  await once(server, "listening");
  const opening = start();
  // It keeps looking for the owner until the lock is free.
  server.close();
  lock?.dispose();
  expect((await opening.opened).role).toBe("owner");
});
