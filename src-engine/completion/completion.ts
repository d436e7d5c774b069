import { setTimeout as delay } from "node:timers/promises";
import { isStopped, UserError } from "#core/base/errors";
import { cutPieces, meanProbability, type Piece } from "#core/completion/confidence";
import { withPlainLineEnds } from "#core/completion/lines";
import { shapeAt } from "#core/completion/shape";
import { type FittedSuggestion, fitSuggestion, type SuggestionPlace, textOf } from "#core/completion/suggestion";
import type { Written } from "#core/completion/writing";
import type { Alternative, CompletionResult, RequestRecord } from "#core/contracts/completion";
import type { ContextChunk, InfillRequest, InfillResult } from "#core/contracts/inference";
import type { ModelState } from "#core/contracts/models";
import type { Settings } from "#core/settings/schema";
import type { Inference, ModelReference } from "../inference/host.ts";
import type { FailedModel } from "../models/choice.ts";
import { providerOf } from "../servers/served-inference.ts";
import { type Answer, createAsking, type Question } from "./asking.ts";
import type { SuggestionCheck } from "./check/check.ts";
import type { ProjectContext } from "./context/project-context.ts";
import { createCompletionDocuments } from "./documents.ts";
import { type JournalEntry, type RequestJournal, recorded } from "./journal.ts";
import type { Layouts } from "./layouts.ts";
import type { Pause } from "./pause.ts";
import { isSeen, type ParsedRequest, placeOf, questionOf, reasonNotToAsk } from "./question.ts";
import { type SoundSuggestion, takeSound, withoutBroken } from "./sound.ts";
import { createSpeculation } from "./speculation.ts";
import type { Statistics } from "./statistics.ts";
import { createSuggestionIds } from "./suggestion-ids.ts";
import type { CompletionSyntax } from "./syntax/syntax.ts";

/** Ghost text. */
export interface Completion {
  /** What is to be inserted at the cursor. A newer request for the same document stops the older one, which then throws STOPPED. */
  complete(request: ParsedRequest, signal?: AbortSignal): Promise<CompletionResult>;
  /** Reads the text around a cursor that rests, if the model is in memory, so that the next key costs little. */
  prepare(request: ParsedRequest, signal?: AbortSignal): Promise<void>;
}

/** What {@link createCompletion} needs. */
export interface CompletionOptions {
  readonly inference: Pick<Inference, "infill" | "prepare" | "current">;
  readonly models: {
    forRole(role: "completion", place: Pick<ParsedRequest, "workspace" | "languageId">, failed?: FailedModel): Promise<ModelReference>;
  };
  readonly settings: { current(workspace?: string): Settings };
  readonly layouts: Pick<Layouts, "of">;
  readonly context: Pick<ProjectContext, "chunksFor">;
  readonly journal: Pick<RequestJournal, "begin">;
  readonly pause: Pick<Pause, "until">;
  readonly statistics: Pick<Statistics, "remember">;
  readonly check: Pick<SuggestionCheck, "warm" | "check">;
  readonly syntax: Pick<CompletionSyntax, "endOfBlock" | "placeKind">;
}

