import type { KnownTexts } from "#core/completion/known";
import { textOf } from "#core/completion/suggestion";
import type { InfillRequest } from "#core/contracts/inference";
import type { Inference, ModelReference } from "../inference/host.ts";

/** A suggestion that is on the screen: what the model would write if it were accepted is not known yet. */
export interface ShownSuggestion {
  readonly model: ModelReference;
  readonly request: InfillRequest;
  readonly texts: KnownTexts;
  /** Text before and after the cursor once the suggestion is accepted. */
  readonly prefix: string;
  readonly suffix: string;
}

/** Writes on behind a suggestion while the user looks at it, so that the next one is there once it is accepted. */
export interface Speculation {
  begin(shown: ShownSuggestion): void;
  /** Stops before other work: the sequence is needed. */
  stop(): void;
}

/** Tokens and time behind a suggestion: the rest of this line and most of the next. */
const ahead = { tokens: 48, milliseconds: 1000 };
/** With this much known beyond the suggestion there is nothing to do. */
const enough = 16;

/** Creates a {@link Speculation}. */
export function createSpeculation(inference: Pick<Inference, "infill">): Speculation {
  let running: { readonly prefix: string; readonly controller: AbortController } | undefined;

  async function write({ model, request, texts, prefix, suffix }: ShownSuggestion, signal: AbortSignal): Promise<void> {
    const { pieces } = texts.ahead(prefix, suffix);
    const result = await inference.infill(
      model,
      {
        ...request,
        prefix: prefix + textOf(pieces),
        suffix,
        shape: "ahead",
        maxTokens: ahead.tokens,
        blockMilliseconds: ahead.milliseconds,
        thresholds: undefined,
        alternatives: 1,
        priority: "background",
      },
      signal,
    );
    texts.add({ prefix, suffix, pieces: [...pieces, ...result.written], ended: result.ended });
  }

  return {
    begin(shown) {
      const { texts, prefix, suffix } = shown;
      // Typing along a suggestion leads to the same place.
      if (running?.prefix === prefix) return;
      const known = texts.ahead(prefix, suffix);
      if (known.ended || known.pieces.length >= enough) return;
      running?.controller.abort();
      const controller = new AbortController();
      const own = { prefix, controller };
      running = own;
      write(shown, controller.signal)
        // Nobody waits for it: a failure shows itself with the next request that is waited for.
        .catch(() => {})
        .finally(() => {
          if (running === own) running = undefined;
        });
    },
    stop() {
      running?.controller.abort();
      running = undefined;
    },
  };
}
