import { findAction } from "#core/assist/index";
import { UserError } from "#core/base/errors";
import type { SettingsService } from "../settings/settings.ts";
import type { Assist } from "./assist.ts";

/** Lets an action run code, tests or functions, only in a folder that is trusted: with tests runs whatever the folder's code does. */
export function withTrust(assist: Assist, settings: Pick<SettingsService, "isTrusted" | "current">): Assist {
  return {
    ...assist,
    run(request, signal) {
      const { action, verify, workspace } = request;
      const isTrusted = workspace !== undefined && settings.isTrusted(workspace);
      if (verify && !isTrusted)
        throw new UserError(
          "NO_PERMISSION",
          "Code is run only in a folder that you trust.",
          "Look through its files, then trust it: in the window by Manage Workspace Trust, in the terminal by localcoder trust.",
        );
      const { keepsBehaviour, looksAtLines } = findAction(action) ?? {};
      const compares =
        isTrusted && settings.current(workspace)["localcoder.actions.compareByRunning"] && (keepsBehaviour || looksAtLines) === true;
      return assist.run(compares ? { ...request, verify: true } : request, signal);
    },
  };
}
