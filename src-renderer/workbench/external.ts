import { getService, IOpenerService } from "@codingame/monaco-vscode-api";
import type { Connection } from "../connection.ts";

/** Lets the owner of the window open web addresses, as it asks the user first; in the browser the workbench does both. */
export async function openExternally({ desktop, start }: Connection): Promise<void> {
  if (start.browser) return;
  const opener = await getService(IOpenerService);
  opener.setDefaultExternalOpener({ openExternal: (url) => desktop.openExternal({ url }) });
}

/** Hosts the workbench opens without asking: all of them where somebody else asks. */
export function trustedDomains(browser: boolean): string[] {
  return browser ? [] : ["*"];
}
