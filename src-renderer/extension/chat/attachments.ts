import type * as vscodeApi from "vscode";
import { UserError } from "#core/base/errors";
import { type Mention, mentionsOf } from "#core/chat/mentions";
import { isExcluded } from "#core/completion/exclusion";
import { isSecretFile } from "#core/context/exclusions";
import type { Attachment } from "#core/contracts/message-context";
import type { ProjectSymbol } from "#core/contracts/project";
import type { Engine } from "../../connection.ts";
import { windowWorkspace } from "../documents.ts";
import { strings } from "../strings.ts";

const words = strings.chat;

/** UTF-16 units of a file that may be attached: more fits into no model that runs here. */
const largestFile = 1_000_000;
const mostProblems = 50;
const mostFolderFiles = 400;

/** What {@link createAttaching} needs. */
export interface AttachingOptions {
  readonly vscode: typeof vscodeApi;
  readonly engine: Pick<Engine, "workspace"> & { readonly project: Pick<Engine["project"], "symbols"> };
  /** The system, as Node names it. */
  readonly platform: string;
}

/** Turns what a message mentions into what the model is shown. Every refusal is a UserError with its reason. */
export interface Attaching {
  /** All that a text mentions, in its order. */
  of(text: string): Promise<Attachment[]>;
  /** A file, or lines of it. */
  file(uri: vscodeApi.Uri, lines?: { readonly from: number; readonly to: number }): Promise<Attachment>;
  /** A file of the folder that is open, whole or in part. */
  inFolder(path: string, lines?: { readonly from: number; readonly to: number }): Promise<Attachment>;
  /** What is selected in the last editor; undefined where nothing is. */
  selection(): Attachment | undefined;
  /** What is selected, else the file that is shown. */
  shown(): Promise<Attachment | undefined>;
}

const placeOf = ({ path, from, to }: ProjectSymbol) => `#file:${path}:${from}-${to}`;

