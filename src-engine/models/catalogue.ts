import { readCatalogue } from "#core/models/catalogue";
import entries from "../../resources/models.json" with { type: "json" };

/** The catalogue that ships with the program. */
export const catalogue = readCatalogue(entries);
