import { describe, expect, test } from "vitest";
import type { Priority } from "#core/contracts/inference";
import { createQueue, type Queue } from "./queue.ts";

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

/** Runs a job of some steps and writes down each one. */
async function job(queue: Queue, log: string[], name: string, priority: Priority, steps: number, signal?: AbortSignal): Promise<void> {
  const turn = await queue.enter(priority, signal);
  try {
    for (let step = 1; step <= steps; step += 1) {
      await turn.pause();
      log.push(`${name}${step}`);
      await settle();
    }
  } finally {
    turn.leave();
  }
}

describe("order", () => {
  test("within a class the first comes first, whole", async () => {
    const queue = createQueue();
    const log: string[] = [];
    await Promise.all([job(queue, log, "a", "chat", 3), job(queue, log, "b", "chat", 2)]);
    expect(log).toEqual(["a1", "a2", "a3", "b1", "b2"]);
  });

  test("the more important one goes between two steps, and the other goes on after it", async () => {
    const queue = createQueue();
    const log: string[] = [];
    const chat = job(queue, log, "chat", "chat", 3);
    await settle();
    await Promise.all([chat, job(queue, log, "ghost", "ghost-text", 2)]);
    expect(log).toEqual(["chat1", "ghost1", "ghost2", "chat2", "chat3"]);
  });

  test("all classes at once", async () => {
    const queue = createQueue();
    const log: string[] = [];
    const first = job(queue, log, "x", "background", 1);
    await settle();
    await Promise.all([
      first,
      job(queue, log, "back", "background", 1),
      job(queue, log, "chat", "chat", 1),
      job(queue, log, "action", "inline-action", 1),
      job(queue, log, "ghost", "ghost-text", 1),
    ]);
    expect(log).toEqual(["x1", "ghost1", "action1", "chat1", "back1"]);
  });

  test("whoever was interrupted keeps its place before later ones of its class", async () => {
    const queue = createQueue();
    const log: string[] = [];
    const chat = job(queue, log, "a", "chat", 2);
    await settle();
    await Promise.all([chat, job(queue, log, "b", "chat", 1), job(queue, log, "ghost", "ghost-text", 1)]);
    expect(log).toEqual(["a1", "ghost1", "a2", "b1"]);
  });
});

describe("stopping", () => {
  test("one that waits never runs", async () => {
    const queue = createQueue();
    const log: string[] = [];
    const controller = new AbortController();
    const running = job(queue, log, "a", "chat", 2);
    const waiting = job(queue, log, "b", "chat", 2, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "STOPPED" });
    await running;
    expect(log).toEqual(["a1", "a2"]);
    expect(queue.busy).toBe(false);
  });

  test("one that runs ends at its next step and gives the place free", async () => {
    const queue = createQueue();
    const log: string[] = [];
    const controller = new AbortController();
    const running = job(queue, log, "a", "chat", 5, controller.signal);
    await settle();
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "STOPPED" });
    await job(queue, log, "b", "background", 1);
    expect(log.at(-1)).toBe("b1");
  });

  test("one that was interrupted can be stopped while it waits", async () => {
    const queue = createQueue();
    const log: string[] = [];
    const controller = new AbortController();
    const chat = job(queue, log, "chat", "chat", 5, controller.signal);
    await settle();
    const ghost = job(queue, log, "ghost", "ghost-text", 3);
    await settle();
    controller.abort();
    await expect(chat).rejects.toMatchObject({ code: "STOPPED" });
    await ghost;
    expect(log).toEqual(["chat1", "ghost1", "ghost2", "ghost3"]);
    expect(queue.busy).toBe(false);
  });

  test("an aborted signal does not even wait", async () => {
    await expect(createQueue().enter("chat", AbortSignal.abort())).rejects.toMatchObject({ code: "STOPPED" });
  });
});
