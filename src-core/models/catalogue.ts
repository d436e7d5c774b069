import { z } from "zod";
import { type CatalogueEntry, catalogueEntry, type ModelFile } from "../contracts/models.ts";
import { formatBytes } from "./format.ts";

const catalogueSchema = z.array(catalogueEntry).superRefine((entries, context) => {
  const seen = new Set<string>();
  const refuse = (message: string) => context.addIssue({ code: "custom", message });
  for (const entry of entries) {
    if (seen.has(entry.id)) refuse(`The catalogue names ${entry.id} twice.`);
    seen.add(entry.id);
    if (/[\\/]|^\./.test(entry.file)) refuse(`${entry.file} is not a plain file name.`);
    if ((entry.sha256 === null) !== (entry.hashFrom === undefined)) refuse(`${entry.id} does not say where its hash comes from.`);
    if (entry.roles.includes("completion") && !entry.fillInTokens) refuse(`${entry.id} has no tokens to fill in with.`);
  }
});

/** Checks the catalogue as it stands in resources/models.json. */
export function readCatalogue(value: unknown): readonly CatalogueEntry[] {
  return catalogueSchema.parse(value);
}

/** What an entry says of its file that the head of the file does not, each as a sentence; empty where they agree. */
export function contradictions(entry: CatalogueEntry, file: ModelFile): string[] {
  const claims: readonly (readonly [what: string, claimed: unknown, found: unknown])[] = [
    ["size", entry.bytesEstimated ? undefined : formatBytes(entry.bytes), formatBytes(file.bytes)],
    ["architecture", entry.architecture, file.architecture],
    ["quantisation", entry.quantisation, file.quantisation],
    ["context", entry.contextLength, file.contextLength],
    ["cache per token", entry.keyValueBytesPerToken, file.keyValueBytesPerToken],
    ["embedding width", entry.dimensions.embedding, file.dimensions?.embedding],
    ["feed-forward width", entry.dimensions.feedForward, file.dimensions?.feedForward],
    ["vocabulary", entry.dimensions.vocabulary, file.dimensions?.vocabulary],
  ];
  const found = claims
    .filter(([, claimed, found]) => claimed !== undefined && found !== undefined && claimed !== found)
    .map(([what, claimed, found]) => `The ${what} is ${found} and not ${claimed}.`);
  const { fillInTokens: tokens } = entry;
  const missing = tokens ? [tokens.prefix, tokens.suffix, tokens.middle].filter((text) => text && !file.fillInTokens.includes(text)) : [];
  if (missing.length > 0) found.push(`The vocabulary does not have ${missing.join(", ")}.`);
  if (entry.chatTemplate === "file" && !file.chatTemplate) found.push("The file has no template for conversations.");
  return found;
}
