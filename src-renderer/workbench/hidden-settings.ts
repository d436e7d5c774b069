import type { IConfigurationNode } from "@codingame/monaco-vscode-api/vscode/vs/platform/configuration/common/configurationRegistry";
import { tocData } from "@codingame/monaco-vscode-api/vscode/vs/workbench/contrib/preferences/browser/settingsLayout";
import { configurationRegistry } from "@codingame/monaco-vscode-configuration-service-override";

/** Settings of parts that are not here: the chat, its tools, and accounts. */
const removed = /^(chat|inlineChat|mcp|github)\.|^workbench\.commandPalette\.(experimental\.askChatLocation|showAskInChat)$/;

/** Settings without an effect here that are read all the same, so they must have their value. */
const silent =
  /^http\.|^chat\.disableAIFeatures$|^accessibility\..*chat|^terminal\.integrated\.(initialHintCopilotCli|tabs\.allowAgentCliTitle)$/i;

/** Settings of connections: every one of them goes through the engine's gate, which has settings of its own. */
const ofConnections = /^http\./;

/** What is deprecated is shown only where somebody has set it, as who brings settings along from elsewhere. */
function withoutEffect(name: string): {
  readonly deprecationMessage: string;
  readonly description: undefined;
  readonly markdownDescription: undefined;
} {
  const deprecationMessage = ofConnections.test(name)
    ? "It has no effect here: set localcoder.network.proxy, or the variables HTTPS_PROXY and NO_PROXY."
    : "It has no effect here.";
  return { description: undefined, markdownDescription: undefined, deprecationMessage };
}

/** Takes settings that would have no effect out of the settings editor. Must run before the workbench is initialized. */
export function hideSettings(): void {
  for (const node of configurationRegistry.getConfigurations()) {
    const properties = Object.entries(node.properties ?? {});
    if (!properties.some(([name]) => removed.test(name) || silent.test(name))) continue;
    const left = properties.flatMap(([name, property]) => {
      if (silent.test(name)) return [[name, { ...property, ...withoutEffect(name) }] as const];
      return removed.test(name) ? [] : [[name, property] as const];
    });
    configurationRegistry.deregisterConfigurations([node]);
    configurationRegistry.registerConfiguration({ ...node, properties: Object.fromEntries(left) } satisfies IConfigurationNode);
  }
  tocData.children = tocData.children?.filter(({ id }) => id !== "chat");
}
