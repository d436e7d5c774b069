import { describeError } from "#core/base/errors";
import { takesLong } from "#core/base/takes-long";
import type { AssistEvent } from "#core/contracts/assist";
import type { ModelRole } from "#core/contracts/common";
import type { Loaded } from "#core/contracts/inference";
import type { Inference, ModelReference } from "#engine/inference/host";
import type { FailedModel } from "#engine/models/choice";
import { otherMayAnswer } from "#engine/models/other-may-answer";
import { providerOf } from "#engine/servers/served-inference";
import type { SessionRecorder } from "#engine/sessions/recorder";
import type { Request } from "./assist.ts";

/** What {@link createAnsweringModels} needs. */
export interface AnsweringOptions {
  readonly inference: Pick<Inference, "ensure">;
  readonly models: {
    forRole(role: ModelRole, place: Pick<Request, "workspace" | "languageId">, failed?: FailedModel): Promise<ModelReference>;
    bySize(size: "smallest" | "largest", place: Pick<Request, "workspace" | "languageId">): Promise<ModelReference>;
    /** A model by its id or file. */
    reference(id: string): Promise<ModelReference>;
  };
}

/** A model that is loaded. */
export interface Ready {
  readonly model: ModelReference;
  readonly loaded: Loaded;
}

/** Which model answers an action, and which one in its place where it cannot be had. */
export interface AnsweringModels {
  /** The model that the request names, else the one its mode means, else that of the role. */
  chosen(role: ModelRole, place: Request): Promise<ModelReference>;
  /** The same, or what comes after one whose server cannot be asked; `problem` says why. */
  first(role: ModelRole, place: Request): Promise<{ readonly model: ModelReference; readonly problem?: unknown }>;
  /** Loads the model; where it cannot be, the next one in the order answers, and that is said. */
  load(
    role: ModelRole,
    place: Request,
    first: ModelReference,
    recorder: SessionRecorder,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<AssistEvent, Ready, void>;
  /** Says that another model answers, and why. */
  insteadOf(problem: unknown, model: ModelReference, recorder: SessionRecorder): Generator<AssistEvent, void, void>;
}

/** Creates {@link AnsweringModels}. */
export function createAnsweringModels({ inference, models }: AnsweringOptions): AnsweringModels {
  function chosen(role: ModelRole, place: Request): Promise<ModelReference> {
    if (place.model !== undefined) return models.reference(place.model);
    if (place.mode !== undefined) return models.bySize(place.mode === "rush" ? "smallest" : "largest", place);
    return models.forRole(role, place);
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
    chosen,
    async first(role, place) {
      try {
        return { model: await chosen(role, place) };
      } catch (problem) {
        if (!otherMayAnswer(problem)) throw problem;
        const model = await models.forRole(role, place, {}).catch(() => undefined);
        if (!model) throw problem;
        return { model, problem };
      }
    },
    async *load(role, place, first, recorder, signal) {
      const loading = inference.ensure(first, role, signal);
      if (await takesLong(loading)) yield { type: "waiting", reason: `Loading ${first.name}.` };
      try {
        return { model: first, loaded: await loading };
      } catch (error) {
        if (!otherMayAnswer(error)) throw error;
        const model = await models.forRole(role, place, first).catch(() => undefined);
        if (!model || model.path === first.path) throw error;
        yield* insteadOf(error, model, recorder);
        return { model, loaded: await inference.ensure(model, role, signal) };
      }
    },
    insteadOf,
  };
}
