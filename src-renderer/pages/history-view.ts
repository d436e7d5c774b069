import { Codicon } from "@codingame/monaco-vscode-api/vscode/vs/base/common/codicons";
import { SyncDescriptor } from "@codingame/monaco-vscode-api/vscode/vs/platform/instantiation/common/descriptors";
import {
  registerCustomView,
  ViewContainerLocation,
  ViewPaneContainer,
  viewContainerRegistry,
} from "@codingame/monaco-vscode-workbench-service-override";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import { strings } from "../extension/strings.ts";
import { prepareDates } from "./dates.ts";
import { createHistory, type HistoryBody } from "./history-body.ts";
import { backUpToFile, forgetFolder, importFromFile } from "./history-transfer.ts";

const words = strings.history;
const containerId = "localcoder-history";

/** Milliseconds after which the start of the window is over. */
const afterStart = 3000;

/** Adds the History view to the activity bar, before the Models. */
export function registerHistoryView(features: Features): void {
  /** What the commands act on, while it is open. */
  let inView: HistoryBody | undefined;
  /** Made before it is opened for the first time: its rows are in the first frame then, not two frames later. */
  let prepared: HistoryBody | undefined;
  prepareDates();
  window.setTimeout(
    () =>
      requestIdleCallback(() => {
        if (!inView) prepared = features.own(createHistory(features));
      }),
    afterStart,
  );
  const container = viewContainerRegistry.registerViewContainer(
    {
      id: containerId,
      title: { value: words.title, original: words.title },
      icon: Codicon.history,
      order: 6.5,
      ctorDescriptor: new SyncDescriptor(
        ViewPaneContainer as never,
        [containerId, { mergeViewWithContainerWhenSingleView: true }] as never,
      ),
      hideIfEmpty: false,
    },
    ViewContainerLocation.Sidebar,
  );
  features.own(
    registerCustomView({
      id: "localcoder.history.view",
      name: words.title,
      location: ViewContainerLocation.Sidebar,
      viewContainer: container,
      renderBody(body) {
        const opened = prepared ?? createHistory(features);
        prepared = undefined;
        opened.showIn(body);
        inView = opened;
        return {
          dispose() {
            if (inView === opened) inView = undefined;
            opened.dispose();
          },
        };
      },
    }),
  );
  const { commands } = features.vscode;
  const focus = async () => {
    await commands.executeCommand("localcoder.history.view.focus");
    document.querySelector<HTMLElement>(".localcoder-history input")?.focus();
  };
  const telling = (work: (features: Features) => Promise<void>) => () =>
    work(features).catch((error: unknown) => showError(features.vscode, error));
  features.own(commands.registerCommand("localcoder.history", focus));
  features.own(commands.registerCommand("localcoder.history.import", telling(importFromFile)));
  features.own(commands.registerCommand("localcoder.history.backUp", telling(backUpToFile)));
  features.own(commands.registerCommand("localcoder.history.forget", telling(forgetFolder)));
  for (const name of ["filter", "export"] as const) {
    const run = async () => {
      await focus();
      await inView?.[name]();
    };
    features.own(commands.registerCommand(`localcoder.history.${name}`, telling(run)));
  }
}
