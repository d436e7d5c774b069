import type { Settings } from "#core/settings/schema";
import { openInMemory } from "#engine/sessions/database";
import { createSessions, type Sessions } from "#engine/sessions/sessions";

/** Threads of users who keep no history: a second message needs the first one, so they stay in memory, listed nowhere. */
export interface HiddenHistory {
  open(): Sessions;
  /** The same, where it was ever needed. */
  opened(): Sessions | undefined;
  dispose(): void;
}

/** Creates a {@link HiddenHistory}; nothing is opened before it is needed. */
export function createHiddenHistory(settings: { current(workspace?: string): Settings }): HiddenHistory {
  let history: { sessions: Sessions; close(): void } | undefined;
  return {
    open() {
      if (!history) {
        const sqlite = openInMemory();
        const kept = { current: () => ({ ...settings.current(), "localcoder.history.keep": "keep" as const }) };
        history = { sessions: createSessions({ database: { sqlite, notices: [] }, settings: kept }), close: () => sqlite.close() };
      }
      return history.sessions;
    },
    opened: () => history?.sessions,
    dispose() {
      history?.sessions.dispose();
      history?.close();
    },
  };
}
