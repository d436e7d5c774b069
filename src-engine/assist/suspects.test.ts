import { expect, test } from "vitest";
import { temporaryFolder } from "../workspace/temporary-folder.ts";
import { suspectsOf } from "./suspects.ts";

const cart = "def total(prices):\n    return sum(prices)\n";
const trace = (path: string) => `Traceback (most recent call last):
  File "tests/test_cart.py", line 2, in test_total
    total(None)
  File "${path}", line 2, in total
    return sum(prices)
  File "/usr/lib/python3/site-packages/other.py", line 1, in other
TypeError: 'NoneType' object is not iterable
`;

test("frames are found in the workspace, own code before tests, and other people's code left out", async () => {
  using folder = temporaryFolder({ "app/cart.py": cart, "tests/test_cart.py": "def test_total():\n    total(None)\n" });
  const expected = [
    {
      path: folder.at("app/cart.py"),
      line: 2,
      symbol: "total",
      text: "return sum(prices)",
      why: "The last line of this project before the error: TypeError: 'NoneType' object is not iterable",
    },
    { path: folder.at("tests/test_cart.py"), line: 2, symbol: "test_total", text: "total(None)", why: "It called what failed." },
  ];
  expect(await suspectsOf(trace("app/cart.py"), folder.path)).toEqual(expected);
  // From another machine, or from a container.
  expect(await suspectsOf(trace("/srv/app/cart.py"), folder.path)).toEqual(expected);
});

test("files outside of the workspace, two of one name, and lines that are not there are no suspects", async () => {
  using folder = temporaryFolder({ "one/app/cart.py": cart, "two/app/cart.py": cart });
  expect(await suspectsOf(trace("/etc/passwd"), folder.path)).toEqual([]);
  expect(await suspectsOf(trace("/srv/app/cart.py"), folder.path)).toEqual([]);
  expect(await suspectsOf('File "one/app/cart.py", line 99, in x\n', folder.path)).toEqual([]);
  expect(await suspectsOf("It does not work.", folder.path)).toEqual([]);
});
