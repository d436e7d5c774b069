import { expect, test } from "vitest";
import type { Project } from "../project/project.ts";
import { temporaryFolder } from "../workspace/temporary-folder.ts";
import { suspectsOf as suspectsWith } from "./suspects.ts";

/** What the index has; nothing unless said. */
const indexed = (...found: Awaited<ReturnType<Project["symbols"]>>): Pick<Project, "symbols"> => ({
  symbols: async ({ query }) => found.filter(({ name }) => name.includes(query)),
});
const suspectsOf = (trace: string, workspace: string, project = indexed()) => suspectsWith(trace, workspace, project);

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

test("where a test alone is named, the function that it calls is suspect, the one that it imports", async () => {
  const test = `if use_correct:
    from correct_app.cart import total
else:
    from app.cart import total

def test_total():
    expected = 3
    result = total([1, 2])
    assert list(result) == expected
`;
  using folder = temporaryFolder({
    "app/cart.py": cart,
    "correct_app/cart.py": cart,
    "Lists.java": "list()",
    "app/lists.py": "list()",
    "other/cart.py": cart,
    "tests/test_cart.py": test,
  });
  const at = (path: string, name = "total") => ({ name, path, file: folder.at(path), from: 1, to: 2 });
  const index = indexed(
    at("Lists.java", "list"),
    at("app/lists.py", "list"),

    at("other/cart.py"),
    at("correct_app/cart.py"),
    at("app/cart.py"),
    at("tests/test_cart.py"),
    at("app/cart.py", "total_of"),
  );
  const found = await suspectsOf("E   assert 1 == 3\n\ntests/test_cart.py:9: AssertionError\n", folder.path, index);
  expect(found).toEqual([
    {
      path: folder.at("app/cart.py"),
      line: 1,
      symbol: "total",
      text: "def total(prices):",
      why: "The test that failed calls it: assert 1 == 3",
    },
    { path: folder.at("tests/test_cart.py"), line: 9, text: "assert list(result) == expected", why: "It was raised here: assert 1 == 3" },
  ]);
  expect(await suspectsOf("tests/test_cart.py:9: AssertionError\n", folder.path)).toHaveLength(1);
});
