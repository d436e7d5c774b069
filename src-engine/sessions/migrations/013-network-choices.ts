import type { Migration } from "./migration.ts";

/** Bytes of each attempt, and hosts that are never to be reached. */
export const networkChoices: Migration = {
  number: 13,
  name: "network-choices",
  sql: `
    ALTER TABLE network_attempts ADD COLUMN sent INTEGER;
    ALTER TABLE network_attempts ADD COLUMN received INTEGER;
    ALTER TABLE network_permissions ADD COLUMN verdict TEXT NOT NULL DEFAULT 'allowed' CHECK (verdict IN ('allowed', 'never'));
  `,
};
