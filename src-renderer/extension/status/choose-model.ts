import type * as vscodeApi from "vscode";
import type { ModelRole } from "#core/contracts/common";
import type { Model } from "#core/contracts/models";
import { formatBytes } from "#core/models/format";
import { isPresent, sourceText } from "../../pages/model-source.ts";
import { chooseFile } from "../choose-files.ts";
import type { Features } from "../features.ts";
import { strings } from "../strings.ts";
import type { ModelStatus } from "./model-status.ts";

const words = strings.chooseModel;

type Other = "file" | "get" | "server" | "role";
type Item = vscodeApi.QuickPickItem & { readonly model?: string; readonly other?: Other };

/** Lets the user choose a model for all it suits, or for one role; the next request of any conversation is answered by it. */
export async function chooseModel(features: Features, status: ModelStatus, role?: ModelRole): Promise<void> {
  const { vscode, engine } = features;
  const listed = status.refresh().then((): Item[] => [
    ...status
      .models()
      .filter((model) => model.state === "ready" && isPresent(model) && (role === undefined || suits(model, role)))
      .map((model) => itemOf(model, role)),
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    ...(role === undefined ? [{ label: `$(list-selection) ${words.forOneRole}`, other: "role" as const }] : sharing(role)),
    { label: `$(file) ${words.fromFile}`, other: "file" },
    { label: `$(cloud-download) ${words.getMore}`, other: "get" },
    ...(role === undefined ? [{ label: `$(server) ${words.fromServer}`, other: "server" as const }] : []),
  ]);
  const placeHolder = role === undefined ? words.placeholder : words.placeholderFor(strings.models.roles[role]);
  const chosen = await vscode.window.showQuickPick(listed, { placeHolder });
  if (!chosen) return;
  if (chosen.other === "role") return chooseRole(features, status);
  if (chosen.other === "get") return void vscode.commands.executeCommand("localcoder.models");
  if (chosen.other === "server") return void vscode.commands.executeCommand("localcoder.modelServer");
  const id = chosen.other === "file" ? await chooseFile(features) : chosen.model;
  if (!id) return;
  const used = await engine.models.use({ model: id, ...(role && { roles: [role] }) });
  await status.refresh();
  vscode.window.setStatusBarMessage(words.chosen(used.name), 5000);
}

const roles: readonly ModelRole[] = ["completion", "code", "general", "router", "embedding"];

/** Lets the user choose a role first; each says whose model it has now. */
async function chooseRole(features: Features, status: ModelStatus): Promise<void> {
  const items = roles.map((role) => ({
    label: strings.models.roles[role],
    description: status.models().find(({ used }) => used.includes(role))?.name ?? words.none,
    role,
  }));
  const chosen = await features.vscode.window.showQuickPick(items, { placeHolder: words.roles });
  if (chosen) await chooseModel(features, status, chosen.role);
}

function suits(model: Model, role: ModelRole): boolean {
  const embeds = model.roles.includes("embedding");
  if (role === "embedding" || embeds) return role === "embedding" && embeds;
  return role !== "completion" || model.roles.includes("completion");
}

/** The other roles whose model this one may share. */
function sharing(role: ModelRole): Item[] {
  if (role === "embedding") return [];
  return roles
    .filter((other) => other !== role && other !== "router" && other !== "embedding")
    .map((other) => ({ label: `$(link) ${words.sameAs(strings.models.roles[other])}`, model: other }));
}

function itemOf(model: Model, role: ModelRole | undefined): Item {
  const current = role === undefined ? model.used.length > 0 : model.used.includes(role);
  return {
    label: `${current ? "$(check) " : ""}${model.name}`,
    description: [current ? words.current : "", sourceText(model)].filter(Boolean).join(" · "),
    detail: [model.file ? formatBytes(model.file.bytes) : "", model.roles.map((each) => strings.models.roles[each]).join(", ")]
      .filter(Boolean)
      .join(" · "),
    model: model.id,
  };
}
