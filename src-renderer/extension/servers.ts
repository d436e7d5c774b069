import type * as vscodeApi from "vscode";
import { describeError } from "#core/base/errors";
import type { ModelServer } from "#core/contracts/servers";
import { formatBytes } from "#core/models/format";
import { showError } from "./errors.ts";
import type { Features } from "./features.ts";
import type { ModelStatus } from "./status/model-status.ts";
import { strings } from "./strings.ts";

const words = strings.servers;

/** Lets the user choose a model of a server: of one found here, or of one whose address is given. */
export function registerServers(features: Features, status: ModelStatus): void {
  const { vscode, own } = features;
  const choose = () => chooseServed(features, status).catch((error: unknown) => showError(vscode, error));
  own(vscode.commands.registerCommand("localcoder.modelServer", choose));
}

/** Asks for the token of models that want a sign-in, and says where it is kept. */
export function registerHubToken({ vscode, engine, own }: Features): void {
  const ask = async () => {
    const { address } = await engine.models.hub();
    const token = await vscode.window.showInputBox({ title: strings.hub.title, prompt: strings.hub.prompt(address), password: true });
    if (token === undefined) return;
    const { note } = await engine.models.setHubToken({ token });
    await vscode.window.showInformationMessage(note ?? strings.hub.forgotten);
  };
  own(vscode.commands.registerCommand("localcoder.hubToken", () => ask().catch((error: unknown) => showError(vscode, error))));
}

type Item = vscodeApi.QuickPickItem & {
  readonly model?: string;
  readonly forget?: ModelServer;
  readonly key?: ModelServer;
  readonly add?: true;
};

async function chooseServed(features: Features, status: ModelStatus): Promise<void> {
  const { vscode, engine } = features;
  const listed = engine.servers.list().then((servers) => itemsOf(vscode, servers));
  const chosen: Item | undefined = await vscode.window.showQuickPick(listed, { placeHolder: words.placeholder, matchOnDescription: true });
  if (chosen?.forget) {
    await engine.servers.remove({ address: chosen.forget.address });
    await status.refresh();
    vscode.window.setStatusBarMessage(words.forgotten(chosen.forget.address), 5000);
  } else if (chosen?.key) {
    await giveKey(features, chosen.key.address);
    await status.refresh();
  } else if (chosen?.add) {
    const server = await addServer(features);
    const model = server && (await vscode.window.showQuickPick(itemsOf(vscode, [server], "models"), { placeHolder: words.placeholder }));
    if (model?.model) await use(features, status, model.model);
  } else if (chosen?.model) await use(features, status, chosen.model);
}

async function use({ vscode, engine }: Features, status: ModelStatus, id: string): Promise<void> {
  const used = await engine.models.use({ model: id });
  await status.refresh();
  vscode.window.setStatusBarMessage(strings.chooseModel.chosen(used.name), 5000);
}

function itemsOf(vscode: Features["vscode"], servers: readonly ModelServer[], which: "all" | "models" = "all"): Item[] {
  const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const models = servers.flatMap((server): Item[] => [
    separator(words.server(server.title, server.address)),
    ...server.models.map(({ id, name, bytes, fillsIn, chats }) => ({
      label: `$(server) ${name}`,
      description: [fillsIn && words.fillsIn, chats && words.chats].filter(Boolean).join(", "),
      detail: bytes === undefined ? undefined : formatBytes(bytes),
      model: id,
    })),
    ...(server.state === "ready" ? [] : [{ label: `$(warning) ${server.reason ?? words.silent}` }]),
  ]);
  if (which === "models") return models;
  return [
    ...models,
    separator(""),
    ...(servers.length === 0 ? [{ label: `$(info) ${words.none}` }] : []),
    { label: `$(add) ${words.add}`, add: true },
    ...servers
      .filter(({ state, key }) => state === "wants-key" || (key !== undefined && key !== "none" && key !== "environment"))
      .map((server) => ({
        label: `$(key) ${server.state === "wants-key" ? words.key(server.address) : words.otherKey(server.address)}`,
        key: server,
      })),
    ...servers
      .filter(({ origin }) => origin === "added")
      .map((server) => ({ label: `$(trash) ${words.forget(server.address)}`, forget: server })),
  ];
}

/** Asks for an address, for the permission where it is another machine's, and for the key where the server wants one. */
async function addServer({ vscode, engine }: Features): Promise<ModelServer | undefined> {
  const address = await vscode.window.showInputBox({
    title: words.add,
    prompt: words.addressPrompt,
    placeHolder: "http://192.168.0.5:11434",
  });
  if (!address?.trim()) return undefined;
  let permit = false;
  let key: string | undefined;
  for (;;) {
    try {
      return await engine.servers.add({ address, permit, key });
    } catch (error) {
      const { code, message, hint } = describeError(error);
      if (code === "NO_PERMISSION" && !permit) {
        const never = strings.network.never;
        const answer = await vscode.window.showWarningMessage(message, { modal: true, detail: hint }, words.permit, never);
        const { hostname: host } = new URL(address.includes("://") ? address : `http://${address}`);
        if (answer === never) await engine.network.forbid({ host, purpose: "model-server" });
        if (answer !== words.permit) return undefined;
        permit = true;
      } else if (code === "KEY_WANTED") {
        key = await vscode.window.showInputBox({ title: message, prompt: words.keyPrompt, password: true });
        if (!key?.trim()) return undefined;
      } else throw error;
    }
  }
}

async function giveKey({ vscode, engine }: Features, address: string): Promise<void> {
  const key = await vscode.window.showInputBox({ title: words.keyTitle(address), prompt: words.keyPrompt, password: true });
  if (key === undefined) return;
  const { note } = await engine.servers.setKey({ address, key });
  await vscode.window.showInformationMessage(note ?? words.keyForgotten(address));
}
