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

/**
 * Uses every feature of the engine once, in a folder that may be written to: but not what asks for a permission, such as a download or
 * a remote of Git, and not the terminal, whose shell is the user's own program.
 */
export async function* exerciseAll(client: Client, folder: string, signal: AbortSignal): AsyncGenerator<AuditEvent, void, void> {
  const path = join(folder, "cart.ts");
  writeFileSync(path, code);
  const place = { path, languageId: "typescript", workspace: folder };
  const selection = { start: code.indexOf("export"), end: code.length };
  const action = (name: string, more = {}) =>
    drain(client.assist.run({ action: name, ...place, text: code, selection, ...more }, { signal }));
  const change = { path: "change.diff", text: diff, selection: { start: 0, end: diff.length } };
  const hole = { ...place, prefix: code.slice(0, code.indexOf("sum + price")), suffix: "\n", trigger: "manual" } as const;
  let session: string | undefined;

  const exercises: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["look at the machine", () => client.models.machine(undefined, { signal })],
    ["find models and model servers", () => client.models.list(undefined, { signal })],
    ["look for model servers", () => client.servers.list(undefined, { signal })],
    ["ask the hub's address", () => client.models.hub(undefined, { signal })],
    ["open a folder", () => client.workspace.open({ path: folder }, { signal })],
    ["write and read a file", () => client.workspace.write({ path, content: new Blob([code]), create: true, overwrite: true }, { signal })],
    ["search in files", () => drain(client.search.text({ folder, pattern: "total" }, { signal }))],
    ["prepare ghost text", () => client.completion.prepare(hole, { signal })],
    ["ghost text", () => client.completion.complete(hole, { signal })],
    ["show the context of an action", () => client.assist.preview({ action: "explain", ...place, text: code, selection }, { signal })],
    ["explain", () => action("explain")],
    ["improve", () => action("improve")],
    ["refactor", () => action("refactor", { instruction: "Use reduce." })],
    ["fix", () => action("fix", { problems: [{ line: 4, message: "Unused." }] })],
    ["document", () => action("document")],
    ["write tests", () => action("test")],
    ["write a README", () => action("readme", { path: join(folder, "README.md"), text: "", selection: { start: 0, end: 0 } })],
    ["write a commit message", () => action("commit-message", change)],
    ["review", () => action("review", change)],
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
    ["show a session", async () => client.sessions.show({ id: known(session) }, { signal })],
    ["hand a thread over", async () => drain(client.chat.handoff({ threadId: known(session) }, { signal }))],
    ["remember something", () => client.memory.add({ scope: "user", text: "Prices are in cents." }, { signal })],
    ["Git", () => useGit(client, folder, signal)],
    ["TypeScript", () => askTypeScript(client, path, signal)],
    ["logs", () => client.logs.files(undefined, { signal })],
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

/** The session that chat left; without a model there is none. */
function known(session: string | undefined): string {
  if (session === undefined) throw new Error("There is no session yet.");
  return session;
}

async function useGit(client: Client, root: string, signal: AbortSignal): Promise<void> {
  await client.git.initialise({ root }, { signal });
  await client.git.stage({ root, paths: ["cart.ts"] }, { signal });
  await client.git.status({ root }, { signal });
}

/** Has a language server read a file and say what stands in it: one that looks for types of packages elsewhere would do it then. */
async function askTypeScript(client: Client, file: string, signal: AbortSignal): Promise<void> {
  for await (const event of await client.typescript.open(undefined, { signal })) {
    if (event.type === "started") {
      const open = { seq: 1, type: "request", command: "open", arguments: { file } } as const;
      const ask = { seq: 2, type: "request", command: "quickinfo", arguments: { file, line: 2, offset: 17 } } as const;
      await client.typescript.write({ id: event.id, requests: [open, ask] }, { signal });
    }
    if (event.type === "messages" && event.messages.some((message) => (message as { request_seq?: number }).request_seq === 2)) return;
    if (event.type === "exit") throw new Error("TypeScript's language server ended before it answered.");
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
