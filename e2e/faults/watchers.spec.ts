import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shownText } from "../assist.ts";
import { expect, focusEditor, openFile, ready, runCommand, test } from "../launch.ts";

// A namespace of users has limits of its own: those of the machine stay as they are.
const unshare = ["--user", "--map-root-user", "sh", "-c"];
const few = 40;
const limited = `echo ${few} > /proc/sys/user/max_inotify_watches`;

test("a folder with more folders than may be watched says so once, and files are edited and saved as ever @electron @long", async ({
  open,
}) => {
  test.skip(spawnSync("unshare", [...unshare, limited]).status !== 0, "This system does not let a test make a namespace.");
  const place = mkdtempSync(join(tmpdir(), "localcoder-watchers-"));
  try {
    const folders = Array.from({ length: 100 }, (_, number) => [`folder-${number}/notes.txt`, "first\n"] as const);
    const { page, workspace } = await open({
      files: { ...Object.fromEntries(folders), "typed.txt": "first\n" },
      wrap(electron) {
        const wrapper = join(place, "electron");
        writeFileSync(wrapper, `#!/bin/sh\nexec unshare ${unshare.join(" ")} '${limited}; exec "$0" "$@"' '${electron}' "$@"\n`, {
          mode: 0o755,
        });
        return wrapper;
      },
    });
    await ready(page);
    const toast = page.locator(".notification-toast", { hasText: "changes made outside are not seen" });
    await expect(toast).toContainText("files.watcherExclude");
    await expect(toast).toHaveCount(1);
    await page.screenshot({ path: test.info().outputPath("unwatched.png") });
    await openFile(page, "typed.txt");
    await focusEditor(page);
    await page.keyboard.type("typed ");
    await runCommand(page, "File: Save");
    await expect.poll(() => readFileSync(join(workspace, "typed.txt"), "utf8")).toBe("typed first\n");
    await expect.poll(() => shownText(page)).toContain("typed first");
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});
