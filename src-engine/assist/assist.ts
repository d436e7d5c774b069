import type { z } from "zod";
import { doubtsOfExplanation, doubtsOfRewrite } from "#core/assist/checks/doubts";
import { withExports } from "#core/assist/checks/names";
import { type AssistAction, allActions, findAction } from "#core/assist/index";
import { linesOf, sessionTitle, shownPath } from "#core/assist/title";
import { describeError, type ErrorCode, UserError } from "#core/base/errors";
import { takesLong } from "#core/base/takes-long";
import { type Budget, describeBudget } from "#core/context/budget";
import type { AssistAnswer, AssistEvent, AssistPreview, assistRequest, Doubt } from "#core/contracts/assist";
import type { ModelRole, StopReason, TokenCounts } from "#core/contracts/common";
import type { GenerateEvent, Loaded } from "#core/contracts/inference";
import type { Saw, Session } from "#core/contracts/sessions";
import { cleanCode, withoutKnownImports } from "#core/edits/clean";
import { type Frame, restoreFrame } from "#core/edits/frame";
import { unifiedDiff } from "#core/edits/unified";
import type { Settings } from "#core/settings/schema";
import type { Inference, ModelReference } from "#engine/inference/host";
import type { FailedModel } from "#engine/models/choice";
import { providerOf } from "#engine/servers/served-inference";
import type { SessionRecorder } from "#engine/sessions/recorder";
import type { Sessions } from "#engine/sessions/sessions";
import { checkRequest, type Prepared, prepare } from "./prepare.ts";
import type { Waiting } from "./waiting.ts";

/** A request as it is after parsing. */
export type Request = z.output<typeof assistRequest>;

/** The inline actions. */
export interface Assist {
  /** Runs an action as a stream that ends with `finished`. Aborting the signal or leaving the loop stops the model. */
  run(request: Request, signal?: AbortSignal): AsyncGenerator<AssistEvent, void, void>;
  /** What the model would be sent. */
  preview(request: Request, signal?: AbortSignal): Promise<AssistPreview>;
}

/** What {@link createAssist} needs. */
export interface AssistOptions {
  readonly inference: Pick<Inference, "ensure" | "generate" | "countTokens">;
  readonly models: {
    forRole(role: ModelRole, place: Pick<Request, "workspace" | "languageId">, failed?: FailedModel): Promise<ModelReference>;
  };
  readonly sessions: Pick<Sessions, "begin">;
  readonly settings: { current(workspace?: string): Settings };
  /** Where requests wait while there is no model. */
  readonly waiting?: Pick<Waiting, "add">;
}

/** A second try is worth it only while the first one was short. */
const longestRetried = 600;

/** How random a second try is: the first one, nearly without chance, has just failed. */
const retryTemperature = 0.6;

/** How a session ends that did not fail. */
const endStates: Readonly<Partial<Record<ErrorCode, Session["state"]>>> = { STOPPED: "stopped", ENGINE_GONE: "interrupted" };

interface Attempt {
  readonly text: string;
  readonly doubts: readonly Doubt[];
  readonly stop: StopReason;
  readonly tokens: TokenCounts;
}

/** A model that is loaded, and what loading it said. */
interface Ready {
  readonly model: ModelReference;
  readonly loaded: Loaded;
}

/** Failures of a model after which another one may answer. */
const otherMayAnswer: readonly ErrorCode[] = [
  "MODEL_LOAD_FAILED",
  "MODEL_DOES_NOT_FIT",
  "SERVER_UNREACHABLE",
  "SERVER_FAILED",
  "NETWORK_REFUSED",
];

