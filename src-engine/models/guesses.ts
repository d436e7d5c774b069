import type { Settings } from "#core/settings/schema";
import type { Inference } from "../inference/host.ts";
import type { SpeedFile } from "./speed-file.ts";

/** Adds to an {@link Inference} that answers are written with guesses from their prompt, where that was measured to be quicker. */
export function withGuesses(
  inference: Inference,
  { settings, speeds }: { readonly settings: { current(): Settings }; readonly speeds: Pick<SpeedFile, "guessesPay"> },
): Inference {
  return {
    ...inference,
    async *generate(model, role, request, signal) {
      const isOurs = !model.served && !model.echo;
      const pays = isOurs && settings.current()["localcoder.inference.lookAhead"] && (await speeds.guessesPay(model.path));
      yield* inference.generate(model, role, { lookAhead: pays, ...request }, signal);
    },
  };
}
