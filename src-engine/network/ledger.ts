import type { NetworkAttempt, NetworkPermission, NetworkPurpose } from "#core/contracts/network";
import type { Sqlite } from "../sessions/sqlite.ts";

/** Rows the ledger keeps; older ones go. */
export const ledgerRows = 10_000;

/** Where attempts and permissions are kept. */
export interface Ledger {
  add(attempt: NetworkAttempt): void;
  /** The newest first. */
  attempts(limit: number): NetworkAttempt[];
  permissions(): NetworkPermission[];
  allow(permission: NetworkPermission): void;
  revoke(host: string, purpose: NetworkPurpose): void;
}

/** A ledger that ends with the process: for processes and tests without a database. */
export function memoryLedger(rows = ledgerRows): Ledger {
  let attempts: NetworkAttempt[] = [];
  let permissions: NetworkPermission[] = [];
  const others = (host: string, purpose: NetworkPurpose) =>
    permissions.filter((permission) => permission.host !== host || permission.purpose !== purpose);
  return {
    add(attempt) {
      attempts.push(attempt);
      if (attempts.length > rows * 1.1) attempts = attempts.slice(-rows);
    },
    attempts: (limit) => attempts.slice(-Math.min(limit, rows)).reverse(),
    permissions: () => [...permissions],
    allow(permission) {
      permissions = [...others(permission.host, permission.purpose), permission];
    },
    revoke(host, purpose) {
      permissions = others(host, purpose);
    },
  };
}

/** The ledger in the database of the data folder. */
export function sqliteLedger(sqlite: Sqlite, rows = ledgerRows): Ledger {
  const insert = sqlite.prepare(
    "INSERT INTO network_attempts (time, process, host, port, purpose, allowed, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const trim = sqlite.prepare("DELETE FROM network_attempts WHERE id <= ?");
  const newest = sqlite.prepare(
    "SELECT time, process, host, port, purpose, allowed, reason FROM network_attempts ORDER BY id DESC LIMIT ?",
  );
  const list = sqlite.prepare("SELECT host, purpose, granted FROM network_permissions ORDER BY granted, host");
  const put = sqlite.prepare("INSERT OR REPLACE INTO network_permissions (host, purpose, granted) VALUES (?, ?, ?)");
  const remove = sqlite.prepare("DELETE FROM network_permissions WHERE host = ? AND purpose = ?");
  return {
    add(attempt) {
      const { time, process, host, port, purpose, allowed, reason } = attempt;
      const { lastInsertRowid } = insert.run(time, process, host, port ?? null, purpose, allowed ? 1 : 0, reason);
      // Ids only grow, so every hundredth insert keeps the table within rows + 100 without counting it.
      if (Number(lastInsertRowid) % 100 === 0) trim.run(Number(lastInsertRowid) - rows);
    },
    attempts: (limit) =>
      (newest.all(Math.min(limit, rows)) as StoredAttempt[]).map((row) => ({
        ...row,
        port: row.port ?? undefined,
        allowed: row.allowed === 1,
      })),
    permissions: () => list.all() as NetworkPermission[],
    allow: ({ host, purpose, granted }) => void put.run(host, purpose, granted),
    revoke: (host, purpose) => void remove.run(host, purpose),
  };
}

interface StoredAttempt extends Omit<NetworkAttempt, "port" | "allowed"> {
  readonly port: number | null;
  readonly allowed: 0 | 1;
}
