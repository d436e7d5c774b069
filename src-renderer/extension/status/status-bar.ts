import type { WaitingRequests } from "../assist/waiting-requests.ts";
import type { Features } from "../features.ts";
import type { EngineNews } from "../ghost-text/news.ts";
import type { GhostText } from "../ghost-text/provider.ts";
import type { GhostTextSwitch } from "../ghost-text/switch.ts";
import { formatTime, strings } from "../strings.ts";
import { createCalm } from "./calm.ts";
import { nameOfLanguage } from "./menu.ts";
import type { ModelStatus } from "./model-status.ts";
import { statusText } from "./status-text.ts";

/** Puts the one entry into the status bar that says everything at a glance. */
export function registerStatusBar(
  features: Features,
  status: ModelStatus,
  ghostSwitch: GhostTextSwitch,
  ghostText: GhostText,
  engineNews: EngineNews,
  waiting: WaitingRequests,
): void {
  const { vscode, own } = features;
  const item = own(vscode.window.createStatusBarItem("localcoder.status", vscode.StatusBarAlignment.Right, 1000));
  item.name = strings.status.label;
  item.command = "localcoder.menu";
  let last: string | undefined;
  let drawn = "";

  const draw = () => {
    const document = vscode.window.activeTextEditor?.document;
    const language = document?.languageId;
    const everywhere = !ghostSwitch.everywhere();
    const pausedUntil = engineNews.pausedUntil();
    const { text, tooltip, kind } = statusText({
      states: status.states(),
      downloads: status.downloads(),
      names: status.names(),
      ownRoles: status.folder()?.models.map(({ role }) => role) ?? [],
      off: {
        everywhere,
        language: language && !everywhere && !ghostSwitch.forLanguage(language) ? nameOfLanguage(language) : undefined,
        file: document !== undefined && ghostSwitch.excludes(document),
      },
      pausedUntil: pausedUntil === undefined ? undefined : formatTime(pausedUntil),
      last,
      waiting: waiting.count(),
    });
    // The same entry is not written again.
    const next = [text, kind, ...tooltip].join("\n");
    if (next === drawn) return;
    drawn = next;
    item.text = text;
    item.tooltip = tooltip.join("\n");
    item.accessibilityInformation = {
      label: [strings.status.label, text.replace(/\$\([^)]*\)\s*/g, ""), ...tooltip].join(". "),
      role: "button",
    };
    item.backgroundColor = kind === "warning" ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  };

  const calm = own(createCalm(draw));
  own(status.changes.listen(calm.now));
  own(status.stateChanges.listen(calm.soon));
  own(engineNews.pauses.listen(calm.now));
  own(waiting.changes.listen(calm.now));
  own(
    ghostText.news.listen((text) => {
      last = text;
      calm.soon();
    }),
  );
  own(
    vscode.window.onDidChangeActiveTextEditor(() => {
      last = undefined;
      calm.now();
    }),
  );
  own(vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("localcoder") && calm.now()));
  draw();
  item.show();
}
