import { describeError } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type { Download, Model } from "#core/contracts/models";
import { formatBytes, formatSeconds } from "#core/models/format";
import { chooseFile, chooseFolder } from "../extension/choose-files.ts";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import type { ModelStatus } from "../extension/status/model-status.ts";
import { strings } from "../extension/strings.ts";
import { chooseAtHub, describeHubFile } from "./hub-search.ts";

const words = strings.models;

/** What can be done with a model, the same on every page. A failure is shown, once, and nothing is thrown. */
export interface ModelActions {
  /** Asks with size, source and licence, then starts or resumes the download. False when the user did not want it. */
  readonly download: (model: Model, asked?: boolean) => Promise<boolean>;
  /** Lets the user search the hub for models that the catalogue does not have, and downloads the file that was chosen. */
  readonly findAtHub: () => Promise<void>;
  readonly pause: (id: string) => Promise<void>;
  readonly discard: (model: Model) => Promise<void>;
  /** Uses a model for all roles it suits, or for those that are named; everywhere, or in one folder alone. */
  readonly use: (id: string, roles?: readonly ModelRole[], folder?: string) => Promise<Model | undefined>;
  /** Asks first; the file goes to the trash where there is one. */
  readonly remove: (model: Model) => Promise<void>;
  /** Lets the user choose a file and uses it. */
  readonly chooseFile: () => Promise<Model | undefined>;
  /** Lets the user choose a folder; the models in it are found from then on. */
  readonly addFolder: () => Promise<void>;
  /** Asks for the list of models anew. */
  readonly refresh: () => Promise<void>;
}

/** Creates the actions. */
export function createModelActions(features: Features, status: ModelStatus): ModelActions {
  const { engine, vscode, desktop, start } = features;

  async function attempt<T>(run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (error) {
      void showError(vscode, error);
      return undefined;
    } finally {
      void status.refresh();
    }
  }
  async function confirmed(message: string, detail: string, yes: string): Promise<boolean> {
    return (await vscode.window.showWarningMessage(message, { modal: true, detail }, yes)) === yes;
  }
  async function get(id: string, anyway: boolean): Promise<void> {
    // How far it is comes with the list of downloads; this stream is read for its end and its failures.
    for await (const { state, error } of await engine.models.get({ id, acceptLicence: true, anyway })) {
      // Where the download can be seen, its row says what failed.
      if (state === "failed" && error && !isShown(id)) throw asError(error);
    }
  }
  /** Asks with size, licence and where it comes from, and with what else is known of it. */
  async function agreed(name: string, size: string, licence: string, about = ""): Promise<boolean> {
    const hub = await attempt(() => engine.models.hub());
    if (!hub) return false;
    const detail = words.confirmDownloadDetail(hub.hosts.join(", "), licence);
    return confirmed(words.confirmDownload(name, size), about === "" ? detail : `${about}\n\n${detail}`, words.download);
  }
  /** Downloads in the background, after another question where there is no room for the model. */
  function begin(id: string, name: string): void {
    void attempt(async () => {
      try {
        await get(id, false);
      } catch (error) {
        const { code, message, hint } = describeError(error);
        if (code !== "MODEL_DOES_NOT_FIT") throw error;
        if (await confirmed(words.doesNotFit(name), strings.errors.withHint(message, hint), words.downloadAnyway)) await get(id, true);
      }
    });
  }
  const use = (id: string, roles?: readonly ModelRole[], folder?: string) =>
    attempt(() => engine.models.use({ model: id, ...(roles && { roles: [...roles] }), folder }));

  return {
    async download(model, asked = false) {
      const entry = model.catalogue;
      if (!asked) {
        if (!entry) return false;
        const size = formatBytes(entry.bytes);
        if (!(await agreed(model.name, entry.bytesEstimated ? words.about(size) : size, licenceText(model)))) return false;
      }
      begin(model.id, model.name);
      return true;
    },
    async findAtHub() {
      await attempt(async () => {
        const file = await chooseAtHub(features);
        if (!file) return;
        const { name = words.hub.licenceUnknown, url } = file.licence;
        const about = await describeHubFile(features, file);
        if (await agreed(file.name, formatBytes(file.bytes), words.hub.licenceAt(name, url), about)) begin(file.id, file.name);
      });
    },
    pause: async (id) => attempt(() => engine.models.pause({ id })),
    async discard(model) {
      if (await confirmed(words.confirmDiscard(model.name), words.confirmDiscardDetail, words.discard)) {
        await attempt(() => engine.models.discard({ id: model.id }));
      }
    },
    use,
    async remove(model) {
      const path = model.file?.path ?? "";
      const detail = start.browser ? words.confirmForever(path) : words.confirmTrash(path);
      if (!(await confirmed(words.confirmRemove(model.name), detail, words.remove))) return;
      await attempt(async () => {
        if (start.browser) return engine.models.remove({ id: model.id });
        for (const part of await engine.models.release({ id: model.id })) await desktop.trash({ path: part });
      });
    },
    async addFolder() {
      await attempt(async () => {
        const folder = await chooseFolder(features);
        const settings = vscode.workspace.getConfiguration("localcoder.models");
        const folders = settings.get<string[]>("folders") ?? [];
        if (folder && !folders.includes(folder)) await settings.update("folders", [...folders, folder], vscode.ConfigurationTarget.Global);
      });
    },
    refresh: status.refresh,
    async chooseFile() {
      const path = await attempt(() => chooseFile(features));
      return path ? use(path) : undefined;
    },
  };
}

/** Marks an element that shows how a download stands. */
export function showsDownload(id: string): Readonly<Record<string, string>> {
  return { "data-download": id };
}

function isShown(id: string): boolean {
  const places = document.querySelectorAll<HTMLElement>(`[data-download="${CSS.escape(id)}"]`);
  return [...places].some((place) => place.offsetParent !== null);
}

function asError({ code, message, hint }: { code: string; message: string; hint?: string }): Error {
  return Object.assign(new Error(message), { code, data: { hint } });
}

/** The licence as it is shown before a download. */
export function licenceText({ catalogue }: Model): string {
  if (!catalogue) return "";
  return catalogue.licence.commercial ? catalogue.licence.name : `${catalogue.licence.name}, ${words.nonCommercial}`;
}

/** The size on the disk; an estimate is called one. */
export function sizeText({ catalogue, file, bytes }: Model): string {
  if (file) return formatBytes(file.bytes);
  if (bytes !== undefined) return formatBytes(bytes);
  if (!catalogue) return "";
  return catalogue.bytesEstimated ? words.about(formatBytes(catalogue.bytes)) : formatBytes(catalogue.bytes);
}

/** How a download stands: "120 MB of 491 MB · 8.1 MB/s · 45 s". */
export function downloadText(download: Download): string {
  if (download.state === "verifying") return words.verifying(words.hashFrom[download.hashFrom ?? "none"]);
  if (download.state === "testing") return words.testing;
  if (download.state === "failed") return download.error ? strings.errors.withHint(download.error.message, download.error.hint) : "";
  const going = download.state === "downloading";
  return words.progress(
    formatBytes(download.received),
    formatBytes(download.bytes),
    going && download.speed > 0 ? `${formatBytes(download.speed)}/s` : download.state === "paused" ? words.states.paused : "",
    going && download.secondsLeft !== null ? formatSeconds(download.secondsLeft) : "",
  );
}
