import { describeError } from "#core/base/errors";
import { showError } from "./errors.ts";
import type { Features } from "./features.ts";
import { withPermit } from "./network-questions.ts";
import { strings } from "./strings.ts";

const words = strings.updates;

/** Looks for a newer version when the user asks, after a question that names the address and what is sent. */
export function registerUpdates(features: Features): void {
  const { vscode, engine, own } = features;

  async function check(): Promise<void> {
    const { settings } = await engine.settings.read({});
    const address = settings["localcoder.updates.address"];
    const place = { host: URL.canParse(address) ? new URL(address).hostname : "", purpose: "update-check" } as const;
    const found = await withPermit(features, place, (permit) => engine.updates.check({ permit }));
    if (!found) return;
    if (!found.isNewer) void vscode.window.showInformationMessage(words.none(found.current));
    // In a dialog, because beside the status bar the rest of the sentence and what is new would be cut off.
    else void vscode.window.showInformationMessage(words.newer(found.newest.version), { modal: true, detail: found.newest.notes ?? "" });
  }

  async function explain(error: unknown): Promise<void> {
    const { code, message, hint } = describeError(error);
    if (code !== "SWITCHED_OFF" && code !== "NOT_FOUND") return showError(vscode, error);
    const chosen = await vscode.window.showInformationMessage(strings.errors.withHint(message, hint), words.off);
    if (chosen === words.off) await vscode.commands.executeCommand("workbench.action.openSettings", "localcoder.updates");
  }

  own(vscode.commands.registerCommand("localcoder.checkForUpdates", () => check().catch(explain)));
}
