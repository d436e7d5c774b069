import { describeError } from "#core/base/errors";
import type { ChatMode } from "#core/contracts/chat";
import type { ModelRole } from "#core/contracts/common";
import type { Loaded } from "#core/contracts/inference";
import type { Inference, ModelReference } from "#engine/inference/host";
import type { FailedModel, ModelPlaceOfUse } from "#engine/models/choice";
import { otherMayAnswer } from "#engine/models/other-may-answer";
import { providerOf } from "#engine/servers/served-inference";

/** What a message is to be answered with. */
export interface Wish {
  readonly mode?: ChatMode;
  /** Catalogue id or path; "auto" for none. */
  readonly model?: string;
}

/** The part of the models that chat asks. */
export interface ChatModels {
  forRole(role: ModelRole, place: ModelPlaceOfUse, failed?: FailedModel): Promise<ModelReference>;
  bySize(size: "smallest" | "largest", place: ModelPlaceOfUse): Promise<ModelReference>;
  reference(id: string): Promise<ModelReference>;
}

/** A model that is loaded; `instead` says why it is not the one that was chosen. */
export interface Answerer {
  readonly model: ModelReference;
  readonly loaded: Loaded;
  readonly instead?: { readonly code: string; readonly message: string };
}

/** What the user said with this message goes before what was said with an earlier one. */
export function wishOf(said: Wish, before: Wish): Wish {
  if (said.model === "auto") return { mode: said.mode };
  if (said.model !== undefined) return { model: said.model, mode: said.mode };
  return said.mode !== undefined ? { mode: said.mode } : before;
}

/** The model a wish means. */
export function modelOf({ mode, model }: Wish, models: ChatModels, place: ModelPlaceOfUse): Promise<ModelReference> {
  if (model !== undefined && model !== "auto") return models.reference(model);
  if (mode === "rush") return models.bySize("smallest", place);
  if (mode === "smart") return models.bySize("largest", place);
  return models.forRole("general", place);
}

/** Where a model runs, in words. */
function placeOf({ served, echo }: ModelReference): string {
  if (echo) return "no model";
  return served ? served.title : "this machine";
}

/** A model as those who read an answer are told of it. */
export function shownModel(model: ModelReference) {
  return { model: model.name, provider: providerOf(model), place: placeOf(model) };
}

/** Loads the model; where it cannot be and was not named, the next one in the order answers. */
export async function loadAnswerer(
  model: ModelReference,
  wish: Wish,
  { models, inference, place }: { models: ChatModels; inference: Pick<Inference, "ensure">; place: ModelPlaceOfUse },
  signal: AbortSignal | undefined,
): Promise<Answerer> {
  try {
    return { model, loaded: await inference.ensure(model, "general", signal) };
  } catch (error) {
    const { code, message } = describeError(error);
    if (wish.model !== undefined || !otherMayAnswer(error)) throw error;
    const other = await models.forRole("general", place, model).catch(() => undefined);
    if (!other || other.path === model.path) throw error;
    const loaded = await inference.ensure(other, "general", signal);
    return { model: other, loaded, instead: { code, message: `${message} ${other.name} answers instead.` } };
  }
}
