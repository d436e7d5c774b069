import type { SlowModel } from "#core/contracts/models";
import { formatBytes } from "#core/models/format";
import type { ModelActions } from "../../pages/model-actions.ts";
import { showError } from "../errors.ts";
import type { Features } from "../features.ts";
import { follow } from "../follow.ts";
import { strings } from "../strings.ts";
import type { ModelStatus } from "./model-status.ts";

const words = strings.slowModel;

/** Offers the next smaller model when one turned out too slow here; the engine tells each only once. */
export function offerSmallerModels(features: Features, status: ModelStatus, actions: Pick<ModelActions, "download">): void {
  const { engine, vscode, own } = features;
  own(
    follow(
      (signal) => engine.models.slow(undefined, { signal }),
      (slow) => void offer(slow).catch((error) => showError(vscode, error)),
    ),
  );

  async function offer({ role, reason, smaller }: SlowModel): Promise<void> {
    const yes = smaller.present ? words.use(smaller.name) : words.download(smaller.name, formatBytes(smaller.bytes));
    if ((await vscode.window.showInformationMessage(words.message(reason), yes, words.no)) !== yes) return;
    if (!smaller.present) {
      const model = status.models().find(({ id }) => id === smaller.id);
      // Asks with licence and hosts, as everywhere.
      if (!model || !(await actions.download(model))) return;
      // How far it is stands in the status bar; this is read for its end.
      for await (const { state } of await engine.models.get({ id: smaller.id, acceptLicence: true })) if (state === "failed") return;
    }
    await engine.models.use({ model: smaller.id, roles: [role] });
  }
}
