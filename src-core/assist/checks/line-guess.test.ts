import { expect, test } from "vitest";
import { suspicionOf } from "./line-guess.ts";

const suspicion = (line: string, guess: string, probability = 0.8) => suspicionOf({ line, guess, probability });

test.each([
  ["n ^= n - 1", "n &= n - 1"],
  ["return gcd(a % b, b)", "return gcd(b, a % b)"],
  ["while True:", "while queue:"],
  ["return kth(above, k)", "return kth(above, k - num_lessoreq)"],
])("a line with a small mistake: %s", (line, guess) => expect(suspicion(line, guess)).toBeGreaterThan(0.2));

test.each([
  ["the same", "if a < b:", "if  a < b:"],
  ["another way to compare", "if hare is tortoise:", "if hare == tortoise:"],
  ["elif in place of if", "elif a[0] == b[0]:", "if a[0] == b[0]:"],
  ["another order of a sum", "value + memo[i]", "memo[i] + value"],
  ["another way to add", "sum = sum + price", "sum += price"],
  ["another name", "lesser = quicksort(rest)", "less = quicksort(rest)"],
  ["another thought", "return False", "nodesvisited.add(node)"],
])("no mistake: %s", (_name, line, guess) => expect(suspicion(line, guess)).toBe(0));

test("a surer guess speaks louder", () => {
  expect(suspicion("return a - b", "return a + b", 0.9)).toBeGreaterThan(suspicion("return a - b", "return a + b", 0.1));
});
