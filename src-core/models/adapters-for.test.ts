import { expect, test } from "vitest";
import { adaptersFor } from "./adapter-file.ts";

const model = { id: "coder", path: "/models/coder.gguf" };

test("adapters of one use come before those of the whole model, named by id or by file", () => {
  const all = { coder: ["/a"], "completion:/models/coder.gguf": ["/b"], "chat:other": ["/c"] };
  expect(adaptersFor(all, model, "completion")).toEqual(["/b"]);
  expect(adaptersFor(all, model, "chat")).toEqual(["/a"]);
  expect(adaptersFor(all, model)).toEqual(["/b", "/a"]);
});

test("an empty list for one use leaves it without", () => {
  expect(adaptersFor({ "/models/coder.gguf": ["/a"], "chat:coder": [] }, model, "chat")).toEqual([]);
  expect(adaptersFor({}, model)).toEqual([]);
});
