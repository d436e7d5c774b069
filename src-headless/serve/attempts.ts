import { UserError } from "#core/base/errors";

/** Wrong passwords within {@link span} after which one address has to wait, and after which everybody has to. */
const most = { ofOne: 5, ofAll: 100 } as const;
/** Milliseconds. */
const span = 60_000;

/** Counts wrong passwords, so that nobody can try many. */
export interface Attempts {
  /** Throws TOO_MANY_ATTEMPTS where that address, or everybody together, was wrong too often within the last minute. */
  check(address: string): void;
  wrong(address: string): void;
}

/** Creates {@link Attempts}; `now` is the time in milliseconds. */
export function createAttempts(now: () => number = Date.now): Attempts {
  let failures: readonly { readonly address: string; readonly time: number }[] = [];
  const recent = () => {
    const since = now() - span;
    failures = failures.filter(({ time }) => time > since);
    return failures;
  };
  return {
    check(address) {
      const all = recent();
      const own = all.filter((failure) => failure.address === address);
      const [limit, counted] = own.length >= most.ofOne ? [most.ofOne, own] : [most.ofAll, all];
      // The one whose end makes room for another try.
      const blocking = counted[counted.length - limit];
      if (blocking === undefined) return;
      const seconds = Math.ceil((blocking.time + span - now()) / 1000);
      throw new UserError("TOO_MANY_ATTEMPTS", "There were too many wrong passwords.", `Try again in ${seconds} seconds.`);
    },
    wrong(address) {
      failures = [...recent(), { address, time: now() }];
    },
  };
}
