import type * as vscodeApi from "vscode";
import type { ModelRole } from "#core/contracts/common";
import type { Model } from "#core/contracts/models";
import { formatBytes } from "#core/models/format";
import { isPresent, sourceText } from "../../pages/model-source.ts";
import { chooseFile } from "../choose-files.ts";
import { nameOfFolder, windowWorkspace } from "../documents.ts";
import type { Features } from "../features.ts";
import { strings } from "../strings.ts";
import type { ModelStatus } from "./model-status.ts";

const words = strings.chooseModel;

type Other = "file" | "get" | "server" | "role" | "folder" | "usual";
type Item = vscodeApi.QuickPickItem & { readonly model?: string; readonly other?: Other };

/** What a model is chosen for: all it suits or one role, everywhere or in one folder alone. */
interface Use {
  readonly role?: ModelRole;
  readonly folder?: string;
}

/** Lets the user choose a model for all it suits, or for one role; the next request of any conversation is answered by it. */
export async function chooseModel(features: Features, status: ModelStatus, use: Use = {}): Promise<void> {
  const { vscode, engine } = features;
  const { role, folder } = use;
  const listed = status.refresh().then((): Item[] => [
    ...status
      .models()
      .filter((model) => model.state === "ready" && isPresent(model) && (role === undefined || suits(model, role)))
      .map((model) => itemOf(model, use)),
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    ...(isChosenInFolder(status, use) ? [{ label: `$(discard) ${words.usual}`, other: "usual" as const }] : []),
    ...(role === undefined ? narrower(features) : sharing(role)),
    { label: `$(file) ${words.fromFile}`, other: "file" },
    { label: `$(cloud-download) ${words.getMore}`, other: "get" },
    ...(role === undefined ? [{ label: `$(server) ${words.fromServer}`, other: "server" as const }] : []),
  ]);
  const chosen = await vscode.window.showQuickPick(listed, { placeHolder: placeholderOf(use) });
  if (!chosen) return;
  if (chosen.other === "role") return chooseRole(features, status);
  if (chosen.other === "folder") return chooseRole(features, status, windowWorkspace(vscode));
  if (chosen.other === "get") return void vscode.commands.executeCommand("localcoder.models");
  if (chosen.other === "server") return void vscode.commands.executeCommand("localcoder.modelServer");
  if (chosen.other === "usual") {
    if (folder !== undefined) await engine.models.leaveFolderChoice({ folder, role });
    await status.refresh();
    vscode.window.setStatusBarMessage(words.usualAgain, 5000);
    return;
  }
  const id = chosen.other === "file" ? await chooseFile(features) : chosen.model;
  if (!id) return;
  const used = await engine.models.use({ model: id, ...(role && { roles: [role] }), folder });
  await status.refresh();
  vscode.window.setStatusBarMessage(folder === undefined ? words.chosen(used.name) : words.chosenIn(used.name, nameOfFolder(folder)), 5000);
}

const roles: readonly ModelRole[] = ["completion", "code", "general", "router", "embedding"];

/** Lets the user choose a role first; each says whose model it has now. */
async function chooseRole(features: Features, status: ModelStatus, folder?: string): Promise<void> {
  const items = roles.map((role) => ({
    label: strings.models.roles[role],
    description: [
      status.models().find(({ used }) => used.includes(role))?.name ?? words.none,
      isChosenInFolder(status, { role, folder }) ? words.inFolder : "",
    ]
      .filter(Boolean)
      .join(" · "),
    role,
  }));
  const placeHolder = folder === undefined ? words.roles : words.rolesIn(nameOfFolder(folder));
  const chosen = await features.vscode.window.showQuickPick(items, { placeHolder });
  if (chosen) await chooseModel(features, status, { role: chosen.role, folder });
}

function placeholderOf({ role, folder }: Use): string {
  if (role === undefined) return words.placeholder;
  const text = words.placeholderFor(strings.models.roles[role]);
  return folder === undefined ? text : words.placeholderIn(text, nameOfFolder(folder));
}

/** The ways to choose for less than everything. */
function narrower({ vscode }: Features): Item[] {
  return [
    { label: `$(list-selection) ${words.forOneRole}`, other: "role" },
    ...(windowWorkspace(vscode) === undefined ? [] : [{ label: `$(folder) ${words.forFolder}`, other: "folder" as const }]),
  ];
}

/** True where the folder itself, not one around it, has a model of its own for the role. */
function isChosenInFolder(status: ModelStatus, { role, folder }: Use): boolean {
  const choices = folder === undefined ? undefined : status.folder();
  return choices?.models.some((one) => one.role === role && one.folder === choices.folder) === true;
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

function itemOf(model: Model, { role }: Use): Item {
  const current = role === undefined ? model.used.length > 0 : model.used.includes(role);
  const own = role === undefined ? (model.usedInFolder ?? []).length > 0 : model.usedInFolder?.includes(role);
  return {
    label: `${current ? "$(check) " : ""}${model.name}`,
    description: [current ? words.current : "", own ? words.inFolder : "", sourceText(model)].filter(Boolean).join(" · "),
    detail: [model.file ? formatBytes(model.file.bytes) : "", model.roles.map((each) => strings.models.roles[each]).join(", ")]
      .filter(Boolean)
      .join(" · "),
    model: model.id,
  };
}
