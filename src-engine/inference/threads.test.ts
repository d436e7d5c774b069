import { expect, test } from "vitest";
import { createThreadCount, processorTimes } from "./threads.ts";

/** A machine of four cores; each look comes a second after the one before, in which others and we used so many cores. */
function machine(most: number) {
  let time = 0;
  let times = { processors: 4, busy: 0, total: 0, own: 0 };
  const count = createThreadCount(
    most,
    () => times,
    () => time,
  );
  const pass = (others: number, own: number) => {
    time += 1000;
    times = { processors: 4, busy: times.busy + (others + own) * 1000, total: times.total + 4000, own: times.own + own * 1000 };
  };
  return {
    count,
    pass,
    second(others: number, own: number) {
      pass(others, own);
      return count();
    },
  };
}

test("all threads on an idle machine, whatever we use ourselves", () => {
  const { second } = machine(4);
  expect(second(0, 0)).toBe(4);
  expect(second(0.3, 3.7)).toBe(4);
});

test("those of others are left out, and taken again when they are free", () => {
  const { second } = machine(4);
  expect(second(1, 3)).toBe(3);
  expect(second(2.2, 1.8)).toBe(2);
  expect(second(4, 0)).toBe(1);
  expect(second(0, 1)).toBe(4);
});

test("fewer threads than cores are reduced in proportion", () => {
  const { second } = machine(2);
  expect(second(0.5, 1)).toBe(2);
  expect(second(2, 1)).toBe(1);
});

test("what others did while nothing was computed does not count", () => {
  const { second, pass } = machine(4);
  expect(second(0, 3)).toBe(4);
  for (let time = 0; time < 5; time += 1) pass(4, 0);
  expect(second(0, 3)).toBe(4);
  expect(second(3, 1)).toBe(1);
});

test("between two looks nothing changes", () => {
  const { second, count } = machine(4);
  second(3, 1);
  expect(count()).toBe(1);
});

test("this machine tells its times", () => {
  const { processors, busy, total, own } = processorTimes();
  expect(processors).toBeGreaterThan(0);
  expect(total).toBeGreaterThanOrEqual(busy);
  expect(own).toBeGreaterThan(0);
});
