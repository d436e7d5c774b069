import type { z } from "zod";
import { type AssistAction, allActions, findAction } from "#core/assist/index";
import { isInsertion } from "#core/assist/insertion";
import { linesOf, sessionTitle, shownPath } from "#core/assist/title";
import { describeError, type ErrorCode, UserError } from "#core/base/errors";
import { describeLeftOut } from "#core/context/budget";
import { isGenerated } from "#core/context/exclusions";
import type { ActionPlaces, AssistAnswer, AssistEvent, AssistPreview, assistRequest, fileForAction } from "#core/contracts/assist";
import type { Session } from "#core/contracts/sessions";
import { type Frame, frameSelection, restoreFrame } from "#core/edits/frame";
import { unifiedDiff } from "#core/edits/unified";
import type { Settings } from "#core/settings/schema";
import type { Inference } from "#engine/inference/host";
import { providerOf } from "#engine/servers/served-inference";
import { nothingRecorded, type SessionRecorder } from "#engine/sessions/recorder";
import type { Sessions } from "#engine/sessions/sessions";
import type { Parsers } from "../syntax/parser.ts";
import { type AnsweringOptions, createAnsweringModels, type Ready } from "./answering-model.ts";
import { type Attempt, problemsOf, type Run, sawOf } from "./attempt.ts";
import { insert } from "./insertion.ts";
import type { OwnActions } from "./own-actions.ts";
import { placesFor } from "./places.ts";
import { checkRequest, type Prepared, prepare, type Special } from "./prepare.ts";
import { rewrite } from "./rewrite.ts";
import { rewriteSpans, spansFor } from "./rewrite-spans.ts";
import { type FileAttempt, findTestPlace, type TestPlace, writeTests } from "./tests/write-tests.ts";
import type { Waiting } from "./waiting.ts";
import { findReadmePlace, type ReadmePlace, writeReadme } from "./write-readme.ts";

/** A request as it is after parsing. */
export type Request = z.output<typeof assistRequest>;

/** The inline actions. */
export interface Assist {
  /** Runs an action as a stream that ends with `finished`. Aborting the signal or leaving the loop stops the model. */
  run(request: Request, signal?: AbortSignal): AsyncGenerator<AssistEvent, void, void>;
  /** What the model would be sent. */
  preview(request: Request, signal?: AbortSignal): Promise<AssistPreview>;
  /** The file that an action writes beside the code. */
  fileFor(request: Request, signal?: AbortSignal): Promise<{ readonly path: string; readonly exists: boolean }>;
  /** The places of a file that an action is asked about one by one. */
  places(file: z.output<typeof fileForAction>, signal?: AbortSignal): Promise<ActionPlaces>;
}

/** What {@link createAssist} needs. */
export interface AssistOptions {
  readonly inference: Pick<Inference, "ensure" | "generate" | "countTokens" | "infill">;
  readonly models: AnsweringOptions["models"];
  readonly sessions: Pick<Sessions, "begin">;
  readonly settings: { current(workspace?: string): Settings };
  readonly parsers: Pick<Parsers, "parse">;
  readonly ownActions: Pick<OwnActions, "find">;
  /** The compiler of the project, for languages that have one here. */
  readonly compiler?: Run["compiler"];
  /** Where requests wait while there is no model. */
  readonly waiting?: Pick<Waiting, "add">;
}

/** How a session ends that did not fail. */
const endStates: Readonly<Partial<Record<ErrorCode, Session["state"]>>> = { STOPPED: "stopped", ENGINE_GONE: "interrupted" };

/** What an answer changes. */
interface Result {
  readonly attempt: Attempt;
  /** What the answer's `text` is. */
  readonly text: string;
  readonly path: string;
  /** The whole of the file, as it is (null where there is none) and as it would be. */
  readonly before: string | null;
  readonly after: string;
  readonly file?: AssistAnswer["file"];
}

type Subject =
  | { readonly kind: "selection"; readonly frame: Frame }
  | { readonly kind: "insertion"; readonly frame: Frame }
  | { readonly kind: "tests"; readonly frame: Frame; readonly place: TestPlace }
  | { readonly kind: "readme"; readonly place: ReadmePlace };

