/** The value below which a share of the samples lies; `share` is 0 to 1. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle value. */
export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

/** One line of a report: what, ours, the peer's where there is one, how they compare and what was aimed at. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer?: number;
  readonly peerName?: string;
  readonly aim: string;
  /** How the two compare: by their ratio if nothing else is said. */
  readonly compared?: "ratio" | "difference";
}

/** Prints figures side by side, as a table for people and nothing else. */
export function printFigures(title: string, figures: readonly Figure[]): void {
  console.log(`\n${title}`);
  const rows = figures.map((figure) => [
    figure.what,
    `ours ${figure.ours.toFixed(2)} ${figure.unit}`,
    figure.peer === undefined ? "" : `${figure.peerName} ${figure.peer.toFixed(2)} ${figure.unit}`,
    figure.peer === undefined ? "" : compare(figure, figure.peer),
    `aim ${figure.aim}`,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`);
}

function compare({ ours, unit, compared = "ratio" }: Figure, peer: number): string {
  if (compared === "ratio") return `${(ours / peer).toFixed(2)} x`;
  return `${ours < peer ? "-" : "+"}${Math.abs(ours - peer).toFixed(2)} ${unit}`;
}
