/** A place for chance to begin. */
export function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}
