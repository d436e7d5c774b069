import type { ModelRole } from "../contracts/common.ts";
import type { HubHead } from "../contracts/models.ts";
import { formatMemory } from "./format.ts";

const suits: Readonly<Record<ModelRole, string>> = {
  completion: "ghost text",
  code: "actions",
  general: "chat",
  router: "sorting questions",
  embedding: "vectors",
};

/** What a file of the hub is, what it takes and what it is good for, as sentences. */
export function describeHubHead({
  architecture,
  parameters,
  quantisation,
  contextLength,
  roles,
  memory,
  contextSize,
  budget,
}: HubHead): string {
  const size = parameters === undefined ? undefined : parameters < 1 ? `${Math.ceil(parameters * 1000)}M` : `${parameters.toFixed(1)}B`;
  const kind = [
    `Architecture ${architecture}`,
    size,
    quantisation,
    contextLength && `up to ${contextLength.toLocaleString("en")} tokens of context`,
  ];
  const good = roles.length > 0 ? `Good for ${roles.map((role) => suits[role]).join(", ")}.` : "It can neither fill in nor chat.";
  return `${kind.filter(Boolean).join(", ")}. ${good} It takes about ${memory < 2 ** 30 ? `${Math.ceil(memory / 2 ** 20)} MB` : formatMemory(memory)} of memory with a context of ${contextSize.toLocaleString("en")} tokens; models may take ${formatMemory(budget)}.`;
}
