// From Enter in the chat to the first painted letter of the answer, with the model in memory and without, beside llama-server alone from
// the request to the first piece. Run by `npm run bench -- first-answer [MODEL.gguf ...]`.
import { type ChildProcess, spawn } from "node:child_process";
import { basename } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { chatSystem } from "#core/chat/prompt";
import { type Figure, median, printFigures } from "./figures.ts";
import { modelFile, someCode } from "./model.ts";
import { localcoder } from "./subjects.ts";
import { openForTyping } from "./typing.ts";

const rounds = 5;
const contextSize = 4096;
const threads = 2;
const port = 18_417;
const peer = process.env.LOCALCODER_BENCH_PEER;
const models = process.argv.length > 2 ? process.argv.slice(2) : [modelFile(undefined)];

/** Questions of the same length about other code each, so that nothing of them is known from before. */
const questionOf = (round: number) => `What does this do, number ${round}?\n\n${someCode(1500, round * 4000)}`;

/** A look at what was pasted before Enter, in milliseconds. */
const look = 3000;

/** One side; `ask` answers the milliseconds until the first letter of an answer, `isSeen` after the user looked at the question first. */
interface Side {
  ask(round: number, isSeen?: boolean): Promise<number>;
  close(): void;
}

async function ours(model: string): Promise<Side> {
  const subject = localcoder({
    "localcoder.models.general": model,
    "localcoder.completion.enabled": false,
    "localcoder.inference.gpu": "off",
    "localcoder.inference.threads": threads,
    "localcoder.inference.contextSize": contextSize,
    "localcoder.inference.temperature": 0,
  });
  const { app, page } = await openForTyping(subject.args, subject.env);
  return {
    async ask(round, isSeen = false) {
      await page.keyboard.press("F1");
      await page.locator(".quick-input-widget input").fill(round === 0 ? ">LocalCoder: Open chat" : ">LocalCoder: New chat thread");
      await page.locator(".quick-input-list .monaco-list-row").first().click();
      const field = page.locator(".localcoder-chat textarea");
      await field.focus();
      // Without an event, so that nothing is loaded or read before Enter.
      await field.evaluate((node, text) => {
        (node as HTMLTextAreaElement).value = text;
      }, questionOf(round));
      if (isSeen) {
        await field.dispatchEvent("input");
        await wait(look);
      }
      await page.evaluate(`void (globalThis.benchFirst = new Promise((resolve) => {
        document.addEventListener("keydown", ({ timeStamp }) => {
          const look = () => {
            if (!document.querySelector(".localcoder-chat .running .answer")?.textContent.trim()) return requestAnimationFrame(look);
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.now() - timeStamp);
            requestAnimationFrame(() => port2.postMessage(null));
          };
          look();
        }, { capture: true, once: true });
      }))`);
      await page.keyboard.press("Enter");
      const milliseconds = await page.evaluate<number>("globalThis.benchFirst");
      await page.locator('.localcoder-chat [data-button="stop"]').click();
      await page.locator(".localcoder-chat .running").waitFor({ state: "detached" });
      return milliseconds;
    },
    close() {
      app.process().kill("SIGKILL");
      subject.remove();
    },
  };
}

/** At the priority that our model has, which leaves the processor to others. */
function bare(program: string, model: string): Side {
  const parameters = ["-m", model, "--host", "127.0.0.1", "--port", String(port), "-c", String(contextSize), "-t", String(threads)];
  let server: ChildProcess | undefined;
  return {
    async ask(round) {
      const from = performance.now();
      server ??= spawn("nice", ["-n", "10", program, ...parameters, "--no-warmup"], { stdio: "ignore" });
      await listening(server);
      await firstPiece(questionOf(round));
      return performance.now() - from;
    },
    close: () => server?.kill("SIGKILL"),
  };
}

async function listening(server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (response?.ok) return;
    await wait(20);
  }
  throw new Error("llama-server did not start.");
}

async function firstPiece(text: string): Promise<void> {
  const ending = new AbortController();
  const messages = [
    { role: "system", content: chatSystem },
    { role: "user", content: text },
  ];
  const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages, stream: true, temperature: 0 }),
    signal: ending.signal,
  });
  let all = "";
  for await (const part of response.body ?? []) {
    all += Buffer.from(part).toString();
    if (/"content":"[^"]/.test(all)) break;
  }
  ending.abort();
}

for (const model of models) {
  const sides = [await ours(model), ...(peer ? [bare(peer, model)] : [])];
  const times: number[][] = sides.map(() => []);
  // In turns, so that whatever else the machine does meets both alike.
  for (let round = 0; round <= rounds; round++) for (const [index, side] of sides.entries()) times[index]?.push(await side.ask(round));
  const seen: number[] = [];
  for (let round = rounds + 1; round <= 2 * rounds; round++) seen.push((await sides[0]?.ask(round, true)) ?? Number.NaN);
  for (const side of sides) side.close();
  const figure = (what: string, of: (times: readonly number[]) => number): Figure => ({
    ...{ what, unit: "ms", ours: of(times[0] ?? []), aim: "stated" },
    ...(times[1] && { peer: of(times[1]), peerName: "llama-server" }),
  });
  printFigures(`Enter to the first painted letter of an answer, ${basename(model)}, ${threads} threads`, [
    figure("model not in memory (llama-server: with its start)", ([cold = Number.NaN]) => cold),
    figure(`model in memory, new thread, median of ${rounds}`, ([, ...warm]) => median(warm)),
    { what: `the same, ${look / 1000} s after it was pasted`, unit: "ms", ours: median(seen), aim: "stated" },
  ]);
}
