import { BrowserWorkbenchEnvironmentService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/environment/browser/environmentService";
import { ExtensionsProposedApi } from "@codingame/monaco-vscode-extensions-service-override/vscode/vs/workbench/services/extensions/common/extensionsProposedApi";
import { expect, test } from "vitest";
import { declareReleased } from "./released.ts";

type Parameters = ConstructorParameters<typeof ExtensionsProposedApi>;

/** Which proposed interfaces of the workbench an extension keeps of those that it asks for. */
function kept(isBuiltin: boolean): readonly string[] {
  const environment: object = Object.create(BrowserWorkbenchEnvironmentService.prototype, {
    extensionEnabledProposedApi: { value: undefined },
    isExtensionDevelopment: { value: false },
  });
  const log = { error: () => {}, warn: () => {} };
  const gate = new ExtensionsProposedApi(log as unknown as Parameters[0], environment as Parameters[1], {} as Parameters[2]);
  const extension = {
    identifier: { value: "someone.stranger", _lower: "someone.stranger" },
    isBuiltin,
    enabledApiProposals: ["inlineCompletionsAdditions", "chatProvider"],
  };
  gate.updateEnabledApiProposals([extension as never]);
  return extension.enabledApiProposals;
}

test("no extension but our own gets a proposed interface of the workbench", () => {
  declareReleased();
  expect(kept(false)).toEqual([]);
  expect(kept(true)).toEqual(["inlineCompletionsAdditions", "chatProvider"]);
});
