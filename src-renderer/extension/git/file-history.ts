import type * as vscodeApi from "vscode";
import { strings } from "../strings.ts";
import type { GitFeatures } from "./git.ts";
import { versionAddress, versionScheme } from "./version-address.ts";

const words = strings.git;

/** How many commits are asked for at once. */
const most = 100;

/** Lists the commits that changed the open file in the workbench's timeline; a click shows what each changed. */
export function registerFileHistory({ vscode, engine, repositories, own }: GitFeatures): void {
  const news = own(new vscode.EventEmitter<vscodeApi.TimelineChangeEvent | undefined>());
  const listening = new Set<unknown>();

  async function commitsOf(uri: vscodeApi.Uri): Promise<vscodeApi.TimelineItem[]> {
    const repository = repositories.of(uri);
    const path = repository?.pathOf(uri.scheme === versionScheme ? uri.with({ scheme: "file", query: "" }) : uri);
    if (repository === undefined || !path) return [];
    if (!listening.has(repository)) {
      listening.add(repository);
      let commit = repository.status()?.commit;
      own(
        repository.onChanged(() => {
          const now = repository.status()?.commit;
          if (now !== commit) news.fire(undefined);
          commit = now;
        }),
      );
    }
    const { root } = repository;
    const commits = await engine.git.history({ root, path, limit: most });
    const name = path.slice(path.lastIndexOf("/") + 1);
    return commits.map(({ id, author, time, subject }) => {
      const item = new vscode.TimelineItem(subject, time);
      const version = (commit: string) => versionAddress(vscode, { root, path, version: { commit } });
      item.id = id;
      item.iconPath = new vscode.ThemeIcon("git-commit");
      item.description = author;
      item.tooltip = `${subject}\n${author}, ${new Date(time).toLocaleString()}\n${id.slice(0, 8)}`;
      item.command = {
        command: "vscode.diff",
        title: words.commands.openChange,
        arguments: [version(`${id}^`), version(id), words.titles.commit(name, id.slice(0, 8))],
      };
      return item;
    });
  }

  own(
    vscode.workspace.registerTimelineProvider(["file", versionScheme], {
      id: "git-history",
      label: words.fileHistory,
      onDidChange: news.event,
      provideTimeline: async (uri) => ({ items: await commitsOf(uri) }),
    }),
  );
}
