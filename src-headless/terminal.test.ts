import { expect, test } from "vitest";
import { bar, createTerminal, table } from "./terminal.ts";

function open(options: { tty?: boolean; json?: boolean; env?: NodeJS.ProcessEnv } = {}) {
  const written = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr") => ({
    isTTY: options.tty ?? false,
    columns: 40,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const terminal = createTerminal({
    json: options.json ?? false,
    stdout: output("stdout"),
    stderr: output("stderr"),
    env: options.env ?? {},
  });
  return { terminal, written };
}

test("a pipe gets neither colour nor progress", () => {
  const { terminal, written } = open();
  terminal.progress("half");
  terminal.print(terminal.style("red", "data"));
  terminal.note("said");
  expect(written).toEqual({ stdout: "data\n", stderr: "said\n" });
});

test("a terminal gets both, and progress leaves no trace", () => {
  const { terminal, written } = open({ tty: true });
  terminal.progress("half");
  terminal.progress("x".repeat(100));
  terminal.print(terminal.style("red", "data"));
  expect(written.stdout).toBe("\u001b[31mdata\u001b[39m\n");
  expect(written.stderr).toBe(`half\r\u001b[K${"x".repeat(39)}\r\u001b[K`);
});

test("NO_COLOR and dumb terminals are honoured, and JSON is never interrupted", () => {
  expect(open({ tty: true, env: { NO_COLOR: "1" } }).terminal.style("red", "data")).toBe("data");
  expect(open({ tty: true, env: { NO_COLOR: "" } }).terminal.style("red", "data")).not.toBe("data");
  expect(open({ tty: true, env: { TERM: "dumb" } }).terminal.style("red", "data")).toBe("data");
  const { terminal, written } = open({ tty: true, json: true });
  terminal.progress("half");
  expect(written.stderr).toBe("");
  expect(terminal.interactive).toBe(false);
});

test("bars and tables are as wide as they should be", () => {
  expect(bar(0.5, 4)).toBe("━━── 50 %");
  expect(bar(2, 2)).toBe("━━ 100 %");
  expect(
    table([
      ["a", "long", "x"],
      ["bbb", "c", "y z"],
    ]),
  ).toEqual(["a    long  x", "bbb  c     y z"]);
});