/** Creates {@link Completion}. */
export function createCompletion({
  inference,
  models,
  settings,
  layouts,
  context,
  journal,
  pause,
  statistics,
  check,
  syntax,
}: CompletionOptions): Completion {
  const newest = new Map<string, AbortController>();
  const ids = createSuggestionIds();
  const documents = createCompletionDocuments();
  const asking = createAsking(inference);
  const speculation = createSpeculation(inference);

  /** A signal that aborts with the caller's, or when a newer request for the document comes. */
  function supersede(path: string, signal: AbortSignal | undefined): AbortController {
    newest.get(path)?.abort();
    const controller = new AbortController();
    newest.set(path, controller);
    if (signal?.aborted) controller.abort();
    signal?.addEventListener("abort", () => controller.abort(), { once: true, signal: controller.signal });
    return controller;
  }

  async function modelFor(request: ParsedRequest): Promise<ModelReference | undefined> {
    try {
      return await models.forRole("completion", request);
    } catch (error) {
      const isServer = error instanceof UserError && (error.code === "SERVER_UNREACHABLE" || error.code === "SERVER_FAILED");
      // The next in the order writes, and the status bar names it.
      const next = isServer ? await models.forRole("completion", request, {}).catch(() => undefined) : undefined;
      if (next) return next;
      // While typing, a missing model is a state that the status bar shows, not an error at each key.
      if (request.asShown && request.trigger === "automatic" && error instanceof UserError && error.code === "NO_MODEL") return undefined;
      throw error;
    }
  }

  function contextOf(
    { path, languageId, workspace, prefix, suffix }: ParsedRequest,
    cursor: "typing" | "resting",
  ): readonly ContextChunk[] {
    const graphics = inference.current().some(({ role, backend }) => role === "completion" && backend !== undefined && backend !== "cpu");
    return context.chunksFor({ path, languageId, workspace, prefix, suffix, graphics, cursor });
  }

  /** Where the user wants no suggestions within the code. */
  async function unwantedPlace(
    { trigger, languageId, prefix, suffix }: ParsedRequest,
    current: Settings,
  ): Promise<CompletionResult["hidden"]> {
    const comments = current["localcoder.completion.inComments"];
    const strings = current["localcoder.completion.inStrings"];
    if (trigger === "manual" || (comments && strings)) return undefined;
    const kind = await syntax.placeKind({ languageId, prefix, suffix });
    if (kind === "comment" && !comments) return "in-comment";
    return kind === "string" && !strings ? "in-string" : undefined;
  }

  /** Keeps what belongs to the block that is being written. */
  async function inBlock<Some extends Written>(
    written: Some,
    { languageId }: ParsedRequest,
    { prefix, suffix, shape }: InfillRequest,
  ): Promise<Some> {
    if (shape !== "block") return written;
    const text = textOf(written.pieces);
    const keep = await syntax.endOfBlock({ languageId, prefix, suffix, text });
    return keep < text.length ? { ...written, pieces: cutPieces(written.pieces, keep), stop: "block" } : written;
  }

  /** Answers from what is known or being written, else asks the model once the wait is over. */
  async function write(request: ParsedRequest, question: Question, entry: JournalEntry, signal: AbortSignal): Promise<Answer> {
    entry.update({ model: question.model.name, ...waitsFor(inference.current()) });
    const known = await asking.known(question, signal);
    if (known !== undefined) return told(known);
    if (request.wait > 0) {
      entry.update({ milliseconds: { wait: request.wait } });
      await delay(request.wait, undefined, { signal });
    }
    speculation.stop();
    return told(await asking.ask(question, signal));

    function told(answer: Answer): Answer {
      if (answer.result !== undefined) {
        const { waiting, evaluating, generating } = answer.result.milliseconds;
        entry.update({ prompt: answer.result.parts, milliseconds: { queue: waiting, evaluating, generating } });
      }
      return answer;
    }
  }

  /** What is shown is checked first; a program gets what the model wrote. */
  async function checked(
    request: ParsedRequest,
    first: FittedSuggestion,
    entry: JournalEntry,
    fit: (candidate: Written) => FittedSuggestion,
    candidates: () => Promise<readonly Written[]>,
  ): Promise<SoundSuggestion<Written>> {
    if (!isSeen(request)) return { suggestion: first, check: "none" };
    const from = performance.now();
    const sound = await takeSound(check, request, first, candidates, fit);
    entry.update({ milliseconds: { checking: performance.now() - from } });
    return sound;
  }

  async function answerTo(request: ParsedRequest, entry: JournalEntry, signal: AbortSignal | undefined): Promise<CompletionResult> {
    const from = performance.now();
    const own = supersede(request.path, signal);
    const current = settings.current(request.workspace);
    const answer = (change: Partial<CompletionResult>): CompletionResult => ({
      id: entry.id,
      text: "",
      replaces: 0,
      model: "",
      confidence: 0,
      tokens: nothingSpent,
      milliseconds: performance.now() - from,
      stop: "end",
      alternatives: [],
      check: "none",
      known: false,
      ...change,
    });
    try {
      const notAsked = reasonNotToAsk(request, current, pause.until() !== undefined);
      if (notAsked !== undefined) return answer({ hidden: notAsked });
      const shape = shapeAt(request.prefix, request.suffix, request.trigger);
      if (shape === "none") return answer({ hidden: "mid-word" });
      const unwanted = await unwantedPlace(request, current);
      if (unwanted !== undefined) return answer({ hidden: unwanted });
      const model = await modelFor(request);
      if (model === undefined) return answer({ hidden: "no-model" });

      if (isSeen(request)) check.warm(request);
      const place = placeOf(request);
      const layout = await layouts.of(model.path);
      const question = { ...questionOf(request, place, current, layout, contextOf(request, "typing")), shape };
      const texts = documents.knownTexts(request.path, model.path, layout);
      const answered = await write(request, { model, request: question, texts }, entry, own.signal);
      const written = await inBlock(answered, request, question);
      const others = await Promise.all(written.alternatives.map((other) => inBlock(other, request, question)));
      const sound = await checked(
        request,
        fitSuggestion(written, place),
        entry,
        (candidate) => fitSuggestion(candidate, place),
        async () => {
          if (written.known || request.alternatives > 1) return others;
          const { alternatives } = await inference.infill(model, { ...question, alternatives: 3 }, own.signal);
          return await Promise.all(alternatives.map((other) => inBlock(other, request, question)));
        },
      );
      // Typing along it goes on with what is shown.
      if (sound.instead !== undefined) texts.add({ prefix: place.prefix, suffix: place.suffix, pieces: sound.instead.pieces, ended: true });
      const { hidden, ...fitted } = sound.suggestion;
      const further = differing(fitted.text, others, place);
      const finished = answer({
        ...fitted,
        id: ids.idOf({ path: request.path, prefix: request.prefix, text: fitted.text }, entry.id),
        model: model.name,
        provider: providerOf(model),
        tokens: written.tokens,
        stop: written.stop,
        alternatives: isSeen(request) ? await withoutBroken(check, request, further) : further,
        check: sound.check,
        known: written.known,
        ...(hidden === undefined ? {} : { hidden }),
      });
      if (finished.text === "") entry.update({ candidates: notShown(written.written, hidden) });
      else statistics.remember(finished.id, finished.check);
      if (isSeen(request) && finished.text !== "") {
        const prefix = place.prefix + withPlainLineEnds(finished.text);
        speculation.begin({ model, request: question, texts, prefix, suffix: place.suffix.slice(finished.replaces) });
      }
      return finished;
    } catch (error) {
      if (!isStopped(error)) throw error;
      throw new UserError("STOPPED", signal?.aborted === true ? "Stopped." : "Stopped: a newer request took its place.");
    } finally {
      if (newest.get(request.path) === own) newest.delete(request.path);
      // Takes the listener off the caller's signal.
      own.abort();
    }
  }

  return {
    complete(request, signal) {
      const entry = journal.begin(request);
      return recorded(entry, answerTo(request, entry, signal));
    },

    async prepare(request, signal) {
      const current = settings.current(request.workspace);
      // A cursor that rests is no reason to load a model.
      const isLoaded = inference.current().some(({ role, state }) => role === "completion" && (state === "ready" || state === "busy"));
      if (!isLoaded || reasonNotToAsk(request, current, pause.until() !== undefined) !== undefined) return;
      const model = await modelFor(request);
      if (model === undefined) return;
      check.warm(request);
      speculation.stop();
      const question = questionOf(request, placeOf(request), current, await layouts.of(model.path), contextOf(request, "resting"));
      await inference.prepare(model, { ...question, priority: "background" }, signal);
    },
  };
}

