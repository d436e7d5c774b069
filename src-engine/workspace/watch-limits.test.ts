import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

// A namespace of users has limits of its own: those of the machine stay as they are.
const inNamespace = ["--user", "--map-root-user", "sh", "-c"];
const program = `
  const { watchPath } = await import(process.argv[1]);
  const path = process.argv[2];
  const watching = watchPath({ path, real: path, recursive: true, excludes: [] }, AbortSignal.timeout(20_000));
  try {
    for await (const changes of watching) if (changes.length > 0) break;
    console.log(JSON.stringify({ code: "watched" }));
  } catch (error) {
    console.log(JSON.stringify({ code: error.code, message: error.message, hint: error.hint }));
  }
  process.exit();
`;

test("a folder with more folders than may be watched says so, with the way to raise the limit", (context) => {
  if (process.platform !== "linux") return context.skip();
  if (spawnSync("unshare", [...inNamespace, "echo 8 > /proc/sys/user/max_inotify_watches"]).status !== 0) return context.skip();
  using folder = temporaryFolder();
  for (let index = 0; index < 20; index += 1) mkdirSync(folder.at(`folder-${index}`));
  const module = new URL("./watch.ts", import.meta.url).href;
  const command = 'echo 8 > /proc/sys/user/max_inotify_watches && exec "$0" --input-type=module -e "$1" "$2" "$3"';
  const { stdout } = spawnSync("unshare", [...inNamespace, command, process.execPath, program, module, folder.path], { encoding: "utf8" });
  expect(JSON.parse(stdout)).toMatchObject({
    code: "TOO_LARGE",
    message: expect.stringContaining("changes made outside are not seen"),
    hint: expect.stringContaining("max_user_watches"),
  });
});
