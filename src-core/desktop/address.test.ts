import { expect, test } from "vitest";
import { targetFromQuery, targetToQuery } from "./address.ts";

test("what a tab shows survives its address", () => {
  for (const target of [
    { workspace: undefined, files: [] },
    { workspace: "/home/ann/my shop & café", files: [] },
    { workspace: "C:\\shop", files: [{ path: "C:\\shop\\cart.ts", line: 12, column: 5 }] },
    { workspace: "/shop", files: [{ path: "/shop/a=b?c#d%20.ts" }, { path: "/shop/b.ts", line: 3, column: 1 }, { path: "/shop/c:4" }] },
  ]) {
    expect(targetFromQuery(targetToQuery(target))).toEqual(target);
  }
});

test("an address that is not ours shows an empty window", () => {
  for (const query of ["", "?", "?token=x", "?workspace=", "?workspace=%", "?=", "?&&"]) {
    expect(targetFromQuery(query)).toEqual({ workspace: undefined, files: [] });
  }
});
