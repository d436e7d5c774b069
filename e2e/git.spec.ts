import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, focusEditor, openFile, ready, runCommand, test, type Workbench } from "./launch.ts";

// Source control as in VS Code, by the Git of the machine.

const files = { "a.txt": "one\ntwo\nthree\n", "b.txt": "b\n", ".gitignore": "*.log\n", "noise.log": "noise\n" };

/** The user of the specs has no settings of Git on the machine. */
const environment = { GIT_CONFIG_NOSYSTEM: "1" };

/** Runs Git in the workspace, as somebody in a terminal would. */
function gitIn({ workspace }: Pick<Workbench, "workspace">) {
  return (...parameters: string[]) => {
    const options = { cwd: workspace, encoding: "utf8", env: { ...process.env, ...environment, GIT_CONFIG_GLOBAL: "/dev/null" } } as const;
    const { status, stdout, stderr } = spawnSync("git", parameters, options);
    if (status !== 0) throw new Error(`git ${parameters.join(" ")}: ${stderr}`);
    return stdout.trim();
  };
}

function makeRepository(git: ReturnType<typeof gitIn>): void {
  git("init", "-q", "-b", "main");
  git("config", "user.name", "Ada");
  git("config", "user.email", "ada@example.com");
  git("add", ".");
  git("commit", "-qm", "First");
}

const rows = (page: Page, text: string | RegExp) => page.locator(".scm-view .monaco-list-row").filter({ hasText: text });
const branch = (page: Page) => page.locator(".statusbar-item").filter({ has: page.locator(".codicon-git-branch") });

/** Presses a button that stands in a row while the pointer is over it. */
async function press(page: Page, text: string | RegExp, button: string): Promise<void> {
  await rows(page, text).first().hover();
  await rows(page, text).first().getByRole("button", { name: button }).click();
}

test("a change goes from the editor into a commit, and the log of the file shows it", async ({ open }, testInfo) => {
  const workbench = await open({ files, environment });
  const { page, workspace } = workbench;
  const git = gitIn(workbench);
  await ready(page);
  await page
    .getByRole("tab", { name: /Source Control/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Initialize Repository" }).click();
  await expect(rows(page, "a.txt")).toBeVisible();
  makeRepository(git);
  await expect(branch(page)).toHaveText(/main$/);
  await expect(rows(page, "a.txt")).toHaveCount(0);

  await openFile(page, "a.txt");
  await focusEditor(page);
  await page.keyboard.press("Control+End");
  await page.keyboard.type("four");
  await runCommand(page, "File: Save");
  writeFileSync(join(workspace, "new.txt"), "new\n");
  await expect(rows(page, "new.txt")).toHaveAttribute("aria-label", /Untracked/);
  await expect(rows(page, "a.txt")).toHaveAttribute("aria-label", /Modified/);
  await expect(branch(page)).toHaveText(/main\*$/);
  // The edge of the editor shows what was added.
  await expect(page.locator(".localcoder-changed-lines").first()).toBeVisible();
  await openFile(page, "b.txt");
  await runCommand(page, "View: Show Explorer");
  const inExplorer = (name: string) => page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).locator(".label-name");
  const plain = await inExplorer(".gitignore").evaluate((element) => getComputedStyle(element).color);
  for (const name of ["new.txt", "a.txt", "noise.log"]) await expect(inExplorer(name)).not.toHaveCSS("color", plain);
  await page.screenshot({ path: testInfo.outputPath("explorer.png") });
  await page
    .getByRole("tab", { name: /Source Control/ })
    .first()
    .click();
  await rows(page, "a.txt").click();
  await expect(page.locator(".tab.active")).toContainText("a.txt (Working Tree)");
  await page.screenshot({ path: testInfo.outputPath("changes.png") });

  // Of two changes in a file one is staged, by its lines, and the other taken back.
  await runCommand(page, "View: Close Editor");
  await expect(page.locator(".monaco-diff-editor")).toHaveCount(0);
  await openFile(page, "a.txt");
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("zero ");
  await expect(page.locator(".localcoder-changed-lines")).toHaveCount(2);
  await runCommand(page, "Git: Go to next change");
  await expect(page.locator(".statusbar-item", { hasText: "Ln 4," })).toBeVisible();
  await runCommand(page, "Git: Stage selected changes");
  await expect(rows(page, "Staged Changes")).toBeVisible();
  expect(git("diff", "--cached", "--unified=0", "--format=").split("\n").slice(5)).toEqual(["+four", "\\ No newline at end of file"]);
  await runCommand(page, "Git: Go to next change");
  await runCommand(page, "Git: Revert selected changes");
  await expect(page.locator(".localcoder-changed-lines")).toHaveCount(0);
  await runCommand(page, "File: Save");
  await expect(page.locator(".tab.dirty")).toHaveCount(0);
  await page.locator(".scm-input .monaco-editor").first().click();
  await page.keyboard.type("Say four");
  await page.keyboard.press("Control+Enter");
  await expect(rows(page, "Staged Changes")).toHaveCount(0);
  expect(git("log", "--format=%s")).toBe("Say four\nFirst");
  expect(git("status", "--porcelain")).toBe("?? new.txt");

  await press(page, "new.txt", "Discard changes");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(rows(page, "new.txt")).toHaveCount(0);
  expect(git("status", "--porcelain")).toBe("");
});

test("branches, remotes and a conflict", async ({ open }, testInfo) => {
  const workbench = await open({ files, environment });
  const { page, workspace } = workbench;
  const git = gitIn(workbench);
  makeRepository(git);
  git("init", "-q", "--bare", join(workspace, "..", "far"));
  git("remote", "add", "origin", join(workspace, "..", "far"));
  await ready(page);
  await page
    .getByRole("tab", { name: /Source Control/ })
    .first()
    .click();
  await runCommand(page, "Git: Refresh");
  await branch(page).click();
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Create new branch" }).click();
  await page.keyboard.type("other side");
  await page.keyboard.press("Enter");
  await expect(branch(page)).toHaveText(/other-side$/);
  writeFileSync(join(workspace, "a.txt"), "theirs\n");
  git("commit", "-qam", "Theirs");
  git("checkout", "-q", "main");
  writeFileSync(join(workspace, "a.txt"), "ours\n");
  git("commit", "-qam", "Ours");
  await expect(branch(page)).toHaveText(/main$/);
  await runCommand(page, "Git: Publish branch");
  await expect.poll(() => git("ls-remote", "--heads", "origin")).toContain("refs/heads/main");

  await runCommand(page, "Git: Merge branch…");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "other-side" }).click();
  await expect(rows(page, "Merge Changes")).toBeVisible();
  await expect(branch(page)).toHaveText(/main! \(merging\)$/);
  await rows(page, "a.txt").click();
  await expect(page.getByText("Accept incoming change")).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath("conflict.png") });
  await page.getByText("Accept incoming change").click();
  await expect(page.getByText("Accept incoming change")).toHaveCount(0);
  await runCommand(page, "File: Save");
  await expect.poll(() => readFileSync(join(workspace, "a.txt"), "utf8")).toBe("theirs\n");
  await press(page, "a.txt", "Stage changes");
  await expect(rows(page, "Merge Changes")).toHaveCount(0);
  await page.locator(".scm-input .monaco-editor").first().click();
  await page.keyboard.press("Control+Enter");
  await expect(branch(page)).toHaveText(/main$/);
  expect(git("log", "-1", "--format=%s")).toBe("Merge branch 'other-side'");
});
