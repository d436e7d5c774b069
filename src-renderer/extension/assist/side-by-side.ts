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

/** The editor of differences between a document and what is proposed for it. The proposal stays where it is kept or undone. */
export interface SideBySide {
  show(document: vscodeApi.Uri, text: string, title: string): Promise<void>;
  /** Shows another text where it is open. */
  follow(document: vscodeApi.Uri, text: () => string): void;
  /** Closes it where it is open. */
  close(document: vscodeApi.Uri): Promise<void>;
}

/** Makes {@link SideBySide}: the text of a proposal is read from here, and is no file. */
export function createSideBySide({ vscode, own }: Pick<Features, "vscode" | "own">): SideBySide {
  const texts = new Map<string, string>();
  const changed = own(new vscode.EventEmitter<vscodeApi.Uri>());
  own(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? "",
    }),
  );
  own(vscode.workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString())));
  const proposed = (document: vscodeApi.Uri) => document.with({ scheme });

  function put(uri: vscodeApi.Uri, text: string): void {
    if (texts.get(uri.toString()) === text) return;
    texts.set(uri.toString(), text);
    changed.fire(uri);
  }

  return {
    async show(document, text, title) {
      put(proposed(document), text);
      const name = document.path.slice(document.path.lastIndexOf("/") + 1);
      await vscode.commands.executeCommand("vscode.diff", document, proposed(document), strings.assist.besideTitle(title, name));
    },
    follow(document, text) {
      const uri = proposed(document);
      if (texts.has(uri.toString())) put(uri, text());
    },
    async close(document) {
      const uri = proposed(document).toString();
      if (!texts.has(uri)) return;
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      await vscode.window.tabGroups.close(
        tabs.filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === uri),
      );
    },
  };
}
