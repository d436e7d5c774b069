import { describeError } from "#core/base/errors";
import type { HubFile } from "#core/contracts/models";
import { formatBytes } from "#core/models/format";
import { isRepositoryName } from "#core/models/hub-answers";
import { describeHubHead } from "#core/models/hub-head";
import type { Features } from "../extension/features.ts";
import { withPermit } from "../extension/network-questions.ts";
import { formatNumber, strings } from "../extension/strings.ts";

const words = strings.models.hub;

/** Lets the user search the hub and choose a file of a repository; undefined when nothing was chosen. Throws what the hub has to say. */
export async function chooseAtHub(features: Features): Promise<HubFile | undefined> {
  const { vscode, engine } = features;
  const { address } = await engine.models.hub();
  const text = (await vscode.window.showInputBox({ title: words.title, prompt: words.prompt(address) }))?.trim();
  if (!text) return undefined;
  const repository = isRepositoryName(text) ? text : await chooseRepository(features, text);
  return repository ? chooseFile(features, repository) : undefined;
}

async function chooseRepository(features: Features, text: string): Promise<string | undefined> {
  const { vscode, engine } = features;
  const found = await withPermit(features, await hubHost(features), (permit) => engine.models.searchHub({ text, permit }));
  if (!found) return undefined;
  if (found.length === 0) {
    await vscode.window.showInformationMessage(words.noRepository(text));
    return undefined;
  }
  const items = found.map(({ repository, downloads, gated, licence }) => ({
    label: repository,
    description: [downloads !== undefined && words.downloads(formatNumber(downloads)), gated && words.gated].filter(Boolean).join(", "),
    detail: licence ?? words.licenceUnknown,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: words.repositories, matchOnDetail: true }))?.label;
}

async function chooseFile(features: Features, repository: string): Promise<HubFile | undefined> {
  const { vscode, engine } = features;
  const found = await withPermit(features, await hubHost(features), (permit) => engine.models.hubFiles({ repository, permit }));
  if (!found) return undefined;
  const { files, leftOut } = found;
  const rest = leftOut > 0 ? words.leftOut(leftOut) : undefined;
  if (files.length === 0) {
    await vscode.window.showInformationMessage([words.noFile(repository), rest].filter(Boolean).join(" "));
    return undefined;
  }
  const items = files.map((file) => ({
    label: file.name,
    description: formatBytes(file.bytes),
    detail: [file.licence.name ?? words.licenceUnknown, file.gated && words.gated, file.sha256 === null && words.noHash]
      .filter(Boolean)
      .join(", "),
    file,
  }));
  return (await vscode.window.showQuickPick(items, { title: rest, placeHolder: words.files(repository) }))?.file;
}

/** What the head of a file says of it, and whether it has room here; why not where it cannot be read before the download. */
export async function describeHubFile({ vscode, engine }: Features, { id, name }: HubFile): Promise<string> {
  const reading = { location: vscode.ProgressLocation.Notification, title: words.readingHead(name) };
  try {
    const head = await vscode.window.withProgress(reading, () => engine.models.hubHead({ id }));
    return words.head(describeHubHead(head), head.fits);
  } catch (error) {
    return words.noHead(describeError(error).message);
  }
}

async function hubHost({ engine }: Features) {
  const { address } = await engine.models.hub();
  return { host: new URL(address).hostname, purpose: "model-download" } as const;
}
