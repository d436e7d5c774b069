import type { Migration } from "./migration.ts";

/** What was found to be the best layout of a model's prompts, by the contents of its file. */
export const layoutTables: Migration = {
  number: 4,
  name: "layouts",
  sql: `
    CREATE TABLE model_layouts (
      model TEXT PRIMARY KEY,
      calibration TEXT NOT NULL
    ) WITHOUT ROWID;
  `,
};
