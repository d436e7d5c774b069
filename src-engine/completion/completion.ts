import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { isStopped, UserError } from "#core/base/errors";
import { confidentPieces, meanProbability, type Piece, thresholdsOf } from "#core/completion/confidence";
import { indentationOf, lineEndOf, withIndentation, withLineEnds, withPlainLineEnds } from "#core/completion/lines";
import { closeBlock, fitToSuffix } from "#core/completion/overlap";
import { shapeAt } from "#core/completion/shape";
import { withoutHalfCharacter } from "#core/completion/token-text";
import { promptPath, repositoryName, stableEnd, stableStart } from "#core/completion/window";
import type { CompletionRequest, CompletionResult, completionRequest } from "#core/contracts/completion";
import type { InfillResult } from "#core/contracts/inference";
import type { Settings } from "#core/settings/schema";
import type { Inference, ModelReference } from "../inference/host.ts";

type Request = z.output<typeof completionRequest>;
type Outcome = "shown" | "accepted" | "partly" | "rejected";

/** Ghost text. */
export interface Completion {
  /** What is to be inserted at the cursor. A newer request for the same document stops the older one, which then throws STOPPED. */
  complete(request: Request, signal?: AbortSignal): Promise<CompletionResult>;
  /** Remembers what became of a suggestion, in memory and nowhere else. */
  outcome(id: string, outcome: Outcome): void;
  /** How many suggestions ended in which way since the start. */
  outcomes(): Readonly<Record<Outcome, number>>;
}

/** Tokens and time of a suggestion, by what it is for. */
const longest = { line: 64, block: 160 } as const;
/** Milliseconds for the lines after the first: while typing, asked for by hand, or by a program that waits for the whole. */
const blockTime = { typing: 250, manual: 10_000, program: 30_000 } as const;
const rememberedSuggestions = 1000;

/** Creates {@link Completion}. */
export function createCompletion({
  inference,
  models,
  settings,
}: {
  readonly inference: Pick<Inference, "infill">;
  readonly models: { forRole(role: "completion"): Promise<ModelReference> };
  readonly settings: { current(workspace?: string): Settings };
}): Completion {
  const newest = new Map<string, AbortController>();
  const outcomeOf = new Map<string, Outcome | undefined>();
  const counts: Record<Outcome, number> = { shown: 0, accepted: 0, partly: 0, rejected: 0 };

  /** A signal that aborts with the caller's, or when a newer request for the document comes. */
  function supersede(path: string, signal: AbortSignal | undefined): AbortController {
    newest.get(path)?.abort();
    const controller = new AbortController();
    newest.set(path, controller);
    if (signal?.aborted) controller.abort();
    signal?.addEventListener("abort", () => controller.abort(), { once: true, signal: controller.signal });
    return controller;
  }

  async function modelFor(request: Request): Promise<ModelReference | undefined> {
    try {
      return await models.forRole("completion");
    } catch (error) {
      // While typing, a missing model is a state that the status bar shows, not an error at each key.
      if (request.asShown && request.trigger === "automatic" && error instanceof UserError && error.code === "NO_MODEL") return undefined;
      throw error;
    }
  }

  return {
    async complete(request, signal) {
      const from = performance.now();
      const own = supersede(request.path, signal);
      const current = settings.current(request.workspace);
      const answer = (change: Partial<CompletionResult>): CompletionResult => ({
        id: randomUUID(),
        text: "",
        replaces: 0,
        model: "",
        confidence: 0,
        tokens: { prompt: 0, reused: 0, evaluated: 0, generated: 0 },
        milliseconds: performance.now() - from,
        stop: "end",
        ...change,
      });
      try {
        if (!isOn(current, request)) return answer({ hidden: "switched-off" });
        const shape = shapeAt(request.prefix, request.suffix, request.trigger);
        if (shape === "none") return answer({ hidden: "mid-word" });
        const model = await modelFor(request);
        if (model === undefined) return answer({ hidden: "no-model" });

        const prefix = stableEnd(withPlainLineEnds(withoutHalfCharacter(request.prefix)));
        const suffix = stableStart(withPlainLineEnds(request.suffix));
        const thresholds = request.asShown ? thresholdsOf[current["localcoder.completion.confidence"]] : undefined;
        const result = await inference.infill(
          model,
          {
            document: request.path,
            path: promptPath(request.path, request.workspace),
            repository: repositoryName(request.workspace),
            prefix,
            suffix,
            shape,
            maxTokens: request.maxTokens ?? Math.min(longest[shape], current["localcoder.completion.maxTokens"]),
            blockMilliseconds: blockTime[request.trigger === "manual" ? "manual" : request.asShown ? "typing" : "program"],
            thresholds,
            priority: "ghost-text",
          },
          own.signal,
        );
        const kept = thresholds === undefined ? result.pieces : result.pieces.slice(0, confidentPieces(result.pieces, thresholds));
        const { text, replaces, hidden } = finish(kept, result, prefix, suffix, request);
        const finished = answer({
          text,
          replaces,
          model: model.name,
          confidence: meanProbability(kept),
          tokens: result.tokens,
          stop: result.stop,
          ...(hidden === undefined ? {} : { hidden }),
        });
        remember(finished.id);
        return finished;
      } catch (error) {
        if (isStopped(error) && signal?.aborted !== true) throw new UserError("STOPPED", "Stopped: a newer request took its place.");
        throw error;
      } finally {
        if (newest.get(request.path) === own) newest.delete(request.path);
        // Takes the listener off the caller's signal.
        own.abort();
      }
    },

    outcome(id, outcome) {
      if (!outcomeOf.has(id)) return;
      const before = outcomeOf.get(id);
      // A suggestion is shown first and ends in one other way; saying the same twice counts once.
      if (before === outcome) return;
      outcomeOf.set(id, outcome);
      counts[outcome] += 1;
    },

    outcomes: () => ({ ...counts }),
  };

  function remember(id: string): void {
    outcomeOf.set(id, undefined);
    const [oldest] = outcomeOf.keys();
    if (outcomeOf.size > rememberedSuggestions && oldest !== undefined) outcomeOf.delete(oldest);
  }
}

/** Asking by hand works in every language as long as ghost text is on at all. */
function isOn(settings: Settings, { languageId, trigger }: Request): boolean {
  if (!settings["localcoder.completion.enabled"]) return false;
  if (trigger === "manual") return true;
  const languages = settings["localcoder.completion.languages"];
  return languages[languageId] ?? languages["*"] ?? true;
}

/** Makes the pieces exactly what is to be inserted. */
function finish(
  kept: readonly Piece[],
  result: InfillResult,
  prefix: string,
  suffix: string,
  request: Pick<CompletionRequest, "prefix" | "suffix">,
): { text: string; replaces: number; hidden?: CompletionResult["hidden"] } {
  const written = result.pieces.map((piece) => piece.text).join("");
  const text = kept
    .map((piece) => piece.text)
    .join("")
    .trimEnd();
  if (text === "") return { text: "", replaces: 0, hidden: written.trim() === "" ? "empty" : "uncertain" };
  const fitted = closeBlock(fitToSuffix(text, prefix, suffix), prefix, suffix);
  if (fitted.text.trim() === "") return { text: "", replaces: 0, hidden: "repeats-suffix" };
  const indented = withIndentation(fitted.text, indentationOf(prefix) ?? indentationOf(suffix));
  return { text: withLineEnds(indented, lineEndOf(request.prefix, request.suffix)), replaces: fitted.replaces };
}
