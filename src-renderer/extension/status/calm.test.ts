import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createCalm } from "./calm.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("changes are drawn once they have settled, and once a second where they never do", () => {
  let drawn = 0;
  const calm = createCalm(() => {
    drawn += 1;
  });
  for (let key = 0; key < 5; key++) {
    calm.soon();
    vi.advanceTimersByTime(100);
  }
  expect(drawn).toBe(0);
  vi.advanceTimersByTime(300);
  expect(drawn).toBe(1);
  for (let key = 0; key < 30; key++) {
    calm.soon();
    vi.advanceTimersByTime(100);
  }
  expect(drawn).toBeGreaterThanOrEqual(3);
  expect(drawn).toBeLessThanOrEqual(5);
});

test("what is drawn at once takes along what waits", () => {
  let drawn = 0;
  const calm = createCalm(() => {
    drawn += 1;
  });
  calm.soon();
  calm.now();
  vi.advanceTimersByTime(2000);
  expect(drawn).toBe(1);
});
