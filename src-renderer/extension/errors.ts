import type * as vscodeApi from "vscode";
import { describeError } from "#core/base/errors";
import { strings } from "./strings.ts";

/** Shows a failure once, in one sentence, with one button that helps where there is one. What the user stopped is not a failure. */
export async function showError(vscode: typeof vscodeApi, error: unknown): Promise<void> {
  const { code, message, hint } = describeError(error);
  if (code === "STOPPED") return;
  const help =
    code === "NO_MODEL"
      ? { label: strings.assist.openModels, command: "localcoder.setUp" }
      : code === "UNAUTHORIZED"
        ? { label: strings.hub.signIn, command: "localcoder.hubToken" }
        : code === "KEY_WANTED"
          ? { label: strings.servers.giveKey, command: "localcoder.modelServer" }
          : undefined;
  const chosen = await vscode.window.showErrorMessage(strings.errors.withHint(message, hint), ...(help ? [help.label] : []));
  if (help && chosen === help.label) await vscode.commands.executeCommand(help.command);
}
