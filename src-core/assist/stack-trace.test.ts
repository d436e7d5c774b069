import { expect, test } from "vitest";
import { parseStackTrace } from "./stack-trace.ts";

const innermost = { path: "app/cart.py", line: 12, symbol: "total" };

test("Python tells the innermost frame last", () => {
  const trace = `Traceback (most recent call last):
  File "app/main.py", line 3, in <module>
    print(total(None))
  File "app/cart.py", line 12, in total
    return sum(prices)
TypeError: 'NoneType' object is not iterable
`;
  expect(parseStackTrace(trace)).toEqual({
    message: "TypeError: 'NoneType' object is not iterable",
    frames: [innermost, { path: "app/main.py", line: 3, symbol: "<module>" }],
  });
});

test("JavaScript tells it first, with and without names and addresses", () => {
  const trace = `/app/cart.js:12
TypeError: Cannot read properties of undefined (reading 'map')
    at total (/app/cart.js:12:17)
    at async Object.main (file:///app/main.mjs:3:1)
    at /app/index.js:1:1
    at node:internal/main/run_main_module:36:49`;
  expect(parseStackTrace(trace)).toMatchObject({
    message: "TypeError: Cannot read properties of undefined (reading 'map')",
    frames: [
      { path: "/app/cart.js", line: 12, symbol: "total" },
      { path: "/app/main.mjs", line: 3 },
      { path: "/app/index.js", line: 1 },
      { path: "node:internal/main/run_main_module", line: 36 },
    ],
  });
});

test.each([
  [
    "Java",
    'Exception in thread "main" java.lang.NullPointerException: no\n\tat app.Cart.total(Cart.java:12)\n\tat app.Main.main(Main.java:3)',
    "Cart.java",
    "app.Cart.total",
  ],
  ["C#", "System.NullReferenceException: no\n   at App.Cart.Total(Int32 a) in /app/Cart.cs:line 12", "/app/Cart.cs", "App.Cart.Total"],
  ["Go", "panic: index out of range\n\ngoroutine 1 [running]:\nmain.total(...)\n\t/app/cart.go:12 +0x1d", "/app/cart.go", "main.total"],
  ["Rust", "thread 'main' panicked at src/cart.rs:12:5:\nindex out of bounds", "src/cart.rs", undefined],
  ["Ruby", "app/cart.rb:12:in `total': undefined method (NoMethodError)\n\tfrom main.rb:3:in `<main>'", "app/cart.rb", "total"],
  ["PHP", "PHP Fatal error: Uncaught TypeError\n#0 /app/cart.php(12): total()", "/app/cart.php", "total"],
  ["a compiler", "src/cart.ts:12:5: error: no such name", "src/cart.ts", undefined],
])("%s", (_name, trace, path, symbol) => {
  expect(parseStackTrace(trace)?.frames[0]).toEqual({ path, line: 12, ...(symbol && { symbol }) });
});

test("pytest says what does not hold", () => {
  const trace = `    def test_total():
>       assert total([1, 2]) == 3
E       assert 2 == 3
E        +  where 2 = total([1, 2])

tests/test_cart.py:4: AssertionError
=== short test summary info ===
FAILED tests/test_cart.py::test_total - assert 2 == 3`;
  expect(parseStackTrace(trace)).toEqual({ message: "assert 2 == 3", frames: [{ path: "tests/test_cart.py", line: 4 }] });
});

test("a text without frames is no trace", () => {
  expect(parseStackTrace("The total is wrong.")).toBeUndefined();
  expect(parseStackTrace("")).toBeUndefined();
});
