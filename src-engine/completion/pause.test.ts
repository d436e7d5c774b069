import { expect, test, vi } from "vitest";
import { createPause } from "./pause.ts";

test("a pause ends by itself, says so, and can be ended before", () => {
  vi.useFakeTimers({ now: 1_000_000 });
  try {
    const pause = createPause();
    const told: (number | undefined)[] = [];
    pause.changes.listen(() => told.push(pause.until()));
    pause.set(10);
    vi.advanceTimersByTime(9 * 60_000);
    expect(pause.until()).toBe(1_600_000);
    vi.advanceTimersByTime(61_000);
    expect(pause.until()).toBeUndefined();
    pause.set(5);
    pause.set(0);
    vi.advanceTimersByTime(10 * 60_000);
    expect(told).toEqual([1_600_000, undefined, 1_901_000, undefined]);
    pause.dispose();
  } finally {
    vi.useRealTimers();
  }
});
