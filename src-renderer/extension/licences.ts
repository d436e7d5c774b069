import { showError } from "./errors.ts";
import type { Features } from "./features.ts";

const scheme = "localcoder-licence";

/** Opens the licence of the program, and the licences of everything in it, as texts that can be read and searched. */
export function registerLicences({ engine, vscode, own }: Features): void {
  const show = async (path: string) => {
    // Asked here as well, because the workbench would wrap the reason why there is none into words of its own.
    await engine.licences.read();
    const document = await vscode.workspace.openTextDocument(vscode.Uri.from({ scheme, path }));
    await vscode.window.showTextDocument(document, { preview: false });
  };
  const open = (path: string) => () => show(path).catch((error: unknown) => showError(vscode, error));
  own(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      async provideTextDocumentContent({ path }) {
        const licences = await engine.licences.read();
        return path === ownPath ? licences.own : licences.others;
      },
    }),
  );
  own(vscode.commands.registerCommand("localcoder.licence", open(ownPath)));
  own(vscode.commands.registerCommand("localcoder.thirdPartyNotices", open(othersPath)));
}

// They stand on the tabs.
const ownPath = "/LICENSE.txt";
const othersPath = "/THIRD_PARTY_NOTICES.txt";
