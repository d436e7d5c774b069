import type * as vscodeApi from "vscode";
import type { GitChange } from "#core/contracts/git";
import type { Features } from "../features.ts";
import { strings } from "../strings.ts";
import type { Repository } from "./repository.ts";
import { fileAddress } from "./version-address.ts";

const words = strings.git;

/** Letters and colours of changed files, and grey for ignored ones, wherever the workbench lists files. */
export function registerDecorations(
  features: Features,
  repositoryOf: (uri: vscodeApi.Uri) => Repository | undefined,
): { changed(repository: Repository): void } {
  const { vscode, engine, own } = features;
  const news = own(new vscode.EventEmitter<vscodeApi.Uri[] | undefined>());
  /** Whether Git ignores a path, by repository; forgotten when a list of what is ignored changes. */
  const ignored = new Map<Repository, Map<string, Promise<boolean>>>();
  const questions = new Map<Repository, { readonly paths: string[]; readonly answer: Promise<ReadonlySet<string>> }>();

  /** Asks about the paths that are looked for at the same time in one go. */
  function isIgnored(repository: Repository, path: string): Promise<boolean> {
    const known = ignored.get(repository) ?? new Map<string, Promise<boolean>>();
    ignored.set(repository, known);
    const answered = known.get(path);
    if (answered) return answered;
    let question = questions.get(repository);
    if (question === undefined) {
      const paths: string[] = [];
      const answer = new Promise<void>((resolve) => setTimeout(resolve, 50))
        .then(() => {
          questions.delete(repository);
          return engine.git.ignored({ root: repository.root, paths });
        })
        .then(
          (found) => new Set(found),
          () => new Set<string>(),
        );
      question = { paths, answer };
      questions.set(repository, question);
    }
    question.paths.push(path);
    const answer = question.answer.then((found) => found.has(path));
    known.set(path, answer);
    return answer;
  }

  async function decorate(uri: vscodeApi.Uri): Promise<vscodeApi.FileDecoration | undefined> {
    const repository = uri.scheme === "file" ? repositoryOf(uri) : undefined;
    const path = repository?.pathOf(uri);
    if (repository?.status() === undefined || !path || path === ".git" || path.startsWith(".git/")) return undefined;
    const change = repository.changeAt(path);
    if (change) return decorationOf(vscode, change);
    if (repository.hasChangesBelow(path)) return undefined;
    if (!(await isIgnored(repository, path))) return undefined;
    return { color: new vscode.ThemeColor("gitDecoration.ignoredResourceForeground"), propagate: false };
  }

  own(vscode.window.registerFileDecorationProvider({ onDidChangeFileDecorations: news.event, provideFileDecoration: decorate }));
  const lists = own(vscode.workspace.createFileSystemWatcher("**/.gitignore"));
  const forget = () => {
    ignored.clear();
    news.fire(undefined);
  };
  for (const event of [lists.onDidChange, lists.onDidCreate, lists.onDidDelete]) own(event(forget));

  /** The files that were decorated, by repository. */
  const decorated = new Map<Repository, readonly vscodeApi.Uri[]>();
  return {
    changed(repository) {
      // What was looked at before anything was known of the repository is looked at again, for what is ignored.
      if (!decorated.has(repository)) news.fire(undefined);
      const files = (repository.status()?.changes ?? []).map(({ path }) => fileAddress(vscode, repository.root, path));
      news.fire([...(decorated.get(repository) ?? []), ...files]);
      decorated.set(repository, files);
    },
  };
}

/** By what became of a file: the letter beside its name and the colour of both. */
const looks = {
  modified: ["M", "modified"],
  added: ["A", "added"],
  deleted: ["D", "deleted"],
  renamed: ["R", "renamed"],
  copied: ["C", "renamed"],
  retyped: ["T", "modified"],
  untracked: ["U", "untracked"],
} as const;

function decorationOf(vscode: typeof vscodeApi, { conflict, staged, unstaged }: GitChange): vscodeApi.FileDecoration | undefined {
  const color = (name: string) => new vscode.ThemeColor(`gitDecoration.${name}ResourceForeground`);
  if (conflict) return { badge: "!", tooltip: words.states[conflict], color: color("conflicting"), propagate: true };
  const state = unstaged ?? staged;
  if (state === undefined) return undefined;
  const [badge, name] = looks[state];
  const ofIndex = unstaged === undefined && (name === "modified" || name === "deleted");
  const colorName = ofIndex ? `stage${name[0]?.toUpperCase()}${name.slice(1)}` : name;
  return { badge, tooltip: words.states[state], color: color(colorName), propagate: state !== "deleted" };
}
