import { realpath } from "node:fs/promises";
import { composeAnswers, type PartAnswer } from "#core/assist/composed";
import { findAction } from "#core/assist/index";
import { expectedSeconds, isOfOnePlace, roughly } from "#core/assist/one-by-one";
import { shownPath } from "#core/assist/title";
import { describeError, UserError } from "#core/base/errors";
import type { AssistAnswer, AssistPlace } from "#core/contracts/assist";
import type { Command, Invocation } from "../command.ts";
import type { Document } from "../document.ts";
import { count } from "../terminal.ts";
import { ask } from "./assist.ts";
import { createFilesProgress, placeInWords } from "./files-progress.ts";
import { type ActionOnFiles, type FilePlan, patchFolder, planFiles } from "./named-files.ts";
import { noteHistory } from "./notices.ts";
import { patchOf, printDiff } from "./print-diff.ts";
import { reportKept, writeDocument } from "./write-document.ts";

/** More places are not asked about before somebody said that they are all meant. */
const mostUnasked = 40;
/** Of more files than a person reads, only the number is said. */
const mostNamed = 5;

/** The option of commands that take files and folders. */
export const overFilesOptions = {
  all: { description: `Ask about more than ${mostUnasked} places of files and folders, too` },
} as const satisfies Command["options"];

type Failure = ReturnType<typeof describeError>;

/** What came of one place. */
interface Outcome {
  readonly place: AssistPlace;
  readonly state: "changed" | "unchanged" | "unusable" | "failed" | "left out";
  readonly answer?: AssistAnswer;
  readonly error?: Failure;
}

/** What came of one file. */
interface FileResult {
  readonly document: Document;
  readonly outcomes: readonly Outcome[];
  readonly diff: string;
  readonly isWritten: boolean;
  /** Why it was not written. */
  readonly error?: Failure;
}

/** Asks an action about the places of files one by one, and prints or writes what it proposes as each file is done. */
export async function overFiles(invocation: Invocation, action: ActionOnFiles, named: readonly string[]): Promise<number> {
  const { terminal, has } = invocation;
  const note = terminal.json ? () => {} : terminal.note;
  const all = await planFiles(invocation, action, named);
  for (const { name, reason, error } of all) if (error ?? reason) note(`${name}: ${error ? error.message : reason}`);
  const plans = all.filter(({ places }) => places.length > 0);
  const places = plans.flatMap((plan) => plan.places);
  const expected = await expectedTime(invocation, action, places);
  const extent = `${count(places.length, "place")} in ${count(plans.length, "file")}${expected === undefined ? "" : `, ${expected}`}`;
  if (places.length > mostUnasked && !has("all")) throw tooMany(plans, extent);
  if (places.length > 0) note(`${extent}.`);

  const folder = patchFolder(plans.flatMap(({ document }) => document ?? []));
  const progress = createFilesProgress(terminal, plans);
  const results: FileResult[] = [];
  if (places.length > 0) await noteHistory(invocation);
  for (const plan of plans) {
    const { document } = plan;
    if (document === undefined) continue;
    const outcomes: Outcome[] = [];
    try {
      for (const place of plan.places) {
        outcomes.push(await askAbout({ ...invocation, terminal: progress.at(plan, place) }, action, document, place));
        progress.done(place);
      }
    } finally {
      // What is ready is not lost where the rest is stopped or fails.
      terminal.progress("");
      results.push(await finish(invocation, plan.name, document, folder, outcomes));
    }
  }
  const failed = all.filter(({ error }) => error !== undefined).length + results.reduce((sum, result) => sum + failuresOf(result), 0);
  if (terminal.json)
    terminal.printJson({ files: [...all.filter(({ places }) => places.length === 0).map(idleJson), ...results.map(resultJson)] });
  else note(summary(results, failed));
  return failed > 0 ? 1 : 0;
}

async function askAbout(invocation: Invocation, action: ActionOnFiles, document: Document, place: AssistPlace): Promise<Outcome> {
  try {
    const { instruction, verify } = action;
    const answer = await ask(invocation, action.id, document, place, { instruction, verify, problems: place.problems, isFurther: true });
    if (answer.doubts.some(({ blocks }) => blocks)) return { place, state: "unusable", answer };
    return { place, state: answer.diff === "" ? "unchanged" : "changed", answer };
  } catch (error) {
    const described = describeError(error);
    if (invocation.signal.aborted || !isOfOnePlace(described.code)) throw error;
    return { place, state: "failed", error: described };
  }
}

