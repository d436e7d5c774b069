import { expect, test } from "vitest";
import { isShort } from "./pressure.ts";

const gigabyte = 2 ** 30;

test.each([
  [8, 2, false],
  [8, 0.3, true],
  [64, 3, false],
  [64, 2, true],
  // A machine so small that it is never far from that.
  [1, 0.3, false],
  [1, 0.2, true],
])("of %d GB with %d free: %s", (total, available, short) => {
  expect(isShort({ total: total * gigabyte, available: available * gigabyte })).toBe(short);
});
