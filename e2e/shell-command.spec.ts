import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, packagedProgram, ready, root, runCommand, test } from "./launch.ts";

const title = "LocalCoder: Install 'localcoder' command in PATH";
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

for (const packaged of [false, true]) {
  const tags = packaged ? "@electron @long" : "@electron";
  test(`the palette puts localcoder into the path and asks before it replaces anything, ${packaged ? "packaged" : "in a checkout"} ${tags}`, async ({
    open,
  }) => {
    test.skip(packaged && !existsSync(packagedProgram), "There is no package: npm run package -- --linux dir --inspectable");
    const { page, home } = await open({ files: { "a.ts": "" }, packaged });
    await ready(page);
    const program = join(dirname(home), ".local", "bin", "localcoder");

    await runCommand(page, title);
    await expect(page.locator(".notification-toast")).toContainText(`${program} is written. Terminals do not look into`);
    const run = () => spawnSync(program, ["--version"], { encoding: "utf8", env: { PATH: process.env.PATH, LOCALCODER_HOME: home } });
    expect(run()).toMatchObject({ status: 0, stdout: expect.stringContaining(version) });

    writeFileSync(program, "something else");
    await runCommand(page, title);
    const dialog = page.locator(".monaco-dialog-box");
    await expect(dialog).toContainText(`Replace ${program}?`);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(dialog).toBeHidden();
    expect(readFileSync(program, "utf8")).toBe("something else");

    await runCommand(page, title);
    await dialog.getByRole("button", { name: "Replace" }).click();
    await expect.poll(() => run().status).toBe(0);
  });
}
