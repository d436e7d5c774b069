import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { createCheckThread } from "./thread.ts";

const place = { path: "/work/a.ts", languageId: "typescript", prefix: "", suffix: "", text: "", replaces: 0 };
const dying = () => new Worker("require('node:worker_threads').parentPort.once('message', () => process.exit(1));", { eval: true });
const passing = () =>
  new Worker(
    "const { parentPort } = require('node:worker_threads'); parentPort.on('message', () => parentPort.postMessage({ verdict: 'passed' }));",
    {
      eval: true,
    },
  );

test("a thread that dies answers nothing, rests, and is started again", async () => {
  let started = 0;
  const thread = createCheckThread(() => {
    started += 1;
    return started === 1 ? dying() : passing();
  }, 0);
  expect(await Promise.all([thread.check(place), thread.check(place)])).toEqual(["late", "late"]);
  expect(await thread.check(place)).toBe("passed");
  expect(started).toBe(2);
  await thread.dispose();
});

test("while it rests nothing is started", async () => {
  let started = 0;
  const thread = createCheckThread(() => {
    started += 1;
    return dying();
  });
  expect(await thread.check(place)).toBe("late");
  thread.warm(place);
  expect(await thread.check(place)).toBe("late");
  expect(started).toBe(1);
  await thread.dispose();
});
