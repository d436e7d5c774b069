import type { z } from "zod";
import { thresholdsOf } from "#core/completion/confidence";
import { isExcluded } from "#core/completion/exclusion";
import { keepsDepth } from "#core/completion/indentation";
import { withPlainLineEnds } from "#core/completion/lines";
import { shapeAt } from "#core/completion/shape";
import type { SuggestionPlace } from "#core/completion/suggestion";
import { withoutHalfCharacter } from "#core/completion/token-text";
import { promptPath, repositoryName, stableEnd, stableStart } from "#core/completion/window";
import type { completionRequest, HiddenReason } from "#core/contracts/completion";
import type { ContextChunk, InfillLayout, InfillRequest } from "#core/contracts/inference";
import type { Settings } from "#core/settings/schema";

/** A request for ghost text with its defaults filled in. */
export type ParsedRequest = z.output<typeof completionRequest>;

/** Tokens and time of a suggestion, by what it is for. */
const longest = { line: 64, block: 160 } as const;
/** Milliseconds for the lines after the first: while typing, asked for by hand, or by a program that waits for the whole. */
const blockTime = { typing: 250, manual: 10_000, program: 30_000 } as const;

/** The text around the cursor, as the model reads it and as it stands in the document. */
export function placeOf(request: ParsedRequest): SuggestionPlace {
  return {
    prefix: stableEnd(withPlainLineEnds(withoutHalfCharacter(request.prefix))),
    suffix: stableStart(withPlainLineEnds(request.suffix)),
    documentPrefix: request.prefix,
    documentSuffix: request.suffix,
  };
}

/** What the model is asked. */
export function questionOf(
  request: ParsedRequest,
  { prefix, suffix }: SuggestionPlace,
  current: Settings,
  layout: InfillLayout,
  context: readonly ContextChunk[],
): InfillRequest {
  const shape = shapeAt(request.prefix, request.suffix, request.trigger) === "block" ? "block" : "line";
  return {
    document: request.path,
    path: promptPath(request.path, request.workspace),
    repository: repositoryName(request.workspace),
    context: [...context],
    prefix,
    suffix,
    shape,
    keepsDepth: keepsDepth(request.languageId, prefix),
    maxTokens: request.maxTokens ?? Math.min(longest[shape], current["localcoder.completion.maxTokens"]),
    blockMilliseconds:
      request.blockMilliseconds ?? blockTime[request.trigger === "manual" ? "manual" : request.asShown ? "typing" : "program"],
    thresholds: request.asShown ? thresholdsOf[current["localcoder.completion.confidence"]] : undefined,
    layout,
    alternatives: request.alternatives,
    priority: "ghost-text",
  };
}

/** True where a person looks at the answer, and not a program. */
export function isSeen({ asShown, seen }: ParsedRequest): boolean {
  return asShown || seen;
}

/** Why the settings forbid to ask, or a pause; what is asked by hand works everywhere as long as ghost text is on at all. */
export function reasonNotToAsk(request: ParsedRequest, settings: Settings, isPaused: boolean): HiddenReason | undefined {
  if (!settings["localcoder.completion.enabled"]) return "switched-off";
  if (request.trigger === "manual") return undefined;
  const languages = settings["localcoder.completion.languages"];
  if (!(languages[request.languageId] ?? languages["*"] ?? true)) return "switched-off";
  if (isPaused) return "paused";
  return isExcluded(settings["localcoder.completion.exclude"], request, process.platform) ? "excluded" : undefined;
}
