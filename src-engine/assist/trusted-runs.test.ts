import { expect, test } from "vitest";
import { defaultSettings } from "#core/settings/schema";
import type { Assist } from "./assist.ts";
import { withTrust } from "./trusted-runs.ts";

type Request = Parameters<Assist["run"]>[0];

test("code is run in trusted folders only, whatever a face asks for or a setting says", () => {
  const ran: (boolean | undefined)[] = [];
  let compareByRunning = false;
  const assist = { run: ({ verify }: Request) => ran.push(verify) } as unknown as Assist;
  const guarded = withTrust(assist, {
    isTrusted: (folder) => folder === "/mine",
    current: () => ({ ...defaultSettings, "localcoder.actions.compareByRunning": compareByRunning }),
  });
  const ask = (verify: boolean, workspace?: string, action = "test") => guarded.run({ action, verify, workspace } as Request);
  expect(() => ask(true, "/strange")).toThrow("Code is run only in a folder that you trust.");
  expect(() => ask(true)).toThrow("trust");
  ask(true, "/mine");
  ask(false, "/strange");
  expect(ran).toEqual([true, false]);

  compareByRunning = true;
  ask(false, "/strange", "improve");
  ask(false, undefined, "improve");
  ask(false, "/mine", "document");
  ask(false, "/mine", "fix");
  ask(false, "/mine", "improve");
  expect(ran.slice(2)).toEqual([false, false, false, true, true]);
});
