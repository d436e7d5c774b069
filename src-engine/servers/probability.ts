/** The probability of a piece from those of its tokens; undefined where the server says none. */
export function probabilityOf(logarithms: readonly (number | null)[] | undefined): number | undefined {
  const known = logarithms?.filter((logarithm) => logarithm !== null);
  if (known === undefined || known.length === 0) return undefined;
  return Math.min(1, Math.exp(known.reduce((sum, logarithm) => sum + logarithm, 0)));
}
