import { type Disposable, disposableStack } from "#core/base/disposable";
import { describeError } from "#core/base/errors";
import type { Download, Model } from "#core/contracts/models";
import { formatBytes, formatMemory } from "#core/models/format";
import { backendName, formatNumber, strings } from "../extension/strings.ts";
import { button, element, link, progressBar, redraw, replaceChildren } from "./dom.ts";
import { downloadText, licenceText, showsDownload, sizeText } from "./model-actions.ts";
import { isPresent, sourceText } from "./model-source.ts";
import type { WizardStep } from "./wizard-page.ts";

const words = strings.wizard.model;
const verbs = strings.models;

/** The second step: a model that is already here, the recommended one, or a file of the user's own. */
export function fillModel(place: HTMLElement, { features, status, actions }: WizardStep): Disposable {
  const opened = disposableStack();
  const choices = element("div", { "aria-live": "off" }, element("p", { class: "localcoder-quiet" }, words.looking));
  const result = element("p", { class: "localcoder-result", role: "status" });
  /** What the user looks at in place of a recommended one, by its id. */
  const instead = new Map<string, string>();
  const bars = new Map<string, (download: Download | undefined) => void>();
  let signature = "";
  /** Where a download connects to; shown beside the button that permits it. */
  let hosts = "";
  let tested = "";
  replaceChildren(
    place,
    element("h1", {}, words.heading),
    element("p", {}, words.text),
    choices,
    result,
    element(
      "div",
      { class: "localcoder-bar" },
      button(words.chooseFile, () => void use(actions.chooseFile()), { icon: "file" }),
      button(words.addFolder, () => void actions.addFolder(), { icon: "folder-opened" }),
      button(words.allModels, () => void features.vscode.commands.executeCommand("localcoder.models"), { icon: "table" }),
    ),
  );

  function draw(): void {
    const models = status.models();
    const downloads = new Map(status.downloads().map((download) => [download.id, download]));
    const next = JSON.stringify([models, [...downloads.values()].map(({ id, state, error }) => [id, state, error])]);
    if (models.length > 0 && next !== signature) {
      signature = next;
      bars.clear();
      const here = models.filter((model) => model.state === "reading" || (isPresent(model) && model.state === "ready"));
      const coming = models.filter(({ file, state }) => file === undefined && (state === "downloading" || state === "paused"));
      const recommended = models.filter((model) => model.recommended && ![...here, ...coming].includes(model));
      // One model is enough to begin with, so one button stands out.
      const first = models.some(({ used }) => used.length > 0) ? undefined : [...here.filter(isPresent), ...coming, ...recommended][0];
      const section = (heading: string, listed: readonly Model[]) =>
        listed.length === 0
          ? []
          : [element("h2", {}, heading), ...listed.map((model) => shownFor(model, models, downloads, model === first))];
      const sections = [...section(words.onDisk, here), ...section(words.coming, coming), ...section(words.recommended, recommended)];
      redraw(choices, ...(sections.length > 0 ? sections : [element("p", {}, words.notReached)]));
    }
    for (const [id, update] of bars) update(downloads.get(id));
    for (const download of downloads.values()) if (download.state === "done" && tested !== download.id) void test(download.id);
  }

  /** A recommended one, or the neighbour that the user wanted to see in its place. */
  function shownFor(model: Model, models: readonly Model[], downloads: ReadonlyMap<string, Download>, standsOut: boolean): HTMLElement {
    const other = models.find(({ id }) => id === instead.get(model.id));
    const shown = other?.state === "available" ? other : model;
    const look = (id: string | undefined) => {
      if (id === undefined) instead.delete(model.id);
      else instead.set(model.id, id);
      signature = "";
      draw();
    };
    return choiceOf(shown, downloads.get(shown.id), standsOut, model.file === undefined ? waysFrom(model, shown, look) : []);
  }

  function choiceOf(model: Model, download: Download | undefined, standsOut: boolean, ways: readonly HTMLElement[]): HTMLElement {
    const running = download && download.state !== "done" && download.state !== "failed" ? download : undefined;
    const paused = running?.state === "paused" || (!running && model.state === "paused");
    const bar = running && progressBar(model.name, 0);
    const text = element("div", { class: download?.state === "failed" ? "localcoder-problem" : "localcoder-quiet" });
    bars.set(model.id, (current) => {
      if (bar && current && current.bytes > 0) bar.value = current.received / current.bytes;
      text.textContent = current && current.state !== "done" ? downloadText(current) : "";
    });
    const act = (label: string, press: () => void, primary: boolean, icon?: string) =>
      button(label, press, { primary, icon, key: `${model.id} ${label}`, title: `${label}: ${model.name}` });
    const buttons =
      model.state === "reading"
        ? [element("span", { class: "localcoder-quiet" }, verbs.states.reading)]
        : isPresent(model)
          ? [
              model.used.length > 0
                ? element("span", { class: "localcoder-tag" }, words.inUse)
                : act(words.useInPlace, () => void use(actions.use(model.id)), standsOut),
            ]
          : running && !paused
            ? [act(verbs.pause, () => void actions.pause(model.id), false), act(verbs.discard, () => void actions.discard(model), false)]
            : paused
              ? [
                  act(verbs.resume, () => void actions.download(model, true), true),
                  act(verbs.discard, () => void actions.discard(model), false),
                ]
              : // The size, the licence and where it comes from stand beside the button, so it is not asked again.
                [act(verbs.download, () => void actions.download(model, true), standsOut, "cloud-download")];
    const facts = [
      sizeText(model),
      licenceText(model) && words.licence(licenceText(model)),
      model.file?.quantisation ?? model.catalogue?.quantisation,
      model.file?.contextLength && words.context(formatNumber(model.file.contextLength)),
      model.file && model.roles.length > 0 && words.suits(model.roles.map((role) => verbs.roles[role]).join(", ")),
      model.speed && verbs.speed(formatNumber(model.speed.writing)),
      model.source === "catalogue" ? words.from(hosts) : sourceText(model),
    ];
    return element(
      "div",
      { class: "localcoder-choice", ...showsDownload(model.id) },
      element("div", { class: "row" }, element("span", { class: "name" }, model.name), ...buttons),
      element("div", { class: "localcoder-quiet" }, facts.filter(Boolean).join(" · ")),
      Boolean(model.reason) && element("div", {}, model.reason),
      bar,
      text,
      ways.length > 0 && element("div", { class: "localcoder-ways" }, ...ways),
    );
  }

  async function use(chosen: Promise<Model | undefined>): Promise<void> {
    const model = await chosen;
    if (model) await test(model.id);
  }

  /** Loads the model and writes a few words: only that shows that it works here. */
  async function test(id: string): Promise<void> {
    tested = id;
    await status.refresh();
    const model = status.models().find((each) => each.id === id);
    const role = model?.used.find((each) => each === "completion") ?? model?.used[0];
    if (!model || !role) return;
    tell(words.testing(model.name), "localcoder-quiet");
    try {
      const { tokensPerSecond, backend } = await features.engine.models.test({ role });
      tell(`${model.name}: ${verbs.tested(strings.status.tokensPerSecond(tokensPerSecond), backendName(backend))}`);
    } catch (error) {
      const { message, hint } = describeError(error);
      tell(strings.errors.withHint(message, hint), "localcoder-problem");
    }
  }

  /** The list above it may have grown meanwhile and pushed it out of sight. */
  function tell(text: string, look?: string): void {
    result.className = ["localcoder-result", look].filter(Boolean).join(" ");
    result.textContent = text;
    result.scrollIntoView({ block: "nearest" });
  }

  // What was finished before this page was opened is not tried again by itself.
  tested = status.downloads().find(({ state }) => state === "done")?.id ?? "";
  opened.add(status.changes.listen(draw));
  features.engine.models.hub().then(
    (hub) => {
      hosts = hub.hosts.join(", ");
      signature = "";
      draw();
    },
    // An address that cannot be used is told when a download is asked for.
    () => undefined,
  );
  void status.refresh().then(draw);
  return opened;
}

/** The ways from a recommended model to its neighbours, and back. */
function waysFrom(model: Model, shown: Model, look: (id: string | undefined) => void): HTMLElement[] {
  if (shown !== model) return [link(words.insteadOf(model.name), () => look(undefined))];
  const { smaller, bigger } = model;
  return [
    smaller && link(words.smaller(smaller.name, formatBytes(smaller.bytes)), () => look(smaller.id)),
    bigger && !bigger.obstacle && link(words.bigger(bigger.name, formatBytes(bigger.bytes)), () => look(bigger.id)),
    // A slow answer is a matter of taste, so this one can be had all the same.
    bigger?.obstacle === "processor" &&
      link(words.slower(bigger.name, formatBytes(bigger.bytes), formatNumber(bigger.writing ?? 0)), () => look(bigger.id)),
    (bigger?.obstacle === "memory" || bigger?.obstacle === "graphics") &&
      element("span", { class: "localcoder-quiet" }, words.tooBig[bigger.obstacle](bigger.name, formatMemory(bigger.memory))),
  ].filter((way) => way instanceof HTMLElement);
}
