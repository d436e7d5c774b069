import { getService, ICommandService } from "@codingame/monaco-vscode-api";
import { Emitter } from "@codingame/monaco-vscode-api/vscode/vs/base/common/event";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import { IHostService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/host/browser/host.service";
import getHostServiceOverride from "@codingame/monaco-vscode-host-service-override";
import type { InferContractRouterOutputs } from "@orpc/contract";
import { assertNever } from "#core/base/errors";
import type { desktopContract, WindowTarget } from "#core/contracts/desktop";
import type { Connection } from "../connection.ts";
import { shutDown } from "./shut-down.ts";

type Requests = InferContractRouterOutputs<typeof desktopContract>["requests"];
type WindowRequest = Requests extends AsyncIterator<infer T, unknown, unknown> ? T : never;

const fullScreen = new Emitter<boolean>();

/** The window itself: full screen is the owner's business, and its news come with the requests. */
export function hostServices({ desktop, start }: Connection) {
  return getHostServiceOverride(
    start.browser ? {} : { toggleFullScreen: () => desktop.toggleFullScreen(), onDidChangeFullScreen: fullScreen.event },
  );
}

/** Carries out what the native menu, the system and a second start of the application ask of this window. */
export async function answerRequests(connection: Connection): Promise<never> {
  for (;;) {
    try {
      for await (const request of await connection.desktop.requests()) await answer(connection, request);
    } catch {
      // The host of the browser version was restarted; its next connection is asked again.
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

async function answer(connection: Connection, request: WindowRequest): Promise<void> {
  switch (request.type) {
    case "command": {
      const commands = await getService(ICommandService);
      // Not awaited: a command may ask the user something, and the next request must not wait for that.
      void commands.executeCommand(request.command, ...request.arguments).catch((error) => console.error(error));
      break;
    }
    case "open":
      void openFiles(request.files);
      break;
    case "fullscreen":
      fullScreen.fire(request.on);
      break;
    case "close":
      void shutDown(connection);
      break;
    default:
      assertNever(request);
  }
}

/** Opens files in this window, each at its line where one is given. */
export async function openFiles(files: WindowTarget["files"]): Promise<void> {
  const host = await getService(IHostService);
  const places = files.map(({ path, line, column }) => ({
    fileUri: URI.file(path).with({ fragment: line ? `L${line}${column ? `,${column}` : ""}` : "" }),
  }));
  if (places.length > 0) await host.openWindow(places, { forceReuseWindow: true });
}
