import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { paced } from "./paced.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("is done once for all that wanted it, and again for who wants it afterwards", () => {
  let done = 0;
  const drawing = paced(
    () => {
      done += 1;
    },
    () => 60,
  );
  drawing.want();
  vi.advanceTimersByTime(50);
  drawing.want();
  vi.advanceTimersByTime(10);
  expect(done).toBe(1);
  drawing.want();
  vi.advanceTimersByTime(60);
  expect(done).toBe(2);
  drawing.want();
  drawing.dispose();
  vi.advanceTimersByTime(60);
  expect(done).toBe(2);
});
