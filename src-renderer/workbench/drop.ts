import { getService } from "@codingame/monaco-vscode-api";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import { IHostService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/host/browser/host.service";
import type { Connection } from "../connection.ts";

/**
 * Opens what is dropped on the window from the file manager: files as editors, a folder as the workspace. The workbench
 * for browsers would open copies without a path. The explorer keeps its own meaning of a drop: copying into the folder.
 */
export function acceptDrops({ engine }: Connection): void {
  const pathOf = window.localcoder?.pathOf;
  if (!pathOf) return;
  window.addEventListener(
    "drop",
    (event) => {
      const paths = [...(event.dataTransfer?.files ?? [])].map(pathOf).filter(Boolean);
      const target = event.target instanceof Element ? event.target : undefined;
      if (paths.length === 0 || target?.closest(".explorer-folders-view, .terminal-wrapper")) return;
      event.preventDefault();
      event.stopPropagation();
      void openPaths(engine, paths);
      // The workbench hears of the end of the drag only, and so takes its marks away.
      document.dispatchEvent(new DragEvent("dragend", { bubbles: true }));
    },
    { capture: true },
  );
}

async function openPaths(engine: Connection["engine"], paths: readonly string[]): Promise<void> {
  const host = await getService(IHostService);
  const openables = await Promise.all(
    paths.map(async (path) => {
      const uri = URI.file(path);
      const { type } = await engine.workspace.open({ path });
      if (type === "directory") return { folderUri: uri };
      return path.endsWith(".code-workspace") ? { workspaceUri: uri } : { fileUri: uri };
    }),
  );
  await host.openWindow(openables, { forceReuseWindow: true });
}
