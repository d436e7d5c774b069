/** Runs work one after another per key, so that two writes to one file never mix. */
export function createSerialiser(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = last.get(key);
    const mine = (async () => {
      await before?.catch(() => {});
      return work();
    })();
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}

/** One queue for the whole process: two windows may have the same file open. */
export const serialiseByPath = createSerialiser();
