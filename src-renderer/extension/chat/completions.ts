import type * as vscodeApi from "vscode";
import { chatCommands } from "#core/chat/commands";
import { mentionKinds, mentionText, namedMentions, projectMention, wordToComplete } from "#core/chat/mentions";
import type { ProjectSymbol } from "#core/contracts/project";
import type { Engine } from "../../connection.ts";
import { windowWorkspace } from "../documents.ts";
import { strings } from "../strings.ts";

/** Something that can be put in the place of the word before the cursor. */
export interface Completion {
  readonly label: string;
  readonly about: string;
  readonly icon: string;
  /** What is written; where more is to follow, the list opens again. */
  readonly insert: string;
  readonly goesOn: boolean;
}

/** What there is to choose, and where it would stand. */
export interface Completions {
  readonly start: number;
  readonly items: readonly Completion[];
}

const words = strings.chat;
const mostItems = 12;

const icons = {
  file: "file",
  selection: "selection",
  symbol: "symbol-method",
  problems: "warning",
  changes: "git-commit",
  folder: "folder",
};

/** What {@link completionsAt} looks things up in. */
export interface Completing {
  readonly vscode: typeof vscodeApi;
  readonly engine: { readonly project: Pick<Engine["project"], "symbols"> };
}

/** What fits to the word before the cursor of a message. */
export async function completionsAt(where: Completing, text: string, cursor: number): Promise<Completions | undefined> {
  const { vscode } = where;
  const found = wordToComplete(text, cursor);
  if (!found) return undefined;
  const { start, word } = found;
  if (word.startsWith("/")) return { start, items: commandsFor(word.slice(1).toLowerCase()) };
  if (word.startsWith("@")) return { start, items: projectMention.startsWith(word.toLowerCase()) ? [projectItem()] : [] };
  const [, kind = "", typed] = /^#([a-z]*)(?::"?([^"]*))?$/.exec(word) ?? [];
  if (typed === undefined) {
    const kinds = mentionKinds.filter((one) => one.startsWith(kind)).map((one) => kindItem(one));
    // A word that names no kind is taken as the beginning of a file's name.
    return { start, items: kinds.length > 0 ? kinds : await files(vscode, word.slice(1)) };
  }
  if (kind === "file") return { start, items: await files(vscode, typed) };
  if (kind === "folder") return { start, items: await folders(vscode, typed) };
  if (kind === "symbol") return { start, items: await symbols(where, typed) };
  return undefined;
}

function commandsFor(typed: string): Completion[] {
  return (
    chatCommands
      .filter(({ name }) => name.startsWith(typed))
      // What is typed whole comes first, so that Enter sends it.
      .sort((one, other) => Number(other.name === typed) - Number(one.name === typed))
      .map(({ name, about, takes }) => ({
        label: `/${name}`,
        about,
        icon: "terminal",
        insert: takes === "" ? `/${name}` : `/${name} `,
        goesOn: false,
      }))
  );
}

function projectItem(): Completion {
  return { label: projectMention, about: words.mentionProject, icon: "search", insert: `${projectMention} `, goesOn: false };
}

function kindItem(kind: (typeof mentionKinds)[number]): Completion {
  const named = namedMentions.includes(kind);
  return {
    label: `#${kind}`,
    about: words.mentions[kind],
    icon: icons[kind],
    insert: named ? `#${kind}:` : `${mentionText(kind)} `,
    goesOn: named,
  };
}

async function found(vscode: typeof vscodeApi, typed: string, most: number): Promise<readonly string[]> {
  // Every letter in any case, since globs tell them apart.
  const letters = [...typed].map((letter) =>
    /[a-z]/i.test(letter) ? `[${letter.toLowerCase()}${letter.toUpperCase()}]` : /[[\]{}*?!]/.test(letter) ? "?" : letter,
  );
  const pattern = typed.includes("/") ? `**/${letters.join("")}*` : `**/*${letters.join("")}*`;
  const uris = await vscode.workspace.findFiles(typed === "" ? "**/*" : pattern, undefined, most);
  return uris.map((uri) => vscode.workspace.asRelativePath(uri, false).replaceAll("\\", "/"));
}

