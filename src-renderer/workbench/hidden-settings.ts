import type { IConfigurationNode } from "@codingame/monaco-vscode-api/vscode/vs/platform/configuration/common/configurationRegistry";
import { configurationRegistry } from "@codingame/monaco-vscode-configuration-service-override";

/** Settings of parts that are not here: the chat, its tools, and accounts. */
const hidden = /^(chat|inlineChat|mcp|github)\.|^workbench\.commandPalette\.(experimental\.askChatLocation|showAskInChat)$/;

/** The one of them that is read elsewhere; our defaults give it a value. */
const kept = "chat.disableAIFeatures";

/** Takes settings that would have no effect out of the settings editor. Must run before the workbench is initialized. */
export function hideSettings(): void {
  for (const node of configurationRegistry.getConfigurations()) {
    const properties = Object.entries(node.properties ?? {});
    const left = properties.filter(([name]) => name === kept || !hidden.test(name));
    if (left.length === properties.length) continue;
    configurationRegistry.deregisterConfigurations([node]);
    configurationRegistry.registerConfiguration({ ...node, properties: Object.fromEntries(left) } satisfies IConfigurationNode);
  }
}
