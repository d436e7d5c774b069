/** True when an answer goes round in circles: the same lines, or the same words in a line, again and again at its end. */
export function repeatsItself(answer: string, original: string): boolean {
  return turns(lines(answer)) > Math.max(3, turns(lines(original))) || turns(lastWords(answer)) > Math.max(7, turns(lastWords(original)));
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line));
}

function lastWords(text: string): string[] {
  return text.slice(-2000).match(/\S+/g) ?? [];
}

/** How often in a row the end of a list repeats, for the best period; the last turn may be unfinished. */
function turns(items: readonly string[]): number {
  let most = 1;
  for (let period = 1; period <= Math.min(20, items.length / 2); period++) {
    let same = 0;
    while (same < items.length - period && items[items.length - 1 - same] === items[items.length - 1 - same - period]) same++;
    // A single short word repeats by chance: ) ) ) or 0 0 0.
    if (same >= period) most = Math.max(most, Math.floor(same / period) + 1);
  }
  return most;
}