/** What the model does already, if it is not free for a suggestion. */
function waitsFor(states: readonly ModelState[]): Pick<RequestRecord, "busyWith"> {
  if (states.some(({ role, state }) => role === "completion" && state === "loading")) return { busyWith: "loading" };
  return states.some(({ role, state }) => role !== "completion" && state === "busy") ? { busyWith: "answer" } : {};
}

/** What was written and not shown, for the list of requests. */
function notShown(pieces: readonly Piece[], why: CompletionResult["hidden"]): RequestRecord["candidates"] {
  const text = textOf(pieces);
  return text.trim() === "" ? [] : [{ text, confidence: meanProbability(pieces), shown: false, ...(why === undefined ? {} : { why }) }];
}

const nothingSpent = { prompt: 0, reused: 0, evaluated: 0, generated: 0 };

/** The further suggestions as they would be inserted, without those that come to the same. */
function differing(first: string, others: InfillResult["alternatives"], place: SuggestionPlace): Alternative[] {
  const seen = new Set([first, ""]);
  const kept: Alternative[] = [];
  for (const other of others) {
    const { text, replaces, confidence } = fitSuggestion(other, place);
    if (seen.has(text)) continue;
    seen.add(text);
    kept.push({ text, replaces, confidence });
  }
  return kept;
}
