import { EventEmitter, once } from "node:events";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { expect, test } from "vitest";
import type { ProcessAnswer, ProcessRequest } from "#core/processes";
import { openThroughMain } from "./through-main.ts";

/** Electron's main process, as far as a utility process sees it. */
function main() {
  const events = new EventEmitter();
  const asked: ProcessRequest[] = [];
  return {
    asked,
    port: {
      on: (type: "message", listener: (event: { data: ProcessAnswer; ports: MessagePort[] }) => void) => void events.on(type, listener),
      postMessage: (message: ProcessRequest) => void asked.push(message),
    },
    answer: (data: ProcessAnswer, ...ports: MessagePort[]) => void events.emit("message", { data, ports }),
  };
}

test("main is asked for a script, and what the two say goes over their own port", async () => {
  const { asked, port, answer } = main();
  const open = openThroughMain(port);
  const opening = open("typescript", ["--useNodeIpc"]);
  expect(asked).toEqual([{ type: "open-process", id: 1, script: "typescript", parameters: ["--useNodeIpc"] }]);
  const { port1, port2 } = new MessageChannel();
  answer({ type: "process", id: 1, pid: 42 }, port1);
  const opened = await opening;
  expect(opened.pid).toBe(42);

  await opened.wire.send({ seq: 1 });
  expect(await once(port2, "message")).toEqual([{ seq: 1 }]);

  opened.kill();
  expect(asked.at(-1)).toEqual({ type: "kill-process", id: 1 });
  answer({ type: "process-exit", id: 1, code: null, reason: "SIGKILL" });
  expect(await opened.exited).toEqual({ code: null, reason: "SIGKILL" });
  port2.close();
});

test("a process that does not start says why, and others are not mistaken for it", async () => {
  const { port, answer } = main();
  const open = openThroughMain(port);
  const first = open("inference");
  const second = open("inference");
  answer({ type: "process-exit", id: 1, code: 127, reason: "exit code 127" });
  await expect(first).rejects.toThrow("exit code 127");
  const { port1, port2 } = new MessageChannel();
  answer({ type: "process", id: 2, pid: 7 }, port1);
  expect((await second).pid).toBe(7);
  port2.close();
});
