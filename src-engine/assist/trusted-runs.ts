import { UserError } from "#core/base/errors";
import type { SettingsService } from "../settings/settings.ts";
import type { Assist } from "./assist.ts";

/** Lets an action run tests only in a folder that is trusted: with them runs whatever the folder's code does. */
export function withTrust(assist: Assist, settings: Pick<SettingsService, "isTrusted">): Assist {
  return {
    ...assist,
    run(request, signal) {
      const { verify, workspace } = request;
      if (verify && (workspace === undefined || !settings.isTrusted(workspace)))
        throw new UserError(
          "NO_PERMISSION",
          "Tests are run only in a folder that you trust.",
          "Look through its files, then trust it: in the window by Manage Workspace Trust, in the terminal by localcoder trust.",
        );
      return assist.run(request, signal);
    },
  };
}