/** Creates {@link Attaching}. */
export function createAttaching({ vscode, engine, platform }: AttachingOptions): Attaching {
  const nameOf = (uri: vscodeApi.Uri) => vscode.workspace.asRelativePath(uri, false).replaceAll("\\", "/");

  function folder(): vscodeApi.Uri {
    const found = vscode.workspace.workspaceFolders?.[0]?.uri;
    if (!found) throw new UserError("NOT_FOUND", words.noFolder, words.noFolderHint);
    return found;
  }

  /** A path below the folder that is open; what lies elsewhere is not shown to a model because a text names it. */
  function inside(path: string): vscodeApi.Uri {
    const root = folder();
    const uri = /^(?:[a-z]:)?[\\/]/i.test(path) ? vscode.Uri.file(path) : vscode.Uri.joinPath(root, path);
    if (uri.path !== root.path && !uri.path.startsWith(`${root.path.replace(/\/$/, "")}/`))
      throw new UserError("OUTSIDE_WORKSPACE", words.outside(path), words.outsideHint);
    return uri;
  }

  function checkAllowed(uri: vscodeApi.Uri): void {
    const name = nameOf(uri);
    const patterns = vscode.workspace.getConfiguration("localcoder.completion", uri).get<string[]>("exclude") ?? [];
    const place = { path: uri.fsPath, workspace: windowWorkspace(vscode) };
    if (isSecretFile(name.slice(name.lastIndexOf("/") + 1)) || isExcluded(patterns, place, platform))
      throw new UserError("NO_PERMISSION", words.excluded(name), words.excludedHint);
  }

  async function file(uri: vscodeApi.Uri, lines?: { readonly from: number; readonly to: number }): Promise<Attachment> {
    checkAllowed(uri);
    const document = await open(uri);
    const text = document.getText();
    if (text.length > largestFile && !lines) throw new UserError("TOO_LARGE", words.tooLarge(nameOf(uri)), words.tooLargeHint);
    const common = { path: nameOf(uri), languageId: document.languageId };
    if (!lines) return { kind: "file", ...common, text };
    if (lines.from > document.lineCount)
      throw new UserError("POSITION_OUTSIDE_FILE", words.noSuchLine(nameOf(uri), lines.from, document.lineCount));
    const to = Math.min(lines.to, document.lineCount);
    const range = new vscode.Range(lines.from - 1, 0, to - 1, document.lineAt(to - 1).text.length);
    return { kind: "range", ...common, from: lines.from, to, text: document.getText(range) };
  }

  async function open(uri: vscodeApi.Uri): Promise<vscodeApi.TextDocument> {
    try {
      return await vscode.workspace.openTextDocument(uri);
    } catch {
      const isThere = await vscode.workspace.fs.stat(uri).then(
        ({ type }) => (type & vscode.FileType.File) !== 0,
        () => false,
      );
      if (isThere) throw new UserError("UNSUPPORTED", words.notText(nameOf(uri)));
      throw new UserError("NOT_FOUND", words.noSuchFile(nameOf(uri)), words.noSuchFileHint);
    }
  }

  async function namedFile({ name, from, to }: Mention): Promise<Attachment> {
    const lines = from === undefined ? undefined : { from, to: to ?? from };
    const uri = inside(name);
    try {
      await vscode.workspace.fs.stat(uri);
    } catch {
      // People name files without their folders.
      const [found, another] = await vscode.workspace.findFiles(`**/${name.replace(/[[\]{}*?]/g, "?")}`, undefined, 2);
      if (!found) throw new UserError("NOT_FOUND", words.noSuchFile(name), words.noSuchFileHint);
      if (another) throw new UserError("BAD_INPUT", words.severalFiles(name), words.severalFilesHint);
      return file(found, lines);
    }
    return file(uri, lines);
  }

  function selection(): Attachment | undefined {
    const editor = vscode.window.activeTextEditor;
    if (!editor || editor.selection.isEmpty) return undefined;
    const { document, selection: selected } = editor;
    checkAllowed(document.uri);
    // A selection that ends at the start of a line does not mean that line.
    const endsBefore = selected.end.character === 0 && selected.end.line > selected.start.line;
    const to = endsBefore ? selected.end.line : selected.end.line + 1;
    return {
      kind: "selection",
      path: nameOf(document.uri),
      languageId: document.languageId,
      from: selected.start.line + 1,
      to,
      text: document.getText(selected),
    };
  }

  async function symbol(name: string): Promise<Attachment> {
    const found =
      (await vscode.commands.executeCommand<vscodeApi.SymbolInformation[]>("vscode.executeWorkspaceSymbolProvider", name)) ?? [];
    const exact = found.find((one) => one.name === name || one.name === `${name}()`);
    if (exact) return definition(exact.location.uri, exact.location.range, name);
    const editor = vscode.window.activeTextEditor;
    const here = editor ? await documentSymbols(editor.document.uri) : [];
    const local = here.find((one) => one.name === name);
    if (editor && local) return definition(editor.document.uri, local.range, name);
    // No language service knows it: what the project's index has read does.
    const workspace = windowWorkspace(vscode);
    const indexed = workspace === undefined ? [] : await engine.project.symbols({ workspace, query: name }).catch(() => []);
    const [one, ...others] = indexed.filter((symbol) => symbol.name === name);
    if (one && others.length > 0)
      throw new UserError(
        "BAD_INPUT",
        words.severalSymbols(name),
        words.severalSymbolsHint([one, ...others].slice(0, 3).map(placeOf).join(" or ")),
      );
    if (one) return { ...(await file(vscode.Uri.file(one.file), one)), kind: "symbol" };
    throw new UserError("NOT_FOUND", words.noSuchSymbol(name), words.noSuchSymbolHint);
  }

  /** Workspace symbols may give only the name's place; the whole definition is wanted. */
  async function definition(uri: vscodeApi.Uri, range: vscodeApi.Range, name: string): Promise<Attachment> {
    const whole = (await documentSymbols(uri)).find((one) => one.name === name && one.range.contains(range)) ?? { range };
    const lines = { from: whole.range.start.line + 1, to: whole.range.end.line + 1 };
    return { ...(await file(uri, lines)), kind: "symbol" };
  }

  async function documentSymbols(uri: vscodeApi.Uri): Promise<{ name: string; range: vscodeApi.Range }[]> {
    const found =
      (await vscode.commands.executeCommand<(vscodeApi.DocumentSymbol | vscodeApi.SymbolInformation)[]>(
        "vscode.executeDocumentSymbolProvider",
        uri,
      )) ?? [];
    const flat = (one: vscodeApi.DocumentSymbol | vscodeApi.SymbolInformation): { name: string; range: vscodeApi.Range }[] =>
      "location" in one
        ? [{ name: one.name, range: one.location.range }]
        : [{ name: one.name, range: one.range }, ...one.children.flatMap(flat)];
    return found.flatMap(flat);
  }

  function problems(): Attachment {
    const { Error: error, Warning: warning } = vscode.DiagnosticSeverity;
    const all = vscode.languages
      .getDiagnostics()
      .flatMap(([uri, found]) => found.map((one) => ({ uri, ...one, severity: one.severity })))
      .filter(({ severity }) => severity === error || severity === warning)
      .sort((one, other) => one.severity - other.severity);
    if (all.length === 0) throw new UserError("NOT_FOUND", words.noProblems);
    const lines = all
      .slice(0, mostProblems)
      .map(
        ({ uri, range, severity, message }) =>
          `${nameOf(uri)}:${range.start.line + 1}: ${severity === error ? "error" : "warning"}: ${message}`,
      );
    const rest = all.length - mostProblems;
    if (rest > 0) lines.push(words.moreProblems(rest));
    return { kind: "problems", path: "", text: lines.join("\n"), ...(rest > 0 && { leftOut: words.problemsLeftOut(rest) }) };
  }

  async function changes(): Promise<Attachment> {
    const { diff } = await engine.workspace.uncommitted({ path: folder().fsPath });
    if (diff === "") throw new UserError("NOT_FOUND", words.noChanges);
    return { kind: "changes", path: "", languageId: "diff", text: diff };
  }

  async function listing(name: string): Promise<Attachment> {
    const uri = inside(name);
    const found = await vscode.workspace.findFiles(new vscode.RelativePattern(uri, "**/*"), undefined, mostFolderFiles + 1);
    if (found.length === 0) throw new UserError("NOT_FOUND", words.noSuchFolder(name));
    const names = found.slice(0, mostFolderFiles).map(nameOf).sort();
    const isCut = found.length > mostFolderFiles;
    if (isCut) names.push(words.moreFiles(mostFolderFiles));
    return {
      ...{ kind: "folder", path: nameOf(uri), text: names.join("\n") },
      ...(isCut && { leftOut: words.filesLeftOut(mostFolderFiles) }),
    };
  }

  async function resolve(mention: Mention): Promise<Attachment> {
    switch (mention.kind) {
      case "file":
        return namedFile(mention);
      case "selection": {
        const selected = selection();
        if (!selected) throw new UserError("BAD_INPUT", words.nothingSelected, words.nothingSelectedHint);
        return selected;
      }
      case "symbol":
        return symbol(mention.name);
      case "problems":
        return problems();
      case "changes":
        return changes();
      case "folder":
        return listing(mention.name);
    }
  }

  return {
    async of(text) {
      const found: Attachment[] = [];
      for (const mention of mentionsOf(text)) found.push(await resolve(mention));
      return found;
    },
    file,
    inFolder: (path, lines) => file(inside(path), lines),
    selection,
    async shown() {
      const uri = vscode.window.activeTextEditor?.document.uri;
      return selection() ?? (uri && (await file(uri)));
    },
  };
}