async function files(vscode: typeof vscodeApi, typed: string): Promise<Completion[]> {
  const open = vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input }) =>
      input instanceof vscode.TabInputText && input.uri.scheme === "file" ? [vscode.workspace.asRelativePath(input.uri, false)] : [],
    )
    .filter((name) => name.toLowerCase().includes(typed.toLowerCase()));
  const all = [...new Set([...open, ...(await found(vscode, typed, 60))])];
  // Names that begin with what was typed, and short paths, first; what is open before all.
  const rank = (name: string) => (open.includes(name) ? 0 : baseOf(name).toLowerCase().startsWith(typed.toLowerCase()) ? 1 : 2);
  all.sort((one, other) => rank(one) - rank(other) || one.length - other.length);
  return all.slice(0, mostItems).map((name) => item(baseOf(name), name, "file", mentionText("file", name)));
}

async function folders(vscode: typeof vscodeApi, typed: string): Promise<Completion[]> {
  const paths = await found(vscode, "", 3000);
  const all = new Set(
    paths.flatMap((path) =>
      path
        .split("/")
        .slice(0, -1)
        .map((_, index, parts) => parts.slice(0, index + 1).join("/")),
    ),
  );
  const fitting = [...all]
    .filter((path) => path.toLowerCase().includes(typed.toLowerCase()))
    .sort((one, other) => one.length - other.length);
  return fitting.slice(0, mostItems).map((path) => item(baseOf(path), path, "folder", mentionText("folder", path)));
}

async function symbols({ vscode, engine }: Completing, typed: string): Promise<Completion[]> {
  const uri = vscode.window.activeTextEditor?.document.uri;
  const here = uri
    ? ((await vscode.commands.executeCommand<(vscodeApi.DocumentSymbol | vscodeApi.SymbolInformation)[]>(
        "vscode.executeDocumentSymbolProvider",
        uri,
      )) ?? [])
    : [];
  const flat = (one: vscodeApi.DocumentSymbol | vscodeApi.SymbolInformation): string[] =>
    "children" in one ? [one.name, ...one.children.flatMap(flat)] : [one.name];
  const place = uri ? vscode.workspace.asRelativePath(uri, false).replaceAll("\\", "/") : "";
  const names = [...new Set(here.flatMap(flat).map(plainName))].filter((name) => name.toLowerCase().includes(typed.toLowerCase()));
  const everywhere = (await symbolsEverywhere(engine, windowWorkspace(vscode), typed)).filter(({ path }) => path !== place);
  const isOnlyOne = (name: string) => !names.includes(name) && everywhere.filter((one) => one.name === name).length === 1;
  return [
    ...names.map((name) => item(name, place, icons.symbol, mentionText("symbol", name))),
    // Of several with one name the lines say which is meant.
    ...everywhere.map(({ name, path, from, to }) =>
      item(name, path, icons.symbol, isOnlyOne(name) ? mentionText("symbol", name) : mentionText("file", `${path}:${from}-${to}`)),
    ),
  ].slice(0, mostItems);
}

/** What the project's index knows; nothing where it is switched off. */
async function symbolsEverywhere(
  engine: Completing["engine"],
  workspace: string | undefined,
  query: string,
): Promise<readonly ProjectSymbol[]> {
  if (workspace === undefined || query === "") return [];
  return engine.project.symbols({ workspace, query, wait: 2000 }).catch(() => []);
}

/** The language service writes functions with parentheses. */
function plainName(name: string): string {
  return name.replace(/\(\)$/, "");
}

function item(label: string, about: string, icon: string, insert: string): Completion {
  return { label, about, icon, insert: `${insert} `, goesOn: false };
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
