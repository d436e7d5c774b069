import type { Features } from "./features.ts";
import { follow } from "./follow.ts";
import { strings } from "./strings.ts";

/** Says once what there is to know about the history: that it was damaged and what became of it, or that nothing can be kept. */
export function watchHistoryNotices({ engine, vscode, own }: Features): void {
  const told = new Set<string>();
  own(
    follow(
      (signal) => engine.sessions.notices(undefined, { signal }),
      (notices) => {
        for (const { message, hint } of notices) {
          if (told.has(message)) continue;
          told.add(message);
          void vscode.window.showWarningMessage(strings.errors.withHint(message, hint));
        }
      },
    ),
  );
}
