import { setWelcomeNotice } from "../../workbench/welcome.ts";
import type { Features } from "../features.ts";
import { strings } from "../strings.ts";
import type { ModelStatus } from "./model-status.ts";

/** Says on the welcome page that ghost text has no model, with the way to one, for as long as that is so. */
export function showMissingModel(features: Features, status: ModelStatus, openWizard: () => unknown): void {
  let missing: boolean | undefined;
  const update = () => {
    const states = status.states();
    if (typeof states !== "object") return;
    const now = states.some(({ role, state }) => role === "completion" && state === "no-model");
    if (now === missing) return;
    missing = now;
    setWelcomeNotice(
      now ? { text: strings.welcome.noModel, button: { label: strings.welcome.setUp, run: () => void openWizard() } } : undefined,
    );
  };
  features.own(status.stateChanges.listen(update));
  update();
}
