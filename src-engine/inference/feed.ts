/** Values that are pushed at one end and read at the other. */
export interface Feed<Value> {
  push(value: Value): void;
  end(): void;
  /** All values in order, until the end. */
  values(): AsyncGenerator<Value, void, void>;
}

/** Creates a {@link Feed}. */
export function createFeed<Value>(): Feed<Value> {
  let waiting: Value[] = [];
  let ended = false;
  let wake: () => void = () => {};
  return {
    push(value) {
      waiting.push(value);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async *values() {
      while (true) {
        const ready = waiting;
        waiting = [];
        yield* ready;
        if (waiting.length > 0) continue;
        if (ended) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
