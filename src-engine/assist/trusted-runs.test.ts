import { expect, test } from "vitest";
import type { Assist } from "./assist.ts";
import { withTrust } from "./trusted-runs.ts";

type Request = Parameters<Assist["run"]>[0];

test("tests are run in trusted folders only, whatever a face asks for", () => {
  const ran: (boolean | undefined)[] = [];
  const assist = { run: ({ verify }: Request) => ran.push(verify) } as unknown as Assist;
  const guarded = withTrust(assist, { isTrusted: (folder) => folder === "/mine" });
  const ask = (verify: boolean, workspace?: string) => guarded.run({ verify, workspace } as Request);
  expect(() => ask(true, "/strange")).toThrow("Tests are run only in a folder that you trust.");
  expect(() => ask(true)).toThrow("trust");
  ask(true, "/mine");
  ask(false, "/strange");
  expect(ran).toEqual([true, false]);
});
