import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorkspace } from "../workspace/workspace.ts";
import { findLibrary } from "./library.ts";
import { withLibrary } from "./library-files.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lc-library-"));
  writeFileSync(join(folder, "lib.es5.d.ts"), "mine");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("TypeScript's own declarations are read and never written, and nothing beside them is reached", async () => {
  const library = findLibrary();
  const workspace = withLibrary(createWorkspace({ roots: [folder] }), library);
  const declaration = `${library.folder}/lib.es5.d.ts`;
  expect(await workspace.stat(declaration)).toMatchObject({ type: "file", readOnly: true });
  expect(await (await workspace.read(declaration)).text()).toContain("declare function parseInt");
  expect(await (await workspace.read(declaration, { offset: 0, length: 5 })).text()).toHaveLength(5);
  expect(await (await workspace.read(join(folder, "lib.es5.d.ts"))).text()).toBe("mine");
  const write = workspace.write(declaration, new Uint8Array(), { create: true, overwrite: true });
  await expect(write).rejects.toMatchObject({ code: "OUTSIDE_WORKSPACE" });
  for (const path of [`${library.folder}/typescript.js`, `${library.folder}/lib./../../package.json.d.ts`]) {
    await expect(workspace.read(path)).rejects.toMatchObject({ code: "OUTSIDE_WORKSPACE" });
  }
});
