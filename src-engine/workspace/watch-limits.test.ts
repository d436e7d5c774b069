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

/** What watching a folder with many in it says where a limit of the system is that low. */
function watchedWith(limit: string): unknown {
  if (process.platform !== "linux" || spawnSync("unshare", [...inNamespace, `echo ${limit}`]).status !== 0) return undefined;
  using folder = temporaryFolder();
  for (let index = 0; index < 20; index += 1) mkdirSync(folder.at(`folder-${index}`));
  const module = new URL("./watch.ts", import.meta.url).href;
  const command = `echo ${limit} && exec "$0" --input-type=module -e "$1" "$2" "$3"`;
  const { stdout } = spawnSync("unshare", [...inNamespace, command, process.execPath, program, module, folder.path], { encoding: "utf8" });
  return JSON.parse(stdout);
}

test("a folder with more folders than may be watched says so, with the way to raise the limit", (context) => {
  const said = watchedWith("8 > /proc/sys/user/max_inotify_watches");
  if (said === undefined) return context.skip();
  expect(said).toMatchObject({
    code: "TOO_LARGE",
    message: expect.stringContaining("changes made outside are not seen"),
    hint: expect.stringContaining("max_user_watches"),
  });
});

test("where too many programs watch already, that is said, and not that the folder is too large", (context) => {
  const said = watchedWith("0 > /proc/sys/user/max_inotify_instances");
  if (said === undefined) return context.skip();
  expect(said).toMatchObject({
    code: "TOO_LARGE",
    message: expect.stringMatching(/^This system watches no more/),
    hint: expect.stringContaining("max_user_instances"),
  });
});
