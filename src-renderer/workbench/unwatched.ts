import { getService, INotificationService } from "@codingame/monaco-vscode-api";
import { NeverShowAgainScope, Severity } from "@codingame/monaco-vscode-api/vscode/vs/platform/notification/common/notification";
import { describeError } from "#core/base/errors";
import { strings } from "../extension/strings.ts";

const told = new Set<string>();

/** Says once that changes made outside are not seen in a folder, because the system watches no more of them. Other failures of a watch matter to nobody. */
export async function tellUnwatched(error: unknown): Promise<void> {
  const { code, message, hint } = describeError(error);
  if (code !== "TOO_LARGE" || told.has(message)) return;
  told.add(message);
  const notifications = await getService(INotificationService);
  notifications.notify({
    severity: Severity.Warning,
    message: strings.errors.withHint(message, hint),
    neverShowAgain: { id: "localcoder.unwatched", scope: NeverShowAgainScope.WORKSPACE },
  });
}
