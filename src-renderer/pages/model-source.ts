import type { Model } from "#core/contracts/models";
import { strings } from "../extension/strings.ts";

const words = strings.models;

/** True for a model that can be used as it is: its file is here, or a server has it. */
export function isPresent({ file, server }: Model): boolean {
  return file !== undefined || server !== undefined;
}

/** Where a model was found, or which server has it. */
export function sourceText({ source, server }: Model): string {
  if (!server) return words.sources[source];
  return server.place === "here" ? words.onServer(server.title) : words.onServerBeyond(server.title, server.address);
}
