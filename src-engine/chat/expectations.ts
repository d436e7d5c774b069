import type { ModeExpectation } from "#core/contracts/chat";
import type { Model } from "#core/contracts/models";
import type { ModelReference } from "#engine/inference/host";
import { type ChatModels, modelOf, shownModel } from "./answerer.ts";

/** Tokens of an answer of usual length, and of what smart mode finds in the project. */
const usualAnswer = 250;
const usualFindings = 1200;

/** Seconds until an answer of usual length is there. */
export function secondsFor({ reading, writing }: { readonly reading: number; readonly writing: number }, promptTokens: number): number {
  return promptTokens / reading + usualAnswer / writing;
}

/** What each mode would be answered with here, and how long that takes by what was measured. */
export async function expectations(
  models: ChatModels & { list(glance: boolean): Promise<readonly Model[]> },
  { workspace, promptTokens }: { readonly workspace?: string; readonly promptTokens: number },
): Promise<ModeExpectation[]> {
  const known = await models.list(true);
  const secondsOf = ({ id }: ModelReference, tokens: number): number | undefined => {
    const speed = known.find((model) => model.id === id)?.speed;
    return speed && secondsFor(speed, tokens);
  };
  const found: ModeExpectation[] = [];
  for (const mode of ["auto", "rush", "smart"] as const) {
    const model = await modelOf(mode === "auto" ? {} : { mode }, models, { workspace }).catch(() => undefined);
    if (!model) continue;
    const seconds = secondsOf(model, promptTokens + (mode === "smart" ? usualFindings : 0));
    found.push({ mode, ...shownModel(model), ...(seconds !== undefined && { seconds }) });
  }
  return found;
}