/** Creates the inline actions: context, prompt, session, model, stream, checks. */
export function createAssist({ inference, models, sessions, settings, parsers, ownActions, compiler, waiting }: AssistOptions): Assist {
  const answering = createAnsweringModels({ inference, models });

  function begin(action: AssistAction, request: Request, ready: Ready, recorder: SessionRecorder, signal: AbortSignal | undefined): Run {
    return { action, request, settings: settings.current(request.workspace), inference, parsers, compiler, ...ready, recorder, signal };
  }

  function prepareFor({ action, request, settings: current, model, loaded, signal }: Run, frame: Frame, special?: Special) {
    const maxTokens = current["localcoder.inference.maxTokens"];
    const limits = { window: loaded.contextSize, maxTokens, modelBytes: loaded.bytes };
    return prepare(action, request, frame, limits, (text) => inference.countTokens(model, action.role, text, signal), special);
  }

  /** Asks, checks, and answers with what belongs into the document or the file. */
  async function* work(run: Run, subject: Subject): AsyncGenerator<AssistEvent, void, void> {
    const { request, recorder } = run;
    const started = performance.now();
    const { attempt, text, before, after, path, file } = yield* answerOf(run, subject);
    for (const doubt of attempt.doubts) recorder.add("note", doubt.message);
    const { doubts, tokens, stop } = attempt;
    const diff = run.action.shows === "card" || text === "" ? "" : unifiedDiff(shownPath(path, request.workspace), before, after);
    if (diff !== "") recorder.addPatch(diff);
    recorder.finish("done");
    yield* problemsOf(recorder);
    const answer: AssistAnswer = {
      sessionId: recorder.problem() ? "" : recorder.id,
      text,
      diff,
      doubts: [...doubts],
      ...(file && { file }),
      model: run.model.name,
      provider: providerOf(run.model),
      tokens,
      milliseconds: performance.now() - started,
      stop,
    };
    yield { type: "finished", answer };
  }

  async function* answerOf(run: Run, subject: Subject): AsyncGenerator<AssistEvent, Result, void> {
    const { request, recorder } = run;
    const { text: before, path, selection } = request;
    switch (subject.kind) {
      case "readme":
        return resultOfFile(yield* writeReadme(run, subject.place));
      case "tests": {
        const prepared = await prepareFor(run, subject.frame, { tests: subject.place.tests });
        note(recorder, prepared);
        return resultOfFile(yield* writeTests(run, subject.place, prepared));
      }
      case "insertion": {
        const attempt = yield* insert(run);
        const { text } = attempt;
        return { attempt, text, path, before, after: text === "" ? before : replaced(before, selection, text) };
      }
      case "selection": {
        const { frame } = subject;
        const spans = await spansFor(run, frame);
        if (spans.length > 0) {
          const attempt = yield* rewriteSpans(run, spans, prepareFor, note);
          const replacement = attempt.text;
          return { attempt, text: replacement, path, before, after: replaced(before, selection, replacement) };
        }
        const prepared = await prepareFor(run, frame);
        note(recorder, prepared);
        const attempt = yield* rewrite(run, frame, prepared);
        const text = run.action.shows === "diff" && attempt.text !== "" ? restoreFrame(frame, attempt.text) : attempt.text;
        return { attempt, text, path, before, after: replaced(before, selection, text) };
      }
    }
  }

  async function actionOf({ action: id, workspace }: Pick<Request, "action" | "workspace">): Promise<AssistAction> {
    const action = findAction(id) ?? (await ownActions.find(id, workspace));
    if (!action)
      throw new UserError("BAD_INPUT", `There is no action named “${id}”.`, `Known are ${allActions.map((each) => each.id).join(", ")}.`);
    return action;
  }

  return {
    async preview(request, signal) {
      const action = await actionOf(request);
      const subject = await subjectOf(action, request, signal);
      if (subject.kind === "readme") throw new UserError("UNSUPPORTED", "What a README is made of is known when it is written.");
      if (subject.kind === "insertion")
        throw new UserError("UNSUPPORTED", "What an empty line is filled from is known when it is.", "Select lines to see it before.");
      const model = await answering.chosen(action.role, request);
      const loaded = await inference.ensure(model, action.role, signal);
      const run = begin(action, request, { model, loaded }, nothingRecorded, signal);
      const special = subject.kind === "tests" ? { tests: subject.place.tests } : {};
      const { prompt, budget } = await prepareFor(run, subject.frame, special);
      return {
        model: model.name,
        provider: providerOf(model),
        saw: sawOf(budget),
        messages: prompt.messages,
        answerPrefix: prompt.answerPrefix,
      };
    },

    async fileFor(request, signal) {
      const action = await actionOf(request);
      if (action.shows !== "file") throw new UserError("BAD_INPUT", `“${action.title}” writes no file of its own.`);
      const subject = await subjectOf(action, request, signal);
      if (subject.kind === "selection" || subject.kind === "insertion")
        throw new UserError("BAD_INPUT", `“${action.title}” writes no file of its own.`);
      return { path: subject.place.path, exists: subject.place.existing !== null };
    },

    async places(file, signal) {
      return placesFor({ parsers, compiler }, await actionOf(file), file, signal);
    },

    async *run(request, signal) {
      const action = await actionOf(request);
      const subject = await subjectOf(action, request, signal);
      const title = titleOf(action, request, subject);
      const { model, problem } = await answering.first(action.role, request).catch((error: unknown) => {
        const { code, message } = describeError(error);
        if (code !== "NO_MODEL" || !request.wait || !waiting?.add(title, request)) throw error;
        throw new UserError(code, message, "This request waits until there is one.");
      });
      const recorder = sessions.begin({
        title,
        kind: action.id,
        workspace: request.workspace,
        // A change has no place of its own.
        ...(action.on !== "change" && { path: request.path }),
        ...(action.on === "code" && { lines: linesOf(request.text, request.selection) }),
        model: model.name,
        provider: providerOf(model),
        messages: [],
      });
      let ended = false;
      try {
        yield { type: "started", sessionId: recorder.id, model: model.name, provider: providerOf(model) };
        if (problem !== undefined) yield* answering.insteadOf(problem, model, recorder);
        if (action.shows === "diff" && isGenerated(request.path, request.text))
          yield {
            type: "notice",
            code: "GENERATED",
            message: "This file says that it is generated. Changes are lost when it is made anew.",
          };
        const ready = yield* answering.load(action.role, request, model, recorder, signal);
        yield* work(begin(action, request, ready, recorder, signal), subject);
        ended = true;
      } catch (error) {
        ended = true;
        const { code, message } = describeError(error);
        if (code !== "STOPPED" && code !== "ENGINE_GONE") recorder.add("note", message);
        recorder.finish(endStates[code] ?? "failed");
        throw error;
      } finally {
        // Whoever leaves the loop of the stream has stopped it.
        if (!ended) recorder.finish("stopped");
      }
    },
  };
}

