import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { _electron, type ElectronApplication, type Page } from "@playwright/test";
import { startScriptedOwner } from "../../e2e/scripted-owner.ts";
import { resolveElectron } from "../../tools/electron-runtime.mjs";
import { type Figure, median, percentile } from "../figures.ts";
import { editorReady, focusFirstLine, measureTyping, type TypingCost, together } from "../typing.ts";
import type { Options } from "./options.ts";
import { createPeer, peerTime, startPeerServer } from "./peer.ts";
import { createRandom } from "./random.ts";
import { report } from "./report.ts";
import { type TraceFile, writeTraceFiles } from "./trace-files.ts";
import { watchGhostText } from "./watch-ghost-text.ts";

const root = resolve(import.meta.dirname, "../..");
// The sandbox cannot be used by root on Linux.
const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

/** A line to type, and the document around it. */
interface Line {
  readonly file: TraceFile;
  /** From 0. */
  readonly number: number;
  readonly before: string;
  readonly indentation: string;
  readonly words: string;
  readonly after: string;
}

/** A key, and how long it took until grey text for it was on the screen. */
interface Sample {
  readonly prefix: string;
  readonly suffix: string;
  readonly along: boolean;
  /** Undefined where nothing was shown. */
  readonly milliseconds: number | undefined;
}

/** Only the grey text is measured: closers, quotes and lists would change what is typed. */
const settings = {
  "editor.autoClosingBrackets": "never",
  "editor.autoClosingQuotes": "never",
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
  "editor.suggestOnTriggerCharacters": false,
  "editor.parameterHints.enabled": false,
};

/** From a key to grey text on the screen, in the real window with the real model, and what the feature costs while typing. */
export async function measureWindow(model: string, threads: number, options: Options): Promise<void> {
  const lines = chooseLines(options);
  const samples = await typeLines(model, lines, options.quick ? 6 : 10);
  const asked = samples.filter(({ along, milliseconds }) => !along && milliseconds !== undefined);
  const along = samples.filter((sample) => sample.along).flatMap(({ milliseconds }) => milliseconds ?? []);
  const own = asked.flatMap(({ milliseconds }) => milliseconds ?? []);
  const peer = await bareRequests(model, threads, asked);
  const [off, on, busy] = await typingCosts(options.quick ? 25 : 60, options.quick ? 1 : 3);
  const unit = "ms";
  const peerName = "llama.vim's bare request";
  const figures: readonly Figure[] = [
    { what: `key to grey text, asked, median, n ${own.length}`, unit, ours: median(own), peer: median(peer), peerName, aim: "0.4 x" },
    { what: "the same, p95", unit, ours: percentile(own, 0.95), peer: percentile(peer, 0.95), peerName, aim: "stated" },
    { what: `key to grey text, typing along, median, n ${along.length}`, unit, ours: median(along), aim: "a frame" },
    { what: "the same, p95", unit, ours: percentile(along, 0.95), aim: "stated" },
    {
      what: "keys after which grey text came",
      unit: "%",
      ours: (100 * samples.filter(({ milliseconds }) => milliseconds !== undefined).length) / samples.length,
      aim: "stated",
    },
    {
      what: "main-thread work per key, no call in flight",
      unit,
      ours: on.work,
      peer: off.work,
      peerName: "switched off",
      aim: "1 ms more",
    },
    {
      what: "key to paint with a call in flight, median",
      unit,
      ours: busy.paint,
      peer: off.paint,
      peerName: "switched off",
      aim: "one frame more",
    },
    { what: "main-thread work per key, a call in flight", unit, ours: busy.work, peer: off.work, peerName: "switched off", aim: "stated" },
  ];
  report(model, "window", `${threads} threads, ${samples.length} keys`, figures);
}

