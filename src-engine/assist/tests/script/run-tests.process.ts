import { json } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { openProject, testingKey } from "./hooks.ts";
import { writtenValue } from "./literals.ts";
import type { ScriptReport, ScriptTests } from "./question.ts";
import { watchTests } from "./results.ts";
import { createTesting } from "./testing.ts";

/** The entry of the process that runs one file of tests: a question in its input, an answer in its output. */

if (process.permission === undefined || process.permission.has("fs.write")) throw new Error("It may do more than read.");
const { path, text, sourcePath, sourceText, aliases, corrects } = (await json(process.stdin)) as ScriptTests;
const watched = corrects === undefined ? undefined : watchTests(path, text, corrects);
const testing = createTesting();
const texts = new Map([
  [path, watched?.text ?? text],
  [sourcePath, sourceText],
]);
openProject({ texts, aliases, testing: Object.keys(testing.names) });

const results: ScriptReport["results"] = {};
const given = new Map<number, Set<string>>();
const everywhere = {
  ...testing.names,
  [watched?.told ?? "__given"]: (number: number, value: unknown) =>
    void given.set(number, (given.get(number) ?? new Set()).add(writtenValue(value) ?? "")),
  [Symbol.for(testingKey)]: testing.names,
};
Object.assign(globalThis, everywhere);

// What the code of others prints is no answer of ours, and it does not end before us.
const answer = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write = () => true;
const exit = process.exit.bind(process);
process.exit = () => {
  throw new Error("It ends the process.");
};
process.on("uncaughtException", () => {});
process.on("unhandledRejection", () => {});

function note(name: string, failure?: unknown): void {
  if (failure === undefined) {
    results[name] ??= { passed: true, reason: "" };
    return;
  }
  const reason = failure instanceof Error ? failure.message : String(failure);
  results[name] = { passed: false, reason: (reason.trim().split("\n", 1)[0] ?? "").slice(0, 300) };
}

try {
  await import(pathToFileURL(path).href);
  await testing.run(note);
} catch (error) {
  note("", error);
}
const corrected = watched?.corrected(given);
answer(JSON.stringify({ results, ...(corrected !== undefined && { corrected }) }), () => exit(0));
