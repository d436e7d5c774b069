import { openInMemory } from "./database.ts";
import { createStore, type Store } from "./store.ts";

/** A history that ends with the process, for folders whose sessions are kept for a session only; opened when it is first needed. */
export function createMemoryStore() {
  let opened: { readonly store: Store; close(): void } | undefined;
  return {
    open(): Store {
      if (!opened) {
        const sqlite = openInMemory();
        opened = { store: createStore(sqlite), close: () => sqlite.close() };
      }
      return opened.store;
    },
    /** None, or one. */
    opened: (): readonly Store[] => (opened ? [opened.store] : []),
    close: () => opened?.close(),
  };
}
