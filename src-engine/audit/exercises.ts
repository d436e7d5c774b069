import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeError } from "#core/base/errors";
import type { AuditEvent } from "#core/contracts/audit";
import type { EngineClient } from "../open.ts";

type Client = EngineClient["client"];

const code = `/** Adds the prices of a cart. */
export function total(prices: number[]): number {
  let sum = 0;
  for (const price of prices) sum = sum + price;
  return sum;
}
`;

/** Uses every feature of the engine once, in a folder that may be written to. */
export async function* exerciseAll(client: Client, folder: string, signal: AbortSignal): AsyncGenerator<AuditEvent, void, void> {
  const path = join(folder, "cart.ts");
  writeFileSync(path, code);
  const place = { path, languageId: "typescript", workspace: folder };
  const selection = { start: code.indexOf("export"), end: code.length };
  const action = (name: string, more = {}) =>
    drain(client.assist.run({ action: name, ...place, text: code, selection, ...more }, { signal }));
  let session: string | undefined;

  const exercises: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["look at the machine", () => client.models.machine(undefined, { signal })],
    ["find models and model servers", () => client.models.list(undefined, { signal })],
    ["look for model servers", () => client.servers.list(undefined, { signal })],
    ["ask the hub's address", () => client.models.hub(undefined, { signal })],
    ["open a folder", () => client.workspace.open({ path: folder }, { signal })],
    ["write and read a file", () => client.workspace.write({ path, content: new Blob([code]), create: true, overwrite: true }, { signal })],
    ["search in files", () => drain(client.search.text({ folder, pattern: "total" }, { signal }))],
    [
      "ghost text",
      () =>
        client.completion.complete(
          { ...place, prefix: code.slice(0, code.indexOf("sum + price")), suffix: "\n", trigger: "manual" },
          { signal },
        ),
    ],
    ["explain", () => action("explain")],
    ["improve", () => action("improve")],
    ["fix", () => action("fix", { problems: [{ line: 4, message: "Unused." }] })],
    ["document", () => action("document")],
    ["review", () => action("review", { path: "change.diff", text: diff, selection: { start: 0, end: diff.length } })],
    ["chat", () => drain(client.chat.send({ text: "What does total do? @project", workspace: folder, mode: "smart" }, { signal }))],
    ["read the project and find in it", () => client.project.find({ workspace: folder, question: "where are prices added" }, { signal })],
    [
      "history",
      async () => {
        const [newest] = await client.sessions.list({ limit: 1 }, { signal });
        session = newest?.id;
        return client.sessions.search({ query: "total", limit: 5 }, { signal });
      },
    ],
    ["show a session", async () => session !== undefined && client.sessions.show({ id: session }, { signal })],
    ["settings", () => client.settings.read({ workspace: folder }, { signal })],
  ];
  for (const [index, [name, run]] of exercises.entries()) {
    yield { type: "using", name, number: index + 1, of: exercises.length };
    try {
      await run();
      yield { type: "used", name, result: "done" };
    } catch (error) {
      const { code: kind, message } = describeError(error);
      if (kind === "STOPPED") throw error;
      yield { type: "used", name, result: message };
    }
  }
}

const diff = `--- a/cart.ts
+++ b/cart.ts
@@ -3,1 +3,1 @@
-  let sum = 0;
+  var sum = 0;
`;

async function drain(stream: Promise<AsyncIterable<unknown>>): Promise<void> {
  for await (const _ of await stream);
}
