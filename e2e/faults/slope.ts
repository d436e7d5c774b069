/** A value at a time, in milliseconds. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}

/** How much a value grows in an hour: the slope of the line that fits best. */
export function growthPerHour(samples: readonly Sample[]): number {
  if (samples.length < 2) return 0;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const at = mean(samples.map((sample) => sample.at));
  const value = mean(samples.map((sample) => sample.value));
  const above = samples.reduce((sum, sample) => sum + (sample.at - at) * (sample.value - value), 0);
  const below = samples.reduce((sum, sample) => sum + (sample.at - at) ** 2, 0);
  return below === 0 ? 0 : (above / below) * 3_600_000;
}

/** The three parts of a series: in the first one caches fill, and what still grows in the last one goes on growing. */
export function thirds(samples: readonly Sample[]): (readonly Sample[])[] {
  const third = samples.length / 3;
  return [0, 1, 2].map((part) => samples.slice(Math.round(part * third), Math.round((part + 1) * third)));
}
