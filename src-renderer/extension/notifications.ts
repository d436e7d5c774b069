import type { Download } from "#core/contracts/models";
import type { Session } from "#core/contracts/sessions";
import { windowWorkspace } from "./documents.ts";
import type { Features } from "./features.ts";
import { follow } from "./follow.ts";
import { strings } from "./strings.ts";

const words = strings.notifications;

/** Tells that something long has ended, to whom has said so in the settings and looks elsewhere meanwhile. */
export function notifyOfEnds(features: Features): void {
  const { engine, vscode, own } = features;
  const busy = new Set<string>();

  async function tell(id: string, title: string, text: string): Promise<void> {
    if (document.hasFocus()) return;
    const { settings } = await engine.settings.read({});
    const where = settings["localcoder.notifications"];
    if (where === "off" || isToldElsewhere(id)) return;
    if (where === "window") void vscode.window.showInformationMessage(`${title}: ${text}`);
    else await showBySystem(features, title, text);
  }

  function onDownload({ id, name = id, state, error }: Download): void {
    const isOver = state === "done" || state === "failed";
    if (!isOver) busy.add(`download ${id}`);
    else if (busy.delete(`download ${id}`))
      void tell(`download ${id} ${state}`, name, state === "done" ? words.downloaded : (error?.message ?? words.failed));
  }

  function onSession({ id, title, state, updated, workspace }: Session): void {
    if (state === "running") busy.add(`session ${id}`);
    else if (busy.delete(`session ${id}`) && state !== "stopped" && workspace === windowWorkspace(vscode))
      void tell(`session ${id} ${updated}`, title, state === "done" ? words.answered : words.failed);
  }

  let isScheduled = false;
  async function look(): Promise<void> {
    isScheduled = false;
    for (const session of await engine.sessions.list({ limit: 10 })) onSession(session);
  }
  own(
    follow(
      (signal) => engine.models.downloads(undefined, { signal }),
      (all) => all.forEach(onDownload),
    ),
  );
  own(
    follow(
      (signal) => engine.sessions.changes(undefined, { signal }),
      () => {
        // An answer changes its session with each piece.
        if (isScheduled) return;
        isScheduled = true;
        setTimeout(() => void look().catch(() => {}), 300);
      },
    ),
  );
}

/** Windows share a storage, and each sees the same end: the first one tells. */
function isToldElsewhere(id: string): boolean {
  const key = "localcoder.lastNotification";
  if (localStorage.getItem(key) === id) return true;
  localStorage.setItem(key, id);
  return false;
}

async function showBySystem({ desktop, start }: Features, title: string, text: string): Promise<void> {
  if (!start.browser) return desktop.notify({ title, text });
  if ((await Notification.requestPermission()) === "granted") new Notification(title, { body: text, silent: true });
}