function chooseLines({ cases, quick }: Options): readonly Line[] {
  const random = createRandom(21);
  const { files, remove } = writeTraceFiles(cases);
  remove();
  return files.flatMap((file) => {
    const lines = file.text.split("\n");
    const usable = lines.flatMap((line, number) =>
      number > 15 && number < 900 && line.trim().length > 18 && line.trim().length < 80 && !/^\s*(?:\/\/|\/?\*|#|import)/.test(line)
        ? [number]
        : [],
    );
    return random.some(usable, quick ? 1 : 4).map((number): Line => {
      const line = lines[number] ?? "";
      const words = line.trim();
      const indentation = line.slice(0, line.length - line.trimStart().length);
      const before = lines
        .slice(0, number)
        .map((one) => `${one}\n`)
        .join("");
      return { file, number, before, indentation, words, after: `\n${lines.slice(number + 1).join("\n")}` };
    });
  });
}

async function launch(
  home: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ElectronApplication> {
  const { executable } = await resolveElectron();
  return _electron.launch({
    executablePath: executable,
    args: [root, ...sandbox, "--log-level=3", ...parameters],
    // Nothing of the machine's own user, so that only the named model is found.
    env: { ...process.env, HOME: home, MODELS_DIR: "", ...environment } as never,
  });
}

/** Types the beginning of each line, key by key, each after the answer to the one before. */
async function typeLines(model: string, lines: readonly Line[], keys: number): Promise<readonly Sample[]> {
  const home = mkdtempSync(join(tmpdir(), "localcoder-bench-"));
  const workspace = join(home, "workspace");
  const data = join(home, "data");
  for (const folder of [workspace, join(data, "user"), join(data, "data")]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(data, "data", "desktop.json"), JSON.stringify({ firstRunFinished: true }));
  const own = { ...settings, "localcoder.models.completion": model, "localcoder.inference.gpu": "off" };
  writeFileSync(join(data, "user", "settings.json"), JSON.stringify(own));
  const names = lines.map(({ file, before, indentation, after }, index) => {
    const name = `${index}-${basename(file.path)}`;
    writeFileSync(join(workspace, name), before + indentation + after);
    return name;
  });
  const app = await launch(home, [workspace], { LOCALCODER_HOME: data, LOCALCODER_DEVELOPMENT_MODELS: dirname(model) });
  try {
    const page = await app.firstWindow();
    await page.waitForFunction(() => performance.getEntriesByName("localcoder:ready").length > 0, null, { timeout: 60_000 });
    const ghost = await watchGhostText(page);
    const samples: Sample[] = [];
    for (const [index, line] of lines.entries()) {
      await openAt(page, names[index] ?? "", line.number + 1, line.indentation.length + 1);
      // The first place loads the model.
      if (index === 0) {
        await page.keyboard.type(line.words.slice(0, 1));
        await ghost.after(60_000);
        await page.keyboard.press("Backspace");
        await ghost.after(3000);
      }
      for (let at = 0; at < Math.min(keys, line.words.length); at += 1) {
        const character = line.words.charAt(at);
        const shown = await ghost.text();
        await ghost.begin();
        await page.keyboard.press(character === " " ? "Space" : character);
        samples.push({
          prefix: line.before + line.indentation + line.words.slice(0, at + 1),
          suffix: line.after,
          along: shown !== "" && shown.startsWith(character),
          milliseconds: await ghost.after(2500),
        });
      }
      await page.keyboard.press("Escape");
    }
    return samples;
  } finally {
    app.process().kill("SIGKILL");
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function openAt(page: Page, name: string, line: number, column: number): Promise<void> {
  await page.keyboard.press("Control+P");
  const input = page.locator(".quick-input-widget input");
  await input.waitFor();
  await input.fill(name);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".tab.active", { hasText: name }).waitFor();
  await page.keyboard.press("Control+G");
  await input.waitFor();
  await input.fill(`:${line}:${column}`);
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
}

/** What llama.vim waits for at the same places, in the same order. */
async function bareRequests(model: string, threads: number, samples: readonly Sample[]): Promise<readonly number[]> {
  const server = await startPeerServer(model, threads);
  const peer = createPeer(server, () => peerTime.typing);
  try {
    const times: number[] = [];
    for (const { prefix, suffix } of samples) {
      const place = { id: "", path: "", languageId: "", prefix, suffix, wanted: "", judged: "line" } as const;
      times.push((await peer.complete(place)).milliseconds);
    }
    return times;
  } finally {
    await server.dispose();
  }
}

/**
 * Typing along a line that the scripted model knows: with ghost text switched off, shown with the answers known at once, and with a call
 * always in flight; in turns, so that whatever else the machine does meets all alike.
 */
async function typingCosts(keys: number, turns: number): Promise<readonly [TypingCost, TypingCost, TypingCost]> {
  const line = Array.from({ length: 18 }, (_, index) => `part${index}`).join(".");
  const warmUp = 8;
  const cost = async (enabled: boolean, millisecondsPerToken: number): Promise<TypingCost> => {
    const owner = await startScriptedOwner(
      { knows: [line], sureness: 0.999, millisecondsPerToken },
      { settings: { ...settings, "localcoder.completion.enabled": enabled, "localcoder.completion.confidence": "bolder" } },
    );
    const home = mkdtempSync(join(tmpdir(), "localcoder-bench-"));
    const file = join(home, "notes.js");
    writeFileSync(file, "\n".repeat(60));
    const app = await launch(home, [file], owner.environment);
    try {
      const page = await app.firstWindow();
      await editorReady(page);
      await focusFirstLine(page);
      // The first answers warm up what shows them.
      await page.keyboard.type(line.slice(0, warmUp), { delay: 300 });
      return await measureTyping(page, line.slice(warmUp, warmUp + keys));
    } finally {
      app.process().kill("SIGKILL");
      await owner.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  };
  const [off, known, busy]: readonly TypingCost[][] = [[], [], []];
  for (let turn = 0; turn < turns; turn++) {
    off?.push(await cost(false, 0));
    known?.push(await cost(true, 0));
    busy?.push(await cost(true, 2000));
  }
  return [together(off ?? []), together(known ?? []), together(busy ?? [])];
}
