import { sessionsTables } from "./001-sessions.ts";
import { networkTables } from "./002-network.ts";
import { completionTables } from "./003-completion.ts";
import { layoutTables } from "./004-layouts.ts";
import { providerColumn } from "./005-provider.ts";
import { waitingTable } from "./006-waiting.ts";
import { detailsColumn } from "./007-details.ts";
import { ledgerChain } from "./008-ledger-chain.ts";
import { historyTables } from "./009-history.ts";
import { contextColumn } from "./010-context.ts";
import { memoryTable } from "./011-memory.ts";
import { choresTable } from "./012-chores.ts";
import { networkChoices } from "./013-network-choices.ts";
import type { Migration } from "./migration.ts";

/** All steps, oldest first: to add tables, write the next numbered file and add its line here. */
export const migrations: readonly Migration[] = [
  sessionsTables,
  networkTables,
  completionTables,
  layoutTables,
  providerColumn,
  waitingTable,
  detailsColumn,
  ledgerChain,
  historyTables,
  contextColumn,
  memoryTable,
  choresTable,
  networkChoices,
];
