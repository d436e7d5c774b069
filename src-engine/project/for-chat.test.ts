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
    expect(await find(folder.path, "where is the retry delay?", 1000)).toEqual([
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
    expect((await ofStranger.find(folder.path, "where is the retry delay?", 1000)).map(({ path }) => path)).toEqual(["src/retry.ts"]);
    expect(await check(folder.path, "In `src/retry.ts:1`, `retryDelay()`. See src/backoff.ts:7.")).toEqual([
      "“src/backoff.ts:7”: There is no file src/backoff.ts in the workspace.",
    ]);
  } finally {
    await project.dispose();
  }
});
