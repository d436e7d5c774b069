import type { Piece } from "#core/completion/confidence";
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
  /** What the model has written beyond the suggestion already. */
  readonly beyond: readonly Piece[];
  /** True when the model ended behind that. */
  readonly ended: boolean;
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
  let running: AbortController | undefined;

  async function write({ model, request, texts, prefix, suffix, beyond }: ShownSuggestion, signal: AbortSignal): Promise<void> {
    const result = await inference.infill(
      model,
      {
        ...request,
        prefix: prefix + textOf(beyond),
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
    texts.add({ prefix, suffix, pieces: [...beyond, ...result.written], ended: result.ended });
  }

  return {
    begin(shown) {
      const { texts, prefix, suffix, beyond, ended } = shown;
      running?.abort();
      if (beyond.length > 0 || ended) texts.add({ prefix, suffix, pieces: beyond, ended });
      if (ended || beyond.length >= enough) return;
      const controller = new AbortController();
      running = controller;
      // Nobody waits for it: a failure shows itself with the next request that is waited for.
      write(shown, controller.signal).catch(() => {});
    },
    stop() {
      running?.abort();
      running = undefined;
    },
  };
}
