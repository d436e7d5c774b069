import { createHash } from "node:crypto";
import type { LedgerCheck, NetworkAttempt, NetworkPermission, NetworkPurpose } from "#core/contracts/network";
import type { Sqlite } from "../sessions/sqlite.ts";

/** Rows the ledger keeps, about 20 MB of them; older ones go. docs/privacy.md says so. */
export const ledgerRows = 100_000;

/** So often rows beyond that are looked for: by their number, so that nobody has to count them. */
const trimmedEach = 100;

/** Where attempts and permissions are kept. */
export interface Ledger {
  /** Gives the attempt its number. */
  add(attempt: NetworkAttempt): number;
  /** Notes how many bytes an attempt has moved; they are not part of the chain, which was tied when it began. */
  moved(id: number, sent: number, received: number): void;
  /** The newest first; with a number, only those before it. */
  attempts(limit: number, before?: number): NetworkAttempt[];
  /** Looks whether each row still follows from the one before it, and whether the first and the last are there. */
  verify(): LedgerCheck;
  permissions(): NetworkPermission[];
  decide(permission: NetworkPermission): void;
  revoke(host: string, purpose: NetworkPurpose): void;
}

/** A ledger that ends with the process: for processes and tests without a database. */
export function memoryLedger(rows = ledgerRows): Ledger {
  let attempts: NetworkAttempt[] = [];
  let permissions: NetworkPermission[] = [];
  let last = 0;
  const others = (host: string, purpose: NetworkPurpose) =>
    permissions.filter((permission) => permission.host !== host || permission.purpose !== purpose);
  return {
    add(attempt) {
      last += 1;
      attempts.push({ ...attempt, id: last });
      if (attempts.length > rows * 1.1) attempts = attempts.slice(-rows);
      return last;
    },
    moved(id, sent, received) {
      attempts = attempts.map((attempt) => (attempt.id === id ? { ...attempt, sent, received } : attempt));
    },
    attempts(limit, before = Number.MAX_SAFE_INTEGER) {
      const kept = attempts.slice(-rows).filter(({ id = 0 }) => id < before);
      return kept.slice(-limit).reverse();
    },
    // What never left this process was not changed by anybody.
    verify: () => ({ rows: attempts.length }),
    permissions: () => [...permissions],
    decide(permission) {
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
    "INSERT INTO network_attempts (time, process, host, port, purpose, allowed, reason, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const lastChain = sqlite.prepare("SELECT chain FROM network_attempts ORDER BY id DESC LIMIT 1").pluck();
  const oldestFirst = sqlite.prepare("SELECT time, process, host, port, purpose, allowed, reason, chain FROM network_attempts ORDER BY id");
  const lastId = sqlite.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'network_attempts'").pluck();
  const trim = sqlite.prepare("DELETE FROM network_attempts WHERE id <= ?");
  const newest = sqlite.prepare(
    "SELECT id, time, process, host, port, purpose, allowed, reason, sent, received FROM network_attempts WHERE id < ? ORDER BY id DESC LIMIT ?",
  );
  const setBytes = sqlite.prepare("UPDATE network_attempts SET sent = ?, received = ? WHERE id = ?");
  const list = sqlite.prepare("SELECT host, purpose, granted, verdict FROM network_permissions ORDER BY granted, host");
  const put = sqlite.prepare("INSERT OR REPLACE INTO network_permissions (host, purpose, granted, verdict) VALUES (?, ?, ?, ?)");
  const remove = sqlite.prepare("DELETE FROM network_permissions WHERE host = ? AND purpose = ?");
  return {
    add(attempt) {
      const { time, process, host, port, purpose, allowed, reason } = attempt;
      const row = { time, process, host, port: port ?? null, purpose, allowed: allowed ? 1 : 0, reason } as const;
      const chain = chainOf((lastChain.get() as string | null | undefined) ?? "", row);
      const { lastInsertRowid } = insert.run(time, process, host, row.port, purpose, row.allowed, reason, chain);
      // Ids only grow, so this keeps the table within rows + 100 without counting it.
      if (Number(lastInsertRowid) % trimmedEach === 0) trim.run(Number(lastInsertRowid) - rows);
      return Number(lastInsertRowid);
    },
    moved: (id, sent, received) => void setBytes.run(sent, received, id),
    attempts: (limit, before = Number.MAX_SAFE_INTEGER) => (newest.all(before, Math.min(limit, rows)) as StoredAttempt[]).map(toAttempt),
    verify() {
      let before: string | undefined;
      let count = 0;
      for (const { chain, ...row } of oldestFirst.iterate() as Iterable<StoredAttempt & { readonly chain: string | null }>) {
        count += 1;
        // Rows of older versions have no hash, and the row before the oldest one is gone.
        const holds = before === undefined || chain === chainOf(before, row);
        if (!holds) return { rows: count, broken: toAttempt(row) };
        before = chain ?? undefined;
      }
      const last = Number(lastId.get() ?? 0);
      const gone = Math.max(0, Math.floor(last / trimmedEach) * trimmedEach - rows);
      const missing = last - gone - count;
      return { rows: count, ...(missing > 0 && { missing }) };
    },
    permissions: () => list.all() as NetworkPermission[],
    decide: ({ host, purpose, granted, verdict }) => void put.run(host, purpose, granted, verdict),
    revoke: (host, purpose) => void remove.run(host, purpose),
  };
}

function toAttempt(row: StoredAttempt): NetworkAttempt {
  const { port, allowed, sent, received, ...rest } = row;
  return { ...rest, port: port ?? undefined, allowed: allowed === 1, sent: sent ?? undefined, received: received ?? undefined };
}

/** The hash of a row and of the one before it. */
function chainOf(before: string, { time, process, host, port, purpose, allowed, reason }: StoredAttempt): string {
  const row = JSON.stringify([time, process, host, port, purpose, allowed, reason]);
  return createHash("sha256").update(`${before}\n${row}`).digest("hex");
}

interface StoredAttempt extends Omit<NetworkAttempt, "port" | "allowed" | "sent" | "received"> {
  readonly port: number | null;
  readonly allowed: 0 | 1;
  readonly sent?: number | null;
  readonly received?: number | null;
}
