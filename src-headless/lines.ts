/** A line of input; undefined stands for one that is longer than what is taken. */
export type InputLine = string | undefined;

const lineFeed = 10;

/**
 * Reads lines as they come, without their ends. A line of more bytes than `most` is passed over without being kept.
 * Throws when the signal aborts, also while nothing comes.
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array>,
  most: number,
  signal: AbortSignal,
): AsyncGenerator<InputLine, void, void> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const take = (part: Uint8Array) => {
    length += part.length;
    if (length > most) parts = [];
    else parts.push(part);
  };
  const finish = (): InputLine => {
    const line = length > most ? undefined : Buffer.concat(parts).toString("utf8").replace(/\r$/, "");
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of untilAborted(input, signal)) {
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      take(chunk.subarray(from, at));
      yield finish();
      from = at + 1;
    }
    take(chunk.subarray(from));
  }
  if (length > 0) yield finish();
}

/** What comes, until the signal aborts: then it throws, also while nothing comes. */
export async function* untilAborted<T>(input: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void, void> {
  const aborted = new Promise<never>((_, reject) => {
    const fail = () => reject(signal.reason);
    if (signal.aborted) fail();
    signal.addEventListener("abort", fail, { once: true });
  });
  aborted.catch(() => {});
  const iterator = input[Symbol.asyncIterator]();
  while (true) {
    const next = await Promise.race([iterator.next(), aborted]);
    if (next.done === true) return;
    yield next.value;
  }
}
