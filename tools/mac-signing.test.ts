import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { signingOnMac } from "./mac-signing.mjs";
import { root } from "./prepare.mjs";

const account = { APPLE_ID: "a@example.com", APPLE_APP_SPECIFIC_PASSWORD: "b", APPLE_TEAM_ID: "c" };

test("without a certificate an app is signed for nobody, its runtime open to libraries that are signed so too, and that is said", () => {
  // The workflow sets what has no secret to nothing.
  for (const env of [{}, { CSC_LINK: "", ...account }])
    expect(signingOnMac(env)).toEqual({
      settings: { "mac.identity": "-", "mac.hardenedRuntime": "false", "mac.notarize": "false" },
      remark: expect.stringContaining("docs/releasing.md"),
    });
});

test("with a certificate it is signed and hardened, and with an account beside it notarised", () => {
  expect(signingOnMac({ CSC_LINK: "certificate" })).toEqual({
    settings: { "mac.notarize": "false" },
    remark: expect.stringContaining("not notarised"),
  });
  const { APPLE_TEAM_ID: _, ...without } = account;
  expect(signingOnMac({ CSC_LINK: "certificate", ...without }).settings).toEqual({ "mac.notarize": "false" });
  expect(signingOnMac({ CSC_LINK: "certificate", ...account })).toEqual({ settings: { "mac.notarize": "true" }, remark: undefined });
});

test("the workflow hands over every variable that is asked for, and only to the Mac", () => {
  const workflow = readFileSync(join(root, ".github", "workflows", "release.yml"), "utf8");
  for (const name of ["CSC_LINK", "CSC_KEY_PASSWORD", ...Object.keys(account)])
    expect(workflow).toMatch(new RegExp(`^ *${name}: \\$\\{\\{ matrix\\.name == 'mac-arm64' && secrets\\.\\w+ \\|\\| '' \\}\\}$`, "m"));
});
