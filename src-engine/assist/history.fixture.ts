import { openDatabase } from "../sessions/database.ts";
import { createSessions, type Sessions } from "../sessions/sessions.ts";
import { type TemporaryFolder, temporaryFolder } from "../workspace/temporary-folder.ts";

/** A history of a test, in a folder of its own. */
export interface TestHistory {
  readonly sessions: Sessions;
  /** Where it is kept. */
  readonly folder: TemporaryFolder;
  /** Has something disposed before the history is. */
  own(item: { dispose(): unknown }): void;
  dispose(): Promise<void>;
}

/** Opens a {@link TestHistory}. */
export function openTestHistory(settings: Parameters<typeof createSessions>[0]["settings"]): TestHistory {
  const folder = temporaryFolder();
  const database = openDatabase({ folder: folder.path });
  const sessions = createSessions({ database, settings });
  const owned: { dispose(): unknown }[] = [];
  return {
    sessions,
    folder,
    own: (item) => void owned.push(item),
    async dispose() {
      for (const item of owned) await item.dispose();
      sessions.dispose();
      database.dispose();
      folder[Symbol.dispose]();
    },
  };
}
