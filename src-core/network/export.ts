import type { NetworkAttempt } from "../contracts/network.ts";

/** The forms in which the ledger can be taken along. */
export const ledgerFormats = ["JSON", "CSV"] as const;
/** One of {@link ledgerFormats}. */
export type LedgerFormat = (typeof ledgerFormats)[number];

const columns = ["time", "process", "host", "port", "purpose", "allowed", "sent", "received", "reason"] as const;

/** Writes attempts as text: JSON with times in milliseconds since 1970, or CSV by RFC 4180 with times in ISO 8601. */
export function exportAttempts(attempts: readonly NetworkAttempt[], format: LedgerFormat): string {
  if (format === "JSON") return `${JSON.stringify(attempts, null, 2)}\n`;
  const rows = attempts.map((attempt) =>
    columns.map((name) => (name === "time" ? new Date(attempt.time).toISOString() : String(attempt[name] ?? ""))),
  );
  return [columns, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** A spreadsheet takes a text that begins like this for a formula, and the name of a host may be anything. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