/** What an action is about, as far as code can find out before a model is needed. */
async function subjectOf(action: AssistAction, request: Request, signal: AbortSignal | undefined): Promise<Subject> {
  if (action.on === "project") return { kind: "readme", place: await findReadmePlace(request, signal) };
  if (isInsertion(action, request)) return { kind: "insertion", frame: frameSelection(request.text, request.selection) };
  const frame = checkRequest(action, request);
  if (action.shows === "file") return { kind: "tests", frame, place: await findTestPlace(request, signal) };
  return { kind: "selection", frame };
}

function titleOf(action: AssistAction, request: Request, subject: Subject): string {
  if (subject.kind === "readme") return `${action.verb} of ${subject.place.facts.name}`;
  const named = subject.kind === "insertion" ? { ...action, verb: "Insert in" } : action;
  return sessionTitle(named, {
    path: shownPath(request.path, request.workspace),
    languageId: request.languageId,
    selection: subject.frame.body.slice(0, 4000),
    lines: linesOf(request.text, request.selection),
  });
}

function note(recorder: SessionRecorder, { prompt, budget }: Prepared): void {
  for (const { role, text } of prompt.messages) recorder.add(role, text);
  if (budget.leftOut.length > 0) recorder.add("note", describeLeftOut(budget.leftOut));
}

function resultOfFile(attempt: FileAttempt): Result {
  const { file } = attempt;
  return { attempt, text: file.text, path: file.path, before: file.original, after: file.text, file };
}

function replaced(text: string, { start, end }: Request["selection"], part: string): string {
  return text.slice(0, start) + part + text.slice(end);
}
