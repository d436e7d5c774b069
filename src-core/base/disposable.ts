/** Something that was opened and must be closed by whoever opened it. */
export interface Disposable {
  dispose(): void;
}

/** Turns a function into a {@link Disposable} that runs it at most once. */
export function toDisposable(run: () => void): Disposable {
  let done = false;
  return {
    dispose() {
      if (done) return;
      done = true;
      run();
    },
  };
}

/** Collects disposables and closes them in the reverse order of opening. */
export function disposableStack(): Disposable & { add<T extends Disposable>(item: T): T } {
  const items: Disposable[] = [];
  return {
    add(item) {
      items.push(item);
      return item;
    },
    dispose() {
      for (const item of items.splice(0).reverse()) item.dispose();
    },
  };
}
