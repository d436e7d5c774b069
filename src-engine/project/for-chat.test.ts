import { expect, test } from "vitest";
import { defaultSettings } from "#core/settings/schema";
import { temporaryFolder } from "../workspace/temporary-folder.ts";
import { projectForChat } from "./for-chat.ts";
import { createProject } from "./project.ts";

test("a chat gets notes and places, and is told what its answer invented", async () => {
  using folder = temporaryFolder({
    "AGENTS.md": "Use tabs.",
    "src/retry.ts": "export function retryDelay() {\n  return 1;\n}\n",
  });
  using data = temporaryFolder();
  const project = createProject({ folder: data.path, settings: { current: () => defaultSettings } });
  try {
    const { find, check } = projectForChat(project, { isTrusted: () => true });
    expect((await find(folder.path, "where is the retry delay?", 1000)).attachments).toEqual([
      { kind: "found", path: "AGENTS.md", from: 1, to: 1, text: "Use tabs." },
      {
        kind: "found",
        path: "src/retry.ts",
        languageId: "typescript",
        from: 1,
        to: 3,
        text: "export function retryDelay() {\n  return 1;\n}",
      },
    ]);
    const ofStranger = projectForChat(project, { isTrusted: () => false });
    expect((await ofStranger.find(folder.path, "where is the retry delay?", 1000)).attachments.map(({ path }) => path)).toEqual([
      "src/retry.ts",
    ]);
    expect(await check(folder.path, "In `src/retry.ts:1`, `retryDelay()`. See src/backoff.ts:7, `wait()`.", { names: true })).toEqual([
      "“src/backoff.ts:7”: There is no file src/backoff.ts in the workspace.",
      "“wait()”: The name wait occurs nowhere in the workspace.",
    ]);
    // A question that is not about the project may have an answer with names of elsewhere; lines are those of what was attached.
    expect(await check(folder.path, "`wait()` is called in line 3, not in lines 4-9.", { names: false, file: "src/retry.ts" })).toEqual([
      "“lines 4-9”: src/retry.ts has 3 lines.",
    ]);
    const narrow = await find(folder.path, "where is the retry delay?", 50);
    expect([...narrow.attachments, ...narrow.leftOut].map(({ path }) => path)).toEqual(["AGENTS.md", "src/retry.ts"]);
  } finally {
    await project.dispose();
  }
});