/** Creates the inline actions: context, prompt, session, model, stream, checks. */
export function createAssist({ inference, models, sessions, settings, waiting }: AssistOptions): Assist {
  async function* work(
    action: AssistAction,
    request: Request,
    frame: Frame,
    { model, loaded }: Ready,
    recorder: SessionRecorder,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<AssistEvent, void, void> {
    const started = performance.now();
    const current = settings.current(request.workspace);
    const prepared = await prepareFor(action, request, frame, { model, loaded }, signal);
    for (const { role, text } of prepared.prompt.messages) recorder.add(role, text);
    recorder.add("note", describeBudget(prepared.budget));

    const problems = problemsOf(recorder);
    const common = { action, request, frame, model, recorder, problems, prepared, signal };
    const first = yield* attempt({ ...common, temperature: current["localcoder.inference.temperature"] });
    let best = first;
    let tokens = first.tokens;
    // Not for an unchanged answer: measured with the 0.5B model, the second one is the same.
    const reason = first.doubts.find(({ blocks }) => blocks);
    if (reason && action.shows === "diff" && first.tokens.generated <= longestRetried) {
      recorder.add("note", `${reason.message} A second answer was asked for.`);
      yield { type: "waiting", reason: `${reason.message} Trying once more.` };
      const second = yield* attempt({ ...common, temperature: retryTemperature, quiet: true });
      tokens = sum(tokens, second.tokens);
      if (badness(second) < badness(first)) best = second;
      if (best === first) recorder.add("note", "The first answer was the better one.");
    }
    for (const doubt of best.doubts) recorder.add("note", doubt.message);
    const answer = answerOf(best, tokens, performance.now() - started);
    if (answer.diff !== "") recorder.addPatch(answer.diff);
    recorder.finish("done");
    yield* problems();
    yield { type: "finished", answer };

    function answerOf({ text, doubts, stop }: Attempt, counts: TokenCounts, milliseconds: number): AssistAnswer {
      const edits = action.shows === "diff" && text !== "";
      const replacement = edits ? restoreFrame(frame, text) : text;
      const proposed = request.text.slice(0, request.selection.start) + replacement + request.text.slice(request.selection.end);
      const diff = edits ? unifiedDiff(shownPath(request.path, request.workspace), request.text, proposed) : "";
      const sessionId = recorder.problem() ? "" : recorder.id;
      return {
        sessionId,
        text: replacement,
        diff,
        doubts: [...doubts],
        model: model.name,
        provider: providerOf(model),
        tokens: counts,
        milliseconds,
        stop,
      };
    }
  }

  function prepareFor(action: AssistAction, request: Request, frame: Frame, { model, loaded }: Ready, signal: AbortSignal | undefined) {
    const maxTokens = settings.current(request.workspace)["localcoder.inference.maxTokens"];
    const limits = { window: loaded.contextSize, maxTokens, modelBytes: loaded.bytes };
    return prepare(action, request, frame, limits, (text) => inference.countTokens(model, action.role, text, signal));
  }

  async function* attempt({
    action,
    request,
    frame,
    model,
    recorder,
    problems,
    prepared,
    temperature,
    quiet = false,
    signal,
  }: {
    readonly action: AssistAction;
    readonly request: Request;
    readonly frame: Frame;
    readonly model: ModelReference;
    readonly recorder: SessionRecorder;
    readonly problems: () => AssistEvent[];
    readonly prepared: Prepared;
    readonly temperature: number;
    /** True: the text is kept but not streamed, because something was streamed before. */
    readonly quiet?: boolean;
    readonly signal: AbortSignal | undefined;
  }): AsyncGenerator<AssistEvent, Attempt, void> {
    const whole = { selection: frame.body, languageId: request.languageId };
    const clean = (raw: string, final: boolean) => {
      if (action.shows === "card") return final && action.compose ? action.compose(raw, whole) : cleanMarkdown(raw);
      if (action.compose === undefined) return cleanCode(raw, frame.body, final);
      // A part of the selection, which is put into its place when it is whole.
      return final ? action.compose(raw, whole) : "";
    };
    let raw = "";
    let shown = "";
    let end: Extract<GenerateEvent, { type: "done" }> | undefined;
    const began = performance.now();
    recorder.endAnswer();

    const show = (text: string): AssistEvent[] => {
      if (!text.startsWith(shown) || text.length === shown.length) return [];
      const piece = text.slice(shown.length);
      shown = text;
      // Written down first: what was once seen survives whatever happens next.
      recorder.append(piece);
      return quiet ? [] : [{ type: "text", text: piece }];
    };

    const asked = { ...prepared.prompt, temperature, maxTokens: prepared.maxTokens, priority: "inline-action" as const };
    const events = inference.generate(model, action.role, asked, signal);
    try {
      let next = events.next();
      if (await takesLong(next)) yield { type: "waiting", reason: "Waiting for the model." };
      for (let result = await next; !result.done; result = await next) {
        const event = result.value;
        if (event.type === "reading") yield event;
        else if (event.type === "notice") {
          recorder.add("note", event.message);
          yield event;
        } else if (event.type === "done") end = event;
        else {
          raw += event.text;
          yield* show(clean(raw, false));
          yield* problems();
        }
        next = events.next();
      }
    } finally {
      await events.return();
    }
    if (!end) throw new UserError("INFERENCE_STOPPED", "The model ended without finishing its answer.", "Try again.");
    const cleaned = clean(raw, true);
    yield* show(cleaned);
    const { stop, tokens } = end;
    const { prompt, budget } = prepared;
    recorder.describe({
      ...detailsOf(end),
      model: model.name,
      provider: providerOf(model),
      milliseconds: performance.now() - began,
      temperature,
      ...(request.instruction && { instruction: request.instruction }),
      answerPrefix: prompt.answerPrefix,
      stops: prompt.stops,
      ...(raw !== cleaned && { written: raw }),
      saw: sawOf(budget),
    });
    if (action.shows === "card") return { text: cleaned, doubts: doubtsOfExplanation(cleaned, stop), stop, tokens };
    const elsewhere = `${request.text.slice(0, request.selection.start)}\n${request.text.slice(request.selection.end)}`;
    const kept = withExports(withoutKnownImports(cleaned, frame.body, elsewhere), frame.body);
    const selected = request.text.slice(request.selection.start, request.selection.end);
    // What differs only in what is restored anyway is no change.
    const answer = kept !== "" && restoreFrame(frame, kept) === selected ? frame.body : kept;
    const instruction = request.instruction?.trim() ?? "";
    const doubts = doubtsOfRewrite({ languageId: request.languageId, original: frame.body, answer, stop, instruction, elsewhere });
    return { text: answer, doubts, stop, tokens };
  }

  /** The model of the role, or what comes after one whose server cannot be asked; `problem` says why. */
  async function modelFor(role: ModelRole, place: Request): Promise<{ readonly model: ModelReference; readonly problem?: unknown }> {
    try {
      return { model: await models.forRole(role, place) };
    } catch (problem) {
      if (!otherMayAnswer.includes(describeError(problem).code)) throw problem;
      const model = await models.forRole(role, place, {}).catch(() => undefined);
      if (!model) throw problem;
      return { model, problem };
    }
  }

  /** Loads the model; where it cannot be, the next one in the order answers, and that is said. */
  async function* load(
    role: ModelRole,
    place: Request,
    first: ModelReference,
    recorder: SessionRecorder,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<AssistEvent, Ready, void> {
    const loading = inference.ensure(first, role, signal);
    if (await takesLong(loading)) yield { type: "waiting", reason: `Loading ${first.name}.` };
    try {
      return { model: first, loaded: await loading };
    } catch (error) {
      if (!otherMayAnswer.includes(describeError(error).code)) throw error;
      const model = await models.forRole(role, place, first).catch(() => undefined);
      if (!model || model.path === first.path) throw error;
      yield* insteadOf(error, model, recorder);
      return { model, loaded: await inference.ensure(model, role, signal) };
    }
  }

  function* insteadOf(problem: unknown, model: ModelReference, recorder: SessionRecorder): Generator<AssistEvent, void, void> {
    const { code, message } = describeError(problem);
    const text = `${message} ${model.name} answers instead.`;
    recorder.add("note", text);
    recorder.setModel(model.name, providerOf(model));
    yield { type: "notice", code, message: text };
    yield { type: "started", sessionId: recorder.id, model: model.name, provider: providerOf(model) };
  }

  return {
    async preview(request, signal) {
      const action = actionOf(request);
      const frame = checkRequest(action, request);
      const model = await models.forRole(action.role, request);
      const loaded = await inference.ensure(model, action.role, signal);
      const { prompt, budget } = await prepareFor(action, request, frame, { model, loaded }, signal);
      return {
        model: model.name,
        provider: providerOf(model),
        saw: sawOf(budget),
        messages: prompt.messages,
        answerPrefix: prompt.answerPrefix,
      };
    },

    async *run(request, signal) {
      const action = actionOf(request);
      const frame = checkRequest(action, request);
      const lines = linesOf(request.text, request.selection);
      const title = sessionTitle(action, {
        path: shownPath(request.path, request.workspace),
        languageId: request.languageId,
        selection: frame.body.slice(0, 4000),
        lines,
      });
      const { model, problem } = await modelFor(action.role, request).catch((error: unknown) => {
        const { code, message } = describeError(error);
        if (code !== "NO_MODEL" || !request.wait || !waiting?.add(title, request)) throw error;
        throw new UserError(code, message, "This request waits until there is one.");
      });
      const recorder = sessions.begin({
        title,
        kind: action.id,
        workspace: request.workspace,
        path: request.path,
        lines,
        model: model.name,
        provider: providerOf(model),
        messages: [],
      });
      let ended = false;
      try {
        yield { type: "started", sessionId: recorder.id, model: model.name, provider: providerOf(model) };
        if (problem !== undefined) yield* insteadOf(problem, model, recorder);
        const ready = yield* load(action.role, request, model, recorder, signal);
        yield* work(action, request, frame, ready, recorder, signal);
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

function actionOf({ action: id }: Request): AssistAction {
  const action = findAction(id);
  if (!action)
    throw new UserError("BAD_INPUT", `There is no action named “${id}”.`, `Known are ${allActions.map((each) => each.id).join(", ")}.`);
  return action;
}

function sawOf(budget: Budget): Saw {
  return { ...budget, taken: [...budget.taken], leftOut: [...budget.leftOut] };
}

/** Says once that an answer is not kept. */
function problemsOf(recorder: SessionRecorder): () => AssistEvent[] {
  let told = false;
  return () => {
    const problem = recorder.problem();
    if (!problem || told) return [];
    told = true;
    return [{ type: "notice", code: problem.code, message: problem.message, hint: problem.hint }];
  };
}

/** What the end of a generation says of it. */
function detailsOf({ tokens, tokensPerSecond, stop, seed, slices }: Extract<GenerateEvent, { type: "done" }>) {
  return { tokens, ...(tokensPerSecond > 0 && { tokensPerSecond }), stop, seed, slices };
}

function cleanMarkdown(raw: string): string {
  return raw.trim();
}

function badness({ doubts }: Attempt): number {
  return doubts.reduce((total, { blocks, kind }) => total + (kind === "empty" ? 20 : blocks ? 10 : 1), 0);
}

function sum(a: TokenCounts, b: TokenCounts): TokenCounts {
  return {
    prompt: a.prompt + b.prompt,
    reused: a.reused + b.reused,
    evaluated: a.evaluated + b.evaluated,
    generated: a.generated + b.generated,
  };
}
