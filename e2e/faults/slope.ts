/** A value at a time, in milliseconds. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}

/** How much a value grows in an hour: the slope of the line that fits best, without the first third, in which caches fill. */
export function growthPerHour(samples: readonly Sample[]): number {
  const used = samples.slice(Math.floor(samples.length / 3));
  if (used.length < 2) return 0;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const at = mean(used.map((sample) => sample.at));
  const value = mean(used.map((sample) => sample.value));
  const above = used.reduce((sum, sample) => sum + (sample.at - at) * (sample.value - value), 0);
  const below = used.reduce((sum, sample) => sum + (sample.at - at) ** 2, 0);
  return below === 0 ? 0 : (above / below) * 3_600_000;
}
