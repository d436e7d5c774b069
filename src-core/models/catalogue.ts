import { z } from "zod";
import { type CatalogueEntry, catalogueEntry } from "../contracts/models.ts";

const catalogueSchema = z.array(catalogueEntry).superRefine((entries, context) => {
  const seen = new Set<string>();
  for (const entry of entries) {
    if (seen.has(entry.id)) context.addIssue({ code: "custom", message: `The catalogue names ${entry.id} twice.` });
    seen.add(entry.id);
    if (/[\\/]|^\./.test(entry.file)) context.addIssue({ code: "custom", message: `${entry.file} is not a plain file name.` });
  }
});

/** Checks the catalogue as it stands in resources/models.json. */
export function readCatalogue(value: unknown): readonly CatalogueEntry[] {
  return catalogueSchema.parse(value);
}
