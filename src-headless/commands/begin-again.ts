import { describeError } from "#core/base/errors";
import type { Invocation } from "../command.ts";

/** How often work is begun when the command whose engine it used ends first. */
const mostEngines = 3;
/** And when the model's process ends: a model that ends it twice will do so again. */
const mostModelProcesses = 2;

/**
 * Does work, and begins it again where the engine or the model's process was lost on the way. What may not help, as where memory ran
 * out, is not tried: the error says so. @param isOver true once something was shown that would come twice
 */
export async function beginAgain<Result>(
  { terminal, signal }: Pick<Invocation, "terminal" | "signal">,
  work: () => Promise<Result>,
  isOver: () => boolean = () => false,
): Promise<Result> {
  let engines = 1;
  let modelProcesses = 1;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const { code, message, hint } = describeError(error);
      if (isOver() || signal.aborted) throw error;
      if (code === "ENGINE_GONE" && engines < mostEngines) {
        engines += 1;
        terminal.note("Another command ended, and with it the engine that was used. Asking again.");
      } else if (code === "INFERENCE_STOPPED" && modelProcesses < mostModelProcesses && hint?.startsWith("Try again")) {
        modelProcesses += 1;
        terminal.note(`${message} Asking again.`);
      } else throw error;
    }
  }
}
