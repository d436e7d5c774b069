import { afterEach, expect, test } from "vitest";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { type TemporaryFolder, temporaryFolder } from "../workspace/temporary-folder.ts";
import { createProject, type Project } from "./project.ts";

const opened: (TemporaryFolder | Project)[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) {
    if ("dispose" in one) await one.dispose();
    else one[Symbol.dispose]();
  }
});

function projectWith(settings: Partial<Settings> = {}) {
  const folder = temporaryFolder({
    "src/retry.ts": "export function retryDelay() { return 1; }\n",
    "src/other.ts": "export const zebra = 1;\n",
  });
  const data = temporaryFolder();
  const project = createProject({ folder: data.path, settings: { current: () => ({ ...defaultSettings, ...settings }) }, afterEdit: 5 });
  opened.push(folder, data, project);
  return { folder, project, workspace: folder.path };
}

test("a question is answered by a thread of its own", async () => {
  const { project, workspace } = projectWith();
  const { pieces } = await project.find({ workspace, question: "retry delay", wait: 60_000 });
  expect(pieces.map(({ path }) => path)).toEqual(["src/retry.ts"]);
  expect(await project.status(workspace)).toMatchObject({ state: "ready", files: 2 });
  await expect(project.find({ workspace: `${workspace}/gone`, question: "retry" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("it begins to read when that is asked for, and several questions wait side by side", async () => {
  const { project, workspace } = projectWith();
  await project.prepare(workspace);
  const found = await Promise.all(["retry", "zebra"].map((question) => project.find({ workspace, question, wait: 60_000 })));
  expect(found.map(({ pieces }) => pieces[0]?.path)).toEqual(["src/retry.ts", "src/other.ts"]);
});

test("what the user excludes is not found", async () => {
  const { project, workspace } = projectWith({ "localcoder.completion.exclude": ["src/retry.ts"] });
  expect((await project.find({ workspace, question: "retry delay", wait: 60_000 })).pieces).toEqual([]);
});

test("switched off it reads nothing and says so", async () => {
  const { project, workspace } = projectWith({ "localcoder.project.index": false });
  await expect(project.find({ workspace, question: "retry" })).rejects.toMatchObject({ code: "SWITCHED_OFF" });
  await project.prepare(workspace);
  expect(await project.status(workspace)).toMatchObject({ state: "off", files: 0 });
});

test("an edit is known a moment after it, and counts as recent", async () => {
  const { folder, project, workspace } = projectWith();
  await project.find({ workspace, question: "retry", wait: 60_000 });
  const path = folder.write({ "src/other.ts": "export const giraffe = 1; // longer\n" });
  project.observe({ kind: "edited", path, languageId: "typescript", workspace, text: "giraffe" });
  for (;;) {
    const { pieces } = await project.find({ workspace, question: "giraffe", wait: 60_000 });
    if (pieces.length > 0) {
      expect(pieces[0]?.reason).toContain("worked on lately");
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
