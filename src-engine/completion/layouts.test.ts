import { copyFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { defaultLayout } from "#core/completion/calibration/score";
import type { Calibration } from "#core/contracts/models";
import { openDatabase, openInMemory } from "../sessions/database.ts";
import { temporaryFolder } from "../workspace/temporary-folder.ts";
import { createLayouts } from "./layouts.ts";

const found: Calibration = {
  layout: { anchor: "window", healing: true, names: true },
  holes: 30,
  scores: [{ layout: { anchor: "window", healing: true, names: true }, exact: 20, similarity: 0.9 }],
  at: 1000,
};

test("what was found goes with the contents of a file, wherever it lies, and outlasts the engine", async () => {
  using folder = temporaryFolder({ "one.gguf": "weights of one", "two.gguf": "weights of two" });
  const [one, two, copy] = ["one.gguf", "two.gguf", "copy.gguf"].map((name) => join(folder.path, name)) as [string, string, string];
  const database = openDatabase({ folder: join(folder.path, "data") });
  const layouts = createLayouts(database);
  expect(await layouts.of(one)).toEqual(defaultLayout);
  expect(await layouts.found(one)).toBeUndefined();

  await layouts.keep(one, found);
  copyFileSync(one, copy);
  expect(await layouts.of(copy)).toEqual(found.layout);
  expect(await layouts.of(two)).toEqual(defaultLayout);
  database.dispose();

  const again = openDatabase({ folder: join(folder.path, "data") });
  expect(await createLayouts(again).found(one)).toEqual(found);
  again.dispose();
});

test("another file at the same place is another model, and what was found can be forgotten", async () => {
  using folder = temporaryFolder({ "one.gguf": "weights of one" });
  const one = join(folder.path, "one.gguf");
  const layouts = createLayouts({ sqlite: openInMemory() });
  await layouts.keep(one, found);
  writeFileSync(one, "weights of two");
  utimesSync(one, 2000, 2000);
  expect(await layouts.found(one)).toBeUndefined();
  await layouts.keep(one, found);
  expect(await layouts.of(one)).toEqual(found.layout);
  await layouts.forget(one);
  expect(await layouts.found(one)).toBeUndefined();
  expect(await layouts.of(one)).toEqual(defaultLayout);
});

test("a file that is not there has the usual layout", async () => {
  expect(await createLayouts({ sqlite: openInMemory() }).of("/none.gguf")).toEqual(defaultLayout);
});
