import type { FolderChoices } from "#core/contracts/models";
import { nameOfFolder } from "../extension/documents.ts";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import type { ModelStatus } from "../extension/status/model-status.ts";
import { shortName } from "../extension/status/status-text.ts";
import { strings } from "../extension/strings.ts";
import { button, element, redraw, table } from "./dom.ts";

const words = strings.models.folder;

/** The part of the page that says what was chosen for the folder of this window alone, with the way back; without such choices it is not there. */
export function createFolderSection({ engine, vscode }: Features, status: ModelStatus): { readonly section: HTMLElement; update(): void } {
  const section = element("section", {});
  let drawn = "";

  const leave = async (work: Promise<unknown>) => {
    await work.catch((error: unknown) => showError(vscode, error));
    await status.refresh();
  };
  const nameOf = (model: string) =>
    status.names().get(model) ?? strings.models.roles[model as keyof typeof strings.models.roles] ?? shortName(model);

  function rowsOf({ folder: here, models, adapters }: FolderChoices): HTMLElement[] {
    const row = (use: string, choice: string, folder: string, work: () => Promise<unknown>) =>
      element(
        "tr",
        {},
        element("td", {}, use),
        element(
          "td",
          { class: "localcoder-selectable" },
          choice,
          folder !== here && element("div", { class: "localcoder-quiet" }, words.around(folder)),
        ),
        element(
          "td",
          {},
          button(words.leave, () => void leave(work()), { key: `${use} ${folder}`, title: `${words.leave}: ${use}` }),
        ),
      );
    return [
      ...models.map(({ role, model, folder }) =>
        row(strings.models.roles[role], nameOf(model), folder, () => engine.models.leaveFolderChoice({ folder, role })),
      ),
      ...adapters.map(({ model, use, folder = here, files }) =>
        row(
          words.adapters(nameOf(model), strings.models.adapters.uses[use ?? "all"]),
          files.map(shortName).join(", ") || words.noAdapters,
          folder,
          () => engine.models.setAdapters({ model, use, folder, files: [] }),
        ),
      ),
    ];
  }

  return {
    section,
    update() {
      const choices = status.folder();
      const rows = choices ? rowsOf(choices) : [];
      const now = rows.map(({ textContent }) => textContent).join("\n");
      if (now === drawn) return;
      drawn = now;
      if (!choices || rows.length === 0) return redraw(section);
      const title = words.title(nameOfFolder(choices.folder));
      const columns = Object.values(words.columns);
      redraw(section, element("h2", {}, title), element("p", { class: "localcoder-quiet" }, words.intro), table(title, columns, rows));
    },
  };
}