/** Puts the answers about a file together, prints them as a part of the patch, and writes them where that is wanted. */
async function finish(
  invocation: Invocation,
  name: string,
  document: Document,
  folder: string,
  asked: readonly Outcome[],
): Promise<FileResult> {
  const { terminal, has, client } = invocation;
  const parts = new Map<PartAnswer, Outcome>();
  for (const outcome of asked)
    if (outcome.state === "changed" && outcome.answer) parts.set({ ...outcome.place, text: outcome.answer.text }, outcome);
  const { text, leftOut } = composeAnswers(document.text, [...parts.keys()]);
  const lost = new Set(leftOut.map((part) => parts.get(part)));
  const outcomes = asked.map((outcome): Outcome => (lost.has(outcome) ? { ...outcome, state: "left out" } : outcome));
  const diff = patchOf(document, shownPath(await realpath(document.path), folder), text);
  if (!terminal.json) {
    printDiff(terminal, diff, document.encoding);
    for (const outcome of outcomes)
      for (const message of doubtsOf(outcome)) terminal.note(`${placeInWords(name, outcome.place)}: ${message}`);
  }
  if (!has("write") || diff === "") return { document, outcomes, diff, isWritten: false };
  try {
    const engine = await client();
    await writeDocument(engine, document, text);
    for (const { state, answer } of outcomes) if (state === "changed" && answer) await reportKept(engine, answer);
    if (!terminal.json) terminal.note(`${name} was changed.`);
    return { document, outcomes, diff, isWritten: true };
  } catch (error) {
    const described = describeError(error);
    if (!terminal.json) terminal.note(`${name}: ${described.message}`);
    return { document, outcomes, diff, isWritten: false, error: described };
  }
}

function doubtsOf({ state, answer, error }: Outcome): readonly string[] {
  if (error !== undefined) return [`It stays as it is. ${error.message}`];
  if (state === "left out") return ["It stays as it is. Another answer changes the same lines."];
  const said = answer?.doubts.filter(({ kind }) => kind !== "unchanged") ?? [];
  if (state !== "unusable") return said.map(({ message }) => message);
  return [`It stays as it is. ${said.find(({ blocks }) => blocks)?.message ?? ""}`];
}

function failuresOf({ outcomes, error }: FileResult): number {
  return outcomes.filter(({ state }) => state !== "changed" && state !== "unchanged").length + (error === undefined ? 0 : 1);
}

function summary(results: readonly FileResult[], failed: number): string {
  const changed = results.filter(({ diff }) => diff !== "");
  const places = changed.flatMap(({ outcomes }) => outcomes).filter(({ state }) => state === "changed");
  if (changed.length === 0) return failed === 0 ? "Nothing is to be changed." : `Nothing is changed; ${failed} could not be used.`;
  const isWritten = changed.some((result) => result.isWritten);
  const done = `${count(places.length, "place")} of ${count(changed.length, "file")} ${isWritten ? "changed" : "proposed"}`;
  return failed === 0 ? `${done}.` : `${done}; ${failed} could not be used, as said above.`;
}

function idleJson({ name, document, reason, error }: FilePlan) {
  return {
    path: document?.path ?? name,
    diff: "",
    written: false,
    places: [],
    ...(reason && { reason }),
    ...(error && { error: failureJson(error) }),
  };
}

function resultJson({ document, outcomes, diff, isWritten, error }: FileResult) {
  return {
    path: document.path,
    diff,
    written: isWritten,
    places: outcomes.map(({ place: { name, lines }, state, answer, error: why }) => ({
      name,
      lines,
      state,
      doubts: answer?.doubts ?? [],
      ...(answer && { model: answer.model, milliseconds: answer.milliseconds }),
      ...(why && { error: failureJson(why) }),
    })),
    ...(error && { error: failureJson(error) }),
  };
}

function failureJson({ code, message, hint }: Failure) {
  return { code, message, hint: hint ?? null };
}

/** How long it takes, by what was measured of the model; undefined where nothing was, or another one is asked for. */
async function expectedTime(
  { client, value }: Invocation,
  { id, role = "code" }: ActionOnFiles,
  places: readonly AssistPlace[],
): Promise<string | undefined> {
  if (places.length < 2 || value("mode") !== undefined || value("with") !== undefined) return undefined;
  const models = await (await client()).models.list({ glance: true });
  const speed = models.find(({ used }) => used.includes(role))?.speed;
  return speed && roughly(expectedSeconds(findAction(id) ?? {}, places, speed));
}

/** Says how much it would be, and names what can be asked about without a further word. */
function tooMany(plans: readonly FilePlan[], extent: string): UserError {
  let places = 0;
  const fewer = plans.filter((plan) => {
    places += plan.places.length;
    return places <= mostUnasked;
  });
  const total = fewer.reduce((sum, plan) => sum + plan.places.length, 0);
  const named =
    fewer.length <= mostNamed ? `such as ${fewer.map(({ name }) => name).join(" ")}` : `such as the first ${fewer.length} files`;
  const such = fewer.length === 0 ? "Name lines as FILE:FROM-TO" : `Name fewer, ${named} (${count(total, "place")})`;
  return new UserError("TOO_LARGE", `These are ${extent}.`, `${such}, or add --all.`);
}
