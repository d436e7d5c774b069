import type * as vscodeApi from "vscode";
import { fileSpokenOf } from "#core/chat/spoken-of";
import type { Attachment } from "#core/contracts/message-context";
import type { Citation } from "#core/contracts/project";
import { type CitationLookup, checkCitations, namedPlaces } from "#core/project/citations";
import type { Engine } from "../../connection.ts";
import { windowWorkspace } from "../documents.ts";
import { isFileHere } from "./places.ts";

/** What {@link citationsOf} asks. */
export interface Citing {
  readonly vscode: typeof vscodeApi;
  readonly engine: { readonly project: Pick<Engine["project"], "checkCitations"> };
}

/**
 * What an answer names, and whether it is there. Names in code are doubted only in an answer from the project: others may well speak of
 * what is elsewhere. @param attachments of the conversation
 */
export async function citationsOf({ vscode, engine }: Citing, text: string, attachments: readonly Attachment[]): Promise<Citation[]> {
  const workspace = windowWorkspace(vscode);
  if (workspace === undefined || namedPlaces(text).length === 0) return [];
  const isFromProject = attachments.some(({ kind }) => kind === "found");
  try {
    const found = await engine.project.checkCitations({ workspace, text, about: fileSpokenOf(attachments) });
    return found.filter(({ valid, path, kind }) => (valid ? path !== undefined : kind !== "symbol" || isFromProject));
  } catch {
    // Without an index it is known only which files there are.
    return (await checkCitations(text, filesOf(vscode))).filter(({ valid, path }) => valid && path !== undefined);
  }
}

function filesOf(vscode: typeof vscodeApi): CitationLookup {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return {
    async file(path) {
      if (!folder || !(await isFileHere(vscode, path))) return undefined;
      return { path, file: vscode.Uri.joinPath(folder, path).fsPath, lines: Number.MAX_SAFE_INTEGER };
    },
    symbol: async () => undefined,
  };
}
