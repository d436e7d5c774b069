import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TypeScriptEvent } from "#core/contracts/typescript";
import { openForkedProcess } from "../forked-process.ts";
import { createLanguageServers, type LanguageServers } from "./language-servers.ts";

let folder: string;
let servers: LanguageServers;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "lc-typescript-")));
  servers = createLanguageServers(openForkedProcess, () => {});
});
afterAll(() => {
  servers.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** Reads until a message is what is looked for. */
async function until(events: AsyncGenerator<TypeScriptEvent>, isIt: (message: Message) => boolean): Promise<Message> {
  for (;;) {
    const { value } = await events.next();
    if (value === undefined || value.type === "exit") throw new Error("The server ended.");
    const found = value.type === "messages" ? (value.messages as Message[]).find(isIt) : undefined;
    if (found !== undefined) return found;
  }
}

interface Message {
  readonly type: string;
  readonly event?: string;
  readonly body?: { readonly file?: string; readonly diagnostics?: readonly { readonly text: string }[] };
}

async function start(events: AsyncGenerator<TypeScriptEvent>): Promise<{ id: string; process: number }> {
  const { value } = await events.next();
  if (value?.type !== "started") throw new Error("The server did not start.");
  return value;
}

test("a mistake that only another file shows is found", async () => {
  writeFileSync(join(folder, "tsconfig.json"), '{"compilerOptions": {"strict": true}}');
  writeFileSync(join(folder, "prices.ts"), "export const price: number = 3;\n");
  const file = join(folder, "cart.ts");
  writeFileSync(file, 'import { price } from "./prices";\nexport const name: string = price;\n');
  const events = servers.open();
  const { id } = await start(events);
  let seq = 0;
  const ask = (command: string, parameters: object) => servers.write(id, [{ seq: seq++, type: "request", command, arguments: parameters }]);
  ask("open", { file });
  ask("geterr", { files: [file], delay: 0 });
  const found = await until(events, ({ event }) => event === "semanticDiag");
  expect(found.body?.diagnostics?.map(({ text }) => text)).toEqual(["Type 'number' is not assignable to type 'string'."]);
  await events.return();
});

test("requests that write files, and servers that have ended, are refused", async () => {
  const controller = new AbortController();
  const events = servers.open(controller.signal);
  const { id, process: child } = await start(events);
  for (const command of ["saveto", "compileOnSaveEmitFile", "configurePlugin"]) {
    expect(() => servers.write(id, [{ seq: 0, type: "request", command }])).toThrow(expect.objectContaining({ code: "NO_PERMISSION" }));
  }
  controller.abort();
  let last: TypeScriptEvent | undefined;
  for await (const event of events) last = event;
  expect(last?.type).toBe("exit");
  expect(() => process.kill(child, 0)).toThrow();
  expect(() => servers.write(id, [{ seq: 1, type: "request", command: "open" }])).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
});
