import type { AnyContractRouter } from "@orpc/contract";
import { type Connection, connectClient } from "#core/transport/connect";
import type { Wire } from "#core/transport/wire";

// For tests: messages that nobody would send.

/** Chance that is the same at each run. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Values that break what was not thought of. */
export const strange: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  "",
  "\u0000",
  "\ud800",
  "../../../../etc/passwd",
  "%2e%2e%2foutside",
  "a".repeat(70_000),
  [],
  {},
  [[[[[[[[[[]]]]]]]]]],
  { __proto__: { admin: true } },
  { constructor: { prototype: {} } },
  "'; DROP TABLE sessions; --",
  "app://localcoder/..%2f",
  Number.MAX_SAFE_INTEGER + 2,
];

/** A message that is nearly one of these. */
export function mutate(message: string | Uint8Array, random: (below: number) => number): string | Uint8Array {
  const text = typeof message === "string" ? message : Buffer.from(message).toString("latin1");
  switch (random(6)) {
    case 0: {
      const bytes = Buffer.from(text, "latin1");
      for (let flips = random(6) + 1; flips > 0; flips--) bytes[random(bytes.length)] = random(256);
      return random(2) === 0 ? bytes.toString("latin1") : new Uint8Array(bytes);
    }
    case 1:
      return text.slice(0, random(text.length));
    case 2:
      return text.slice(0, random(text.length)) + text.slice(random(text.length));
    case 3:
      return JSON.stringify(strange[random(strange.length)]) ?? "";
    case 4:
      return new Uint8Array(Array.from({ length: random(300) }, () => random(256)));
    default:
      try {
        return JSON.stringify(withStrange(JSON.parse(text), random));
      } catch {
        return `${text}${text}`;
      }
  }
}

/** The same value with something strange somewhere. */
export function withStrange(value: unknown, random: (below: number) => number): unknown {
  if (typeof value !== "object" || value === null || random(4) === 0) return strange[random(strange.length)];
  const entries = Object.entries(value);
  const chosen = random(Math.max(1, entries.length));
  const changed = entries.map(([key, item], index) => [key, index === chosen ? withStrange(item, random) : item] as const);
  return Array.isArray(value) ? changed.map(([, item]) => item) : Object.fromEntries(changed);
}

/** The messages of calls, as they go over a wire; nobody answers them. */
export async function recordMessages<C extends AnyContractRouter>(
  calls: (client: Connection<C>["client"]) => readonly Promise<unknown>[],
): Promise<readonly (string | Uint8Array)[]> {
  const sent: (string | Uint8Array)[] = [];
  const silent: Wire = { send: (message) => void sent.push(message), onMessage() {}, onClose() {}, close() {} };
  const begun = calls(connectClient<C>(silent).client);
  for (const call of begun) call.catch(() => {});
  while (sent.length < begun.length) await new Promise((resolve) => setTimeout(resolve, 5));
  return sent;
}
