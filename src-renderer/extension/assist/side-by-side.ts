import type * as vscodeApi from "vscode";
import type { Features } from "../features.ts";
import { strings } from "../strings.ts";
import type { ProposedChange } from "./proposal.ts";

const scheme = "localcoder-proposal";

/** The lines of a document with changes of a block, which begins at line `first` (from 1). */
export function withChanges(lines: readonly string[], first: number, changes: readonly ProposedChange[]): string[] {
  const all = [...lines];
  // From the end, so that what stands before stays where it is.
  for (const { start, removed, added } of [...changes].reverse()) all.splice(first - 1 + start, removed, ...added);
  return all;
}

/** Opens the editor of differences on a document and what is proposed for it. The proposal stays where it is kept or undone. */
export type ShowBeside = (document: vscodeApi.Uri, text: string, title: string) => Promise<void>;

/** Makes {@link ShowBeside}: the text of a proposal is read from here, and is no file. */
export function createSideBySide({ vscode, own }: Pick<Features, "vscode" | "own">): ShowBeside {
  const texts = new Map<string, string>();
  const changed = own(new vscode.EventEmitter<vscodeApi.Uri>());
  own(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? "",
    }),
  );
  own(vscode.workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString())));
  return async (document, text, title) => {
    const uri = document.with({ scheme });
    texts.set(uri.toString(), text);
    changed.fire(uri);
    const name = document.path.slice(document.path.lastIndexOf("/") + 1);
    await vscode.commands.executeCommand("vscode.diff", document, uri, strings.assist.besideTitle(title, name));
  };
}
