import { setTimeout as wait } from "node:timers/promises";
import { openEngine } from "#engine/open";
import type { BareMessage } from "./bare-llama.ts";
import { startProgram } from "./program.ts";
import { executable, localcoder } from "./subjects.ts";

/** One answer of the running app. */
export interface AppAnswer {
  readonly messages: readonly BareMessage[];
  /** Milliseconds from the first to the last piece of it, and how many tokens came in that time. */
  readonly milliseconds: number;
  readonly tokens: number;
}

/** Starts the desktop with a model and asks its engine as a second program of ours does: over the socket of its data folder. */
export async function openApp(model: string, contextSize: number, maxTokens: number) {
  const subject = localcoder({
    "localcoder.models.general": model,
    "localcoder.models.code": model,
    "localcoder.completion.enabled": false,
    "localcoder.inference.gpu": "off",
    "localcoder.inference.contextSize": contextSize,
    "localcoder.inference.maxTokens": maxTokens,
    "localcoder.inference.temperature": 0,
  });
  const program = await startProgram(executable, subject.args, subject.env);
  await program.evaluate(`new Promise((resolve) => {
    const look = () => (performance.getEntriesByName("localcoder:ready").length > 0 ? resolve() : setTimeout(look, 100));
    look();
  })`);
  process.env.LOCALCODER_HOME = subject.env.LOCALCODER_HOME;
  const engine = await openEngine({ processName: "bench", openInference: "" });
  if (engine.role() !== "guest") throw new Error("The desktop does not own its data folder.");
  const { client, dispose } = engine.attach();
  // What the start left to do later would stand in the way.
  await wait(5000);
  return {
    /** Asks for an explanation of a text. */
    async explain(text: string): Promise<AppAnswer> {
      const times: number[] = [];
      let session = "";
      let tokens = 0;
      const request = { action: "explain", path: "bench.ts", languageId: "typescript", text, selection: { start: 0, end: text.length } };
      for await (const event of await client.assist.run(request)) {
        if (event.type === "started") session = event.sessionId;
        if (event.type === "text") times.push(performance.now());
        if (event.type === "finished") tokens = event.answer.tokens.generated;
      }
      const { messages } = await client.sessions.show({ id: session });
      return {
        messages: messages.filter(({ role }) => role === "system" || role === "user") as BareMessage[],
        milliseconds: (times.at(-1) ?? 0) - (times[0] ?? 0),
        tokens: tokens - 1,
      };
    },
    async close(): Promise<void> {
      await dispose();
      await engine.dispose();
      await program.end();
      subject.remove();
    },
  };
}
