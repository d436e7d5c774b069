/** True for what a contract calls an event iterator. */
export function isStream(value: unknown): value is AsyncIterator<unknown, unknown, void> & AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
