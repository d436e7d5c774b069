import { type HoleLimits, holeLimits } from "../completion/hole.ts";
import type { ModelRole } from "../contracts/common.ts";

/** A context as a model is opened with it: so many texts stay in memory side by side, each of at most `size` tokens. */
export interface ContextUse {
  readonly size: number;
  readonly sequences: number;
}

/** Holes that stay read side by side: where one types, the next one that is being prepared, and one of another document. */
const holesKept = 3;
const conversationsKept = 2;
/** Longer texts give vectors that say too little of each part. */
const longestEmbedded = 2048;

/** What a model is opened with for a role; `contextSize` is the setting for actions and chat, `graphics` says what computes. */
export function contextUse(role: ModelRole, contextSize: number, graphics: boolean): ContextUse {
  if (role === "embedding") return { size: longestEmbedded, sequences: 1 };
  return role === "completion"
    ? { size: contextFor(graphics ? holeLimits.gpu : holeLimits.cpu), sequences: holesKept }
    : { size: contextSize, sequences: conversationsKept };
}

/** What a model is opened with for all of these roles: actions and chat share what they have read. */
export function contextsFor(roles: readonly ModelRole[], contextSize: number, graphics: boolean): ContextUse[] {
  const uses = (["completion", "general", "embedding"] as const).filter((use) =>
    use === "general" ? roles.some((role) => role !== "completion" && role !== "embedding") : roles.includes(use),
  );
  return uses.map((use) => contextUse(use, contextSize, graphics));
}

/** The hole, its marks and names, and the longest completion. */
function contextFor({ context, window, suffix, middle }: HoleLimits): number {
  const marks = 64;
  const longestCompletion = 512;
  return Math.ceil((context + window + suffix + middle + marks + longestCompletion) / 256) * 256;
}
